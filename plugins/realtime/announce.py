"""From committed events to the broadcast that web processes follow. Runs where the outbox is drained."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from plugin_api.broadcast import Broadcast
from plugin_api.events import Event, NotNow
from plugin_api.http import dumps
from plugin_api.platform import registry, service
from plugin_api.realtime import (
    Disconnect,
    Everybody,
    Members,
    Message,
    OnPage,
    PageType,
    RealtimeMessages,
    Recheck,
    Told,
    Users,
)
from plugin_api.settings import setting
from plugin_api.states import active
from plugins.realtime import entries
from plugins.realtime.interest import ANYBODY, opened
from plugins.realtime.recipients import Recipients

_PARTS = 4
"""How many of the longest messages may wait for a socket."""


def announce(events: Sequence[Event]) -> None:
    """Broadcast what clients are told of a batch of events, in their order; NotNow while Redis is away."""
    sources = _sources({event.type for event in events})
    kinds: Mapping[str, PageType] = registry("page_types")  # type: ignore[assignment]
    recipients = Recipients()
    told = [entries.Told(event.id, _items(event, sources.get(event.type, ()), kinds, recipients)) for event in events]
    found = [entries.encoded(one) for one in told if one.items]
    if not found:
        return
    try:
        service(Broadcast).publish(entries.TOPIC, found)
    except OSError as error:
        raise NotNow(str(error)) from error


def _sources(types: Collection[str]) -> dict[str, list[RealtimeMessages]]:
    """What may have something to tell of events, by their type: what tells of pages only while one is open.

    Nothing while nobody is connected: it would delay what comes after it, such as notifications.
    """
    wanted = [source for source in active("realtime_messages") if not set(types).isdisjoint(source.events)]
    open_pages = opened({ANYBODY, *(source.page for source in wanted if source.page is not None)})
    found: dict[str, list[RealtimeMessages]] = {}
    if ANYBODY not in open_pages:
        return found
    for source in wanted:
        if source.page is None or source.page in open_pages:
            for name in source.events:
                found.setdefault(name, []).append(source)
    return found


def _items(
    event: Event, sources: Iterable[RealtimeMessages], kinds: Mapping[str, PageType], recipients: Recipients
) -> list[entries.Item]:
    told = [_item(one, event, kinds, recipients) for source in sources for one in source.of(event)]
    return [one for one in told if one is not None]


def _item(one: Told, event: Event, kinds: Mapping[str, PageType], recipients: Recipients) -> entries.Item | None:
    if isinstance(one, Message):
        return _text(one, event, kinds, recipients)
    if isinstance(one, Recheck):
        return entries.Readmission(recipients.ids(one.of) if one.of else frozenset(), one.scopes)
    assert isinstance(one, Disconnect)
    return entries.Ending(frozenset(one.of.ids), one.session, one.but_session)


def _text(message: Message, event: Event, kinds: Mapping[str, PageType], recipients: Recipients) -> entries.Text | None:
    but = None if message.to_sender else event.websocket_id
    text = _body(message)
    if text is None:
        return None
    if isinstance(message.to, OnPage):
        return entries.Text(text, channel=entries.channel_of(message.to, kinds), but=but)
    if isinstance(message.to, Everybody):
        return entries.Text(text, but=but)
    assert isinstance(message.to, Users | Members)
    users = recipients.ids(message.to)
    return entries.Text(text, users=users, but=but) if users else None


def _body(message: Message) -> str | None:
    """The text of a message, or what is told instead of a very long one."""
    text = dumps(message.body).decode()
    if message.instead is None or len(text) <= setting("websocket_queue_bytes") // _PARTS:
        return text
    body = message.instead()
    return None if body is None else dumps(body).decode()
