"""The compiled shape of a table: its fields, types and SQL, cached by table and version."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import psycopg

from plugin_api import media
from plugin_api.db import connection
from plugin_api.fields import Field, FieldType, SelectOption
from plugin_api.links import LinkedTable, LinkMixin
from plugin_api.platform import registry
from plugins.database.context import TableContext

T = TypeVar("T")

Joins = tuple[tuple[Field, tuple[Field, ...]], ...]
"""Link fields that know all fields of their tables, each with those to show."""

DIALECT = psycopg.dialect()  # type: ignore[no-untyped-call]
_CACHED_FIELDS = 10_000
"""So many fields, of whichever tables, are kept in a process: with what is compiled for them, 10 KB each."""
_COMPILED_OF_TABLE, _FEWEST_COMPILED, _COMPILED_FIELDS = 100, 16, 4000
"""So many things are kept compiled for a table; fewer for one of many fields, since each has all of them."""
_NAME_BYTES = 63

_FIELDS = """
    SELECT f.id, f.table_id, f.name, f.type, f."primary", f."order", f.options, f.read_only,
           (SELECT json_agg(json_build_array(o.id, o.value, o.color) ORDER BY o."order", o.id)
            FROM database.select_option o WHERE o.field_id = f.id) AS select_options
    FROM database.field f
    WHERE f.trashed_on IS NULL AND """
_OF_TABLE = sa.text(_FIELDS + """f.table_id = :table_id ORDER BY f."primary" DESC, f."order", f.id""")
_TABLE = sa.text('SELECT workspace_id, version FROM database."table" WHERE id = :table_id')
_OF_TABLES = sa.text(_FIELDS + """f.table_id = ANY(:table_ids) ORDER BY f."primary" DESC, f."order", f.id""")
_PRIMARIES = sa.text(_FIELDS + """f.table_id = ANY(:table_ids) AND f."primary" ORDER BY f.table_id""")


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
    def rows_are_fixed(self) -> bool:
        """Whether the rows come from elsewhere, as values of the fields do that nobody may write."""
        return any(found.read_only for found in self.fields)

    @cached_property
    def full_name(self) -> str:
        """The table's quoted name for SQL text."""
        return f'"{self.table.schema}"."{self.table.name}"'

    def type_of(self, of: Field) -> FieldType:
        """The type of a field."""
        return field_type(of.type)

    def select_list(
        self, fields: Sequence[Field], user_names: bool, joins: Joins = (), linked_limit: int | None = None
    ) -> SelectList:
        """The SQL that reads these fields as the API shows them, from the row alias `t`; compiled once.


        joins: link fields whose rows show further fields of theirs. linked_limit: so many linked rows in a cell.
        """
        return served_here(self.columns(fields, user_names, joins, linked_limit))

    def columns(
        self, fields: Sequence[Field], user_names: bool, joins: Joins = (), linked_limit: int | None = None
    ) -> SelectList:
        """The same whoever asks: `served_here` makes of it what the client of the running request needs."""
        joined = tuple((link.id, tuple(target.id for target in targets)) for link, targets in joins)
        key = (tuple(found.id for found in fields), user_names, joined, linked_limit)
        return self.compiled(key, lambda: self._compile(fields, user_names, joins, linked_limit))

    def compiled(self, key: Any, make: Callable[[], T]) -> T:
        """What `make` answered when it was first asked for `key`; clients choose keys, so only so many are kept."""
        found: T | None = self._compiled.get(key)
        if found is None:
            if len(self._compiled) >= _most_compiled(len(self.fields)):
                self._compiled.clear()
            found = self._compiled[key] = make()
        return found

    def _compile(self, fields: Sequence[Field], user_names: bool, joins: Joins, linked_limit: int | None) -> SelectList:
        row, renamed = self.row, {}
        joined = {link.id: _joined(self, link, targets, user_names, linked_limit) for link, targets in joins}
        if linked_limit is not None:
            links = [(link, ()) for link, _ in _links(fields) if link.id not in joined]
            joined |= {link.id: _joined(self, link, targets, user_names, linked_limit) for link, targets in links}
        columns = [row.c.id.label("id"), sa.cast(row.c.order, sa.Text).label("order")]
        for found in fields:
            key = found.name if user_names else found.column
            if len(key.encode()) > _NAME_BYTES:
                renamed[found.column] = key
                key = found.column
            columns.append((joined.get(found.id) or self.type_of(found).read)(found, row).label(key))
        return SelectList(compile_columns(columns, row), renamed)


def _joined(
    shape: TableShape, link: Field, targets: Sequence[Field], user_names: bool, limit: int | None
) -> Callable[[Field, sa.FromClause], sa.ColumnElement[Any]]:
    """How a link is read whose rows show further fields."""
    kind = shape.type_of(link)
    assert isinstance(kind, LinkMixin)
    more = {target.name if user_names else target.column: _reader(target) for target in targets}
    return lambda field, row: kind.shown(link, row, more, limit)


