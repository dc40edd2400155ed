"""Writing a database into an archive: its tables with fields, rows, and what plugins keep with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from plugin_api.applications import ApplicationInfo
from plugin_api.archives import ArchivedFieldMixin, ArchiveWriter, Streamed
from plugin_api.db import connection
from plugin_api.fields import Field
from plugin_api.people import EMAIL
from plugin_api.sql import iso_moment
from plugin_api.tables import extensions
from plugins.database.archive.fields import field_json
from plugins.database.archive.values import archived_value
from plugins.database.engine.copying import JSON_LINES, QUOTE, SEPARATOR, copy_out
from plugins.database.fields.store import shape, table_fields
from plugins.database.shape import AbsentType, TableShape, field_type, latest_shape
from plugins.database.tables import store


def database_content(application: ApplicationInfo, archive: ArchiveWriter) -> dict[str, Any]:
    """The tables out of the trash, in their order."""
    tables = store.tables_of([application.id])
    ids = [table["id"] for table in tables]
    kept: dict[int, dict[str, Any]] = {table_id: {} for table_id in ids}
    for extension in extensions() if ids else ():
        for table_id, more in extension.archived(ids, archive).items():
            kept[table_id].update(more)
    return {"tables": [_table_json(table, kept[table["id"]], archive) for table in tables]}


def _table_json(table: Mapping[str, Any], kept: Mapping[str, Any], archive: ArchiveWriter) -> dict[str, Any]:
    found = [one for one in table_fields(table["id"]) if not isinstance(field_type(one[0].type), AbsentType)]
    fields = [field_json(row, options) for row, options in found]
    shapes = [shape(row, options) for row, options in found]
    if not archive.only_structure:
        _add_files(latest_shape(table["id"]), shapes, archive)
    return {
        "id": table["id"],
        "name": table["name"],
        "order": table["order"],
        "data_sync": None,
        "field_rules": [],
        "fields": fields,
        **kept,
        "rows": Streamed(() if archive.only_structure else _rows(table["id"])),
    }


def _add_files(table: TableShape, fields: Sequence[Field], archive: ArchiveWriter) -> None:
    for field in fields:
        kind = field_type(field.type)
        if isinstance(kind, ArchivedFieldMixin):
            kind.add_files(field, table.table, archive)


def _rows(table_id: int) -> Iterator[bytes]:
    """The rows as JSON, in their order: one COPY."""
    found = latest_shape(table_id)
    values = {**_common(found.row), **_values(found)}
    keys = [orjson.dumps(key) + b":" for key in values]
    columns: list[Any] = [sa.cast(sa.func.to_json(value), sa.Text) for value in values.values()]
    row = found.row
    statement = sa.select(*columns).select_from(row).where(row.c.trashed_on.is_(None)).order_by(row.c.order, row.c.id)
    connection().exec_driver_sql("SET LOCAL jit = off")
    for lines in copy_out(statement, JSON_LINES):
        for line in lines:
            cells = line[:-1].replace(QUOTE, b"").split(SEPARATOR)
            yield b"{" + b",".join([key + cell for key, cell in zip(keys, cells, strict=True)]) + b"}"


def _common(row: sa.FromClause) -> dict[str, sa.ColumnElement[Any]]:
    """What every row has."""
    return {
        "id": row.c.id,
        "order": sa.cast(row.c.order, sa.Text),
        "created_on": iso_moment(row.c.created_on),
        "updated_on": iso_moment(row.c.updated_on),
        "created_by": _email(row, "created_by"),
        "last_modified_by": _email(row, "last_modified_by"),
    }


def _email(row: sa.FromClause, column: str) -> sa.ColumnElement[Any]:
    person = EMAIL.alias(f"of_{column}")
    return sa.select(person.c.email).where(person.c.id == row.c[column]).correlate(row).scalar_subquery()


def _values(found: TableShape) -> dict[str, sa.ColumnElement[Any]]:
    made = {field.column: archived_value(field, found.row) for field in found.fields}
    return {column: value for column, value in made.items() if value is not None}
