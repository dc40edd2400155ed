"""The authenticator of database tokens: `Authorization: Token <key>`. One SQL query."""

from __future__ import annotations

from dataclasses import replace

from plugin_api import accounts
from plugin_api.context import Context
from plugin_api.errors import ApiError
from plugins.database_tokens import store
from plugins.database_tokens.grant import KIND


class TokenAuthenticator:
    """Accepts the keys of tokens whose owners are active. The owner acts, within the token's rights."""

    scheme = "Token"

    def authenticate(self, credentials: str, context: Context) -> Context:
        """The context with the token's owner as actor; 401 for anything but a token's key."""
        if not credentials or " " in credentials:
            raise ApiError("ERROR_INVALID_TOKEN_HEADER", 401, "The header must be: Authorization: Token YOUR_KEY.")
        found = store.by_key(credentials)
        if found is None:
            raise unknown()
        user_id, grant = found
        owner = accounts.actor(user_id)
        if owner is None:
            raise ApiError("ERROR_USER_NOT_ACTIVE", 401, "The account of the token's owner is switched off.")
        return replace(context, actor=replace(owner, kind=KIND, is_staff=False, extra=grant))


def unknown() -> ApiError:
    """401 for a key no token has."""
    return ApiError("ERROR_TOKEN_DOES_NOT_EXIST", 401, "There is no token with this key.")
