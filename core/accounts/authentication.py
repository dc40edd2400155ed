"""The authenticator of signed-in users: `Authorization: JWT <access token>`."""

from __future__ import annotations

from dataclasses import replace

from core.accounts import tokens
from core.accounts.state import UserStates
from plugin_api.context import Context
from plugin_api.errors import ApiError


class JwtAuthenticator:
    """Accepts access tokens of active users whose sessions were not ended. No SQL on the usual way."""

    scheme = "JWT"

    def __init__(self, states: UserStates) -> None:
        self._states = states

    def authenticate(self, credentials: str, context: Context) -> Context:
        """The context with the user as actor; 401 for anything but a good access token."""
        if not credentials or " " in credentials:
            detail = "Authorization header must contain two space-delimited values"
            raise ApiError("ERROR_BAD_AUTHORIZATION_HEADER", 401, detail, extra={"code": "bad_authorization_header"})
        try:
            claims = tokens.read(tokens.ACCESS, credentials)
        except tokens.BadToken:
            raise _invalid() from None
        state = self._states.get(claims.user_id)
        if state is None or not state.is_active or state.auth_version != claims.auth_version:
            raise _invalid()
        return replace(context, actor=state.actor(), user_session=claims.session)


def _invalid() -> ApiError:
    detail = "The access token is expired or invalid. Sign in again."
    return ApiError("ERROR_INVALID_ACCESS_TOKEN", 401, detail, {"WWW-Authenticate": 'JWT realm="api"'})
