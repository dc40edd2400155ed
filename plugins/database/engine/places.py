"""How many rows a table has, and where in their order they are: kept by blocks of order values, not counted.

A block has the rows whose order values begin with the same multiple of BLOCK. Writers add what they changed as rows of
their own, so that none waits for another; a periodic task joins them. A change nobody knows the blocks of has none:
until the table was counted anew, only the number of all its rows is known.
"""

from __future__ import annotations

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError

from plugin_api.db import begin, connection, session
from plugin_api.errors import ApiError
from plugins.database.models import RowCount
from plugins.database.shape import TableShape, latest_shape

log = structlog.get_logger(__name__)

BLOCK = 8192
_CHANGES_KEPT_APART = 16
_LOCK = 0x726F
_LOWEST = -(2**62)


def noting(shape: TableShape, relation: str, sign: str = "") -> str:
    """SQL that notes the rows of a relation, which has their `order`, as more rows; with the sign "-" as fewer."""
    return (
        f"INSERT INTO database.row_count (table_id, block, change) SELECT {shape.id},"
        f' floor("order" / {BLOCK})::bigint, {sign}count(*) FROM {relation} GROUP BY 2'
    )


def note(table_id: int, change: int) -> None:
    """Note that a table has more or fewer rows somewhere; 0: the same number elsewhere."""
    session().execute(sa.insert(RowCount).values(table_id=table_id, change=change))


def total_sql(table_id: int) -> str:
    """SQL for the number of a table's rows."""
    return f"SELECT coalesce(sum(change), 0) FROM database.row_count WHERE table_id = {table_id:d}"


def page_ids(shape: TableShape, offset: str, limit: str) -> str:
    """SQL for the ids of a page of the whole table, wherever it is: reads the rows of one block at most.

    offset, limit: SQL. Without known blocks all rows before the page are read, in the index alone.
    """
    kept = f"FROM database.row_count WHERE table_id = {shape.id:d}"
    blocks = f"SELECT block, sum(sum(change)) OVER (ORDER BY block) - sum(change) AS before {kept} GROUP BY block"
    unknown = f"EXISTS (SELECT {kept} AND block IS NULL)"
    start = (
        f"SELECT block, before FROM ({blocks}) found WHERE before <= {offset} AND NOT {unknown}"
        f" UNION ALL SELECT {_LOWEST}, 0 ORDER BY 1 DESC LIMIT 1"
    )
    return (
        f"SELECT page.id FROM ({start}) start CROSS JOIN LATERAL (SELECT r.id FROM {shape.full_name} r"
        f' WHERE r.trashed_on IS NULL AND r."order" >= start.block::numeric * {BLOCK} ORDER BY r."order", r.id'
        f" LIMIT {limit} OFFSET {offset} - start.before) page"
    )


def join_changes() -> None:
    """Replace the many changes of a block by their sum, so that counting stays quick."""
    statement = (
        "WITH long AS (SELECT table_id FROM database.row_count GROUP BY table_id"
        " HAVING count(*) > %(most)s + count(DISTINCT block)),"
        " gone AS (DELETE FROM database.row_count WHERE table_id IN (SELECT table_id FROM long)"
        " RETURNING table_id, block, change) INSERT INTO database.row_count (table_id, block, change)"
        " SELECT table_id, block, sum(change) FROM gone GROUP BY table_id, block"
        " HAVING block IS NULL OR sum(change) <> 0"
    )
    with begin():
        _alone()
        connection().exec_driver_sql(statement, {"most": _CHANGES_KEPT_APART})


def count_anew() -> None:
    """Find out the blocks of tables that have changes without."""
    with begin():
        found = sa.select(RowCount.table_id).where(RowCount.block.is_(None)).distinct().order_by(RowCount.table_id)
        table_ids = list(session().scalars(found))
    for table_id in table_ids:
        try:
            _count_anew(table_id)
        except (ApiError, DBAPIError) as error:
            log.warning("a table's rows could not be counted; trying later", table=table_id, reason=str(error))


def _count_anew(table_id: int) -> None:
    """One statement, for that sees the changes and the rows they speak of as they are at one moment."""
    with begin():
        _alone()
        shape = latest_shape(table_id)
        connection().exec_driver_sql(
            f"WITH gone AS (DELETE FROM database.row_count WHERE table_id = {shape.id:d})"
            f" {noting(shape, f'{shape.full_name} WHERE trashed_on IS NULL')}"
        )


def _alone() -> None:
    """Until the commit nobody else joins changes or counts anew, whose sums this one could not see."""
    connection().exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
