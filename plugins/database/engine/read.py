"""Reading rows: a page is one statement whose JSON goes to the client as PostgreSQL made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
import psycopg
import sqlalchemy as sa
from psycopg.rows import namedtuple_row

from plugin_api.db import connection
from plugin_api.fields import Field
from plugins.database.engine import places
from plugins.database.shape import DIALECT, Joins, SelectList, TableShape, served_here

_LIMIT, _OFFSET = "page_limit", "page_offset"
_HERE = "rows_begin_here"
_BEGIN: sa.ColumnElement[Any] = sa.literal_column(_HERE)
"""Stands for the columns of a SELECT that is compiled without them."""
_IDS = "\nids:"
"""What stands between the rows of a page and their ids: JSON has no line that begins so."""
_DEEP = 1000
"""From this offset on, the page's ids are found in the index first and joined then."""


@dataclass(frozen=True)
class Sql:
    """The text of a SELECT after its columns, and its parameters. `ahead` are the WITH queries it looks into."""

    text: str
    parameters: Mapping[str, Any]
    ahead: str = ""

    def limited(self, ending: str, **parameters: Any) -> Sql:
        """The same with something after it."""
        return Sql(self.text + ending, {**self.parameters, **parameters}, self.ahead)


def _with(*queries: str) -> str:
    """What a statement begins with that looks into these queries; the same one is given once."""
    named = [query for query in dict.fromkeys(queries) if query]
    return f"WITH {', '.join(named)} " if named else ""


@dataclass(frozen=True)
class RowQuery:
    """Which rows, in which order, with which fields. `where` and `order_by` are built on `shape.row`.

    Its SQL is made once: who keeps a query reads further pages without making it anew. Shared between threads.
    """

    shape: TableShape
    fields: Sequence[Field]
    user_names: bool = False
    where: sa.ColumnElement[bool] | None = None
    order_by: Sequence[sa.ColumnElement[Any]] = ()
    joins: Joins = ()
    linked_limit: int | None = None

    @property
    def select_list(self) -> SelectList:
        """The compiled columns."""
        return served_here(self._columns)

    @cached_property
    def _columns(self) -> SelectList:
        return self.shape.columns(self.fields, self.user_names, self.joins, self.linked_limit)

    def base(self, *columns: Any) -> sa.Select[Any]:
        """A select of the given columns from the rows this query keeps."""
        row = self.shape.row
        statement: sa.Select[Any] = sa.select(*columns).select_from(row).where(row.c.trashed_on.is_(None))
        return statement if self.where is None else statement.where(self.where)

    def ordering(self) -> list[sa.ColumnElement[Any]]:
        """The wanted order, then the rows' own."""
        row = self.shape.row
        return [*self.order_by, row.c.order, row.c.id]

    @cached_property
    def texts(self) -> dict[Any, tuple[str, Mapping[str, Any]]]:
        """The last statement that was made of it, with its parameters, by what it was made for."""
        return {}

    @cached_property
    def tail(self) -> Sql:
        """What follows the columns in a SELECT of these rows, in their order."""
        return _tail(self.base(_BEGIN).order_by(*self.ordering()))

    @cached_property
    def deep_tail(self) -> Sql:
        """The same for a page far behind, with its limit and offset: its ids come from the index alone.

        Only the rows of the page are then read whole.
        """
        row = self.shape.row
        limit, offset = (sa.bindparam(name, 0, sa.Integer()) for name in (_LIMIT, _OFFSET))
        ids = self.base(row.c.id).order_by(*self.ordering()).limit(limit).offset(offset).correlate(None)
        statement: sa.Select[Any] = sa.select(_BEGIN).select_from(row).where(row.c.id.in_(ids))
        return _tail(statement.order_by(*self.ordering()))

    @cached_property
    def far_tail(self) -> Sql:
        """What follows the columns where all rows are read from an offset on, in the order of the table."""
        begin = sa.text(places.from_offset(self.shape, f":{_OFFSET}"))
        beginning = begin.bindparams(sa.bindparam(_OFFSET, 0, sa.Integer()))
        return _tail(self.base(_BEGIN).where(beginning).order_by(*self.ordering()))

    @cached_property
    def counted(self) -> Sql:
        """A query of the number of rows: kept for a whole table, counted for a filtered one."""
        if self.where is None:
            return Sql(places.total_sql(self.shape.id), {})
        found = _tail(self.base(_BEGIN))
        return Sql(f"SELECT count(*){found.text}", found.parameters, found.ahead)


