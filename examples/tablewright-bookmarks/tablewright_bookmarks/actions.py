"""The types of actions: how each change is undone and redone, with the permissions of who does it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import trash
from plugin_api.actions import ActionType
from tablewright_bookmarks import service, store
from tablewright_bookmarks.models import Bookmark

Params = Mapping[str, Any]


def _delete(params: Params) -> None:
    service.delete(params["bookmark_id"])


def _bring_back(params: Params) -> None:
    trash.restore(service.TRASH_TYPE, params["bookmark_id"])


def _change_back(params: Params) -> None:
    service.update(params["bookmark_id"], params["before"])


def _change_again(params: Params) -> None:
    service.update(params["bookmark_id"], params["after"])


def _take_out(params: Params) -> None:
    """Remove what was imported; what somebody has put into the trash meanwhile stays there."""
    info = service.application(params["application_id"], service.WRITE)
    ids = [bookmark["id"] for bookmark in params["bookmarks"]]
    store.remove(Bookmark.id.in_(ids), Bookmark.trashed_on.is_(None))
    service.announce("bookmarks_imported", info, count=-len(ids))


def _import_again(params: Params) -> Params:
    """They get new ids, which later undoing needs."""
    rows = [{key: bookmark[key] for key in store.KEPT} for bookmark in params["bookmarks"]]
    return {**params, "bookmarks": service.add_all(params["application_id"], rows)}


ACTION_TYPES = [
    ActionType(service.CREATED, 'Bookmark "%(title)s" created', _delete, _bring_back),
    ActionType(service.CHANGED, 'Bookmark "%(title)s" changed', _change_back, _change_again),
    ActionType(service.DELETED, 'Bookmark "%(title)s" deleted', _bring_back, _delete),
    ActionType(service.IMPORTED, "%(count)s bookmarks imported", _take_out, _import_again),
]
