"""Rows that enter a view: they are in it now and were not before, whatever made them so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from plugin_api.events import Event
from plugins.database.context import TableContext
from plugins.database.rows.following import LINKED_ROWS_CHANGED
from plugins.database.shape import latest_shape
from plugins.views.store import view_json
from plugins.webhooks import watching
from plugins.webhooks.row_events import PAGE, example_row, rows_where
from plugins.webhooks.shape_events import VIEW
from plugins.webhooks.types import FieldNames, Outgoing, Page, Payload, Subscriber, WebhookEventType, is_told

_ROWS = ("rows_created", "rows_updated", "rows_deleted", LINKED_ROWS_CHANGED)
_WHOLE = (
    "rows_imported",
    "fields_recalculated",
    "field_updated",
    "field_deleted",
    "field_restored",
    "view_updated",
    "view_created",
    watching.LOOK,
    *(f"view_{part}_{done}" for part in ("filter", "filter_group") for done in ("created", "updated", "deleted")),
)
"""What may bring any row of a table into a view."""


class RowsEnteredView(WebhookEventType):
    """Rows entered a view. Webhooks say which views they watch."""

    type = watching.ENTERED
    events = (*_ROWS, *_WHOLE)
    has_views = True
    always = False

    def outgoing(
        self, events: Sequence[Event], subscribers: Mapping[int, Sequence[Subscriber]], names: FieldNames
    ) -> Iterator[Outgoing]:
        """For each watched view one event for the whole batch; one query a view, and three a table."""
        for table_id, interested in subscribers.items():
            told = [event for event in events if event.payload["table_id"] == table_id]
            views = {view_id for subscriber in interested for view_id in subscriber.views}
            if told and views:
                yield from self._of_table(table_id, told, interested, views)

    def _of_table(
        self, table_id: int, told: Sequence[Event], interested: Sequence[Subscriber], views: set[int]
    ) -> Iterator[Outgoing]:
        shape, quiet = latest_shape(table_id), [event for event in told if not is_told(event)]
        loud = [event for event in told if is_told(event)]
        for found in watching.of(table_id, views):
            entered = watching.come_in(shape, found, _looked_at(loud)) if loud else []
            if quiet:
                watching.come_in(shape, found, _looked_at(quiet))
            pages = list(_pages(found[0].id, entered))
            for subscriber in interested:
                if found[0].id in subscriber.views:
                    for pending in pages:
                        yield Outgoing(subscriber.webhook_id, told[-1].id, None, pending, part=found[0].id)

    def page(self, pending: Mapping[str, Any], table: TableContext, names: bool) -> Page | None:
        """The rows, as they are now. None when the view or all the rows are gone."""
        found = watching.of(table.id, [pending["view_id"]])
        shape = latest_shape(table.id)
        rows = rows_where(shape, names, shape.row.c.id.in_(pending["row_ids"])) if found else []
        if not rows:
            return None
        keys = ["id", "order", *(field.name if names else field.column for field in shape.fields)]
        view = view_json(found[0][0], table, {})
        payload = {"view": view, "total_count": pending["total"], "fields": keys, "rows": rows}
        return Page({**payload, **pending["part"]}, None)

    def example(self, table: TableContext, names: bool) -> Payload:
        """A row without values in a view that is not there."""
        row = example_row(table, names)
        return {"view": {**VIEW, "table_id": table.id}, "total_count": 1, "fields": list(row), "rows": [row]}


def _pages(view_id: int, entered: Sequence[int]) -> Iterator[dict[str, Any]]:
    """What the calls for rows that entered a view are made of, each for as many as one tells."""
    for start in range(0, len(entered), PAGE):
        part = {} if len(entered) <= PAGE else {"batch_id": start // PAGE + 1}
        yield {"view_id": view_id, "row_ids": entered[start : start + PAGE], "total": len(entered), "part": part}


def _looked_at(told: Sequence[Event]) -> list[int] | None:
    """The rows the events are about; None for all."""
    if any(event.type in _WHOLE for event in told):
        return None
    found: set[int] = set()
    for event in told:
        named = event.payload["row_ids"] if "row_ids" in event.payload else [row["id"] for row in event.payload["rows"]]
        if named is None:
            return None
        found.update(named)
    return sorted(found)
