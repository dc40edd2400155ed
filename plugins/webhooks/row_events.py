"""Rows that were created, updated and deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from plugin_api.db import connection
from plugin_api.events import Event
from plugins.database.context import TableContext
from plugins.database.engine.read import renamed, rows_json
from plugins.database.rows.following import LINKED_ROWS_CHANGED
from plugins.database.shape import TableShape, latest_shape
from plugins.webhooks.types import FieldNames, Page, Payload, Subscriber, WebhookEventType

PAGE = 200
"""Rows one call tells of at most: as many as a request can change."""
_FIRST_ORDER = "0.00000000000000000000"
Row = dict[str, Any]


def shown(names: FieldNames | None, event: Event, key: str) -> Sequence[Mapping[str, Any]]:
    """The rows under a key of an event, keyed as the webhook wants it."""
    rows: Sequence[Row] = event.payload[key]
    return rows if names is None else names.named(event.payload["table_id"], rows)


def rows_where(shape: TableShape, names: bool, condition: sa.ColumnElement[bool], limit: int = PAGE) -> list[Row]:
    """The first rows that fit, by their ids, as the API shows them."""
    row = shape.row
    chosen: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(row)
    query = chosen.where(row.c.trashed_on.is_(None), condition).order_by(row.c.id).limit(limit)
    found: list[Row] = orjson.loads(rows_json(shape.select_list(shape.fields, names), query))
    return found


def example_row(table: TableContext, names: bool) -> Row:
    """A row without values."""
    shape = latest_shape(table.id)
    select_list = shape.select_list(shape.fields, names)
    nothing = f"(SELECT 1) one LEFT JOIN {shape.full_name} t ON false"
    sql = f"SELECT row_to_json(r)::text FROM (SELECT {select_list.sql} FROM {nothing}) r"
    found = orjson.loads(renamed(b"[" + connection().exec_driver_sql(sql).scalar_one().encode() + b"]", select_list))
    return {**found[0], "id": 0, "order": _FIRST_ORDER}


def _since(pending: Mapping[str, Any], shape: TableShape, column: str) -> sa.ColumnElement[bool]:
    """Rows after those told already whose `column` is the moment of the import."""
    moment = sa.cast(sa.literal(pending["moment"]), sa.DateTime(timezone=True))
    bounds = [shape.row.c.id > pending["after"], shape.row.c[column] == moment]
    if pending.get("last") is not None:
        bounds.append(shape.row.c.id <= pending["last"])
    return sa.and_(*bounds)


def _page(
    pending: Mapping[str, Any], table: TableContext, names: bool, column: str, more: Mapping[str, Any]
) -> Page | None:
    """A page of imported rows."""
    shape = latest_shape(table.id)
    rows = rows_where(shape, names, _since(pending, shape, column), PAGE + 1)
    if not rows:
        return None
    told = rows[:PAGE]
    rest = {**pending, "after": told[-1]["id"]} if len(rows) > PAGE else None
    return Page({"items": told, **more}, rest)


def _named_rows(row_ids: Sequence[int], shape: TableShape, names: bool) -> Page | None:
    """A page of rows given by their ids, those that are still there."""
    for start in range(0, len(row_ids), PAGE):
        rows = rows_where(shape, names, shape.row.c.id.in_(row_ids[start : start + PAGE]))
        left = row_ids[start + PAGE :]
        if rows:
            return Page({"items": rows, "old_items": []}, {"row_ids": left} if left else None)
    return None


class RowsCreated(WebhookEventType):
    """Rows were created, imported or restored."""

    type = "rows.created"
    events = ("rows_created", "rows_imported")

    def is_wanted(self, event: Event, subscriber: Subscriber) -> bool:
        """An import may only have changed rows."""
        return event.type != "rows_imported" or event.payload["first_row_id"] is not None

    def payload(self, event: Event, names: FieldNames | None) -> Payload:
        """The rows."""
        return {"items": shown(names, event, "rows")}

    def pending(self, event: Event) -> Mapping[str, Any] | None:
        """The rows of an import are read when they are sent."""
        if event.type != "rows_imported":
            return None
        told = event.payload
        return {"after": told["first_row_id"] - 1, "last": told["last_row_id"], "moment": told["moment"]}

    def page(self, pending: Mapping[str, Any], table: TableContext, names: bool) -> Page | None:
        """The next rows of an import."""
        return _page(pending, table, names, "created_on", {})

    def example(self, table: TableContext, names: bool) -> Payload:
        """A row without values."""
        return {"items": [example_row(table, names)]}


class RowsUpdated(WebhookEventType):
    """Rows were changed or moved. Webhooks may want to know only of changes of some fields.

    Those that name a field are also told of rows in which it changed because of other rows, such as a lookup.
    """

    type = "rows.updated"
    events = ("rows_updated", "rows_imported", LINKED_ROWS_CHANGED)
    has_fields = True

    def is_wanted(self, event: Event, subscriber: Subscriber) -> bool:
        """Whether one of the fields was written, or became another by what was written."""
        if event.type == "rows_imported":
            return bool(event.payload["updated_row_count"])
        if event.type == LINKED_ROWS_CHANGED:
            return bool(event.payload["row_ids"]) and not subscriber.fields.isdisjoint(event.payload["field_ids"])
        if not subscriber.fields or not subscriber.fields.isdisjoint(event.payload["updated_field_ids"]):
            return True
        columns = [f"field_{field_id}" for field_id in subscriber.fields]
        pairs = zip(event.payload["rows_before_update"], event.payload["rows"], strict=True)
        return any(before.get(column) != after.get(column) for before, after in pairs for column in columns)

    def payload(self, event: Event, names: FieldNames | None) -> Payload:
        """The rows as they are and as they were."""
        return {"items": shown(names, event, "rows"), "old_items": shown(names, event, "rows_before_update")}

    def pending(self, event: Event) -> Mapping[str, Any] | None:
        """What an import or other rows changed is read when it is sent; what it was before is not known then."""
        if event.type == LINKED_ROWS_CHANGED:
            return {"row_ids": event.payload["row_ids"]}
        return {"after": 0, "moment": event.payload["moment"]} if event.type == "rows_imported" else None

    def page(self, pending: Mapping[str, Any], table: TableContext, names: bool) -> Page | None:
        """The next rows that changed; of an import, those it did not create."""
        shape = latest_shape(table.id)
        if "row_ids" in pending:
            return _named_rows(pending["row_ids"], shape, names)
        moment = sa.cast(sa.literal(pending["moment"]), sa.DateTime(timezone=True))
        older = sa.and_(_since(pending, shape, "updated_on"), shape.row.c.created_on < moment)
        rows = rows_where(shape, names, older, PAGE + 1)
        if not rows:
            return None
        rest = {**pending, "after": rows[PAGE - 1]["id"]} if len(rows) > PAGE else None
        return Page({"items": rows[:PAGE], "old_items": []}, rest)

    def example(self, table: TableContext, names: bool) -> Payload:
        """A row without values, now and before."""
        row = example_row(table, names)
        return {"items": [row], "old_items": [row]}


class RowsDeleted(WebhookEventType):
    """Rows went into the trash."""

    type = "rows.deleted"
    events = ("rows_deleted",)

    def payload(self, event: Event, names: FieldNames | None) -> Payload:
        """Their ids."""
        return {"row_ids": event.payload["row_ids"]}

    def example(self, table: TableContext, names: bool) -> Payload:
        """A row that is not there."""
        return {"row_ids": [0]}
