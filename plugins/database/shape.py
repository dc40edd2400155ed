"""The compiled shape of a table: its fields, types and SQL, cached by table and version."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import psycopg

from plugin_api.db import connection
from plugin_api.fields import Field, FieldType, SelectOption
from plugin_api.platform import registry
from plugins.database.context import TableContext

T = TypeVar("T")

DIALECT = psycopg.dialect()  # type: ignore[no-untyped-call]
_CACHED_TABLES = 2000
_COMPILED_OF_TABLE = 100
_NAME_BYTES = 63

_FIELDS = sa.text(
    """
    SELECT f.id, f.table_id, f.name, f.type, f."primary", f."order", f.options,
           (SELECT json_agg(json_build_array(o.id, o.value, o.color) ORDER BY o."order", o.id)
            FROM database.select_option o WHERE o.field_id = f.id) AS select_options
    FROM database.field f
    WHERE f.table_id = :table_id AND f.trashed_on IS NULL
    ORDER BY f."primary" DESC, f."order", f.id
    """
)


@dataclass(frozen=True)
class TableShape:
    """Everything about a table that does not change with its rows. Shared between threads; read only."""

    id: int
    workspace_id: int
    version: int
    fields: tuple[Field, ...]
    _compiled: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def table(self) -> sa.Table:
        """The rows' table."""
        return rows_table(self.workspace_id, self.id, self.fields)

    @cached_property
    def row(self) -> sa.FromClause:
        """The table under the alias all expressions are compiled with."""
        return self.table.alias("t")

    @cached_property
    def by_id(self) -> dict[int, Field]:
        """Fields by id."""
        return {found.id: found for found in self.fields}

    @cached_property
    def by_column(self) -> dict[str, Field]:
        """Fields by `field_<id>`."""
        return {found.column: found for found in self.fields}

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Fields by name."""
        return {found.name: found for found in self.fields}

    @cached_property
    def primary(self) -> Field | None:
        """The primary field."""
        return next((found for found in self.fields if found.primary), None)

    @cached_property
    def full_name(self) -> str:
        """The table's quoted name for SQL text."""
        return f'"{self.table.schema}"."{self.table.name}"'

    def type_of(self, of: Field) -> FieldType:
        """The type of a field."""
        return field_type(of.type)

    def select_list(self, fields: Sequence[Field], user_names: bool) -> SelectList:
        """The SQL that reads these fields as the API shows them, from the row alias `t`; compiled once."""
        key = (tuple(found.id for found in fields), user_names)
        return self.compiled(key, lambda: self._compile(fields, user_names))

    def compiled(self, key: Any, make: Callable[[], T]) -> T:
        """What `make` answered when it was first asked for `key`; clients choose keys, so only so many are kept."""
        found: T | None = self._compiled.get(key)
        if found is None:
            if len(self._compiled) >= _COMPILED_OF_TABLE:
                self._compiled.clear()
            found = self._compiled[key] = make()
        return found

    def _compile(self, fields: Sequence[Field], user_names: bool) -> SelectList:
        row, renamed = self.row, {}
        columns = [row.c.id.label("id"), sa.cast(row.c.order, sa.Text).label("order")]
        for found in fields:
            key = found.name if user_names else found.column
            if len(key.encode()) > _NAME_BYTES:
                renamed[found.column] = key
                key = found.column
            columns.append(self.type_of(found).read(found, row).label(key))
        return SelectList(compile_columns(columns, row), renamed)


@dataclass(frozen=True)
class SelectList:
    """Compiled columns; `renamed` maps output keys to the names that are too long for PostgreSQL."""

    sql: str
    renamed: dict[str, str]


class AbsentType(FieldType):
    """Stands for a type whose plugin is not loaded: its values are kept and read as null until it is back."""

    type = ""
    read_only = True
    can_sort = False

    def column(self, field: Field) -> None:
        """The column is there but nobody knows how to use it."""

    def value(self, field: Field, row: sa.FromClause) -> sa.ColumnElement[Any]:
        """NULL."""
        return sa.cast(sa.null(), sa.Text)

    def search(self, field: Field, row: sa.FromClause) -> None:
        """Nothing to look in."""


_ABSENT = AbsentType()


def field_type(name: str) -> FieldType:
    """The registered field type called `name`; a stand-in that only reads when its plugin is not loaded."""
    found: FieldType | None = registry("field_types").get(name)
    return _ABSENT if found is None else found


def schema_name(workspace_id: int) -> str:
    """The PostgreSQL schema that holds a workspace's rows."""
    return f"ws_{workspace_id}"


def rows_table(workspace_id: int, table_id: int, fields: Sequence[Field]) -> sa.Table:
    """The table of rows: what every row has, and a column for each field that has one."""
    columns: list[sa.Column[Any]] = [
        sa.Column("id", sa.BigInteger),
        sa.Column("order", sa.Numeric(40, 20)),
        sa.Column("created_on", sa.DateTime(timezone=True)),
        sa.Column("updated_on", sa.DateTime(timezone=True)),
        sa.Column("created_by", sa.BigInteger),
        sa.Column("last_modified_by", sa.BigInteger),
        sa.Column("trashed_on", sa.DateTime(timezone=True)),
    ]
    for found in fields:
        column = field_type(found.type).column(found)
        if column is not None:
            columns.append(sa.Column(found.column, column.type))
    return sa.Table(f"table_{table_id}", sa.MetaData(), *columns, schema=schema_name(workspace_id))


def compile_columns(columns: Sequence[sa.ColumnElement[Any]], row: sa.FromClause) -> str:
    """The text of a select's columns, literals included, to put before a FROM that has the alias `t`."""
    statement = sa.select(*columns).select_from(row)
    text = str(statement.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True}))
    tail = str(sa.select(sa.literal_column("1")).select_from(row).compile(dialect=DIALECT)).removeprefix("SELECT 1")
    return text.removeprefix("SELECT ").removesuffix(tail)


_cache: OrderedDict[int, TableShape] = OrderedDict()
_lock = threading.Lock()


def shape_of(where: TableContext) -> TableShape:
    """The shape of a table at its current version; from the process's cache when it is there."""
    with _lock:
        cached = _cache.get(where.id)
        if cached is not None and cached.version == where.version:
            _cache.move_to_end(where.id)
            return cached
    shape = load_shape(where.id, where.workspace_id, where.version)
    with _lock:
        _cache[where.id] = shape
        while len(_cache) > _CACHED_TABLES:
            _cache.popitem(last=False)
    return shape


def load_shape(table_id: int, workspace_id: int, version: int) -> TableShape:
    """Read a shape from the database: one query."""
    rows = connection().execute(_FIELDS, {"table_id": table_id})
    return TableShape(table_id, workspace_id, version, tuple(_field(row) for row in rows))


def _field(row: Any) -> Field:
    options = tuple(SelectOption(*option) for option in row.select_options or ())
    return Field(row.id, row.table_id, row.name, row.type, row.primary, row.order, row.options, options)
