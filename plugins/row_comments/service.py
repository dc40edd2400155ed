"""What people do with comments, with permission, recorded action and event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from plugin_api import actions, context, events, trash
from plugin_api.db import session
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.http import dumps
from plugin_api.trash import TrashItem
from plugins.database.context import TableContext, table_context
from plugins.database.engine.read import exists
from plugins.database.shape import shape_of
from plugins.row_comments import operations, store
from plugins.row_comments.messages import mentioned
from plugins.row_comments.models import Comment

TRASH_TYPE = "row_comment"


def _row(table_id: int, row_id: int, operation: str) -> TableContext:
    """The table of a row that is there: two queries."""
    where = table_context(table_id, operation)
    if not exists(shape_of(where), row_id):
        raise does_not_exist("row")
    return where


def list_of_row(table_id: int, row_id: int, limit: int, offset: int) -> tuple[int, list[dict[str, Any]]]:
    """How many comments a row has, and a window of them: four queries."""
    _row(table_id, row_id, operations.LIST)
    return store.page(table_id, row_id, limit, offset)


def create(table_id: int, row_id: int, message: Mapping[str, Any]) -> dict[str, Any]:
    """Write a comment; whom it mentions is told of it, also when they are no members (yet) but only then."""
    where = _row(table_id, row_id, operations.CREATE)
    people = mentioned(message)
    comment = Comment(table_id=table_id, row_id=row_id, user_id=context.user_id(), message=dict(message))
    session().add(comment)
    session().flush()
    session().refresh(comment)
    shown = store.comment_json(comment, context.actor().name)
    _record("create_row_comment", where, comment)
    _announce("row_comment_created", where, shown, mentioned=people)
    return shown


def update(table_id: int, comment_id: int, message: Mapping[str, Any]) -> dict[str, Any]:
    """Change one's own comment; who was not mentioned before is told."""
    where, comment, name = _own(table_id, comment_id, operations.UPDATE)
    before = set(mentioned(comment.message))
    people = [person for person in mentioned(message) if person not in before]
    comment.message, comment.edited, comment.updated_on = dict(message), True, datetime.now(UTC)
    shown = store.comment_json(comment, name)
    _record("update_row_comment", where, comment)
    _announce("row_comment_updated", where, shown, mentioned=people)
    return shown


def delete(table_id: int, comment_id: int) -> dict[str, Any]:
    """Put one's own comment into the trash; it keeps its place, without its message."""
    where, comment, name = _own(table_id, comment_id, operations.DELETE)
    comment.trashed_on = datetime.now(UTC)
    shown = store.comment_json(comment, name)
    trash.put(
        TrashItem(
            TRASH_TYPE,
            comment.id,
            where.workspace_id,
            " ",
            application_id=where.application_id,
            parent_name=str(comment.row_id),
            place=("database_table", where.id),
        )
    )
    _record("delete_row_comment", where, comment)
    _announce("row_comment_deleted", where, shown)
    return shown


def restored(where: TableContext, comment: Comment, name: str) -> None:
    """Tell that a comment is back."""
    _announce("row_comment_restored", where, store.comment_json(comment, name))


def set_mode(table_id: int, row_id: int, mode: str) -> None:
    """Choose of which comments on a row to be told: all, or mentions."""
    where = _row(table_id, row_id, operations.LIST)
    store.set_mode(table_id, row_id, mode)
    payload = {"user_id": context.user_id(), "table_id": table_id, "row_id": row_id, "mode": mode}
    events.emit("row_comments_notification_mode_updated", payload, where.workspace_id)


def _own(table_id: int, comment_id: int, operation: str) -> tuple[TableContext, Comment, str]:
    where = table_context(table_id, operation)
    found = store.find(table_id, comment_id)
    if found is None or not exists(shape_of(where), found[0].row_id):
        raise does_not_exist("row_comment")
    if found[0].user_id != context.user_id():
        message = "Only who wrote a comment can change or delete it."
        raise ApiError("ERROR_USER_NOT_COMMENT_AUTHOR", 400, message)
    return where, *found


def _record(type_name: str, where: TableContext, comment: Comment) -> None:
    params = {
        "comment_id": comment.id,
        "row_id": comment.row_id,
        "table_id": where.id,
        "table_name": where.name,
        "database_id": where.application_id,
    }
    actions.record(type_name, scope=f"table{where.id}", workspace_id=where.workspace_id, params=params)


def _announce(event: str, where: TableContext, shown: Mapping[str, Any], **more: Any) -> None:
    payload = {
        "table_id": where.id,
        "database_id": where.application_id,
        "row_comment": orjson.loads(dumps(shown)),
        **more,
    }
    events.emit(event, payload, where.workspace_id)
