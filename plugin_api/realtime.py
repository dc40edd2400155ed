"""Realtime: the pages that clients subscribe to, and what is told to them of committed events.

Without the plugin `realtime` nobody asks for any of this: plugins register theirs all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugin_api.events import Event

PageScopes = Sequence[tuple[str, int]]
"""What a page is a part of, as (kind, id): ("database_view", 7), ("database_table", 5), ("application", 2), ..."""


ParameterTypes = Mapping[str, type[int] | type[str]]
"""The parameters of a page by name."""


@dataclass(frozen=True)
class PageType:
    """A kind of page, which clients subscribe to with `{"page": type, ...parameters}`.

    type: its name.
    parameters: the names of its parameters, and whether each is an int, which must be given, or a str.
    admit: decides whether the acting user, who may be anonymous, may be told what happens on the page with these
        parameters, by raising ApiError if not. Answers what the page is a part of; a `Recheck` of one of these has it
        asked again. Called in a unit of work that only reads, a small, constant number of queries.
    named_by: the parameters that say which page it is; those left out, such as a password's token, are for `admit`.
        None for all.
    """

    type: str
    parameters: ParameterTypes
    admit: Callable[[Mapping[str, Any]], PageScopes]
    named_by: tuple[str, ...] | None = None


@dataclass(frozen=True)
class OnPage:
    """Everybody who has a page open: its type and the parameters it is named by."""

    type: str
    parameters: Mapping[str, int | str]


@dataclass(frozen=True)
class Users:
    """Users, wherever they are signed in."""

    ids: Collection[int]


@dataclass(frozen=True)
class Members:
    """The members of a workspace, as they are when the event is told.

    operation: only those who may do it; `scopes` is where (see `plugin_api.permissions.Access`).
    but: ids of users to leave out.
    """

    workspace_id: int
    operation: str | None = None
    scopes: tuple[tuple[str, int], ...] = ()
    but: Collection[int] = ()


@dataclass(frozen=True)
class Everybody:
    """All users who are signed in."""


Audience = OnPage | Users | Members | Everybody


@dataclass(frozen=True)
class Message:
    """A message for clients.

    body: its JSON, with its name under `type`.
    to: whom it is for.
    to_sender: whether the socket that the change came from is told too; by default it is left out, since the answer
        to its request has told it.
    instead: the body of what is told when this one is so long that it would cost slow readers their connection; None
        for nothing. Everything that can be of any length has one.
    """

    body: Mapping[str, Any]
    to: Audience
    to_sender: bool = False
    instead: Callable[[], Mapping[str, Any] | None] | None = None


@dataclass(frozen=True)
class Recheck:
    """Who may see what may have changed: the pages concerned are admitted anew, before anything more is told there.

    of: the pages of these users, whichever they are.
    scopes: all pages that are a part of one of these.
    """

    of: Users | Members | None = None
    scopes: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Disconnect:
    """The sockets of users are told so and closed.

    session: only those of this sign-in. but_session: all but those of this one.
    """

    of: Users
    session: str | None = None
    but_session: str | None = None


Told = Message | Recheck | Disconnect


@dataclass(frozen=True)
class RealtimeMessages:
    """What clients are told of events.

    type: a name for it.
    events: the types of the events.
    of: what is told of one event, in the order given. It runs where the outbox is drained, after the commit, in a
        unit of work: what it reads may already be newer than the event. What it raises is logged, tried again later
        and then given up.
    page: a page type, for what is told on such pages alone: while nobody has one open, `of` is not asked.
    """

    type: str
    events: tuple[str, ...]
    of: Callable[[Event], Iterable[Told]]
    page: str | None = None
