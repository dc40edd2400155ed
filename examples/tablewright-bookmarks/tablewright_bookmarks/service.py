"""What users do with bookmarks: permission, change, recorded action and event in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import actions, applications, context, events, trash
from plugin_api.applications import ApplicationInfo
from plugin_api.errors import does_not_exist
from plugin_api.permissions import require
from plugin_api.trash import TrashItem
from tablewright_bookmarks import store
from tablewright_bookmarks.models import Bookmark

TYPE, TRASH_TYPE = "bookmarks", "bookmark"
READ, WRITE = "bookmarks.read", "bookmarks.write"
CREATED, CHANGED, DELETED, IMPORTED = "create_bookmark", "update_bookmark", "delete_bookmark", "import_bookmarks"


def application(application_id: int, operation: str) -> ApplicationInfo:
    """An application of bookmarks in which the acting user may do `operation`: one query."""
    info, access = applications.access(application_id)
    if info.type != TYPE:
        raise does_not_exist("application")
    require(operation, access)
    return info


def _found(bookmark_id: int, operation: str) -> tuple[Bookmark, ApplicationInfo]:
    found = store.find(bookmark_id)
    if found is None:
        raise does_not_exist("bookmark")
    return found, application(found.application_id, operation)


def listed(application_id: int, search: str, limit: int, offset: int) -> tuple[int, list[dict[str, Any]]]:
    """How many bookmarks there are, and a window of them."""
    application(application_id, READ)
    return store.page(application_id, search, limit, offset)


def create(application_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Make a bookmark."""
    info = application(application_id, WRITE)
    (made,) = store.insert([{**values, "application_id": application_id, "created_by": context.user_id()}])
    record(CREATED, info, {"bookmark_id": made["id"], "title": made["title"]})
    announce("bookmark_created", info, bookmark=made)
    return made


def update(bookmark_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Change a bookmark; nothing is recorded when it stays as it is."""
    found, info = _found(bookmark_id, WRITE)
    before = store.shown(found)
    after = {key: value for key, value in values.items() if before[key] != value}
    if not after:
        return before
    store.change(bookmark_id, after)
    made, original = {**before, **after}, {key: before[key] for key in after}
    record(CHANGED, info, {"bookmark_id": bookmark_id, "title": made["title"], "before": original, "after": after})
    announce("bookmark_updated", info, bookmark=made)
    return made


def delete(bookmark_id: int) -> None:
    """Put a bookmark into the trash."""
    found, info = _found(bookmark_id, WRITE)
    store.change(bookmark_id, {"trashed_on": sa.func.now()})
    trash.put(TrashItem(TRASH_TYPE, found.id, info.workspace_id, found.title, None, info.id, None, info.name))
    record(DELETED, info, {"bookmark_id": found.id, "title": found.title})
    announce("bookmark_deleted", info, bookmark_id=found.id)


def add_all(application_id: int, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Add many at once; undone at once."""
    info = application(application_id, WRITE)
    owned = [{**row, "application_id": application_id, "created_by": context.user_id()} for row in rows]
    made = store.insert(owned)
    if made:
        record(IMPORTED, info, {"bookmarks": made, "count": len(made)})
        announce("bookmarks_imported", info, count=len(made))
    return made


def record(action: str, info: ApplicationInfo, params: Mapping[str, Any]) -> None:
    """Record what was done, with all that undoing and redoing it need."""
    scope = f"application{info.id}"
    actions.record(action, scope=scope, workspace_id=info.workspace_id, params={"application_id": info.id, **params})


def announce(event: str, info: ApplicationInfo, **told: Any) -> None:
    """Tell the rest of the product, if and only if the transaction commits."""
    events.emit(event, {"application_id": info.id, **told}, info.workspace_id)
