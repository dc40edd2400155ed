"""What is told of who may write a field, to those who have its table open."""

from __future__ import annotations

from collections.abc import Iterator

from plugin_api.events import Event
from plugin_api.realtime import Message, OnPage, RealtimeMessages

CHANGED = "field_permissions_updated"


def _messages(event: Event) -> Iterator[Message]:
    told = event.payload
    body = {key: told[key] for key in ("field_id", "role", "allow_in_forms")}
    yield Message({"type": CHANGED, **body}, OnPage("table", {"table_id": told["table_id"]}))


PERMISSION_MESSAGES = RealtimeMessages("field_permissions", (CHANGED,), _messages, page="table")
