"""Views that webhooks watch: which rows are in them, as far as is known, and which have come in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from plugin_api import events
from plugin_api.db import begin, connection, session
from plugins.database.models import Table
from plugins.database.shape import TableShape
from plugins.views import models as views
from plugins.views.parts import FOR_ROWS
from plugins.views.rows import condition
from plugins.views.store import of_table
from plugins.webhooks import models

ENTERED = "view.rows_entered"
LOOK = "watched_views_are_due"
"""The event with which time that went by is told: filters may depend on it."""

Found = tuple[views.View, dict[str, Any]]


def watched(table_id: int) -> list[int]:
    """The views of a table that active webhooks watch."""
    return [view_id for table, view_id in _watched() if table == table_id]


def _watched() -> list[tuple[int, int]]:
    """(table, view) of all views that active webhooks watch."""
    found = connection().execute(
        sa.text(
            "SELECT DISTINCT w.table_id, v.view_id::bigint AS view_id FROM webhooks.webhook w,"
            " jsonb_array_elements(w.event_config) c, jsonb_array_elements_text(c -> 'views') v(view_id)"
            " WHERE w.active AND NOT w.include_all_events AND c ->> 'event_type' = :entered ORDER BY 1, 2"
        ),
        {"entered": ENTERED},
    )
    return [(row.table_id, row.view_id) for row in found]


def of(table_id: int, view_ids: Collection[int]) -> list[Found]:
    """Those views of a table that are not in the trash, with what decides on their rows: one query."""
    return [found for found in of_table(table_id, FOR_ROWS) if found[0].id in view_ids]


def begin_watching(shape: TableShape, table_id: int, view_ids: Collection[int]) -> None:
    """Note which rows are in views now: they have not come in."""
    row = shape.row
    for view, parts in of(table_id, view_ids):
        connection().execute(sa.delete(models.ViewRow).where(models.ViewRow.view_id == view.id))
        inside = _inside(shape, (view, parts), None)
        chosen = sa.select(sa.literal(view.id, sa.BigInteger), row.c.id).select_from(row).where(inside)
        connection().execute(sa.insert(models.ViewRow).from_select(["view_id", "row_id"], chosen))


def forget_unwatched(view_ids: Collection[int]) -> None:
    """Forget the rows of views nobody watches any more."""
    if view_ids:
        gone = set(view_ids) - {view_id for _, view_id in _watched()}
        connection().execute(sa.delete(models.ViewRow).where(models.ViewRow.view_id.in_(gone)))


def _inside(shape: TableShape, found: Found, row_ids: Sequence[int] | None) -> sa.ColumnElement[bool]:
    """Rows that are in a view; of those given, unless None."""
    fits = condition(found[0], shape, found[1])
    terms = [shape.row.c.trashed_on.is_(None), *([] if fits is None else [fits])]
    if row_ids is not None:
        terms.append(shape.row.c.id == sa.func.any(sa.bindparam("looked_at", list(row_ids), sa.ARRAY(sa.BigInteger()))))
    return sa.and_(*terms)


def come_in(shape: TableShape, found: Found, row_ids: Sequence[int] | None) -> list[int]:
    """The rows (of those given, or of all) that are in a view and were not when it was last looked at.

    One statement, which also notes what is in it now.
    """
    row, known = shape.row, models.ViewRow
    inside = sa.select(row.c.id).select_from(row).where(_inside(shape, found, row_ids)).cte("inside")
    left = sa.delete(known).where(known.view_id == found[0].id, known.row_id.not_in(sa.select(inside.c.id)))
    if row_ids is not None:
        left = left.where(known.row_id == sa.func.any(sa.bindparam("left", list(row_ids), sa.ARRAY(sa.BigInteger()))))
    values = sa.select(sa.literal(found[0].id, sa.BigInteger), inside.c.id)
    came = insert(known).from_select(["view_id", "row_id"], values).on_conflict_do_nothing().returning(known.row_id)
    entered = came.cte("came")
    statement = sa.select(entered.c.row_id).order_by(entered.c.row_id).add_cte(left.cte("gone"))
    return list(connection().execute(statement).scalars())


def look_again() -> None:
    """Have all watched views looked at: rows come in because time goes by, too."""
    with begin():
        by_table: dict[int, list[int]] = {}
        for table_id, view_id in _watched():
            by_table.setdefault(table_id, []).append(view_id)
        query = sa.select(Table.id, Table.workspace_id).where(Table.id.in_(by_table), Table.trashed_on.is_(None))
        for table_id, workspace_id in session().execute(query):
            events.emit(LOOK, {"table_id": table_id, "view_ids": by_table[table_id]}, workspace_id)