def page(query: RowQuery, limit: int, offset: int) -> bytes:
    """The rows of a page as a JSON array, by one statement."""
    return _rows(query.select_list, _page_tail(query, limit, offset))


def page_with_count(query: RowQuery, limit: int, offset: int) -> tuple[bytes, int]:
    """A page as a JSON array, and how many rows there are in all, by one statement."""
    tail, counted, columns = _page_tail(query, limit, offset), query.counted, query.select_list
    rows = f"SELECT json_agg(row_to_json(r))::text FROM (SELECT {columns.sql}{tail.text}) r"
    sql = f"{_with(tail.ahead, counted.ahead)}SELECT ({counted.text}), ({rows})"
    total, found = connection().exec_driver_sql(sql, {**tail.parameters, **counted.parameters}).one()
    return renamed(found.encode() if found else b"[]", columns), int(total)


@dataclass(frozen=True)
class Page:
    """Rows as a JSON array, their ids in order, and how many rows there are in all, unless nobody asked."""

    rows: bytes
    ids: list[int]
    total: int | None


def page_with_ids(query: RowQuery, limit: int, offset: int, counting: bool = True) -> Page:
    """A page whose rows more is to be told of, by one statement."""
    tail, counted = _page_tail(query, limit, offset), _counted(query, counting)
    rows = f"SELECT {query.select_list.sql}{tail.text}"
    shown = f"""({counted.text}), json_agg(row_to_json(r))::text, array_agg(r."id")"""
    sql = f"{_with(tail.ahead, counted.ahead)}SELECT {shown} FROM ({rows}) r"
    total, found, ids = connection().exec_driver_sql(sql, {**tail.parameters, **counted.parameters}).one()
    whole = renamed(found.encode() if found else b"[]", query.select_list)
    return Page(whole, ids or [], None if total is None else int(total))


@dataclass(frozen=True)
class Context:
    """Another query whose row a page is read together with: where the page is, and who may read it.

    parameters: its own, and those of the page's query that are others than when that was compiled.
    fits: the condition on that row, called `c`, that the page's own query was made for it.
    """

    sql: str
    parameters: Mapping[str, Any]
    fits: str


def page_in_context(
    query: RowQuery, limit: int, offset: int, context: Context, counting: bool = True, ids: bool = False
) -> tuple[Any, Page | None]:
    """A page together with the row of its context, None where there is none, by one statement.

    The page is None unless the row fits. ids: whether the page tells the ids of its rows.
    """
    columns = query.select_list
    sql, given = _in_context(query, columns, limit, offset, context, counting, ids)
    row = _first(sql, {**given, **context.parameters})
    return row, None if row is None or row.page is None else _page(columns, row, ids)


def _first(sql: str, parameters: Mapping[str, Any]) -> Any:
    """The first row a statement answers.

    Listings ask the driver itself, which takes half as long. Where there may be a transaction, where somebody listens
    to statements and where something is wrong, SQLAlchemy asks: it knows how to tell of it.
    """
    asked = connection()
    driver: Any = asked.connection.driver_connection
    if driver.autocommit and not asked.dispatch.before_cursor_execute:
        try:
            with driver.cursor(row_factory=namedtuple_row) as cursor:
                return cursor.execute(sql, parameters).fetchone()
        except psycopg.Error:
            pass  # it is tried once more, and found out what it is
    return asked.exec_driver_sql(sql, dict(parameters)).first()


def _in_context(
    query: RowQuery, columns: SelectList, limit: int, offset: int, context: Context, counting: bool, ids: bool
) -> tuple[str, Mapping[str, Any]]:
    """The statement of a page with its context, and its parameters beside the context's.

    The last text of a first page is kept: it is long, and the driver looks for what it knows of a text by the whole of
    it. Only one, because a process keeps many queries.
    """
    if offset:
        return _made_in_context(query, columns, limit, offset, context, counting, ids)
    key = (limit, columns.sql, context.sql, context.fits, counting, ids)
    known = query.texts.get(key)
    if known is None:
        known = _made_in_context(query, columns, limit, 0, context, counting, ids)
        query.texts.clear()
        query.texts[key] = known
    return known


