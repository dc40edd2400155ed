"""Copies of tables: fields and select options get new ids, rows are copied by one statement and keep theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from plugin_api.computed import ComputedMixin
from plugin_api.db import connection, session
from plugin_api.fields import CreatedMixin, Field, SelectOptionsMixin
from plugin_api.links import CopiedLink, LinkMixin
from plugin_api.permissions import Access
from plugin_api.tables import TableCopy, extensions
from plugins.database import models
from plugins.database.context import TableContext
from plugins.database.fields import service
from plugins.database.fields import store as field_store
from plugins.database.fields.constraints import set_constraints, set_index
from plugins.database.fields.settle import settle
from plugins.database.fields.store import NewField
from plugins.database.shape import AbsentType, field_type, rows_table, schema_name
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
    schemas = schema_name(from_workspace), schema_name(workspace_id)
    _copy_links([pair for _, pairs in copies for pair in pairs], tables, schemas)
    _copy_computed([pair for _, pairs in copies for pair in pairs])
    for where, pairs in copies:
        service.lock_tables(where.id)
        settle(where, [pair.copy.id for pair in pairs], {}, values=computed)
    pairs_of = [
        _table_copy(source.table_id, where.id, pairs) for source, (where, pairs) in zip(sources, copies, strict=True)
    ]
    for extension in extensions():
        extension.copied(pairs_of)
    for extension in extensions():
        extension.linked(pairs_of)
    return [where for where, _ in copies]


def _table_copy(original_id: int, copy_id: int, pairs: Sequence[Copied]) -> TableCopy:
    options = {old: new for pair in pairs for old, new in _option_ids(pair.original, pair.copy).items()}
    return TableCopy(original_id, copy_id, {pair.original.id: pair.copy.id for pair in pairs}, options)


def _copy_links(pairs: Sequence[Copied], tables: Mapping[int, int], schemas: tuple[str, str]) -> None:
    links: dict[LinkMixin, list[CopiedLink]] = {}
    for pair in pairs:
        kind = field_type(pair.original.type)
        if isinstance(kind, LinkMixin):
            links.setdefault(kind, []).append(CopiedLink(pair.original, pair.copy))
    for linking, found in links.items():
        linking.copied(found, tables, schemas)


def _copy_computed(pairs: Sequence[Copied]) -> None:
    ids = {pair.original.id: pair.copy.id for pair in pairs}
    for pair in pairs:
        kind = field_type(pair.original.type)
        if isinstance(kind, ComputedMixin):
            pair.row.options = kind.copied(pair.copy, ids)
    session().flush()


def _copy_table(
    source: Source, from_workspace: int, application_id: int, workspace_id: int, access: Access | None
) -> tuple[TableContext, list[Copied]]:
    table_id, name = source.table_id, source.name
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
    return where, pairs


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
    stored = [pair for pair in pairs if pair.copy.column in target.c and not _is_computed(pair)]
    values.update({pair.copy.column: _value(source, pair) for pair in stored})
    chosen = sa.select(*values.values()).where(source.c.trashed_on.is_(None))
    copying = sa.insert(target).from_select(list(values), chosen)
    copied = connection().execute(copying, execution_options={"preserve_rowcount": True})
    store.count_rows(where.id, copied.rowcount)
    table = f'"{target.schema}"."{target.name}"'
    connection().exec_driver_sql(
        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 0) + 1, false) FROM {table}"
    )


def _is_computed(pair: Copied) -> bool:
    return isinstance(field_type(pair.copy.type), ComputedMixin)


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
