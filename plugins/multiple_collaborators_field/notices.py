"""Notifications of people who are added to a row, when the field says that they are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection
from plugin_api.events import Event, EventHandler
from plugins.database import models
from plugins.database.audience import who_may
from plugins.database.naming import named_rows
from plugins.notifications.notify import notify
from plugins.notifications.types import Notice, NotificationType, Told

ADDED = "collaborator_added_to_row"
_CREATED, _UPDATED = "rows_created", "rows_updated"
_READ = "database.table.read_row"


class CollaboratorAdded(NotificationType):
    """Data: row_id, row_name, field_id, field_name, table_id, table_name, database_id, database_name."""

    type = ADDED

    def title(self, told: Told) -> str:
        """Who added one to what."""
        who = told.sender or "Somebody"
        data = told.data
        return f"{who} added you to {data['field_name']} of {data['row_name']} in {data['table_name']}"


@dataclass(frozen=True)
class _Addition:
    """People who came into a field of a row by an event."""

    event: Event
    field_id: int
    field_name: str
    row_id: int
    user_ids: frozenset[int]


def _tell(events: Sequence[Event]) -> None:
    """Notify of a batch of events: one query when no field tells anybody, else a few for each table."""
    fields = _telling_fields({event.payload["table_id"] for event in events})
    by_table: dict[int, list[_Addition]] = {}
    for event in events:
        for added in _additions(event, fields.get(event.payload["table_id"], {})):
            by_table.setdefault(event.payload["table_id"], []).append(added)
    notify([notice for table_id, added in by_table.items() for notice in _notices(table_id, added)])


def _telling_fields(table_ids: set[int]) -> dict[int, dict[int, str]]:
    """The names of the fields whose people are told, by table and id."""
    field = models.Field
    told = sa.func.coalesce(field.options["notify_user_when_added"].as_boolean(), True)
    query = sa.select(field.table_id, field.id, field.name).where(
        field.table_id.in_(table_ids), field.type == "multiple_collaborators", field.trashed_on.is_(None), told
    )
    found: dict[int, dict[int, str]] = {}
    for table_id, field_id, name in connection().execute(query):
        found.setdefault(table_id, {})[field_id] = name
    return found


def _additions(event: Event, fields: Mapping[int, str]) -> Iterator[_Addition]:
    """The people an event brought; rows that came back from the trash brought nobody new."""
    if not fields or event.payload.get("restored"):
        return
    before = {row["id"]: row for row in event.payload.get("rows_before_update", ())}
    for row in event.payload["rows"]:
        for field_id, name in fields.items():
            column = f"field_{field_id}"
            added = _people(row, column) - _people(before.get(row["id"], {}), column) - {event.user_id}
            if added:
                yield _Addition(event, field_id, name, row["id"], frozenset(added))


def _people(row: Mapping[str, Any], column: str) -> set[Any]:
    return {person["id"] for person in row.get(column) or ()}


def _notices(table_id: int, additions: Sequence[_Addition]) -> Iterator[Notice]:
    """Only those who may read the row are told."""
    readers = set(who_may(_READ, table_id, {user_id for added in additions for user_id in added.user_ids}))
    named = named_rows(table_id, sorted({added.row_id for added in additions})) if readers else {}
    for added in additions:
        people = added.user_ids & readers
        if people and added.row_id in named:
            data = {**named[added.row_id], "field_id": added.field_id, "field_name": added.field_name}
            key = f"{added.event.id}:{added.row_id}:{added.field_id}"
            yield Notice(ADDED, key, data, people, added.event.user_id, added.event.workspace_id)


HANDLER = EventHandler("collaborator_notifications", _tell, (_CREATED, _UPDATED))
