"""Copies of tables: fields and select options get new ids, rows are copied by one statement and keep theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection, session
from plugin_api.fields import CreatedMixin, Field, SelectOptionsMixin
from plugin_api.permissions import Access
from plugins.database import models
from plugins.database.context import TableContext
from plugins.database.fields import store as field_store
from plugins.database.fields.constraints import set_constraints, set_index
from plugins.database.fields.store import NewField
from plugins.database.shape import AbsentType, field_type, rows_table
from plugins.database.tables import store

_KEPT_PROPERTIES = (
    "order",
    "read_only",
    "immutable_type",
    "immutable_properties",
    "db_index",
    "field_constraints",
)


@dataclass(frozen=True)
class Copied:
    """A field, its copy, and the stored row of the copy."""

    original: Field
    copy: Field
    row: models.Field


def copy_table(
    table_id: int, from_workspace: int, application_id: int, workspace_id: int, name: str, access: Access | None
) -> TableContext:
    """Copy a table with all its rows into a database. Fields of types that are not installed are left out."""
    originals = [
        (row, field_store.shape(row, options))
        for row, options in field_store.table_fields(table_id)
        if not isinstance(field_type(row.type), AbsentType)
    ]
    where, made = store.insert_table(application_id, workspace_id, name, [_new(*found) for found in originals], access)
    pairs = [_copied(row, shape, copy) for (row, shape), copy in zip(originals, made, strict=True)]
    session().flush()
    _copy_rows(rows_table(from_workspace, table_id, [pair.original for pair in pairs]), where, pairs)
    for pair in pairs:
        _finish(where, pair)
    return where


def _new(row: models.Field, shape: Field) -> NewField:
    options = [{"value": option.value, "color": option.color} for option in shape.select_options]
    return NewField(row.name, row.type, row.options, options, row.primary, row.description)


def _copied(original: models.Field, shape: Field, copy: Field) -> Copied:
    row = session().get_one(models.Field, copy.id)
    for name in _KEPT_PROPERTIES:
        setattr(row, name, getattr(original, name))
    kind = field_type(shape.type)
    if isinstance(kind, SelectOptionsMixin):
        row.options = kind.link_options(dict(shape.options), _option_ids(shape, copy), ())
    return Copied(shape, field_store.shape(row, copy.select_options), row)


def _option_ids(original: Field, copy: Field) -> dict[int, int]:
    pairs = zip(original.select_options, copy.select_options, strict=True)
    return {old.id: new.id for old, new in pairs}


def _copy_rows(source: sa.Table, where: TableContext, pairs: Sequence[Copied]) -> None:
    target = rows_table(where.workspace_id, where.id, [pair.copy for pair in pairs])
    same = ("id", "order", "created_on", "updated_on", "created_by", "last_modified_by")
    values: dict[str, Any] = {name: source.c[name] for name in same}
    values.update({pair.copy.column: _value(source, pair) for pair in pairs if pair.copy.column in target.c})
    chosen = sa.select(*values.values()).where(source.c.trashed_on.is_(None))
    copying = sa.insert(target).from_select(list(values), chosen)
    copied = connection().execute(copying, execution_options={"preserve_rowcount": True})
    store.count_rows(where.id, copied.rowcount)
    table = f'"{target.schema}"."{target.name}"'
    connection().exec_driver_sql(
        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 0) + 1, false) FROM {table}"
    )


def _value(source: sa.Table, pair: Copied) -> sa.ColumnElement[Any]:
    value, kind = source.c[pair.original.column], field_type(pair.original.type)
    if isinstance(kind, SelectOptionsMixin):
        return kind.remapped(value, _option_ids(pair.original, pair.copy))
    return value


def _finish(where: TableContext, pair: Copied) -> None:
    kind = field_type(pair.copy.type)
    if isinstance(kind, CreatedMixin):
        kind.filled(pair.copy, rows_table(where.workspace_id, where.id, [pair.copy]), connection())
    if pair.row.field_constraints:
        set_constraints(where.workspace_id, pair.copy, pair.row.field_constraints)
    if pair.row.db_index:
        set_index(where.workspace_id, pair.copy, True)
