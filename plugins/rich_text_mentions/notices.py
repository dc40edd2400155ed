"""Telling people who are mentioned in a text: once for each row and field, when the text begins to mention them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection
from plugin_api.events import Event, EventHandler
from plugin_api.workspaces import people
from plugins.database import models
from plugins.database.audience import who_may
from plugins.database.naming import named_rows
from plugins.notifications.notify import notify
from plugins.notifications.types import Notice, NotificationType, Told

MENTIONED = "user_mention_in_rich_text_field"
_CREATED, _UPDATED = "rows_created", "rows_updated"
_READ = "database.table.read_row"
_MENTION = re.compile(r"(?<![\w@])@(\d{1,18})(?!\w)", re.ASCII)


class MentionedInText(NotificationType):
    """Data: row_id, row_name, field_id, field_name, table_id, table_name, database_id, database_name."""

    type = MENTIONED

    def title(self, told: Told) -> str:
        """Who mentioned one where."""
        who, data = told.sender or "Somebody", told.data
        return f"{who} mentioned you in {data['field_name']} of {data['row_name']} in {data['table_name']}"


@dataclass(frozen=True)
class _Mention:
    """People a field of a row mentions since an event."""

    event: Event
    field_id: int
    field_name: str
    row_id: int
    user_ids: frozenset[int]


def _tell(events: Sequence[Event]) -> None:
    """Notify of a batch of events: one query when no text has formatting, else a few for each table."""
    fields = _texts({event.payload["table_id"] for event in events})
    by_table: dict[int, list[_Mention]] = {}
    for event in events:
        for found in _mentions(event, fields.get(event.payload["table_id"], {})):
            by_table.setdefault(event.payload["table_id"], []).append(found)
    notify([notice for table_id, found in by_table.items() for notice in _notices(table_id, found)])


def _texts(table_ids: set[int]) -> dict[int, dict[int, str]]:
    """The names of the long texts with formatting, by table and id."""
    field = models.Field
    rich = field.options["long_text_enable_rich_text"].as_boolean()
    query = sa.select(field.table_id, field.id, field.name).where(
        field.table_id.in_(table_ids), field.type == "long_text", field.trashed_on.is_(None), rich
    )
    found: dict[int, dict[int, str]] = {}
    for table_id, field_id, name in connection().execute(query):
        found.setdefault(table_id, {})[field_id] = name
    return found


def _mentions(event: Event, fields: Mapping[int, str]) -> Iterator[_Mention]:
    """Whom an event mentions; rows that came back from the trash mention nobody anew."""
    if not fields or event.payload.get("restored"):
        return
    before = {row["id"]: row for row in event.payload.get("rows_before_update", ())}
    for row in event.payload["rows"]:
        for field_id, name in fields.items():
            column = f"field_{field_id}"
            new = _mentioned(row, column) - _mentioned(before.get(row["id"], {}), column) - {event.user_id}
            if new:
                yield _Mention(event, field_id, name, row["id"], frozenset(new))


def _mentioned(row: Mapping[str, Any], column: str) -> set[int]:
    return {int(found) for found in _MENTION.findall(row.get(column) or "")}


def _notices(table_id: int, mentions: Sequence[_Mention]) -> Iterator[Notice]:
    """Only those who may read the row are told; a text may have any number of ids in it, of strangers too."""
    mentioned = {user_id for found in mentions for user_id in found.user_ids}
    readers = set(who_may(_READ, table_id, mentioned & _members(mentions[0].event)))
    named = named_rows(table_id, sorted({found.row_id for found in mentions})) if readers else {}
    for found in mentions:
        whom = found.user_ids & readers
        if whom and found.row_id in named:
            data = {**named[found.row_id], "field_id": found.field_id, "field_name": found.field_name}
            key = f"{found.event.id}:{found.row_id}:{found.field_id}"
            yield Notice(MENTIONED, key, data, whom, found.event.user_id, found.event.workspace_id)


def _members(event: Event) -> set[int]:
    return {person["id"] for person in people(event.workspace_id)} if event.workspace_id else set()


HANDLER = EventHandler("rich_text_mentions", _tell, (_CREATED, _UPDATED))
