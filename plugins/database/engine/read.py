"""Reading rows: a page is one statement whose JSON goes to the client as PostgreSQL made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from plugin_api.db import connection
from plugin_api.fields import Field
from plugins.database.shape import DIALECT, Joins, SelectList, TableShape

_LIMIT, _OFFSET = "page_limit", "page_offset"
_DEEP = 1000
"""From this offset on, the page's ids are found in the index first and joined then."""


@dataclass(frozen=True)
class RowQuery:
    """Which rows, in which order, with which fields. `where` and `order_by` are built on `shape.row`."""

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


def page(query: RowQuery, limit: int, offset: int) -> bytes:
    """The rows of a page as a JSON array, by one statement."""
    tail, parameters = _page_tail(query, limit, offset)
    return _rows(query.select_list, tail, parameters)


def page_with_count(query: RowQuery, limit: int, offset: int) -> tuple[bytes, int]:
    """A page as a JSON array, and how many rows there are in all, by one statement."""
    tail, parameters = _page_tail(query, limit, offset)
    counted, more = _counted(query)
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
    counted, more = _counted(query) if counting else ("SELECT NULL", {})
    rows = f"SELECT {query.select_list.sql}{tail}"
    sql = f"""SELECT ({counted}), json_agg(row_to_json(r))::text, array_agg(r."id") FROM ({rows}) r"""
    total, found, ids = connection().exec_driver_sql(sql, {**parameters, **more}).one()
    shown = renamed(found.encode() if found else b"[]", query.select_list)
    return Page(shown, ids or [], None if total is None else int(total))


def page_in_context(
    query: RowQuery, limit: int, offset: int, context: tuple[str, Mapping[str, Any]]
) -> tuple[Any, bytes | None, int]:
    """A page and the number of rows together with the row of another query (the table's context), by one statement.

    The page is None unless that row says the table has the version the query was made for.
    """
    tail, parameters = _page_tail(query, limit, offset)
    counted, more = _counted(query)
    page_sql = f"SELECT coalesce(json_agg(row_to_json(r))::text, '[]') FROM (SELECT {query.select_list.sql}{tail}) r"
    current = f"CASE WHEN c.version = {query.shape.version} THEN"
    sql = f"SELECT c.*, {current} ({counted}) END AS total, {current} ({page_sql}) END AS page FROM ({context[0]}) c"
    row = connection().exec_driver_sql(sql, {**parameters, **more, **context[1]}).first()
    if row is None or row.page is None:
        return row, None, 0
    return row, renamed(row.page.encode(), query.select_list), int(row.total)


def _page_tail(query: RowQuery, limit: int, offset: int) -> tuple[str, dict[str, Any]]:
    """What follows the columns in a page's SELECT, and its parameters; most pages are plain and compiled once."""
    deep, cut = offset >= _DEEP, {_LIMIT: limit, _OFFSET: offset}
    if query.where is None and not query.order_by:
        return query.shape.compiled(("page", deep), lambda: _tail(_page(query, deep))[0]), cut
    tail, parameters = _tail(_page(query, deep))
    return tail, {**parameters, **cut}


def _page(query: RowQuery, deep: bool) -> sa.Select[Any]:
    row = query.shape.row
    limit, offset = (sa.bindparam(name, 0, sa.Integer()) for name in (_LIMIT, _OFFSET))
    if not deep:
        return query.base(sa.literal_column("1")).order_by(*query.ordering()).limit(limit).offset(offset)
    inner = query.base(row.c.id).order_by(*query.ordering()).limit(limit).offset(offset)
    # The ids come from the index alone; only the rows of the page are then read whole.
    ids = inner.correlate(None).scalar_subquery()
    statement: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(row).where(row.c.id.in_(ids))
    return statement.order_by(*query.ordering())


def _counted(query: RowQuery) -> tuple[str, dict[str, Any]]:
    """SQL for the number of rows: kept for a whole table, counted for a filtered one."""
    if query.where is None:
        return f"SELECT coalesce(sum(change), 0) FROM database.row_count WHERE table_id = {query.shape.id}", {}
    tail, parameters = _tail(query.base(sa.literal_column("1")))
    return f"SELECT count(*){tail}", parameters


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


def _tail(statement: sa.Select[Any]) -> tuple[str, dict[str, Any]]:
    compiled = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    return str(compiled).removeprefix("SELECT 1"), dict(compiled.params)


def count(query: RowQuery) -> int:
    """How many rows there are."""
    counted, parameters = _counted(query)
    return int(connection().exec_driver_sql(counted, parameters).scalar_one())


def exists(shape: TableShape, row_id: int) -> bool:
    """Whether a row is there and not in the trash."""
    row = shape.row
    query = sa.select(sa.literal(True)).select_from(row).where(row.c.id == row_id, row.c.trashed_on.is_(None))
    return connection().execute(query).first() is not None
