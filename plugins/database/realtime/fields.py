"""What is told of fields to those who have their table open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plugin_api.events import Event
from plugin_api.realtime import Message, RealtimeMessages
from plugins.database.realtime.pages import table_page


def _messages(event: Event) -> Iterator[Message]:
    told = event.payload
    body: dict[str, Any] = {"type": event.type, "related_fields": told["related_fields"]}
    if event.type == "field_deleted":
        body |= {"table_id": told["table_id"], "field_id": told["field_id"]}
    else:
        body["field"] = {key: value for key, value in told["field"].items() if key != "related_fields"}
    if event.type == "field_updated":
        body["field_id"] = told["field_id"]
    yield Message(body, table_page(told["table_id"]))


FIELD_MESSAGES = RealtimeMessages(
    "fields", ("field_created", "field_updated", "field_deleted", "field_restored"), _messages, page="table"
)
