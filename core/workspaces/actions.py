"""The types of actions on workspaces, their members and invitations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.workspaces import service
from plugin_api import trash
from plugin_api.actions import ActionType


def _delete(params: Mapping[str, Any]) -> None:
    service.delete(params["workspace_id"])


def _restore(params: Mapping[str, Any]) -> None:
    trash.restore("workspace", params["workspace_id"])


def _name_back(params: Mapping[str, Any]) -> None:
    service.update(params["workspace_id"], params["original_workspace_name"])


def _name_again(params: Mapping[str, Any]) -> None:
    service.update(params["workspace_id"], params["workspace_name"])


def _order_back(params: Mapping[str, Any]) -> None:
    service.put_at(params["original_places"])


def _order_again(params: Mapping[str, Any]) -> None:
    service.put_at(params["places"])


ACTION_TYPES = [
    ActionType("create_group", 'Workspace "%(workspace_name)s" created', _delete, _restore, title="Create workspace"),
    ActionType("create_initial_workspace", 'First workspace "%(workspace_name)s" created'),
    ActionType(
        "update_group",
        'Workspace renamed from "%(original_workspace_name)s" to "%(workspace_name)s"',
        _name_back,
        _name_again,
        title="Update workspace",
    ),
    ActionType(
        "update_group_ai_settings",
        'AI providers of workspace "%(workspace_name)s" changed',
        title="Update AI settings of workspace",
    ),
    ActionType("delete_group", 'Workspace "%(workspace_name)s" deleted', _restore, _delete, title="Delete workspace"),
    ActionType("order_groups", "Workspaces ordered", _order_back, _order_again, title="Order workspaces"),
    ActionType("leave_group", 'Left workspace "%(workspace_name)s"', title="Leave workspace"),
    ActionType(
        "create_group_invitation",
        'Invited "%(email)s" to workspace "%(workspace_name)s" as %(permissions)s',
        title="Create workspace invitation",
    ),
    ActionType(
        "update_group_invitation_permissions",
        'Changed the invitation of "%(email)s" to %(permissions)s',
        title="Update workspace invitation",
    ),
    ActionType(
        "delete_group_invitation",
        'Withdrew the invitation of "%(email)s" to workspace "%(workspace_name)s"',
        title="Delete workspace invitation",
    ),
    ActionType(
        "accept_group_invitation",
        'Accepted the invitation of "%(email)s" to workspace "%(workspace_name)s"',
        title="Accept workspace invitation",
    ),
    ActionType(
        "reject_group_invitation",
        'Rejected the invitation of "%(email)s" to workspace "%(workspace_name)s"',
        title="Reject workspace invitation",
    ),
    ActionType(
        "update_group_user",
        'Changed the role of "%(email)s" from %(original_permissions)s to %(permissions)s',
        title="Change role of member",
    ),
    ActionType("delete_group_user", 'Removed "%(email)s" from workspace "%(workspace_name)s"', title="Remove member"),
]
