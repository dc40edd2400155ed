"""Authenticators: one per scheme of the Authorization header."""

from __future__ import annotations

from typing import Protocol

from plugin_api.context import Context


class Authenticator(Protocol):
    """Turns the credentials of one scheme ("JWT", "Token") into who acts."""

    scheme: str

    def authenticate(self, credentials: str, context: Context) -> Context:
        """The context with its actor set. Raise ApiError 401 for bad credentials."""
