"""What is told of rows: those that were created, changed and deleted; of too many, that all are to be read anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from plugin_api.errors import ApiError
from plugin_api.events import Event
from plugin_api.realtime import Message, RealtimeMessages
from plugin_api.rows import metadata_of
from plugin_api.settings import setting
from plugins.database.context import TableContext, table_context
from plugins.database.engine.computed import graph_for, linking_rows
from plugins.database.realtime.pages import table_page
from plugins.database.rows.following import LINKED_ROWS_CHANGED, is_followed, read_rows
from plugins.database.shape import TableShape, shape_of
from plugins.database.tables.store import table_json

Row = Mapping[str, Any]
RENUMBERED = "row_orders_recalculated"


def _created(event: Event) -> dict[str, Any]:
    told, rows = event.payload, event.payload["rows"]
    return {"rows": rows, "before_row_id": told["before_row_id"], "metadata": _metadata(event, rows)}


def _updated(event: Event) -> dict[str, Any]:
    told = event.payload
    kept = ("rows_before_update", "rows", "updated_field_ids")
    return {**{key: told[key] for key in kept}, "metadata": _metadata(event, told["rows"])}


def _deleted(event: Event) -> dict[str, Any]:
    return {"row_ids": event.payload["row_ids"], "rows": event.payload["rows"]}


def _metadata(event: Event, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
    return metadata_of(event.payload["table_id"], [row["id"] for row in rows], personal=False)


_OF_ROWS = {"rows_created": _created, "rows_updated": _updated, "rows_deleted": _deleted}


def _messages(event: Event) -> Iterator[Message]:
    if event.type in _OF_ROWS:
        yield from _of_rows(event)
        for linked in _linking(event):
            yield from _of_linked_rows(linked)
    elif event.type == LINKED_ROWS_CHANGED:
        yield from _of_linked_rows(event)
    elif event.type == RENUMBERED:
        table_id = event.payload["table_id"]
        yield Message({"type": RENUMBERED, "table_id": table_id}, table_page(table_id), to_sender=True)
    else:
        yield from _anew(event)


def _of_rows(event: Event) -> Iterator[Message]:
    told = event.payload
    if len(told.get("row_ids", ()) or told["rows"]) > setting("websocket_message_rows"):
        yield from _anew(event)
        return
    body = {"type": event.type, "table_id": told["table_id"], **_OF_ROWS[event.type](event)}
    yield Message(body, table_page(told["table_id"]), instead=lambda: _anew_body(event))


def _linking(event: Event) -> Iterator[Event]:
    """As an event of each other table what its links show: rows with another name, and those that went or came back."""
    table = _table(event)
    shape = shape_of(table) if table else None
    if shape is None or not is_followed(shape):
        return
    graph, row_ids = graph_for(shape), _shown_in_links(event, shape)
    told: dict[int, tuple[set[int], set[int]]] = {}
    for link_id, rows in linking_rows(graph, shape.id, row_ids).items():
        if rows:
            field_ids, ids = told.setdefault(graph.component.by_id[link_id].table_id, (set(), set()))
            field_ids.add(link_id)
            ids.update(rows)
    for table_id, (field_ids, ids) in sorted(told.items()):
        payload = {"table_id": table_id, "field_ids": sorted(field_ids), "row_ids": sorted(ids)}
        yield replace(event, type=LINKED_ROWS_CHANGED, payload=payload)


def _shown_in_links(event: Event, shape: TableShape) -> list[int]:
    """The rows of an event that links show in another way now."""
    told = event.payload
    if event.type == "rows_deleted":
        return list(told["row_ids"])
    if event.type == "rows_created":
        return [row["id"] for row in told["rows"]] if told.get("restored") else []
    name = shape.primary.column if shape.primary else "id"
    pairs = zip(told["rows_before_update"], told["rows"], strict=True)
    return [after["id"] for before, after in pairs if before.get(name) != after.get(name)]


def _of_linked_rows(event: Event) -> Iterator[Message]:
    """Rows that changed because of others: as they are now, since nobody kept how they were."""
    told = event.payload
    row_ids = told["row_ids"]
    if row_ids is None or len(row_ids) > setting("websocket_message_rows"):
        yield from _anew(event)
        return
    table = _table(event)
    rows = _shown_rows(shape_of(table), row_ids) if table else []
    if rows:
        body = {
            "type": "rows_updated",
            "table_id": told["table_id"],
            "rows_before_update": rows,
            "rows": rows,
            "updated_field_ids": told["field_ids"],
            "metadata": _metadata(event, rows),
        }
        yield Message(body, table_page(told["table_id"]), to_sender=True, instead=lambda: _anew_body(event))


def _shown_rows(shape: TableShape, row_ids: Sequence[int]) -> list[dict[str, Any]]:
    there = shape.row.c.trashed_on.is_(None)
    return read_rows(shape, row_ids, shape.select_list(shape.fields, False), there)


def _table(event: Event) -> TableContext | None:
    """The table of an event; None when it is gone."""
    try:
        return table_context(event.payload["table_id"])
    except ApiError:
        return None


def _anew(event: Event) -> Iterator[Message]:
    """The whole table is to be read anew."""
    body = _anew_body(event)
    if body is not None:
        yield Message(body, table_page(event.payload["table_id"]), to_sender=True)


def _anew_body(event: Event) -> dict[str, Any] | None:
    table = _table(event)
    if table is None:
        return None
    return {"type": "table_updated", "table_id": table.id, "table": table_json(table), "force_refresh": True}


ROW_MESSAGES = RealtimeMessages(
    "rows",
    (*_OF_ROWS, LINKED_ROWS_CHANGED, "rows_imported", "fields_recalculated", RENUMBERED),
    _messages,
    page="table",
)
