"""Teams: groups of members, with a role all of them have in the workspace."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.http import Blueprint
from plugin_api.permissions import Operation, RoleSource
from plugin_api.realtime import RealtimeMessages
from plugin_api.roles import RoleSubjectType
from plugin_api.trash import TrashItemType
from plugin_api.workspaces import MemberData

plugin = Plugin(
    name="teams",
    version="1.0",
    title="Teams",
    description="Groups of members who have a role together.",
    api=(1, 0),
    can_disable=False,
    feature="teams",
    migrations="plugins.teams.migrations",
)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on teams."""
    from plugins.teams.routes import blueprint

    return [blueprint]


@hookimpl
def register_operations() -> list[Operation]:
    """What needs permission."""
    from plugins.teams.operations import OPERATIONS

    return OPERATIONS


@hookimpl
def register_action_types() -> list[ActionType]:
    """Every change of a team can be undone."""
    from plugins.teams.actions import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_trash_item_types() -> list[TrashItemType]:
    """Teams."""
    from plugins.teams.trash import TrashedTeam

    return [TrashedTeam()]


@hookimpl
def register_role_sources() -> list[RoleSource]:
    """The roles of teams, for members without one of their own."""
    from plugins.teams.roles import TeamRoles

    return [TeamRoles()]


@hookimpl
def register_role_subject_types() -> list[RoleSubjectType]:
    """Teams are given roles like members are."""
    from plugins.teams.role_subject import TeamSubject

    return [TeamSubject()]


@hookimpl
def register_realtime_messages() -> list[RealtimeMessages]:
    """Pages that may be seen no longer are closed at once."""
    from plugins.teams.realtime import TEAM_MESSAGES

    return [TEAM_MESSAGES]


@hookimpl
def register_member_data() -> list[MemberData]:
    """The teams members are in."""
    from plugins.teams.store import teams_of_members

    return [MemberData("teams", teams_of_members)]
