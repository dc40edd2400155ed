"""Copies of tables: fields and select options get new ids, rows are copied by one statement and keep theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection
from plugin_api.fields import SelectOptionsMixin
from plugin_api.permissions import Access
from plugin_api.tables import extensions
from plugins.database.context import TableContext
from plugins.database.fields import service
from plugins.database.fields import store as field_store
from plugins.database.fields.settle import settle
from plugins.database.shape import AbsentType, field_type, rows_table, schema_name
from plugins.database.tables.copies import (
    KEPT_PROPERTIES,
    Copied,
    Original,
    finish_rows,
    make_table,
    refer,
    relate,
    table_copy,
)


@dataclass(frozen=True)
class Source:
    """A table to copy, and the name of the copy."""

    table_id: int
    name: str


def copy_tables(
    sources: Sequence[Source],
    from_workspace: int,
    application_id: int,
    workspace_id: int,
    access: Access | None,
    computed: bool = True,
) -> list[TableContext]:
    """Copy tables with all their rows into a database. Links between them are links between the copies.

    Fields of types that are not installed are left out. computed: whether the values of computed fields are wanted.
    """
    copies = [_copy_table(source, from_workspace, application_id, workspace_id, access) for source in sources]
    tables = {source.table_id: where.id for source, (where, _) in zip(sources, copies, strict=True)}
    relate(
        [pair for _, pairs in copies for pair in pairs],
        tables,
        (schema_name(from_workspace), schema_name(workspace_id)),
    )
    refer([pair for _, pairs in copies for pair in pairs])
    for where, pairs in copies:
        service.lock_tables(where.id)
        settle(where, [pair.copy.id for pair in pairs], {}, values=computed, copies=True)
    near = application_id if from_workspace == workspace_id else None
    pairs_of = [
        table_copy(source.table_id, where.id, pairs, near)
        for source, (where, pairs) in zip(sources, copies, strict=True)
    ]
    for extension in extensions():
        extension.copied(pairs_of)
    for extension in extensions():
        extension.linked(pairs_of)
    return [where for where, _ in copies]


def originals_of(table_id: int) -> list[Original]:
    """The fields of a table to make copies of; not those whose type is not installed."""
    return [
        Original(
            field_store.shape(row, options),
            {name: getattr(row, name) for name in (*KEPT_PROPERTIES, "description")},
        )
        for row, options in field_store.table_fields(table_id)
        if not isinstance(field_type(row.type), AbsentType)
    ]


def _copy_table(
    source: Source, from_workspace: int, application_id: int, workspace_id: int, access: Access | None
) -> tuple[TableContext, list[Copied]]:
    originals = originals_of(source.table_id)
    where, pairs = make_table(application_id, workspace_id, source.name, originals, access)
    _copy_rows(rows_table(from_workspace, source.table_id, [pair.original for pair in pairs]), where, pairs)
    return where, pairs


def _copy_rows(source: sa.Table, where: TableContext, pairs: Sequence[Copied]) -> None:
    target = rows_table(where.workspace_id, where.id, [pair.copy for pair in pairs])
    same = ("id", "order", "created_on", "updated_on", "created_by", "last_modified_by")
    values: dict[str, Any] = {name: source.c[name] for name in same}
    stored = [pair for pair in pairs if pair.copy.column in target.c and not pair.is_computed]
    values.update({pair.copy.column: _value(source, pair) for pair in stored})
    chosen = sa.select(*values.values()).where(source.c.trashed_on.is_(None))
    copying = sa.insert(target).from_select(list(values), chosen)
    copied = connection().execute(copying, execution_options={"preserve_rowcount": True})
    finish_rows(where, pairs, copied.rowcount)


def _value(source: sa.Table, pair: Copied) -> sa.ColumnElement[Any]:
    value, kind = source.c[pair.original.column], field_type(pair.original.type)
    if isinstance(kind, SelectOptionsMixin):
        return kind.remapped(value, pair.option_ids)
    return value
