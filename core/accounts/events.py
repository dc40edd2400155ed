"""Events about users: what the workspaces they are a member of are told, and that their sessions ended."""

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


def sessions_ended(user_id: int, user_session: str | None = None) -> None:
    """Announce that all sign-ins of a user are over, or one of them."""
    events.emit("user_sessions_ended", {"user_id": user_id, "user_session": user_session})
