"""What users are told of their notifications, wherever they are signed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plugin_api.events import Event
from plugin_api.realtime import Everybody, Message, RealtimeMessages, Users
from plugins.notifications import store

_FETCH_FROM = 100
"""People are told that there is something new, rather than what, when it is for so many."""


def _messages(event: Event) -> Iterator[Message]:
    told = event.payload
    if event.type == "notification_created":
        yield from _created(told["notification_id"], told["user_ids"])
    elif event.type == "broadcast_notification_created":
        yield Message({"type": "notifications_fetch_required", "notifications_added": 1}, Everybody(), to_sender=True)
    else:
        keys = ("notification",) if "notification" in told else ("workspace_id",)
        body = {"type": event.type, **{key: told[key] for key in keys}}
        yield Message(body, Users([told["user_id"]]))


def _created(notification_id: int, user_ids: list[int]) -> Iterator[Message]:
    shown = store.new(notification_id) if len(user_ids) < _FETCH_FROM else None
    body: dict[str, Any] = {"type": "notifications_fetch_required", "notifications_added": 1}
    if shown is not None:
        body = {"type": "notifications_created", "notifications": [shown]}
    yield Message(body, Users(user_ids), to_sender=True)


NOTIFICATION_MESSAGES = RealtimeMessages(
    "notifications",
    (
        "notification_created",
        "broadcast_notification_created",
        "notification_marked_as_read",
        "notification_marked_as_unread",
        "all_notifications_marked_as_read",
        "all_notifications_cleared",
    ),
    _messages,
)
