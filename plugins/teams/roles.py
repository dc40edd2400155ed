"""The role a member has from their teams, in SQL."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from plugin_api.permissions import ROLES, RoleSource
from plugins.teams.models import Subject, Team

_NAMES = ", ".join(f"'{role}'" for role in ROLES)
_RANKS = f"ARRAY[{_NAMES}]"


class TeamRoles(RoleSource):
    """The highest role of the teams a member is in."""

    type = "teams"

    def role(self, workspace_id: sa.ColumnElement[Any], user_id: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """A subquery, which PostgreSQL runs for members without a role of their own only."""
        highest = f"({_RANKS})[max(array_position({_RANKS}, teams.team.default_role))]"
        query = sa.select(sa.literal_column(highest, sa.Text())).select_from(Team)
        mine = sa.and_(Subject.workspace_id == workspace_id, Subject.user_id == user_id)
        return query.join(Subject, Subject.team_id == Team.id).where(mine, Team.trashed_on.is_(None)).scalar_subquery()
