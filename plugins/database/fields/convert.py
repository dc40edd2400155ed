"""Changing what is stored when a field's options or type change: one statement over the whole table."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from plugin_api.db import connection
from plugin_api.fields import Column, ConvertsMixin, Field, FieldType, Row
from plugins.database.engine.ddl import VARYING_DEFAULTS, add_column, default_after, drop_column, type_sql
from plugins.database.fields.constraints import refusing_repetitions
from plugins.database.shape import DIALECT, field_type, rows_table

REPEATED = "The changed values would no longer be unique."


def convert(workspace_id: int, previous: Field, field: Field, others: list[Field]) -> None:
    """Turn the stored values of `previous` into those of `field`; `others` are the table's other fields."""
    with refusing_repetitions(REPEATED):
        _convert(workspace_id, previous, field, others)


def values_of_new_column(previous: Field, field: Field, row: Row) -> sa.ColumnElement[Any] | None:
    """What a new column has to be filled with; None when the change is quick, or needs no other column."""
    source, kind = field_type(previous.type), field_type(field.type)
    column, values = kind.column(field), new_values(previous, field, row)
    if column is None:
        return None
    if values is None:
        varies = source is not kind and _converting(kind, source) is None and column.default in VARYING_DEFAULTS
        return sa.literal_column(str(column.default)) if varies else None
    before = source.column(previous)
    same = source is kind and before is not None and type_sql(before) == type_sql(column)
    return None if same else values


def _convert(workspace_id: int, previous: Field, field: Field, others: list[Field]) -> None:
    source, kind = field_type(previous.type), field_type(field.type)
    row = rows_table(workspace_id, field.table_id, [*others, previous])
    values = new_values(previous, field, row)
    if source is not kind and _converting(kind, source) is None:
        drop_column(connection(), workspace_id, previous)
        add_column(connection(), workspace_id, field, [*others, field])
        return
    if values is None:
        return
    before, after = source.column(previous), kind.column(field)
    if source is not kind or before is None or after is None:
        _replace(workspace_id, row, previous, field, values)
    elif type_sql(before) == type_sql(after):
        changed = row.c[field.column].is_distinct_from(values)
        connection().execute(sa.update(row).where(changed).values({field.column: values}))
    elif _has_subquery(values):
        _replace(workspace_id, row, previous, field, values)
    else:
        _retype(row, field, after, values)


def new_values(previous: Field, field: Field, row: Row) -> sa.ColumnElement[Any] | None:
    """The values of the changed field, read from rows that still are as `previous` was; None when all can stay."""
    source = field_type(previous.type)
    kind = _converting(field_type(field.type), source)
    return None if kind is None else kind.converted(field, previous, source, row)


def _converting(kind: FieldType, source: FieldType) -> ConvertsMixin | None:
    """The type, when it makes values of another one's: undo also goes back to types that would refuse that change."""
    converts = isinstance(kind, ConvertsMixin) and (kind is source or kind.converts_from(source))
    return kind if converts and isinstance(kind, ConvertsMixin) else None


def _replace(workspace_id: int, row: sa.Table, previous: Field, field: Field, values: sa.ColumnElement[object]) -> None:
    """Fill a new column and let it take the old one's place."""
    column = field_type(field.type).column(field)
    if column is None:
        drop_column(connection(), workspace_id, previous)
        return
    table, fresh = _quoted(row), f"{field.column}_new"
    connection().exec_driver_sql(f'ALTER TABLE {table} ADD COLUMN "{fresh}" {type_sql(column)}')
    row.append_column(sa.Column(fresh, column.type))
    connection().execute(sa.update(row).values({fresh: as_stored(values, column)}))
    drop_column(connection(), workspace_id, previous)
    connection().exec_driver_sql(f'ALTER TABLE {table} RENAME COLUMN "{fresh}" TO "{field.column}"')
    for change in _finish(field, column):
        connection().exec_driver_sql(f"ALTER TABLE {table} {change}")


def as_stored(values: sa.ColumnElement[Any], column: Column) -> sa.ColumnElement[Any]:
    """Values as a column takes them: its default for NULL where it takes none."""
    filled = values if column.nullable else sa.func.coalesce(values, sa.literal_column(str(column.default)))
    return sa.cast(filled, column.type)


def _finish(field: Field, column: Column) -> list[str]:
    changes = [f'ALTER COLUMN "{field.column}" {default_after(field)}']
    return changes if column.nullable else [*changes, f'ALTER COLUMN "{field.column}" SET NOT NULL']


def _retype(row: sa.Table, field: Field, column: Column, values: sa.ColumnElement[object]) -> None:
    """Change the column's type in place; PostgreSQL rewrites the table and its indexes."""
    using = values.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True})
    name = f'ALTER COLUMN "{field.column}"'
    connection().exec_driver_sql(
        f"ALTER TABLE {_quoted(row)} {name} DROP DEFAULT,"
        f" {name} TYPE {type_sql(column)} USING ({using})::{type_sql(column)}, {name} {default_after(field)}"
    )


def _has_subquery(values: sa.ColumnElement[object]) -> bool:
    return any(isinstance(part, sa.SelectBase | sa.ScalarSelect) for part in visitors.iterate(values))


def _quoted(row: sa.Table) -> str:
    return f'"{row.schema}"."{row.name}"'
