"""Operations of the platform itself that belong to no other part, and what the managers without roles know of them."""

from __future__ import annotations

from plugin_api.permissions import NOBODY, Operation

LIST_WORKSPACES = "list_workspaces"
CREATE_WORKSPACE = "create_workspace"
UPDATE_SETTINGS = "settings.update"

OPERATIONS = (
    Operation(LIST_WORKSPACES, NOBODY),
    Operation(CREATE_WORKSPACE, NOBODY),
    Operation(UPDATE_SETTINGS, NOBODY),
)

ADMIN_ONLY = (
    "invitation.delete",
    "invitation.read",
    "invitation.update",
    "workspace.create_invitation",
    "workspace.delete",
    "workspace.list_invitations",
    "workspace.list_workspace_users",
    "workspace.update",
    "workspace_user.delete",
    "workspace_user.update",
)
"""What only admins may do where no plugin decides by roles."""