def _made_in_context(
    query: RowQuery, columns: SelectList, limit: int, offset: int, context: Context, counting: bool, ids: bool
) -> tuple[str, Mapping[str, Any]]:
    tail, counted = _page_tail(query, limit, offset), _counted(query, counting)
    shown = "coalesce(json_agg(row_to_json(r))::text, '[]')"
    if ids:
        shown += f""" || '{_IDS}' || coalesce(json_agg(r."id")::text, '[]')"""
    rows = f"SELECT {columns.sql}{tail.text}"
    page_sql = f"SELECT {shown} AS page, count(*) AS shown FROM ({rows}) r WHERE {context.fits}"
    total = f"({counted.text})"
    if counting and query.where is not None and not offset:  # a page that is not full has all rows there are
        total = f"CASE WHEN p.shown < {limit:d} THEN p.shown ELSE {total} END"
    fits = f"CASE WHEN {context.fits} THEN"
    answer = f"c.*, {fits} {total} END AS total, {fits} p.page END AS page"
    ahead = _with(f"c AS MATERIALIZED ({context.sql})", tail.ahead, counted.ahead)
    sql = f"{ahead}SELECT {answer} FROM c CROSS JOIN LATERAL ({page_sql}) p"
    return sql, {**tail.parameters, **counted.parameters}


def _counted(query: RowQuery, counting: bool) -> Sql:
    return query.counted if counting else Sql("SELECT NULL", {})


def _page(columns: SelectList, row: Any, ids: bool) -> Page:
    rows, _, told = row.page.rpartition(_IDS) if ids else (row.page, "", "[]")
    total = None if row.total is None else int(row.total)
    return Page(renamed(rows.encode(), columns), orjson.loads(told), total)


def _page_tail(query: RowQuery, limit: int, offset: int) -> Sql:
    """What follows the columns in a page's SELECT; most pages are plain and compiled once.

    The limit is part of the text: with a parameter PostgreSQL would plan the statement anew each time.
    """
    plain = query.where is None and not query.order_by
    if plain:
        query = query.shape.compiled("plain", lambda: RowQuery(query.shape, ()))
    if offset >= _DEEP and plain:
        return query.far_tail.limited(f" LIMIT {limit:d}", **{_OFFSET: offset})
    if offset >= _DEEP:
        return query.deep_tail.limited("", **{_LIMIT: limit, _OFFSET: offset})
    if not offset:
        return query.tail.limited(f" LIMIT {limit:d}")
    return query.tail.limited(f" LIMIT {limit:d} OFFSET %({_OFFSET})s", **{_OFFSET: offset})


def rows_json(select_list: SelectList, statement: sa.Select[Any]) -> bytes:
    """Run `statement` (a select of anything) with the compiled columns instead; answers a JSON array."""
    return _rows(select_list, _tail(statement.with_only_columns(_BEGIN)))


def _rows(select_list: SelectList, tail: Sql) -> bytes:
    rows = f"SELECT json_agg(row_to_json(r))::text FROM (SELECT {select_list.sql}{tail.text}) r"
    found = connection().exec_driver_sql(_with(tail.ahead) + rows, dict(tail.parameters)).scalar_one()
    return renamed(found.encode() if found else b"[]", select_list)


def renamed(rows: bytes, select_list: SelectList) -> bytes:
    """Put names longer than PostgreSQL's identifiers where their short stand-ins are."""
    if not select_list.renamed:
        return rows
    names = select_list.renamed
    parsed = orjson.loads(rows)
    return orjson.dumps([{names.get(key, key): value for key, value in row.items()} for row in parsed])


def _tail(statement: sa.Select[Any]) -> Sql:
    """The text of a select of `_BEGIN`."""
    compiled = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    ahead, _, text = str(compiled).partition(f"SELECT {_HERE}")
    return Sql(text, dict(compiled.params), ahead.removeprefix("WITH ").strip())


def count(query: RowQuery) -> int:
    """How many rows there are."""
    counted = query.counted
    sql = _with(counted.ahead) + counted.text
    return int(connection().exec_driver_sql(sql, dict(counted.parameters)).scalar_one())


def exists(shape: TableShape, row_id: int) -> bool:
    """Whether a row is there and not in the trash."""
    row = shape.row
    query = sa.select(sa.literal(True)).select_from(row).where(row.c.id == row_id, row.c.trashed_on.is_(None))
    return connection().execute(query).first() is not None
