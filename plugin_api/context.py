"""Who is acting and from which client session, for the request or job that is running."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

from plugin_api.errors import ApiError


@dataclass(frozen=True)
class Actor:
    """Who acts. `kind` is "user", "anonymous", or the kind of another authenticator such as "token".

    user_id, email, name, is_staff and language are those of the user acting or, for a token, of its owner.
    `extra` is whatever the authenticator needs to keep (a token's permissions, for example).
    """

    kind: str
    user_id: int | None = None
    email: str = ""
    name: str = ""
    is_staff: bool = False
    language: str = "en"
    extra: Any = field(default=None, compare=False)


ANONYMOUS = Actor("anonymous")


@dataclass(frozen=True)
class Context:
    """The actor, plus the identifiers a client sends along.

    client_session_id groups actions for undo (header ClientSessionId); undo_group_id joins several actions
    into one undo step (header ClientUndoRedoActionGroupId); websocket_id names the browser tab that must not
    be told of its own change (header WebSocketId); user_session is the sign-in the tokens belong to;
    command is "UNDO" or "REDO" while an action is undone or redone, else "DO"; silent is set while something is done
    that is nobody's business: no action is recorded, no event emitted.
    """

    actor: Actor = ANONYMOUS
    request_id: str = ""
    client_session_id: str | None = None
    undo_group_id: str | None = None
    websocket_id: str | None = None
    user_session: str | None = None
    ip_address: str | None = None
    command: str = "DO"
    silent: bool = False


_context: ContextVar[Context] = ContextVar("tablewright_context", default=Context())


def current() -> Context:
    """The context of the running request or job."""
    return _context.get()


def actor() -> Actor:
    """Who is acting."""
    return _context.get().actor


def user_id() -> int:
    """Id of the acting user; 401 when nobody is signed in."""
    found = actor().user_id
    if found is None:
        raise ApiError("ERROR_NOT_AUTHENTICATED", 401, "Sign in first.")
    return found


def set_context(context: Context) -> None:
    """Replace the context; the HTTP layer and the job runner call this."""
    _context.set(context)


@contextmanager
def changed(**changes: Any) -> Iterator[None]:
    """Run a block with other values in the context."""
    token = _context.set(replace(_context.get(), **changes))
    try:
        yield
    finally:
        _context.reset(token)


@contextmanager
def acting_as(who: Actor, **changes: Any) -> Iterator[None]:
    """Run a block as `who`."""
    with changed(actor=who, **changes):
        yield
