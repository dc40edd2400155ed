"""Reading rows: a page is one statement whose JSON goes to the client as PostgreSQL made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
import sqlalchemy as sa

from plugin_api.db import connection
from plugin_api.fields import Field
from plugins.database.engine import places
from plugins.database.shape import DIALECT, Joins, SelectList, TableShape

_LIMIT, _OFFSET = "page_limit", "page_offset"
Sql = tuple[str, Mapping[str, Any]]
"""SQL text and its parameters."""
_IDS = "\nids:"
"""What stands between the rows of a page and their ids: JSON has no line that begins so."""
_DEEP = 1000
"""From this offset on, the page's ids are found in the index first and joined then."""


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
        return self.shape.select_list(self.fields, self.user_names, self.joins, self.linked_limit)

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
    def tail(self) -> Sql:
        """What follows the columns in a SELECT of these rows, in their order."""
        return _tail(self.base(sa.literal_column("1")).order_by(*self.ordering()))

    @cached_property
    def deep_tail(self) -> Sql:
        """The same for a page far behind, with its limit and offset: its ids come from the index alone.

        Only the rows of the page are then read whole.
        """
        row = self.shape.row
        chosen = row.c.id.in_(self._deep_ids())
        statement: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(row).where(chosen)
        return _tail(statement.order_by(*self.ordering()))

    def _deep_ids(self) -> sa.SelectBase:
        row = self.shape.row
        limit, offset = (sa.bindparam(name, 0, sa.Integer()) for name in (_LIMIT, _OFFSET))
        if self.where is None and not self.order_by:
            found = places.page_ids(self.shape, f":{_OFFSET}", f":{_LIMIT}")
            return sa.text(found).bindparams(limit, offset).columns(row.c.id)
        ids = self.base(row.c.id).order_by(*self.ordering()).limit(limit).offset(offset)
        return ids.correlate(None)

    @cached_property
    def counted(self) -> Sql:
        """A query of the number of rows: kept for a whole table, counted for a filtered one."""
        if self.where is None:
            return places.total_sql(self.shape.id), {}
        text, parameters = _tail(self.base(sa.literal_column("1")))
        return f"SELECT count(*){text}", parameters


def page(query: RowQuery, limit: int, offset: int) -> bytes:
    """The rows of a page as a JSON array, by one statement."""
    tail, parameters = _page_tail(query, limit, offset)
    return _rows(query.select_list, tail, parameters)


def page_with_count(query: RowQuery, limit: int, offset: int) -> tuple[bytes, int]:
    """A page as a JSON array, and how many rows there are in all, by one statement."""
    tail, parameters = _page_tail(query, limit, offset)
    counted, more = query.counted
    sql = f"SELECT ({counted}), (SELECT json_agg(row_to_json(r))::text FROM (SELECT {query.select_list.sql}{tail}) r)"
    total, found = connection().exec_driver_sql(sql, {**parameters, **more}).one()
    return renamed(found.encode() if found else b"[]", query.select_list), int(total)


@dataclass(frozen=True)
class Page:
    """Rows as a JSON array, their ids in order, and how many rows there are in all, unless nobody asked."""

    rows: bytes
    ids: list[int]
    total: int | None


def page_with_ids(query: RowQuery, limit: int, offset: int, counting: bool = True) -> Page:
    """A page whose rows more is to be told of, by one statement."""
    tail, parameters = _page_tail(query, limit, offset)
    counted, more = query.counted if counting else ("SELECT NULL", {})
    rows = f"SELECT {query.select_list.sql}{tail}"
    sql = f"""SELECT ({counted}), json_agg(row_to_json(r))::text, array_agg(r."id") FROM ({rows}) r"""
    total, found, ids = connection().exec_driver_sql(sql, {**parameters, **more}).one()
    shown = renamed(found.encode() if found else b"[]", query.select_list)
    return Page(shown, ids or [], None if total is None else int(total))


@dataclass(frozen=True)
class Context:
    """Another query whose row a page is read together with: where the page is, and who may read it.

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
    tail, parameters = _page_tail(query, limit, offset)
    counted, more = query.counted if counting else ("SELECT NULL", {})
    shown = "coalesce(json_agg(row_to_json(r))::text, '[]')"
    if ids:
        shown += f""" || '{_IDS}' || coalesce(json_agg(r."id")::text, '[]')"""
    page_sql = f"SELECT {shown} FROM (SELECT {query.select_list.sql}{tail}) r"
    fits = f"CASE WHEN {context.fits} THEN"
    answer = f"c.*, {fits} ({counted}) END AS total, {fits} ({page_sql}) END AS page"
    sql = f"WITH c AS MATERIALIZED ({context.sql}) SELECT {answer} FROM c"
    row = connection().exec_driver_sql(sql, {**parameters, **more, **context.parameters}).first()
    return row, None if row is None or row.page is None else _page(query, row, ids)


def _page(query: RowQuery, row: Any, ids: bool) -> Page:
    rows, _, told = row.page.rpartition(_IDS) if ids else (row.page, "", "[]")
    total = None if row.total is None else int(row.total)
    return Page(renamed(rows.encode(), query.select_list), orjson.loads(told), total)


def _page_tail(query: RowQuery, limit: int, offset: int) -> tuple[str, dict[str, Any]]:
    """What follows the columns in a page's SELECT, and its parameters; most pages are plain and compiled once.

    The limit is part of the text: with a parameter PostgreSQL would plan the statement anew each time.
    """
    if query.where is None and not query.order_by:
        query = query.shape.compiled("plain", lambda: RowQuery(query.shape, ()))
    if offset >= _DEEP:
        text, parameters = query.deep_tail
        return text, {**parameters, _LIMIT: limit, _OFFSET: offset}
    text, parameters = query.tail
    if not offset:
        return f"{text} LIMIT {limit:d}", dict(parameters)
    return f"{text} LIMIT {limit:d} OFFSET %({_OFFSET})s", {**parameters, _OFFSET: offset}


def rows_json(select_list: SelectList, statement: sa.Select[Any]) -> bytes:
    """Run `statement` (a select of the literal 1) with the compiled columns; answers a JSON array."""
    return _rows(select_list, *_tail(statement))


def _rows(select_list: SelectList, tail: str, parameters: Mapping[str, Any]) -> bytes:
    sql = f"SELECT json_agg(row_to_json(r))::text FROM (SELECT {select_list.sql}{tail}) r"
    found = connection().exec_driver_sql(sql, dict(parameters)).scalar_one()
    return renamed(found.encode() if found else b"[]", select_list)


def renamed(rows: bytes, select_list: SelectList) -> bytes:
    """Put names longer than PostgreSQL's identifiers where their short stand-ins are."""
    if not select_list.renamed:
        return rows
    names = select_list.renamed
    parsed = orjson.loads(rows)
    return orjson.dumps([{names.get(key, key): value for key, value in row.items()} for row in parsed])


def _tail(statement: sa.Select[Any]) -> Sql:
    compiled = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    return str(compiled).removeprefix("SELECT 1"), dict(compiled.params)


def count(query: RowQuery) -> int:
    """How many rows there are."""
    counted, parameters = query.counted
    return int(connection().exec_driver_sql(counted, parameters).scalar_one())


def exists(shape: TableShape, row_id: int) -> bool:
    """Whether a row is there and not in the trash."""
    row = shape.row
    query = sa.select(sa.literal(True)).select_from(row).where(row.c.id == row_id, row.c.trashed_on.is_(None))
    return connection().execute(query).first() is not None
