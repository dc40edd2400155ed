"""Events about users, told to every workspace they are a member of."""

from __future__ import annotations

import sqlalchemy as sa

from core.db.models import Membership, User
from plugin_api import events
from plugin_api.db import session


def tell_workspaces(type_name: str, user: User) -> None:
    """Announce a change of a user to the members of all their workspaces: one query."""
    payload = {"user_id": user.id, "user": {"id": user.id, "first_name": user.name, "username": user.email}}
    for workspace_id in session().scalars(sa.select(Membership.workspace_id).where(Membership.user_id == user.id)):
        events.emit(type_name, payload, workspace_id)
