"""HTTP operations of bookmarks."""

from __future__ import annotations

from typing import Any

from plugin_api import paging
from plugin_api.http import Blueprint
from tablewright_bookmarks import service
from tablewright_bookmarks.schemas import BookmarkAnswer, BookmarkPage, BookmarkQuery, ChangedBookmark, NewBookmark

blueprint = Blueprint("bookmarks", __name__, url_prefix="/api/bookmarks", description="Links that a team keeps.")

_APPLICATION = ("ERROR_USER_NOT_IN_GROUP", "ERROR_APPLICATION_DOES_NOT_EXIST")
_BOOKMARK = ("ERROR_USER_NOT_IN_GROUP", "ERROR_BOOKMARK_DOES_NOT_EXIST")


@blueprint.operation(
    "GET",
    "/application/<int:application_id>/",
    id="list_bookmarks",
    summary="List bookmarks",
    description="A window of the bookmarks of an application, in the order they were made.",
    query=BookmarkQuery,
    response=BookmarkPage,
    errors=_APPLICATION,
)
def list_bookmarks(application_id: int, query: dict[str, Any]) -> dict[str, Any]:
    """A window of bookmarks."""
    part = paging.window()
    return part.answer(*service.listed(application_id, query["search"], part.limit, part.offset))


@blueprint.operation(
    "POST",
    "/application/<int:application_id>/",
    id="create_bookmark",
    summary="Make a bookmark",
    description="Adds a bookmark to an application.",
    body=NewBookmark,
    response=BookmarkAnswer,
    errors=_APPLICATION,
)
def create_bookmark(application_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Make a bookmark."""
    return service.create(application_id, body)


@blueprint.operation(
    "PATCH",
    "/<int:bookmark_id>/",
    id="update_bookmark",
    summary="Change a bookmark",
    description="Changes what is given.",
    body=ChangedBookmark,
    response=BookmarkAnswer,
    errors=_BOOKMARK,
)
def update_bookmark(bookmark_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Change a bookmark."""
    return service.update(bookmark_id, body)


@blueprint.operation(
    "DELETE",
    "/<int:bookmark_id>/",
    id="delete_bookmark",
    summary="Delete a bookmark",
    description="Puts a bookmark into the trash.",
    status=204,
    errors=_BOOKMARK,
)
def delete_bookmark(bookmark_id: int) -> None:
    """Delete a bookmark."""
    service.delete(bookmark_id)
