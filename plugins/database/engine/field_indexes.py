"""Indexes of single fields of large tables: which there are, building and dropping them while others read and write.

There are two kinds: for orders (sort_indexes.py), and for filters that compare a field's value as it is stored.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection
from plugin_api.fields import Field
from plugins.database.shape import TableShape, schema_name

SORTED, FILTERED = "sorted_", "filtered_"
_SMALL: tuple[type[sa.types.TypeEngine[Any]], ...] = (
    sa.Numeric,
    sa.Integer,
    sa.Date,
    sa.DateTime,
    sa.Interval,
    sa.Uuid,
)
"""Values of these types are never too long for an index."""


def filter_key(shape: TableShape, field: Field) -> str | None:
    """What the index of a field for filters is on, as SQL; None for fields whose values are no small column."""
    column = shape.type_of(field).column(field)
    if column is None or not isinstance(column.type, _SMALL):
        return None
    return f'"{field.column}"'


def existing(shape: TableShape, prefix: str) -> set[int]:
    """The fields of a table with a finished index of a kind."""
    query = (
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " WHERE i.indrelid = to_regclass(%(table)s) AND i.indisvalid AND starts_with(c.relname::text, %(prefix)s)"
    )
    rows = connection().exec_driver_sql(query, {"table": shape.full_name, "prefix": prefix})
    return {int(name.removeprefix(prefix)) for (name,) in rows}


def build(shape: TableShape, prefix: str, field_id: int, key: str) -> None:
    """Make the index of a field. Not inside a transaction."""
    drop(shape, prefix, field_id)  # one that was not finished
    run = connection().exec_driver_sql
    run(f'CREATE INDEX CONCURRENTLY "{prefix}{field_id}" ON {shape.full_name} ({key}) WHERE trashed_on IS NULL')
    run(f"ANALYZE {shape.full_name}")


def drop(shape: TableShape, prefix: str, field_id: int) -> None:
    """Take the index of a field away. Not inside a transaction."""
    schema = schema_name(shape.workspace_id)
    connection().exec_driver_sql(f'DROP INDEX CONCURRENTLY IF EXISTS "{schema}"."{prefix}{field_id}"')
