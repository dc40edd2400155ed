"""What a kind of event says of itself: which committed events it is made of, and what receivers are told.

A plugin that requires `webhooks` implements `register_webhook_event_types` and returns subclasses of
`WebhookEventType`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from plugin_api.events import Event
from plugins.database.context import TableContext

Payload = dict[str, Any]

QUIET = "send_webhook_events"
"""The key of a change's event that is false when who made it wants no webhooks to be called."""


def is_told(event: Event) -> bool:
    """Whether webhooks are to be told of an event."""
    return event.payload.get(QUIET) is not False


@dataclass(frozen=True)
class Subscriber:
    """An active webhook that wants a kind of event. `fields` and `views` limit it; empty ones do not.

    names: whether it is told names of fields instead of `field_<id>`.
    """

    webhook_id: int
    table_id: int
    names: bool
    fields: frozenset[int] = frozenset()
    views: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Page:
    """One call's part of an event that is told in several: what to tell, and what the next page is made of."""

    payload: Payload
    rest: Mapping[str, Any] | None


@dataclass(frozen=True)
class Outgoing:
    """An event for a webhook: what to tell now, or what to make it of when it is sent.

    order: the id of the event it is made of; with `part`, it says what is the same event to all webhooks.
    """

    webhook_id: int
    order: int
    payload: Payload | None = None
    pending: Mapping[str, Any] | None = None
    part: int = 0


class FieldNames(Protocol):
    """The names of the fields of the tables of a batch of events."""

    def named(self, table_id: int, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Rows whose keys `field_<id>` are names: one query for all tables of the batch, when first asked."""


class WebhookEventType:
    """A kind of event. Subclasses set `type` and `events`, and override what differs.

    type: its name in the API. events: the committed events it is made of, each with a `table_id` in its payload.
    has_fields, has_views: whether webhooks can limit it to fields or views.
    always: whether webhooks that want all events get it.
    """

    type: ClassVar[str]
    events: ClassVar[tuple[str, ...]] = ()
    has_fields: ClassVar[bool] = False
    has_views: ClassVar[bool] = False
    always: ClassVar[bool] = True

    def outgoing(
        self, events: Sequence[Event], subscribers: Mapping[int, Sequence[Subscriber]], names: FieldNames
    ) -> Iterator[Outgoing]:
        """What to tell of a batch of events (those of `events`, in order); `subscribers` by table.

        A constant number of queries for each table, whatever the number of events.
        """
        for event in filter(is_told, events):
            told: dict[bool, Payload | None] = {}
            for subscriber in subscribers.get(event.payload["table_id"], ()):
                if not self.is_wanted(event, subscriber):
                    continue
                pending = self.pending(event)
                if pending is None and subscriber.names not in told:
                    told[subscriber.names] = self.payload(event, names if subscriber.names else None)
                payload = None if pending is not None else told[subscriber.names]
                if pending is not None or payload is not None:
                    yield Outgoing(subscriber.webhook_id, event.id, payload, pending)

    def is_wanted(self, event: Event, subscriber: Subscriber) -> bool:
        """Whether a webhook's limits let the event through."""
        return True

    def payload(self, event: Event, names: FieldNames | None) -> Payload | None:
        """What to tell of an event, with names of fields where `names` are given; None for nothing."""
        return None

    def pending(self, event: Event) -> Mapping[str, Any] | None:
        """What (JSON) to make the pages of a large event of when it is sent; None when `payload` says it all."""
        return None

    def page(self, pending: Mapping[str, Any], table: TableContext, names: bool) -> Page | None:
        """The next page of such an event; None when there is nothing left to tell."""
        return None

    def example(self, table: TableContext, names: bool) -> Payload:
        """What a test call tells."""
        return {}
