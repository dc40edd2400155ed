"""What ends: the sessions of users, and the access of members to workspaces and what is in them."""

from __future__ import annotations

from collections.abc import Iterator

from plugin_api.events import Event
from plugin_api.realtime import Disconnect, RealtimeMessages, Recheck, Told, Users

_MEMBERS = ("group_user_updated", "group_user_deleted")


def _told(event: Event) -> Iterator[Told]:
    if event.type == "user_sessions_ended":
        yield Disconnect(Users([event.payload["user_id"]]), event.payload["user_session"])
    elif event.type in _MEMBERS:
        yield Recheck(Users([event.payload["user_id"]]))
    elif event.type == "group_deleted":
        yield Recheck(scopes=(("workspace", event.payload["workspace_id"]),))
    else:
        yield Recheck(scopes=(("application", event.payload["application_id"]),))


ACCESS = RealtimeMessages("access", ("user_sessions_ended", *_MEMBERS, "group_deleted", "application_deleted"), _told)
