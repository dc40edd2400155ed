"""The roles somebody has at places within a workspace, in SQL."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from plugin_api.permissions import RoleSource, grant, grants_of, joined_grants
from plugin_api.platform import service
from plugin_api.roles import RoleKinds, RoleSubjectType
from plugins.roles.models import Assignment

Column = sa.ColumnElement[Any]


class AssignedRoles(RoleSource):
    """Their own, and those of the groups they are in."""

    type = "roles"

    def role(self, workspace_id: Column, user_id: Column) -> Column:
        """None: the role in the workspace itself is the membership's, or a team's."""
        return sa.literal_column("NULL", sa.Text())

    def grants(self, workspace_id: Column, user_id: Column, application_id: Column | None) -> Column:
        """One look into an index for one's own, and one for each kind of group one is in."""
        here = _here(workspace_id, application_id)
        found = [sa.select(_text(own=True)).where(here, Assignment.user_id == user_id)]
        for kind in service(RoleKinds).subject_types().values():
            ids = kind.ids_of_user(workspace_id, user_id)
            if ids is not None:
                found.append(_of_groups(kind, ids).where(here))
        return joined_grants([query.scalar_subquery() for query in found])


def _here(workspace_id: Column, application_id: Column | None) -> sa.ColumnElement[bool]:
    if application_id is None:
        return Assignment.workspace_id == workspace_id
    return Assignment.application_id == application_id


def _text(own: bool) -> Column:
    place = Assignment
    return grants_of(grant(place.scope_type, place.scope_id, place.application_id, place.role, own))


def _of_groups(kind: RoleSubjectType, ids: sa.Select[Any]) -> sa.Select[Any]:
    """What was given to groups; one flat query, so that it stays correlated to the statement it is a part of."""
    [group_id] = ids.selected_columns
    is_kind = Assignment.subject_type == sa.literal_column(f"'{kind.type}'", sa.Text())
    return ids.with_only_columns(_text(own=False)).where(is_kind, Assignment.subject_id == group_id)
