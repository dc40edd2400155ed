"""What browsers learn of roles: whoever may do other things now is told, and asked about anew."""

from __future__ import annotations

from collections.abc import Iterator

from plugin_api.events import Event
from plugin_api.realtime import Message, RealtimeMessages, Recheck, Told, Users
from plugins.roles.service import CHANGED


def _told(event: Event) -> Iterator[Told]:
    users = Users(event.payload["user_ids"])
    yield Recheck(users)
    body = {"type": "permissions_updated", "workspace_id": event.payload["workspace_id"]}
    yield Message(body, users, to_sender=True)


ROLE_MESSAGES = RealtimeMessages("roles", (CHANGED,), _told)
