"""Notifications of comments: to whom they mention, and to those who want to be told of all comments on a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugin_api.events import Event, EventHandler
from plugins.database.audience import who_may
from plugins.database.naming import named_rows
from plugins.notifications.notify import notify
from plugins.notifications.types import Notice, NotificationType, Told
from plugins.row_comments import store
from plugins.row_comments.messages import as_text
from plugins.row_comments.operations import LIST

MENTION, COMMENT = "row_comment_mention", "row_comment"
_CREATED, _UPDATED = "row_comment_created", "row_comment_updated"


class _AboutComment(NotificationType):
    """Data: row_id, row_name, table_id, table_name, database_id, database_name, comment_id, message."""

    did: str

    def title(self, told: Told) -> str:
        """Who did what where."""
        return f"{told.sender} {self.did} {told.data['row_name']} in {told.data['table_name']}"

    def text(self, told: Told) -> str:
        """The comment."""
        return as_text(told.data["message"])


class CommentMention(_AboutComment):
    """Somebody is mentioned in a comment."""

    type = MENTION
    did = "mentioned you in a comment on"


class NewComment(_AboutComment):
    """There is a new comment on a row."""

    type = COMMENT
    did = "commented on"


def _tell(events: Sequence[Event]) -> None:
    """Notify of a batch of events; only those who may read the comments, and never the author."""
    created = [event for event in events if event.type == _CREATED]
    all_of = store.told_of_all([_place(event) for event in created]) if created else {}
    notices: list[Notice] = []
    for event in events:
        mentioned = set(event.payload["mentioned"])
        others = set(all_of.get(_place(event), ())) if event.type == _CREATED else set()
        notices += _notices(event, mentioned, others - mentioned)
    notify(notices)


def _place(event: Event) -> tuple[int, int]:
    return event.payload["table_id"], event.payload["row_comment"]["row_id"]


def _notices(event: Event, mentioned: set[int], others: set[int]) -> list[Notice]:
    table_id, row_id = _place(event)
    author = event.payload["row_comment"]["user_id"]
    readers = set(who_may(LIST, table_id, (mentioned | others) - {author}))
    named = named_rows(table_id, [row_id]).get(row_id) if readers else None
    if named is None:
        return []
    data = _data(named, event.payload["row_comment"])
    told = {MENTION: mentioned & readers, COMMENT: others & readers}
    return [
        Notice(kind, str(event.id), data, people, author, event.workspace_id) for kind, people in told.items() if people
    ]


def _data(named: Mapping[str, Any], comment: Mapping[str, Any]) -> dict[str, Any]:
    return {**named, "comment_id": comment["id"], "message": comment["message"]}


HANDLER = EventHandler("row_comment_notifications", _tell, (_CREATED, _UPDATED))
TYPES: list[NotificationType] = [CommentMention(), NewComment()]
