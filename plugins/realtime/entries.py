"""What goes from the worker to the web processes: for each event an entry of a broadcast, with all that it tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from plugin_api.broadcast import Entry
from plugin_api.realtime import OnPage, PageType

TOPIC = "realtime"

Scope = tuple[str, int]


@dataclass(frozen=True)
class Text:
    """A message: to all users, to some of them, or on a page; not to the socket `but`."""

    text: str
    users: frozenset[int] | None = None
    channel: str | None = None
    but: str | None = None


@dataclass(frozen=True)
class Readmission:
    """The pages of users, and those that are a part of something, are admitted anew."""

    users: frozenset[int] = frozenset()
    scopes: tuple[Scope, ...] = ()


@dataclass(frozen=True)
class Ending:
    """Sockets of users are closed: those of one sign-in, or all but those of one."""

    users: frozenset[int]
    session: str | None = None
    but_session: str | None = None


Item = Text | Readmission | Ending


@dataclass(frozen=True)
class Told:
    """An event with all that is told of it, in order."""

    event_id: int
    items: list[Item] = field(default_factory=list)


def channel(kind: PageType, parameters: Mapping[str, Any]) -> str:
    """The name of a page, equal for all who have it open."""
    names = kind.named_by or tuple(kind.parameters)
    return orjson.dumps([kind.type, *(parameters[name] for name in names)]).decode()


def channel_of(page: OnPage, kinds: Mapping[str, PageType]) -> str:
    """The name of the page a message is for; LookupError for a type nobody registered."""
    return channel(kinds[page.type], page.parameters)


def encoded(told: Told) -> Entry:
    """An entry: first who is told what, then the texts, which nobody on the way needs to understand."""
    texts = [item.text.encode() for item in told.items if isinstance(item, Text)]
    head = {"event": told.event_id, "items": [_plain(item) for item in told.items]}
    return (orjson.dumps(head), *texts)


def _plain(item: Item) -> dict[str, Any]:
    if isinstance(item, Text):
        users = None if item.users is None else sorted(item.users)
        return {"is": "text", "users": users, "channel": item.channel, "but": item.but}
    if isinstance(item, Readmission):
        return {"is": "readmission", "users": sorted(item.users), "scopes": item.scopes}
    return {"is": "ending", "users": sorted(item.users), "session": item.session, "but_session": item.but_session}


def decoded(entry: Entry) -> Told:
    """The event in an entry."""
    head, texts = orjson.loads(entry[0]), iter(entry[1:])
    return Told(head["event"], [_item(plain, texts) for plain in head["items"]])


def _item(plain: Mapping[str, Any], texts: Any) -> Item:
    if plain["is"] == "text":
        users = None if plain["users"] is None else frozenset(plain["users"])
        return Text(next(texts).decode(), users, plain["channel"], plain["but"])
    if plain["is"] == "readmission":
        return Readmission(frozenset(plain["users"]), _scopes(plain["scopes"]))
    return Ending(frozenset(plain["users"]), plain["session"], plain["but_session"])


def _scopes(pairs: Sequence[Sequence[Any]]) -> tuple[Scope, ...]:
    return tuple((str(kind), int(number)) for kind, number in pairs)
