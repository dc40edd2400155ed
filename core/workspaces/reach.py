"""The query plugins join to find out who is a member where (`plugin_api.workspaces.Workspaces`)."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa

from core.db.models import Membership, Workspace


class WorkspaceMembers:
    """Memberships of workspaces that are not in the trash."""

    def members(self) -> sa.Select[Any]:
        """The statement, with the columns the interface names."""
        query: Any = sa.select(
            Membership.workspace_id,
            Workspace.name.label("workspace_name"),
            Membership.user_id,
            Membership.permissions.label("role"),
        ).join(Workspace, sa.and_(Workspace.id == Membership.workspace_id, Workspace.trashed_on.is_(None)))
        return cast("sa.Select[Any]", query)
