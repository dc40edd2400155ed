"""Computing fields anew: in the transaction of the change, or in larger tables step by step, after it or by a job.

Between the steps everybody reads and writes as always. A row that is written meanwhile is computed with the write;
fields that follow from one that is not done yet are computed after it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from plugin_api import context, events, jobs
from plugin_api.db import after_commit, begin, connection, session, unit_of_work
from plugin_api.jobs import JobRun, JobType
from plugins.database import models
from plugins.database.context import TableContext
from plugins.database.engine.component import load_component
from plugins.database.engine.computed import Graph, full_name, graph_of, levels_of, lock_tables, recompute
from plugins.database.fields.sizes import is_large, rows_of

JOB = "recalculate_fields"
AT_ONCE = 200_000
"""Values that are there when the change is answered; more are left to a job."""
STEP = 4_000
"""Rows a step computes: few enough that a writer hardly notices that it waits for one."""
_ABANDONED = timedelta(minutes=2)

Progress = Callable[[float], None]


def compute(where: TableContext, graph: Graph, field_ids: Collection[int], new: Collection[int]) -> None:
    """Compute fields and what follows from them; `new` are those whose columns are empty yet."""
    tables = [table_id for table_id, _ in levels_of(graph, field_ids)]
    if not tables:
        return
    counts = rows_of(tables)
    rows = sum(counts.get(table_id, 0) for table_id in tables)
    if rows <= AT_ONCE and not is_large(rows):
        recompute(graph, field_ids, new)
        return
    row = models.Recalculation(table_id=where.id, workspace_id=where.workspace_id, field_ids=sorted(field_ids))
    session().add(row)
    session().flush()
    if rows <= AT_ONCE:
        after_commit(lambda: _work_off_now(row.id))
    elif context.actor().user_id is not None:
        jobs.start(JOB, recalculation_id=row.id, table_id=where.id)


def _work_off_now(recalculation_id: int) -> None:
    """While the client waits for its answer, which comes when the values are there."""
    with begin():
        work_off(recalculation_id, lambda percentage: None)


class RecalculateFieldsJob(JobType):
    """Computes fields of large tables."""

    type = JOB
    parallel = True

    def run(self, job: JobRun) -> None:
        """Step by step. When it is cancelled a periodic task goes on, since wrong values must not stay."""
        work_off(job.params["recalculation_id"], job.progress)

    def serialize(self, params: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
        """Which table's fields were changed."""
        return {"table_id": params.get("table_id")}


def work_off_abandoned() -> None:
    """Go on with what no job does any more: it was cancelled, or its worker died too often."""
    row = models.Recalculation
    chosen = sa.select(row.id).where(row.touched_on < sa.func.now() - _ABANDONED).order_by(row.id)
    with begin() as unit:
        ids = list(unit.session.scalars(chosen))
    for recalculation_id in ids:
        with begin():
            work_off(recalculation_id, lambda percentage: None)


@dataclass
class _Work:
    """How far a recalculation is. A change of fields meanwhile makes another graph; what is done stays done."""

    pending: models.Recalculation
    graph: Graph
    version: int
    done: set[int]


def work_off(recalculation_id: int, progress: Progress) -> None:
    """Compute all that is wanted, committing after each step."""
    pending = session().get(models.Recalculation, recalculation_id)
    version = None if pending is None else _version(pending.table_id)
    if pending is None or version is None:
        return
    work = _Work(pending, _graph(pending), version, set())
    while level := _next_level(work):
        _work_off_level(work, *level, progress)
    _tell(work)
    session().delete(pending)
    session().flush()


def _next_level(work: _Work) -> tuple[int, list[int]] | None:
    levels = levels_of(work.graph, work.pending.field_ids)
    return next(((table_id, ids) for table_id, ids in levels if not set(ids) <= work.done), None)


def _graph(pending: models.Recalculation) -> Graph:
    return graph_of(load_component(pending.table_id, pending.workspace_id))


def _version(table_id: int) -> int | None:
    """The version of the tables' shape, which stays until the commit; None when the table is gone for good."""
    row = models.Table
    return session().scalar(sa.select(row.version).where(row.id == table_id).with_for_update(read=True))


def _work_off_level(work: _Work, table_id: int, field_ids: list[int], progress: Progress) -> None:
    """All rows of a table, in the order of their ids; left early when the fields changed meanwhile."""
    name = full_name(work.pending.workspace_id, table_id)
    levels = levels_of(work.graph, work.pending.field_ids)
    begun = sum(set(ids) <= work.done for _, ids in levels)
    last_id = int(connection().exec_driver_sql(f"SELECT coalesce(max(id), 0) FROM {name}").scalar_one())
    low = 0
    while (high := _step(work, table_id, field_ids, name, low)) is not None:
        unit_of_work().commit()
        low = high
        progress(99 * (begun + min(1.0, low / max(last_id, 1))) / len(levels))
    unit_of_work().commit()


def _step(work: _Work, table_id: int, field_ids: list[int], name: str, low: int) -> int | None:
    """Compute the rows after `low`; answers the last one's id, None after the last rows or when fields changed."""
    version = _version(work.pending.table_id)
    if version != work.version:
        work.graph, work.version = _graph(work.pending), version or 0
        return None
    work.pending.touched_on = sa.func.now()
    lock_tables(work.graph, field_ids)
    # The rows are locked by a statement of their own, so that the next one sees what their last writers left.
    chosen = f"SELECT id FROM {name} WHERE id > %(low)s ORDER BY id LIMIT {STEP} FOR NO KEY UPDATE"
    high = connection().exec_driver_sql(f"SELECT max(id) FROM ({chosen}) s", {"low": low}).scalar_one()
    if high is None:
        work.done.update(field_ids)
        return None
    rows = f"SELECT id FROM {name} WHERE id > %(low)s AND id <= %(high)s"
    connection().exec_driver_sql(work.graph.update(table_id, field_ids, rows), {"low": low, "high": high})
    return int(high)


def _tell(work: _Work) -> None:
    by_table: dict[int, list[int]] = {}
    for table_id, field_ids in levels_of(work.graph, work.pending.field_ids):
        by_table.setdefault(table_id, []).extend(field_ids)
    for table_id, field_ids in by_table.items():
        payload = {"table_id": table_id, "field_ids": field_ids}
        events.emit("fields_recalculated", payload, work.pending.workspace_id)
