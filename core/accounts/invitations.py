"""The invitation somebody signs up with."""

from __future__ import annotations

import importlib

from core.accounts.mail_tokens import bad_signature
from core.db.models import User


def accept(user: User, token: str) -> None:
    """Make the new user a member of the workspace the invitation is for; 400 or 404 when it is not a good one."""
    try:
        workspaces = importlib.import_module("core.workspaces.invitations")
    except ModuleNotFoundError as error:
        if error.name != "core.workspaces.invitations":
            raise
        raise bad_signature() from None  # nothing sends invitations, so no token is one
    workspaces.accept_at_sign_up(user, token)
