"""Indexes of the fields by which views of large tables are ordered: built and dropped by a periodic task."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError

from plugin_api.db import UnitsOfWork, begin, connection
from plugin_api.periodic import PeriodicTask
from plugin_api.platform import service
from plugins.database.context import shown_tables
from plugins.database.engine import sort_indexes
from plugins.database.fields.store import bump_version
from plugins.database.shape import TableShape, latest_shape

log = structlog.get_logger(__name__)

_LOCK = 0x7669

_LARGE = """
    SELECT c.table_id FROM database.row_count c JOIN database."table" t ON t.id = c.table_id
    WHERE t.trashed_on IS NULL GROUP BY c.table_id HAVING sum(c.change) >= :rows ORDER BY c.table_id
"""
_WANTED = """
    SELECT DISTINCT f.field_id FROM views.view v CROSS JOIN LATERAL (
        SELECT o.field_id FROM (
            SELECT 0 AS place, g.id, g.field_id FROM views.group_by g WHERE g.view_id = v.id AND g.gone IS NULL
            UNION ALL SELECT 1, s.id, s.field_id FROM views.sort s WHERE s.view_id = v.id AND s.gone IS NULL
        ) o ORDER BY o.place, o.id LIMIT 1
    ) f WHERE v.table_id = :table_id AND v.trashed_on IS NULL
"""


def keep_indexes() -> None:
    """Build the indexes that are missing and drop those no view needs any more, in one worker at a time."""
    with begin() as unit:
        if not unit.connection.exec_driver_sql(f"SELECT pg_try_advisory_xact_lock({_LOCK})").scalar_one():
            return
        large = shown_tables(unit.connection.execute(sa.text(_LARGE), {"rows": sort_indexes.ROWS}).scalars().all())
    for table_id in large:
        try:
            _keep(table_id)
        except DBAPIError as error:
            log.warning("an index for sorting could not be made; trying later", table=table_id, reason=str(error.orig))


def _keep(table_id: int) -> None:
    with begin() as unit:
        shape = latest_shape(table_id)
        wanted = set(unit.connection.execute(sa.text(_WANTED), {"table_id": table_id}).scalars())
        texts = sort_indexes.texts_compare_by_character()
        keys = {field_id: sort_indexes.key_sql(shape, shape.by_id[field_id]) for field_id in wanted & set(shape.by_id)}
        there = sort_indexes.existing(shape)
    usable = {found: key for found, key in keys.items() if key is not None and (texts or '"left"' not in key)}
    missing, unused = sorted(usable.keys() - there), sorted(there - usable.keys())
    for field_id in missing:
        _alone(lambda field_id=field_id: sort_indexes.build(shape, shape.by_id[field_id], usable[field_id]))  # type: ignore[misc]
    if missing or unused:
        _tell(shape)
    for field_id in unused:
        _alone(lambda field_id=field_id: sort_indexes.drop(shape, field_id))  # type: ignore[misc]


def _alone(work: Callable[[], None]) -> None:
    """Run statements each of which is a transaction of its own, as building beside writers must be."""
    service(UnitsOfWork).run(work, reading=True)


def _tell(shape: TableShape) -> None:
    """Every process looks again at which indexes there are."""
    with begin():
        connection().exec_driver_sql("SET LOCAL lock_timeout = '5s'")
        bump_version(shape.id)


PERIODIC_TASKS = [PeriodicTask("keep-sort-indexes", 60.0, keep_indexes)]
