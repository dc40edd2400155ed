"""Formulas that change with time alone, such as those with today(): computed anew now and then, in pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from plugin_api.db import UnitsOfWork, begin, connection, session
from plugin_api.periodic import PeriodicTask
from plugin_api.platform import service
from plugins.database.context import shown_tables
from plugins.database.engine.component import load_component
from plugins.database.engine.computed import follow, graph_of, lock_followers
from plugins.database.models import Field, Table

_ROWS = 2000


@dataclass(frozen=True)
class _Due:
    """A table and its fields that change with time."""

    table_id: int
    workspace_id: int
    field_ids: Sequence[int]


def refresh() -> None:
    """Compute all formulas with now() or today() anew, each piece of a table in a transaction of its own."""
    with begin():
        due = _due()
    for found in due:
        last = 0
        while rows := service(UnitsOfWork).run(lambda found=found, last=last: _refresh(found, last)):  # type: ignore[misc]
            last = rows[-1]


def _due() -> list[_Due]:
    query = (
        sa.select(Field.table_id, Table.workspace_id, sa.func.array_agg(Field.id))
        .join(Table, Table.id == Field.table_id)
        .where(Field.trashed_on.is_(None), Table.trashed_on.is_(None))
        .where(Field.options["result"]["volatile"].as_boolean())
        .group_by(Field.table_id, Table.workspace_id)
        .order_by(Field.table_id)
    )
    due = [_Due(*row) for row in session().execute(query)]
    shown = set(shown_tables([found.table_id for found in due]))
    return [found for found in due if found.table_id in shown]


def _refresh(due: _Due, after: int) -> list[int]:
    """Compute the fields in the rows after a row, so many at a time; answers the rows."""
    graph = graph_of(load_component(due.table_id, due.workspace_id))
    fields = set(due.field_ids) & graph.nodes.keys()
    lock_followers(graph, fields)
    table = graph.component.rows(due.table_id)
    chosen = sa.select(table.c.id).where(table.c.id > after, table.c.trashed_on.is_(None))
    rows = list(connection().execute(chosen.order_by(table.c.id).limit(_ROWS)).scalars())
    follow(graph, {found: set(rows) for found in fields})
    return rows if fields else []


TASKS = [PeriodicTask("refresh-formulas-of-time", 600.0, refresh)]
