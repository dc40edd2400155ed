"""What is told of comments to the members who may read them, wherever they are."""

from __future__ import annotations

from collections.abc import Iterator

from plugin_api.events import Event
from plugin_api.realtime import Members, Message, RealtimeMessages, Users
from plugins.row_comments.operations import LIST

_MODE = "row_comments_notification_mode_updated"


def _messages(event: Event) -> Iterator[Message]:
    told = event.payload
    if event.type == _MODE:
        body = {"type": _MODE, "table_id": told["table_id"], "row_id": told["row_id"], "mode": told["mode"]}
        yield Message(body, Users([told["user_id"]]))
    elif event.workspace_id is not None:
        scopes = (("database_table", told["table_id"]), ("application", told["database_id"]))
        body = {"type": event.type, "row_comment": told["row_comment"]}
        yield Message(body, Members(event.workspace_id, LIST, scopes))


_CHANGES = tuple(f"row_comment_{done}" for done in ("created", "updated", "deleted", "restored"))

COMMENT_MESSAGES = RealtimeMessages("row_comments", (*_CHANGES, _MODE), _messages)
