"""HTTP operations of comments on rows."""

from __future__ import annotations

from typing import Any

from marshmallow import fields as mf

from plugin_api import paging
from plugin_api.http import Blueprint
from plugin_api.schemas import Any_, Choice, Nested, Schema
from plugins.row_comments import service
from plugins.row_comments.messages import CommentAnswer, MessageBody

MODES = ("all", "mentions")

blueprint = Blueprint(
    "row_comments", __name__, url_prefix="/api/row_comments", description="What people say about the rows of tables."
)

_TABLE = ("ERROR_USER_NOT_IN_GROUP", "ERROR_TABLE_DOES_NOT_EXIST")
_ROW = (*_TABLE, "ERROR_ROW_DOES_NOT_EXIST")
_MESSAGE = ("ERROR_REQUEST_BODY_VALIDATION", "ERROR_INVALID_COMMENT_MENTION")
_OWN = (*_TABLE, "ERROR_ROW_COMMENT_DOES_NOT_EXIST", "ERROR_USER_NOT_COMMENT_AUTHOR")


class CommentQuery(Schema):
    """A window of the comments, by limit and offset or by page and size."""

    limit = Any_(metadata={"description": "How many, at most 100."})
    offset = Any_(metadata={"description": "How many to pass over."})
    page = Any_(metadata={"description": "Page number, from 1."})
    size = Any_(metadata={"description": "Comments of a page, at most 100; 100 when not given."})


class CommentPage(paging.PageAnswer):
    """A window of a row's comments."""

    results = mf.List(Nested(CommentAnswer))


class ModeBody(Schema):
    """Of which comments to be told."""

    mode = Choice(
        MODES, required=True, metadata={"description": "all comments on the row, or those with mentions of you."}
    )


@blueprint.operation(
    "GET",
    "/<int:table_id>/<int:row_id>/",
    id="get_row_comments",
    summary="List the comments on a row",
    description="The comments on a row, the newest first. Deleted ones keep their place without their message until"
    " the trash is emptied.",
    query=CommentQuery,
    response=CommentPage,
    errors=(*_ROW, "ERROR_PAGE_SIZE_LIMIT"),
)
def list_comments(table_id: int, row_id: int, query: dict[str, Any]) -> Any:
    """The comments."""
    window = paging.window_or_page()
    return window.answer(*service.list_of_row(table_id, row_id, window.limit, window.offset))


@blueprint.operation(
    "POST",
    "/<int:table_id>/<int:row_id>/",
    id="create_row_comment",
    summary="Comment on a row",
    description="Writes a comment. Whom it mentions is told of it, if they may read it.",
    body=MessageBody,
    response=CommentAnswer,
    errors=(*_ROW, *_MESSAGE),
)
def create_comment(table_id: int, row_id: int, body: dict[str, Any]) -> Any:
    """Write a comment."""
    return service.create(table_id, row_id, body["message"])


@blueprint.operation(
    "PATCH",
    "/<int:table_id>/comment/<int:comment_id>/",
    id="update_row_comment",
    summary="Change a comment",
    description="Replaces the message of a comment you wrote. Who was not mentioned in it before is told.",
    body=MessageBody,
    response=CommentAnswer,
    errors=(*_OWN, *_MESSAGE),
)
def update_comment(table_id: int, comment_id: int, body: dict[str, Any]) -> Any:
    """Change a comment."""
    return service.update(table_id, comment_id, body["message"])


@blueprint.operation(
    "DELETE",
    "/<int:table_id>/comment/<int:comment_id>/",
    id="delete_row_comment",
    summary="Delete a comment",
    description="Puts a comment you wrote into the trash; its place stays, without the message.",
    response=CommentAnswer,
    errors=_OWN,
)
def delete_comment(table_id: int, comment_id: int) -> Any:
    """Delete a comment."""
    return service.delete(table_id, comment_id)


@blueprint.operation(
    "PUT",
    "/<int:table_id>/<int:row_id>/notification-mode/",
    id="update_row_comment_notification_mode",
    summary="Choose of which comments to be told",
    description="Be told of all comments on a row, or of those that mention you, as you are when you never chose.",
    body=ModeBody,
    status=204,
    errors=(*_ROW, "ERROR_REQUEST_BODY_VALIDATION"),
)
def set_mode(table_id: int, row_id: int, body: dict[str, Any]) -> None:
    """Choose."""
    service.set_mode(table_id, row_id, body["mode"])
