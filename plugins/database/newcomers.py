"""People who come into fields of rows: whom an event brought, and what those of them who may read the row are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection
from plugin_api.events import Event
from plugins.database import models
from plugins.database.audience import who_may
from plugins.database.naming import named_rows

_READ = "database.table.read_row"
People = Callable[[Any], set[int]]
"""The ids of the people in a value as events tell it."""


@dataclass(frozen=True)
class Newcomers:
    """People who came into a field of a row by an event."""

    event: Event
    field_id: int
    field_name: str
    row_id: int
    user_ids: frozenset[int]


@dataclass(frozen=True)
class News:
    """What some people are told of, each once: `key` names it. `data` names row, field, table and database."""

    event: Event
    key: str
    data: dict[str, Any]
    user_ids: frozenset[int]


def news(
    events: Sequence[Event],
    fields: sa.ColumnElement[bool],
    people: People,
    among: Callable[[Event], set[int]] | None = None,
) -> list[News]:
    """What a batch of events tells of: one query when no field is concerned, else a few for each table.

    fields: which fields are concerned; among: who can be told at all, of a table's first event, instead of everybody.
    """
    concerned = _concerned({event.payload["table_id"] for event in events}, fields)
    by_table: dict[int, list[Newcomers]] = {}
    for event in events:
        table_id = event.payload["table_id"]
        for found in _newcomers(event, concerned.get(table_id, {}), people):
            by_table.setdefault(table_id, []).append(found)
    return [
        told
        for table_id, found in by_table.items()
        for told in _news(table_id, found, among(found[0].event) if among else None)
    ]


def _concerned(table_ids: set[int], fields: sa.ColumnElement[bool]) -> dict[int, dict[int, str]]:
    """The names of the fields, by table and id."""
    field = models.Field
    query = sa.select(field.table_id, field.id, field.name).where(
        field.table_id.in_(table_ids), field.trashed_on.is_(None), fields
    )
    found: dict[int, dict[int, str]] = {}
    for table_id, field_id, name in connection().execute(query):
        found.setdefault(table_id, {})[field_id] = name
    return found


def _newcomers(event: Event, fields: Mapping[int, str], people: People) -> Iterator[Newcomers]:
    """The people an event brought; rows that came back from the trash brought nobody new."""
    if not fields or event.payload.get("restored"):
        return
    before = {row["id"]: row for row in event.payload.get("rows_before_update", ())}
    for row in event.payload["rows"]:
        for field_id, name in fields.items():
            column = f"field_{field_id}"
            old = people(before.get(row["id"], {}).get(column))
            new = people(row.get(column)) - old - {event.user_id}
            if new:
                yield Newcomers(event, field_id, name, row["id"], frozenset(new))


def _news(table_id: int, newcomers: Sequence[Newcomers], among: set[int] | None) -> Iterator[News]:
    """Only those who may read the row are told."""
    asked = {user_id for found in newcomers for user_id in found.user_ids}
    readers = set(who_may(_READ, table_id, asked if among is None else asked & among))
    named = named_rows(table_id, sorted({found.row_id for found in newcomers})) if readers else {}
    for found in newcomers:
        whom = found.user_ids & readers
        if whom and found.row_id in named:
            data = {**named[found.row_id], "field_id": found.field_id, "field_name": found.field_name}
            yield News(found.event, f"{found.event.id}:{found.row_id}:{found.field_id}", data, whom)
