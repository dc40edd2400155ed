"""Teams as those who are given roles: the role in the workspace itself is the team's default role."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.roles import RoleSubjectType, WorkspaceRole
from plugins.teams import service
from plugins.teams.models import Subject, Team

TEAM = "baserow_enterprise.Team"


class TeamSubject(RoleSubjectType):
    """Teams that are not in the trash."""

    type = TEAM

    def ids_of_user(self, workspace_id: sa.ColumnElement[Any], user_id: sa.ColumnElement[Any]) -> sa.Select[Any]:
        """The teams a member is in."""
        mine = sa.and_(Subject.workspace_id == workspace_id, Subject.user_id == user_id)
        of_team = sa.and_(Team.id == Subject.team_id, Team.trashed_on.is_(None))
        return sa.select(Subject.team_id).select_from(Subject).join(Team, of_team).where(mine)

    def shown(self, workspace_id: int, ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        """Id and name; how many are in a team is not counted here, as clients know."""
        query = sa.select(Team.id, Team.name).where(Team.id.in_(ids), _there(workspace_id))
        return {row.id: {"id": row.id, "name": row.name, "subject_count": 0} for row in session().execute(query)}

    def users(self, ids: Sequence[int]) -> Collection[int]:
        """Who is in them."""
        return session().scalars(sa.select(Subject.user_id).where(Subject.team_id.in_(ids)).distinct()).all()

    def roles(self, workspace_id: int) -> Sequence[WorkspaceRole]:
        """The default roles of those that have one."""
        query = sa.select(Team.id, Team.default_role).where(_there(workspace_id), Team.default_role.is_not(None))
        rows = session().execute(query.order_by(Team.id))
        return [WorkspaceRole(row.id, row.default_role, row.id) for row in rows]

    def lock(self, workspace_id: int, ids: Sequence[int]) -> None:
        """The teams, always in the order of their ids."""
        chosen = sa.select(Team.id).where(Team.id.in_(ids), Team.workspace_id == workspace_id).order_by(Team.id)
        session().execute(chosen.with_for_update())

    def give(self, workspace_id: int, roles: Mapping[int, str | None]) -> None:
        """Set default roles."""
        chosen = sa.select(Team).where(Team.id.in_(roles), _there(workspace_id)).order_by(Team.id)
        for team in session().scalars(chosen.with_for_update().execution_options(populate_existing=True)).all():
            service.give_role(team, roles[team.id])


def _there(workspace_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(Team.workspace_id == workspace_id, Team.trashed_on.is_(None))
