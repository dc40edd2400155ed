"""Roles: what ADMIN, BUILDER, EDITOR, COMMENTER and VIEWER may do in a workspace."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.administration import ListedUserData, UsageCount, counted
from plugin_api.applications import ApplicationExtension
from plugin_api.http import Blueprint
from plugin_api.permissions import PermissionManager, RoleSource
from plugin_api.platform import provide
from plugin_api.realtime import RealtimeMessages
from plugin_api.tables import TableExtension

plugin = Plugin(
    name="roles",
    version="1.0",
    title="Roles",
    description="What admins, builders, editors, commenters and viewers may do, in a workspace and at places within.",
    api=(1, 0),
    can_disable=False,
    feature="roles",
    migrations="plugins.roles.migrations",
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


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on roles at places."""
    from plugins.roles.routes import blueprint

    return [blueprint]


@hookimpl
def register_role_sources() -> list[RoleSource]:
    """The roles at applications and tables."""
    from plugins.roles.source import AssignedRoles

    return [AssignedRoles()]


@hookimpl
def register_action_types() -> list[ActionType]:
    """Changes of roles."""
    from plugins.roles.service import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_realtime_messages() -> list[RealtimeMessages]:
    """Whoever may do other things now is told at once."""
    from plugins.roles.realtime import ROLE_MESSAGES

    return [ROLE_MESSAGES]


@hookimpl
def register_application_extensions() -> list[ApplicationExtension]:
    """Copies of applications keep roles."""
    from plugins.roles.copies import RolesOfApplications

    return [RolesOfApplications()]


@hookimpl
def register_table_extensions() -> list[TableExtension]:
    """Copies of tables keep roles."""
    from plugins.roles.copies import RolesOfTables

    return [RolesOfTables()]


@hookimpl
def register_services() -> None:
    """Others may have roles forgotten."""
    from plugin_api.roles import RoleAssignments
    from plugins.roles.store import KeptRoles

    provide(RoleAssignments, KeptRoles())


@hookimpl
def register_usage_counts() -> list[UsageCount]:
    """How much of it is in use."""
    from plugins.roles.models import Assignment

    return [UsageCount("roles", counted("roles at applications and tables", Assignment))]
