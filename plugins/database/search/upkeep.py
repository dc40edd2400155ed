"""Building search indexes of large tables and keeping them up with writes; periodic tasks do both."""

from __future__ import annotations

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import OperationalError

from plugin_api.db import begin, connection, session, unit_of_work
from plugin_api.errors import ApiError
from plugin_api.periodic import PeriodicTask
from plugins.database.context import shown_tables
from plugins.database.fields.locks import change_shape
from plugins.database.fields.store import bump_version
from plugins.database.models import RowCount, SearchIndex, SearchQueue, Table
from plugins.database.search.candidates import READY
from plugins.database.search.texts import index_name, mark, text_sql
from plugins.database.shape import TableShape, latest_shape

log = structlog.get_logger(__name__)

ROWS = 50_000
"""Tables with at least so many rows get an index; in smaller ones looking at all rows is as quick."""
_STEP = 5_000
_AT_A_TIME = 2_000
_BUILDING = "building"
_LOCK = 0x7364


def build_indexes() -> None:
    """Build the indexes that are missing or no longer fit, one after the other, in one worker at a time."""
    with begin() as unit:
        if not unit.connection.exec_driver_sql(f"SELECT pg_try_advisory_xact_lock({_LOCK})").scalar_one():
            return
        table_ids = _large_tables()
    for table_id in table_ids:
        try:
            _build_if_needed(table_id)
        except (ApiError, OperationalError) as error:
            log.warning("a search index could not be built; trying later", table=table_id, reason=str(error))


def _large_tables() -> list[int]:
    count, table = RowCount, Table
    counted = sa.select(count.table_id).group_by(count.table_id).having(sa.func.sum(count.change) >= ROWS)
    chosen = sa.select(table.id).where(table.id.in_(counted), table.trashed_on.is_(None))
    return shown_tables(session().scalars(chosen.order_by(table.id)).all())


def _build_if_needed(table_id: int) -> None:
    with begin() as unit:
        shape = latest_shape(table_id)
        row = unit.session.get(SearchIndex, table_id)
        if row is not None and row.state == READY and row.mark == mark(shape):
            return
        _begin_anew(shape)
    with begin():
        _fill(shape)
    with begin() as unit:
        unit.connection.exec_driver_sql(
            f'CREATE INDEX ON {index_name(shape)} USING gin ("text" gin_trgm_ops)',
        )
        unit.connection.exec_driver_sql(f"ANALYZE {index_name(shape)}")
        _finish(shape)


def _begin_anew(shape: TableShape) -> None:
    """An empty index, and triggers that note from now on which rows are written."""
    session().merge(SearchIndex(table_id=shape.id, state=_BUILDING, mark=mark(shape)))
    session().execute(sa.delete(SearchQueue).where(SearchQueue.table_id == shape.id))
    session().flush()
    change_shape(lambda: _make(shape))


def _make(shape: TableShape) -> None:
    index, rows = index_name(shape), shape.full_name
    run = connection().exec_driver_sql
    run(f"DROP TABLE IF EXISTS {index}")
    run(f'CREATE TABLE {index} (row_id bigint PRIMARY KEY, "text" text NOT NULL)')
    for event in ("INSERT", "UPDATE"):
        run(
            f"CREATE OR REPLACE TRIGGER search_{event.lower()} AFTER {event} ON {rows} REFERENCING NEW TABLE AS changed"
            f" FOR EACH STATEMENT EXECUTE FUNCTION database.search_note({shape.id})"
        )


def _fill(shape: TableShape) -> None:
    """All rows, step by step. Rows that are written meanwhile are noted and indexed again."""
    low = 0
    insert = (
        f"WITH step AS (SELECT t.* FROM {shape.full_name} t WHERE t.id > %(low)s ORDER BY t.id LIMIT {_STEP}),"
        f' made AS (INSERT INTO {index_name(shape)} (row_id, "text") SELECT t.id, {text_sql(shape)} FROM step t'
        " ON CONFLICT DO NOTHING) SELECT max(id) FROM step"
    )
    while True:
        high = connection().exec_driver_sql(insert, {"low": low}).scalar_one()
        unit_of_work().commit()
        if high is None:
            return
        low = int(high)


def _finish(shape: TableShape) -> None:
    """The index is used from now on, unless the fields changed meanwhile."""
    row = session().get_one(SearchIndex, shape.id)
    if row.mark == mark(latest_shape(shape.id)):
        row.state = READY
        bump_version(shape.id)


def catch_up() -> None:
    """Index the rows that were written since, a few at a time and each batch in a transaction of its own."""
    queue = SearchQueue
    with begin() as unit:
        table_ids = list(unit.session.scalars(sa.select(queue.table_id).distinct()))
    for table_id in table_ids:
        while _catch_up(table_id):
            pass


def _catch_up(table_id: int) -> bool:
    """One batch; False when nothing more can be done for the table now."""
    queue = SearchQueue
    with begin() as unit:
        index = unit.session.get(SearchIndex, table_id)
        if index is None or index.state != READY:
            return False
        shape = latest_shape(table_id)
        if index.mark != mark(shape):
            return False
        chosen = sa.select(queue.id, queue.row_id).where(queue.table_id == table_id).order_by(queue.id)
        found = unit.session.execute(chosen.limit(_AT_A_TIME).with_for_update(skip_locked=True)).all()
        if not found:
            return False
        _index_again(shape, sorted({row.row_id for row in found}))
        unit.session.execute(sa.delete(queue).where(queue.id.in_([row.id for row in found])))
        return len(found) == _AT_A_TIME


def _index_again(shape: TableShape, row_ids: list[int]) -> None:
    index = index_name(shape)
    connection().exec_driver_sql(
        f'INSERT INTO {index} (row_id, "text") SELECT t.id, {text_sql(shape)} FROM {shape.full_name} t'
        ' WHERE t.id = ANY(%(ids)s) ON CONFLICT (row_id) DO UPDATE SET "text" = excluded."text"',
        {"ids": row_ids},
    )


PERIODIC_TASKS = [
    PeriodicTask("build-search-indexes", 60.0, build_indexes),
    PeriodicTask("catch-up-with-searches", 5.0, catch_up),
]
