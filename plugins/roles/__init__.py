"""Roles: what ADMIN, BUILDER, EDITOR, COMMENTER and VIEWER may do in a workspace."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.administration import ListedUserData
from plugin_api.permissions import PermissionManager

plugin = Plugin(
    name="roles",
    version="1.0",
    title="Roles",
    description="Admins, builders, editors, commenters and viewers of a workspace.",
    api=(1, 0),
    can_disable=False,
)


@hookimpl
def register_permission_managers() -> list[PermissionManager]:
    """The manager `role`, and what clients are told of managers whose parts are not there."""
    from plugins.roles.announced import ANNOUNCED
    from plugins.roles.manager import RolePermissions

    return [RolePermissions(), *ANNOUNCED]


@hookimpl
def register_listed_user_data() -> list[ListedUserData]:
    """The highest role each user has in any workspace."""
    from plugins.roles.highest import highest_roles

    return [ListedUserData("highest_role_uid", highest_roles)]
