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


def from_offset(shape: TableShape, offset: str) -> str:
    """SQL that keeps the rows from the one at an offset on, in the table's order, of rows under the alias `t`.

    It reads what lies between that row and the nearer end of its block, in the index alone; without known blocks,
    all rows before it.
    """
    kept = f"FROM database.row_count WHERE table_id = {shape.id:d}"
    size = "sum(change)::bigint"
    blocks = f"SELECT block, {size} AS size, sum({size}) OVER (ORDER BY block)::bigint - {size} AS before {kept}"
    unknown = f"EXISTS (SELECT {kept} AND block IS NULL)"
    start = (
        f"SELECT block, size, {offset} - before AS place FROM ({blocks} GROUP BY block) found"
        f" WHERE before <= {offset} AND NOT {unknown}"
        f" UNION ALL SELECT {_LOWEST}, NULL, {offset} ORDER BY 1 DESC LIMIT 1"
    )
    # What is not in the block is behind the table's last row; where no blocks are known, all of it is one.
    nearer = "start.place < start.size AND start.place > start.size / 2"
    rows = f'SELECT r."order", r.id FROM {shape.full_name} r WHERE r.trashed_on IS NULL'
    forward = (
        f'{rows} AND ({nearer}) IS NOT TRUE AND r."order" >= start.block::numeric * {BLOCK}'
        f' ORDER BY r."order", r.id LIMIT 1 OFFSET start.place'
    )
    backward = (
        f'{rows} AND {nearer} AND r."order" < (start.block + 1)::numeric * {BLOCK}'
        f' ORDER BY r."order" DESC, r.id DESC LIMIT 1 OFFSET start.size - start.place - 1'
    )
    first = f"SELECT page.* FROM ({start}) start CROSS JOIN LATERAL (({forward}) UNION ALL ({backward})) page"
    return f'(t."order", t.id) >= ({first})'


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
