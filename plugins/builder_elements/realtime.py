"""What is told of elements, to those who have their page open."""

from __future__ import annotations

from collections.abc import Iterator

from plugin_api.events import Event
from plugin_api.realtime import Message, RealtimeMessages, Told
from plugins.builder.realtime import open_page
from plugins.builder_elements.events import CHANGED_TOGETHER

_KEYS = {
    "element_created": ("element", "before_id"),
    "element_updated": ("element",),
    "element_moved": ("page_id", "element_id", "before_id", "parent_element_id", "place_in_container"),
    "element_deleted": ("page_id", "element_id"),
    "elements_created": ("page_id", "elements"),
    CHANGED_TOGETHER: ("page_id",),
}


def _messages(event: Event) -> Iterator[Told]:
    told = event.payload
    body = {"type": event.type, **{key: told[key] for key in _KEYS[event.type]}}
    yield Message(body, open_page(told["page_id"]))


ELEMENT_MESSAGES = RealtimeMessages("builder_elements", tuple(_KEYS), _messages, page="page")
