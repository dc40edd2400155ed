"""The invitation somebody signs up with."""

from __future__ import annotations

from core.db.models import User
from core.workspaces.invitations import accept_at_sign_up


def accept(user: User, token: str) -> None:
    """Make the new user a member of the workspace the invitation is for; 400 or 404 when it is not a good one."""
    accept_at_sign_up(user, token)