def _reader(field: Field) -> Callable[[sa.FromClause], sa.ColumnElement[Any]]:
    return lambda row: field_type(field.type).read(field, row)


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


def served_here(found: SelectList) -> SelectList:
    """The columns, with the addresses of files as the client of the running request reaches them."""
    fixed, here = media.fixed_url(), media.url()
    return found if fixed == here else replace(found, sql=found.sql.replace(f"'{fixed}/media/", f"'{here}/media/"))


def _most_compiled(fields: int) -> int:
    return min(_COMPILED_OF_TABLE, max(_FEWEST_COMPILED, _COMPILED_FIELDS // (fields + 1)))


class Shapes:
    """The shapes that were used last, of so many fields altogether; shared between threads."""

    def __init__(self, most_fields: int) -> None:
        self._most = most_fields
        self._kept: OrderedDict[int, TableShape] = OrderedDict()
        self._fields = 0
        self._lock = threading.Lock()

    def get(self, table_id: int) -> TableShape | None:
        """The shape of a table, which may be out of date."""
        with self._lock:
            found = self._kept.get(table_id)
            if found is not None:
                self._kept.move_to_end(table_id)
            return found

    def keep(self, shape: TableShape) -> None:
        """Keep a shape; those that were not used for longest go."""
        with self._lock:
            self._drop(shape.id)
            self._kept[shape.id] = shape
            self._fields += _weight(shape)
            while self._fields > self._most and len(self._kept) > 1:
                self._drop(next(iter(self._kept)))

    def _drop(self, table_id: int) -> None:
        found = self._kept.pop(table_id, None)
        self._fields -= 0 if found is None else _weight(found)


def _weight(shape: TableShape) -> int:
    """A table without fields takes some memory as well."""
    return len(shape.fields) + 4


_cache = Shapes(_CACHED_FIELDS)


def shape_of(where: TableContext) -> TableShape:
    """The shape of a table at its current version; from the process's cache when it is there."""
    cached = _cache.get(where.id)
    if cached is not None and cached.version == where.version:
        return cached
    shape = load_shape(where.id, where.workspace_id, where.version)
    _cache.keep(shape)
    return shape


def cached_shape(table_id: int) -> TableShape | None:
    """The shape this process has of a table; it may be out of date."""
    return _cache.get(table_id)


def load_shape(table_id: int, workspace_id: int, version: int) -> TableShape:
    """Read a shape from the database: one query, and another one when it has links."""
    rows = connection().execute(_OF_TABLE, {"table_id": table_id})
    fields = with_links([_field(row) for row in rows], workspace_id)
    return TableShape(table_id, workspace_id, version, tuple(fields))


def latest_shape(table_id: int) -> TableShape:
    """The shape of a table as it is now, not from the cache."""
    found = connection().execute(_TABLE, {"table_id": table_id}).one()
    return load_shape(table_id, found.workspace_id, found.version)


def with_links(fields: Sequence[Field], workspace_id: int) -> list[Field]:
    """The fields, those that link knowing the tables they link to: one query for all of them, if there are any."""
    table_ids = {kind.linked_table_id(found) for found, kind in _links(fields)}
    if not table_ids:
        return list(fields)
    rows = connection().execute(_PRIMARIES, {"table_ids": sorted(table_ids)})
    return linked_tables(fields, {row.table_id: _field(row) for row in rows}, workspace_id)


def _links(fields: Sequence[Field]) -> Iterator[tuple[Field, LinkMixin]]:
    for found in fields:
        kind = field_type(found.type)
        if isinstance(kind, LinkMixin):
            yield found, kind


def linked_tables(fields: Sequence[Field], primaries: Mapping[int, Field], workspace_id: int) -> list[Field]:
    """The fields, those that link knowing their tables, whose primary fields are given by table."""
    table_ids = {found.id: kind.linked_table_id(found) for found, kind in _links(fields)}
    tables = {table_id: _linked(table_id, primaries.get(table_id), workspace_id) for table_id in table_ids.values()}
    return [replace(found, linked=tables[table_ids[found.id]]) if found.id in table_ids else found for found in fields]


def load_fields(table_ids: Sequence[int]) -> list[Field]:
    """The fields of tables: one query."""
    return [_field(row) for row in connection().execute(_OF_TABLES, {"table_ids": list(table_ids)})]


def _linked(table_id: int, primary: Field | None, workspace_id: int) -> LinkedTable:
    rows = rows_table(workspace_id, table_id, [primary] if primary else [])
    return LinkedTable(table_id, rows, (primary, field_type(primary.type)) if primary else None)


def _field(row: Any) -> Field:
    options = tuple(SelectOption(*option) for option in row.select_options or ())
    values = (row.id, row.table_id, row.name, row.type, row.primary, row.order, row.options, options)
    return Field(*values, read_only=row.read_only)
