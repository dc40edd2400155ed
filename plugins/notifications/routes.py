"""HTTP operations of notifications."""

from __future__ import annotations

from typing import Any

from plugin_api import paging
from plugin_api.http import Blueprint
from plugins.notifications import schemas, service

blueprint = Blueprint(
    "notifications",
    __name__,
    url_prefix="/api/notifications",
    description="What people are told of what others do.",
)

_WORKSPACE = ("ERROR_USER_NOT_IN_GROUP", "ERROR_GROUP_DOES_NOT_EXIST")


@blueprint.operation(
    "GET",
    "/<int:workspace_id>/",
    id="list_workspace_notifications",
    summary="List your notifications",
    description="Your notifications of a workspace and those that belong to none, the latest first.",
    query=schemas.NotificationQuery,
    response=schemas.NotificationPage,
    errors=_WORKSPACE,
)
def list_notifications(workspace_id: int, query: dict[str, Any]) -> Any:
    """The user's notifications."""
    window = paging.window()
    return window.answer(*service.list_of_workspace(workspace_id, window.limit, window.offset))


@blueprint.operation(
    "DELETE",
    "/<int:workspace_id>/",
    id="clear_workspace_notifications",
    summary="Clear your notifications",
    description="Removes all notifications from your list in a workspace, read or not. Others keep theirs.",
    status=204,
    errors=_WORKSPACE,
)
def clear_notifications(workspace_id: int) -> None:
    """Clear them."""
    service.clear(workspace_id)


@blueprint.operation(
    "POST",
    "/<int:workspace_id>/mark-all-as-read/",
    id="mark_all_workspace_notifications_as_read",
    summary="Mark all notifications as read",
    description="Marks all of your notifications in a workspace as read.",
    status=204,
    errors=_WORKSPACE,
)
def mark_all_as_read(workspace_id: int) -> None:
    """Mark them."""
    service.mark_all(workspace_id)


@blueprint.operation(
    "PATCH",
    "/<int:workspace_id>/<int:notification_id>/",
    id="mark_notification_as_read",
    summary="Mark a notification as read or unread",
    description="Marks one of your notifications; nobody sees whether you read it.",
    body=schemas.ReadBody,
    response=schemas.NotificationAnswer,
    errors=(*_WORKSPACE, "ERROR_REQUEST_BODY_VALIDATION", "ERROR_NOTIFICATION_DOES_NOT_EXIST"),
)
def mark_as_read(workspace_id: int, notification_id: int, body: dict[str, Any]) -> Any:
    """Mark it."""
    return service.mark(workspace_id, notification_id, body["read"])
