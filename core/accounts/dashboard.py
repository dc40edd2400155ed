"""The dashboard of the acting user: what waits for them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.db.models import Invitation, User, Workspace
from plugin_api import context
from plugin_api.db import session


def invitations() -> list[dict[str, Any]]:
    """The invitations of the acting user's address, oldest first: one query."""
    query = (
        sa.select(
            Invitation.id,
            User.name.label("invited_by"),
            Workspace.name.label("workspace"),
            Invitation.email,
            Invitation.message,
            Invitation.created_on,
        )
        .join(User, User.id == Invitation.invited_by_id)
        .join(Workspace, Workspace.id == Invitation.workspace_id)
        .where(Invitation.email == context.actor().email, Workspace.trashed_on.is_(None))
        .order_by(Invitation.id)
    )
    return [{**row, "email_exists": None} for row in session().execute(query).mappings()]
