"""Telling people who are mentioned in a text: once for each row and field, when the text begins to mention them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.events import Event, EventHandler
from plugin_api.workspaces import people
from plugins.database import models
from plugins.database.newcomers import news
from plugins.notifications.notify import notify
from plugins.notifications.types import Notice, NotificationType, Told

MENTIONED = "user_mention_in_rich_text_field"
_CREATED, _UPDATED = "rows_created", "rows_updated"
_MENTION = re.compile(r"(?<![\w@])@(\d{1,18})(?!\w)", re.ASCII)


class MentionedInText(NotificationType):
    """Data: row_id, row_name, field_id, field_name, table_id, table_name, database_id, database_name."""

    type = MENTIONED

    def title(self, told: Told) -> str:
        """Who mentioned one where."""
        who, data = told.sender or "Somebody", told.data
        return f"{who} mentioned you in {data['field_name']} of {data['row_name']} in {data['table_name']}"


def _tell(events: Sequence[Event]) -> None:
    """Notify of a batch of events. A text may have any number of ids in it, of strangers too."""
    found = news(events, _rich_texts(), _mentioned, _members)
    notify(
        [Notice(MENTIONED, one.key, one.data, one.user_ids, one.event.user_id, one.event.workspace_id) for one in found]
    )


def _rich_texts() -> sa.ColumnElement[bool]:
    field = models.Field
    return sa.and_(field.type == "long_text", field.options["long_text_enable_rich_text"].as_boolean())


def _mentioned(value: Any) -> set[int]:
    return {int(found) for found in _MENTION.findall(value or "")}


def _members(event: Event) -> set[int]:
    return {person["id"] for person in people(event.workspace_id)} if event.workspace_id else set()


HANDLER = EventHandler("rich_text_mentions", _tell, (_CREATED, _UPDATED))
