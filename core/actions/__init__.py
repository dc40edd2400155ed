"""Actions: every change, recorded in the transaction that makes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.db.models import Action
from plugin_api import context
from plugin_api.db import unit_of_work
from plugin_api.platform import registry


class ActionLog:
    """Writes actions through the unit of work's ledger."""

    def record(self, type_name: str, *, scope: str, workspace_id: int | None, params: Mapping[str, Any]) -> None:
        """Record an action of the acting user. KeyError for a type no plugin registered."""
        if type_name not in registry("action_types") and type_name not in CORE_ACTION_TYPES:
            raise KeyError(f"no action type {type_name!r} is registered")
        running = context.current()
        unit_of_work().ledger(
            Action.__table__,  # type: ignore[arg-type]
            {
                "user_id": running.actor.user_id,
                "session_id": running.client_session_id,
                "group_id": running.undo_group_id,
                "type": type_name,
                "scope": scope,
                "workspace_id": workspace_id,
                "params": dict(params),
                "ip_address": running.ip_address,
            },
        )


CORE_ACTION_TYPES: dict[str, str] = {
    "create_group": 'Workspace "%(workspace_name)s" created',
    "create_initial_workspace": 'First workspace "%(workspace_name)s" created',
    "update_group": 'Workspace renamed from "%(original_workspace_name)s" to "%(workspace_name)s"',
    "update_group_ai_settings": 'AI providers of workspace "%(workspace_name)s" changed',
    "delete_group": 'Workspace "%(workspace_name)s" deleted',
    "order_groups": "Workspaces ordered",
    "leave_group": 'Left workspace "%(workspace_name)s"',
    "create_group_invitation": 'Invited "%(email)s" to workspace "%(workspace_name)s" as %(permissions)s',
    "update_group_invitation_permissions": 'Changed the invitation of "%(email)s" to %(permissions)s',
    "delete_group_invitation": 'Withdrew the invitation of "%(email)s" to workspace "%(workspace_name)s"',
    "accept_group_invitation": 'Accepted the invitation of "%(email)s" to workspace "%(workspace_name)s"',
    "reject_group_invitation": 'Rejected the invitation of "%(email)s" to workspace "%(workspace_name)s"',
    "update_group_user": 'Changed the role of "%(email)s" from %(original_permissions)s to %(permissions)s',
    "delete_group_user": 'Removed "%(email)s" from workspace "%(workspace_name)s"',
    "create_application": 'Created %(type)s "%(application_name)s"',
    "update_application": 'Renamed application "%(original_application_name)s" to "%(application_name)s"',
    "delete_application": 'Deleted application "%(application_name)s"',
    "order_applications": "Applications ordered",
    "duplicate_application": 'Duplicated application "%(original_application_name)s"',
    "create_user": 'Account "%(email)s" created',
    "update_user": 'Account "%(email)s" changed',
    "change_user_password": 'Password of "%(email)s" changed',
    "reset_user_password": 'Password of "%(email)s" reset by mail',
    "verify_user_email": 'E-mail address "%(email)s" verified',
    "remove_user": 'Account "%(email)s" removed after its grace time',
    "schedule_user_deletion": 'Account "%(email)s" marked for deletion',
    "cancel_user_deletion": 'Deletion of account "%(email)s" cancelled',
    "sign_in_user": '"%(email)s" signed in',
    "update_settings": "Instance settings changed",
    "update_plugin": 'Plugin "%(plugin)s" switched %(state)s',
}
"""The core's own action types with the text of their audit entry, %-formatted with their parameters."""
