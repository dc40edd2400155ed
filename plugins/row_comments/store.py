"""Stored comments: a row's, one, how many there are; and whom to tell of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from plugin_api import context
from plugin_api.db import session
from plugin_api.paging import counted
from plugin_api.people import PERSON
from plugins.row_comments.models import Comment, NotificationMode

_SHOWN = sa.select(Comment, PERSON.c.name).outerjoin(PERSON, PERSON.c.id == Comment.user_id)


def page(table_id: int, row_id: int, limit: int, offset: int) -> tuple[int, list[dict[str, Any]]]:
    """How many comments a row has, with those in the trash, and a window of them, the newest first: two queries."""
    mine = sa.and_(Comment.table_id == table_id, Comment.row_id == row_id)
    total, rows = counted(_SHOWN.where(mine), [Comment.id.desc()], limit, offset)
    return total, [comment_json(row.Comment, row.name) for row in rows]


def find(table_id: int, comment_id: int) -> tuple[Comment, str] | None:
    """A comment that is not in the trash, and its author's name; locked until the commit."""
    chosen = _SHOWN.where(Comment.table_id == table_id, Comment.id == comment_id, Comment.trashed_on.is_(None))
    row = session().execute(chosen.with_for_update(of=Comment)).first()
    return None if row is None else (row.Comment, row.name or "")


def comment_json(comment: Comment, name: str | None) -> dict[str, Any]:
    """A comment as the API shows it."""
    return {
        "id": comment.id,
        "user_id": comment.user_id,
        "first_name": name or "",
        "table_id": comment.table_id,
        "row_id": comment.row_id,
        "message": comment.message if comment.trashed_on is None else None,
        "created_on": comment.created_on,
        "updated_on": comment.updated_on,
        "edited": comment.edited,
        "trashed": comment.trashed_on is not None,
    }


def _of(model: type[Comment] | type[NotificationMode], table_id: int, row_ids: Sequence[int]) -> Any:
    wanted = sa.cast(list(row_ids), sa.ARRAY(sa.BigInteger))
    return sa.and_(model.table_id == table_id, model.row_id == sa.any_(wanted))


def counts(table_id: int, row_ids: Sequence[int]) -> Mapping[int, int]:
    """How many comments rows have, those in the trash aside; rows without any are left out."""
    query = sa.select(Comment.row_id, sa.func.count()).where(_of(Comment, table_id, row_ids))
    rows = session().execute(query.where(Comment.trashed_on.is_(None)).group_by(Comment.row_id))
    return {row[0]: row[1] for row in rows}


def modes(table_id: int, row_ids: Sequence[int]) -> Mapping[int, str]:
    """Of which comments on rows the acting user wants to be told, where they chose."""
    mode = NotificationMode
    query = sa.select(mode.row_id, mode.mode).where(_of(mode, table_id, row_ids), mode.user_id == context.user_id())
    return {row.row_id: row.mode for row in session().execute(query)}


def set_mode(table_id: int, row_id: int, mode: str) -> None:
    """Keep of which comments on a row the acting user wants to be told."""
    key = {"table_id": table_id, "row_id": row_id, "user_id": context.user_id()}
    written = insert(NotificationMode).values(**key, mode=mode)
    session().execute(written.on_conflict_do_update(index_elements=list(key), set_={"mode": mode}))


def told_of_all(rows: Sequence[tuple[int, int]]) -> dict[tuple[int, int], list[int]]:
    """Who wants to be told of all comments, by (table, row): one query."""
    mode = NotificationMode
    query = sa.select(mode.table_id, mode.row_id, mode.user_id).where(
        sa.tuple_(mode.table_id, mode.row_id).in_(list(rows)), mode.mode == "all"
    )
    found: dict[tuple[int, int], list[int]] = {}
    for table_id, row_id, user_id in session().execute(query):
        found.setdefault((table_id, row_id), []).append(user_id)
    return found


def forget_rows(table_id: int, row_ids: Sequence[int]) -> None:
    """Remove all that is kept with rows that are gone for good."""
    session().execute(sa.delete(Comment).where(_of(Comment, table_id, row_ids)))
    session().execute(sa.delete(NotificationMode).where(_of(NotificationMode, table_id, row_ids)))
