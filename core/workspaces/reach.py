"""The query plugins join to find out who is a member where (`plugin_api.workspaces.Workspaces`)."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa

from core.db.models import Membership, User, Workspace
from core.workspaces import ai_settings
from core.workspaces.roles import role_of
from plugin_api.db import session


class WorkspaceMembers:
    """Memberships of workspaces that are not in the trash."""

    def members(self) -> sa.Select[Any]:
        """The statement, with the columns the interface names."""
        query: Any = sa.select(
            Membership.workspace_id,
            Workspace.name.label("workspace_name"),
            Membership.user_id,
            role_of().label("role"),
        ).join(Workspace, sa.and_(Workspace.id == Membership.workspace_id, Workspace.trashed_on.is_(None)))
        return cast("sa.Select[Any]", query)

    def people(self, workspace_id: int) -> list[dict[str, Any]]:
        """Id and name of the members, the first one first."""
        query = sa.select(User.id, User.name).join(Membership, Membership.user_id == User.id)
        rows = session().execute(query.where(Membership.workspace_id == workspace_id).order_by(Membership.id))
        return [{"id": row.id, "name": row.name} for row in rows]

    def ai_providers(self, workspace_id: int) -> dict[str, dict[str, Any]]:
        """The providers, from the workspace's settings and the instance's."""
        query = sa.select(Workspace.generative_ai_models_settings).where(Workspace.id == workspace_id)
        return ai_settings.usable(session().scalar(query) or {})

    def brief(self, workspace_id: int) -> dict[str, Any]:
        """A workspace as what is in it shows it."""
        query = sa.select(Workspace.name, Workspace.generative_ai_models_settings).where(Workspace.id == workspace_id)
        found = session().execute(query).one()
        enabled = ai_settings.enabled(found.generative_ai_models_settings)
        return {"id": workspace_id, "name": found.name, "generative_ai_models_enabled": enabled}
