"""The token a request came with, kept as the acting user's `extra`."""

from __future__ import annotations

from dataclasses import dataclass

from plugin_api import context
from plugins.database_tokens.rights import Rights

KIND = "token"
"""The kind of an actor that came with a token."""


@dataclass(frozen=True)
class Grant:
    """A token as its bearer shows it. `role` is its owner's in the workspace, None when they are not a member."""

    id: int
    key: str
    workspace_id: int
    role: str | None
    rights: Rights


def acting_token() -> Grant:
    """The token of the running request."""
    found = context.actor().extra
    assert isinstance(found, Grant)
    return found
