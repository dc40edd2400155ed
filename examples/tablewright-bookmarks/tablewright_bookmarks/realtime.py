"""What members who may read the bookmarks are told of changes, wherever they are signed in."""

from __future__ import annotations

from collections.abc import Iterator

from plugin_api.events import Event
from plugin_api.realtime import Members, Message, RealtimeMessages
from tablewright_bookmarks.service import READ

EVENTS = ("bookmark_created", "bookmark_updated", "bookmark_deleted", "bookmarks_imported")


def _told(event: Event) -> Iterator[Message]:
    if event.workspace_id is not None:
        scopes = (("application", event.payload["application_id"]),)
        yield Message({"type": event.type, **event.payload}, Members(event.workspace_id, READ, scopes))


MESSAGES = RealtimeMessages("bookmarks", EVENTS, _told)
