"""What needs permission in and around workspaces, with the lowest role that may do it."""

from __future__ import annotations

from plugin_api.permissions import Operation

READ = "workspace.read"
UPDATE = "workspace.update"
DELETE = "workspace.delete"
LIST_USERS = "workspace.list_workspace_users"
UPDATE_USER = "workspace_user.update"
DELETE_USER = "workspace_user.delete"
INVITE = "workspace.create_invitation"
LIST_INVITATIONS = "workspace.list_invitations"
READ_INVITATION = "invitation.read"
UPDATE_INVITATION = "invitation.update"
DELETE_INVITATION = "invitation.delete"
RESTORE = "workspace.restore"
READ_TRASH = "workspace.read_trash"
EMPTY_TRASH = "workspace.empty_trash"
READ_ROLE = "workspace.read_role"
ASSIGN_ROLE = "workspace.assign_role"

OPERATIONS = (
    Operation(READ, "VIEWER"),
    Operation(UPDATE, "ADMIN"),
    Operation(DELETE, "ADMIN"),
    Operation(LIST_USERS, "EDITOR"),
    Operation(UPDATE_USER, "ADMIN"),
    Operation(DELETE_USER, "ADMIN"),
    Operation(INVITE, "ADMIN"),
    Operation(LIST_INVITATIONS, "ADMIN"),
    Operation(READ_INVITATION, "ADMIN"),
    Operation(UPDATE_INVITATION, "ADMIN"),
    Operation(DELETE_INVITATION, "ADMIN"),
    Operation(RESTORE, "ADMIN"),
    Operation(READ_TRASH, "BUILDER"),
    Operation(EMPTY_TRASH, "ADMIN"),
    Operation(READ_ROLE, "ADMIN"),
    Operation(ASSIGN_ROLE, "ADMIN"),
)
