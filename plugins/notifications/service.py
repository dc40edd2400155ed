"""What users do with their notifications, with permission."""

from __future__ import annotations

from typing import Any

import orjson

from plugin_api import context, events
from plugin_api.errors import does_not_exist
from plugin_api.http import dumps
from plugin_api.permissions import Permissions, require
from plugin_api.platform import service
from plugins.notifications import operations, store


def _user_in(workspace_id: int, operation: str) -> int:
    """The acting user, who may do the operation in the workspace: one query."""
    require(operation, service(Permissions).workspace_access(workspace_id))
    return context.user_id()


def list_of_workspace(workspace_id: int, limit: int, offset: int) -> tuple[int, list[dict[str, Any]]]:
    """How many notifications the user has there, and a window of them: three queries."""
    return store.page(_user_in(workspace_id, operations.LIST), workspace_id, limit, offset)


def mark(workspace_id: int, notification_id: int, read: bool) -> dict[str, Any]:
    """Mark one as read or unread; answers it."""
    user_id = _user_in(workspace_id, operations.MARK)
    changed = store.mark(user_id, workspace_id, read, notification_id)
    found = store.one(user_id, workspace_id, notification_id)
    if found is None:
        raise does_not_exist("notification")
    if changed:
        payload = {"user_id": user_id, "workspace_id": workspace_id, "notification": _plain(found)}
        events.emit("notification_marked_as_read" if read else "notification_marked_as_unread", payload, workspace_id)
    return found


def _plain(found: dict[str, Any]) -> dict[str, Any]:
    """As the API writes it."""
    plain: dict[str, Any] = orjson.loads(dumps(found))
    return plain


def mark_all(workspace_id: int) -> None:
    """Mark all as read."""
    user_id = _user_in(workspace_id, operations.MARK)
    if store.mark(user_id, workspace_id, True):
        payload = {"user_id": user_id, "workspace_id": workspace_id}
        events.emit("all_notifications_marked_as_read", payload, workspace_id)


def clear(workspace_id: int) -> None:
    """Remove all from the user's list."""
    user_id = _user_in(workspace_id, operations.CLEAR)
    store.clear(user_id, workspace_id)
    events.emit("all_notifications_cleared", {"user_id": user_id, "workspace_id": workspace_id}, workspace_id)
