"""Sessions of people who use the product's own pages, kept by their browser in a cookie."""

from __future__ import annotations

import uuid
from dataclasses import replace

from core.accounts import service as accounts
from core.accounts import sessions, tokens
from plugin_api import actions, context
from plugin_api.context import Actor
from plugin_api.errors import ApiError


class CookieSessions:
    """A session is a token of a kind of its own, which the API takes for nothing else."""

    def begin(self, email: str, password: str) -> str:
        """Sign in."""
        user = accounts.sign_in(email, password)
        if not user.is_staff:
            raise ApiError("ERROR_STAFF_ONLY", 403, "Only staff of this instance may do this.")
        with context.acting_as(sessions.actor_of(user)):
            actions.record("sign_in_user", scope="root", workspace_id=None, params={"email": user.email})
        return tokens.issue(tokens.PAGE, user, str(uuid.uuid4()))

    def enter(self, session: str) -> bool:
        """Act as the user of the session."""
        who = _staff_of(session)
        if who is None:
            return False
        context.set_context(replace(context.current(), actor=who))
        return True

    def end(self, session: str) -> None:
        """Sign off."""
        try:
            claims = tokens.read(tokens.PAGE, session)
        except tokens.BadToken:
            return
        tokens.revoke(session, claims.expires_on)


def _staff_of(session: str) -> Actor | None:
    try:
        claims = tokens.read(tokens.PAGE, session)
    except tokens.BadToken:
        return None
    user = accounts.by_id(claims.user_id)
    if user is None or not user.is_active or not user.is_staff or tokens.is_revoked(session):
        return None
    same = (claims.auth_version, claims.refresh_version) == (user.auth_version, user.refresh_version)
    return sessions.actor_of(user) if same else None
