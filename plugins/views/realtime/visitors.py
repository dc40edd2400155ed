"""What is told to visitors of shared views: rows the filters keep, with visible fields only, and nothing else.

What a row held before is never told, since the view may not have shown it then: visitors get each row as it is now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.events import Event
from plugin_api.fields import Field
from plugin_api.realtime import Message, RealtimeMessages
from plugin_api.settings import setting
from plugins.database.engine.filtering import named
from plugins.database.rows.following import LINKED_ROWS_CHANGED, read_rows
from plugins.database.shape import TableShape, shape_of
from plugins.views import models
from plugins.views.context import ViewContext, view_of_slug
from plugins.views.parts import PARTS
from plugins.views.public_service import info_of
from plugins.views.reading import FOR_VISITORS, visible_fields
from plugins.views.realtime.pages import shared_page
from plugins.views.rows import condition, saved_group

Row = dict[str, Any]


@dataclass(frozen=True)
class Shared:
    """A shared view, its table's shape, and the fields its visitors see."""

    found: ViewContext
    shape: TableShape
    fields: tuple[Field, ...]

    def message(self, kind: str, **body: Any) -> Message:
        """A message for its visitors. Whoever made the change may be one of them, on another page."""
        return Message({"type": kind, **body}, shared_page(self.found.view.slug), to_sender=True)

    def of_rows(self, kind: str, **body: Any) -> Message:
        """The same about rows; of very long ones, that all are to be read anew."""
        return replace(self.message(kind, table_id=self.found.table.id, **body), instead=lambda: self.anew().body)

    def anew(self) -> Message:
        """All rows are to be read anew."""
        return self.message("force_view_rows_refresh", view_id=self.found.view.slug)

    def rows(self, row_ids: Sequence[int], trashed: bool = False) -> list[Row]:
        """Those of the rows that the filters keep, as visitors see them."""
        row, fits = self.shape.row, condition(self.found.view, self.shape, self.found.parts)
        there = row.c.trashed_on.is_not(None) if trashed else row.c.trashed_on.is_(None)
        chosen = self.shape.select_list(self.fields, False)
        return read_rows(self.shape, row_ids, chosen, there, *([] if fits is None else [fits]))

    def is_concerned(self, field_ids: Sequence[int]) -> bool:
        """Whether visitors can notice that these fields have other values; a row that moved has none."""
        group = saved_group(self.found.view, self.shape, self.found.parts)
        seen = {field.column for field in self.fields} | set(named(group))
        return not field_ids or any(f"field_{field_id}" in seen for field_id in field_ids)


def _shared(table_id: int) -> Iterator[Shared]:
    """The shared views of a table that list rows: one query where there are none."""
    view = models.View
    query = sa.select(view.slug).where(view.table_id == table_id, view.public, view.trashed_on.is_(None))
    for slug in session().scalars(query.order_by(view.id)).all():
        shared = _shared_at(slug)
        if shared is not None:
            yield shared


def _shared_at(slug: str) -> Shared | None:
    found = view_of_slug(slug, FOR_VISITORS)
    if found is None or not found.kind.can_share or not found.kind.lists_rows or not found.view.public:
        return None
    shape = shape_of(found.table)
    return Shared(found, shape, visible_fields(found, shape))


def _created(shared: Shared, told: Mapping[str, Any]) -> Iterator[Message]:
    rows = shared.rows([row["id"] for row in told["rows"]])
    if rows:
        yield shared.of_rows("rows_created", rows=rows, before_row_id=None, metadata={})


def _updated(shared: Shared, told: Mapping[str, Any]) -> Iterator[Message]:
    """Rows the filters do not keep are told of as gone: they may have been there."""
    linked = "row_ids" in told
    field_ids = told["field_ids"] if linked else told["updated_field_ids"]
    row_ids = told["row_ids"] if linked else [row["id"] for row in told["rows"]]
    if not shared.is_concerned(field_ids):
        return
    rows = shared.rows(row_ids)
    gone = sorted(set(row_ids) - {row["id"] for row in rows})
    if rows:
        visible = {field.id for field in shared.fields}
        updated = [field_id for field_id in field_ids if field_id in visible]
        body = {"rows_before_update": rows, "rows": rows, "updated_field_ids": updated, "metadata": {}}
        yield shared.of_rows("rows_updated", **body)
    if gone:
        yield _gone(shared, gone)


def _deleted(shared: Shared, told: Mapping[str, Any]) -> Iterator[Message]:
    """Rows in the trash are looked at as they were, so that nothing is told of those the view did not show."""
    gone = [row["id"] for row in shared.rows(told["row_ids"], trashed=True)]
    if gone:
        yield _gone(shared, gone)


def _gone(shared: Shared, row_ids: Sequence[int]) -> Message:
    return shared.of_rows("rows_deleted", row_ids=list(row_ids), rows=[{"id": row_id} for row_id in row_ids])


_OF_ROWS: dict[str, Callable[[Shared, Mapping[str, Any]], Iterator[Message]]] = {
    "rows_created": _created,
    "rows_updated": _updated,
    "rows_deleted": _deleted,
    LINKED_ROWS_CHANGED: _updated,
}
_ALL_ROWS = ("rows_imported", "fields_recalculated")
_OF_TABLE = ("field_created", "field_updated", "field_deleted", "field_restored")
_OF_VIEW = (
    "view_updated",
    "view_field_options_updated",
    *(f"view_{name}_{done}" for name in PARTS if name != "decoration" for done in ("created", "updated", "deleted")),
)


def _messages(event: Event) -> Iterator[Message]:
    for shared in _shared(event.payload["table_id"]):
        if event.type in _OF_VIEW:
            if shared.found.view.id == event.payload["view_id"]:
                yield _whole(shared)
        elif event.type in _OF_TABLE:
            yield _whole(shared)
        elif event.type in _ALL_ROWS or _too_many(event.payload):
            yield shared.anew()
        else:
            yield from _OF_ROWS[event.type](shared, event.payload)


def _too_many(told: Mapping[str, Any]) -> bool:
    row_ids = told.get("row_ids", ())
    return row_ids is None or len(row_ids or told.get("rows", ())) > setting("websocket_message_rows")


def _whole(shared: Shared) -> Message:
    """The view itself, its fields or its filters are others: what there is to see, rows aside, as it is now."""
    info = info_of(shared.found)
    return shared.message("force_view_refresh", view_id=shared.found.view.slug, **info)


VISITOR_MESSAGES = RealtimeMessages(
    "shared_views", (*_OF_ROWS, *_ALL_ROWS, *_OF_TABLE, *_OF_VIEW), _messages, page="view"
)
