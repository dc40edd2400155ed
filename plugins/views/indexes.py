"""Indexes of fields by which views of large tables are ordered and filtered: a periodic task builds and drops them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError

from plugin_api.db import UnitsOfWork, begin, connection
from plugin_api.periodic import PeriodicTask
from plugin_api.platform import registry, service
from plugins.database.context import shown_tables
from plugins.database.engine import field_indexes, sort_indexes
from plugins.database.engine.field_indexes import FILTERED, SORTED
from plugins.database.fields.store import bump_version
from plugins.database.shape import TableShape, latest_shape

log = structlog.get_logger(__name__)

_LOCK = 0x7669

_LARGE = """
    SELECT c.table_id FROM database.row_count c JOIN database."table" t ON t.id = c.table_id
    WHERE t.trashed_on IS NULL GROUP BY c.table_id HAVING sum(c.change) >= :rows ORDER BY c.table_id
"""
_SORTED = """
    SELECT DISTINCT f.field_id FROM views.view v CROSS JOIN LATERAL (
        SELECT o.field_id FROM (
            SELECT 0 AS place, g.id, g.field_id FROM views.group_by g WHERE g.view_id = v.id AND g.gone IS NULL
            UNION ALL SELECT 1, s.id, s.field_id FROM views.sort s WHERE s.view_id = v.id AND s.gone IS NULL
        ) o ORDER BY o.place, o.id LIMIT 1
    ) f WHERE v.table_id = :table_id AND v.trashed_on IS NULL
"""
_FILTERED = """
    SELECT DISTINCT f.field_id FROM views.view v JOIN views.filter f ON f.view_id = v.id AND f.gone IS NULL
    WHERE v.table_id = :table_id AND v.trashed_on IS NULL AND f.type = ANY(:types)
"""
_MOST_FILTERED = 10
"""Indexes for filters a table has at most: each costs writers a little."""


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
            log.warning("an index could not be made; trying later", table=table_id, reason=str(error.orig))


def _keep(table_id: int) -> None:
    with begin() as unit:
        shape = latest_shape(table_id)
        run, given = unit.connection.execute, {"table_id": table_id}
        sorted_by = set(run(sa.text(_SORTED), given).scalars()) & set(shape.by_id)
        filtered_by = set(run(sa.text(_FILTERED), {**given, "types": _types()}).scalars()) & set(shape.by_id)
        orders = _sort_keys(shape, sorted_by)
        there = {prefix: field_indexes.existing(shape, prefix) for prefix in (SORTED, FILTERED)}
    filters = _filter_keys(shape, filtered_by, orders)
    if _bring_up(shape, SORTED, orders, there[SORTED]):
        _tell(shape)
    _bring_up(shape, FILTERED, filters, there[FILTERED])


def _types() -> list[str]:
    """The filter types an index of the field's column is of use for."""
    return [kind.type for kind in registry("filter_types").values() if kind.by_value]


def _sort_keys(shape: TableShape, field_ids: set[int]) -> dict[int, str]:
    texts = sort_indexes.texts_compare_by_character()
    keys = {field_id: sort_indexes.key_sql(shape, shape.by_id[field_id]) for field_id in field_ids}
    return {found: key for found, key in keys.items() if key is not None and (texts or '"left"' not in key)}


def _filter_keys(shape: TableShape, field_ids: set[int], orders: Mapping[int, str]) -> dict[int, str]:
    """An index for an order that begins with the column serves filters too."""
    keys = {field_id: field_indexes.filter_key(shape, shape.by_id[field_id]) for field_id in sorted(field_ids)}
    wanted = {found: key for found, key in keys.items() if key and not orders.get(found, "").startswith(key)}
    return dict(list(wanted.items())[:_MOST_FILTERED])


def _bring_up(shape: TableShape, prefix: str, keys: Mapping[int, str], there: set[int]) -> bool:
    """Build what is missing and drop what is not needed; whether there was any of it."""
    missing, unused = sorted(keys.keys() - there), sorted(there - keys.keys())
    for field_id in missing:
        _alone(lambda field_id=field_id: field_indexes.build(shape, prefix, field_id, keys[field_id]))  # type: ignore[misc]
    for field_id in unused:
        _alone(lambda field_id=field_id: field_indexes.drop(shape, prefix, field_id))  # type: ignore[misc]
    return bool(missing or unused)


def _alone(work: Callable[[], None]) -> None:
    """Run statements each of which is a transaction of its own, as building beside writers must be."""
    service(UnitsOfWork).run(work, reading=True)


def _tell(shape: TableShape) -> None:
    """Every process looks again at which indexes there are."""
    with begin():
        connection().exec_driver_sql("SET LOCAL lock_timeout = '5s'")
        bump_version(shape.id)


PERIODIC_TASKS = [PeriodicTask("keep-sort-indexes", 60.0, keep_indexes)]
