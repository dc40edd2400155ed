"""Reading rows: a page, one row, the one beside it, names, history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import orjson
import sqlalchemy as sa
from flask import request
from sqlalchemy.exc import ProgrammingError

from plugin_api.db import connection, session
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.http import RawJson
from plugin_api.paging import window
from plugin_api.schemas import MAX_INT, as_int
from plugins.database.context import TableContext, checked_context, context_sql, table_context
from plugins.database.engine.read import Context, RowQuery, exists, page_in_context, page_with_count, rows_json
from plugins.database.models import RowHistory
from plugins.database.rows.params import known_query, optional_id, page_and_size, row_query, rows_of_view
from plugins.database.shape import TableShape, cached_shape, shape_of

_LIST = "database.table.list_rows"


def list_rows(table_id: int) -> RawJson:
    """A page of rows with the count and links to its neighbours. The rows go out as PostgreSQL made them."""
    found = _at_once(table_id) or _step_by_step(table_id)
    return _listing(*found)


def _at_once(table_id: int) -> tuple[bytes, int] | None:
    """Page and permission by one statement, with the shape this process knows; None when that is not possible."""
    shape = cached_shape(table_id)
    if shape is None or "view_id" in request.args:
        return None
    try:
        number, size = page_and_size()
        query, given = known_query(shape)
        sql, acting = context_sql(table_id)
        where = Context(sql, {**given, **acting}, f"c.version = {shape.version:d}")
        row, page = page_in_context(query, size, (number - 1) * size, where)
    except (ApiError, ProgrammingError):
        return None  # refused for a reason that may not come first, or made for columns that are gone
    checked_context(row, _LIST)
    return None if page is None else (page.rows, page.total or 0)


def _step_by_step(table_id: int) -> tuple[bytes, int]:
    where = table_context(table_id, _LIST)
    optional_id("view_id")
    number, size = page_and_size()
    return page_with_count(row_query(shape_of(where)), size, (number - 1) * size)


def _listing(rows: bytes, total: int) -> RawJson:
    number, size = page_and_size()
    following = _page_url(number + 1) if number * size < total else None
    previous = _page_url(number - 1) if number > 1 else None
    head = orjson.dumps({"count": total, "next": following, "previous": previous})
    return RawJson(head[:-1] + b',"results":' + rows + b"}")


def _page_url(number: int) -> str:
    """This request's address with another page; the first page is the one without a number."""
    pairs = [pair for pair in request.args.items(multi=True) if pair[0] != "page"]
    if number > 1:
        pairs.append(("page", str(number)))
    return _url(pairs)


def _url(pairs: list[tuple[str, str]]) -> str:
    query = urlencode(sorted(pairs, key=lambda pair: pair[0]))
    return f"{request.base_url}?{query}" if query else request.base_url


def get_row(where: TableContext, row_id: int, names: bool) -> RawJson:
    """One row."""
    shape = shape_of(where)
    query = RowQuery(shape, shape.fields, names, rows_of_view(shape).where)
    found = rows_json(query.select_list, query.base(sa.literal_column("1")).where(shape.row.c.id == row_id))
    if found == b"[]":
        raise does_not_exist("row")
    return RawJson(found[1:-1])


def adjacent_row(where: TableContext, row_id: int, previous: bool, names: bool) -> RawJson | None:
    """The row after, or before, another one, among those the search and the view keep; None at the end.

    In the order of the view, else in that of the rows.
    """
    shape = shape_of(where)
    query = replace(row_query(shape), fields=shape.fields, user_names=names)
    return _beside_in_order(query, row_id, previous) if query.order_by else _beside(query, row_id, previous)


def _beside_in_order(query: RowQuery, row_id: int, previous: bool) -> RawJson | None:
    row = query.shape.row
    step = sa.func.lag(row.c.id) if previous else sa.func.lead(row.c.id)
    places = query.base(row.c.id, step.over(order_by=query.ordering()).label("beside")).subquery()
    found = connection().execute(sa.select(places.c.beside).where(places.c.id == row_id)).first()
    if found is None:
        raise does_not_exist("row")
    if found.beside is None:
        return None
    chosen = query.base(sa.literal_column("1")).where(row.c.id == found.beside)
    return RawJson(rows_json(query.select_list, chosen)[1:-1])


def _beside(query: RowQuery, row_id: int, previous: bool) -> RawJson | None:
    row = query.shape.row
    place = connection().execute(query.base(row.c.order).where(row.c.id == row_id)).scalar()
    if place is None:
        raise does_not_exist("row")
    mine, other = sa.tuple_(sa.literal(place), sa.literal(row_id)), sa.tuple_(row.c.order, row.c.id)
    statement = query.base(sa.literal_column("1")).where(other < mine if previous else other > mine)
    order = (row.c.order.desc(), row.c.id.desc()) if previous else (row.c.order, row.c.id)
    found = rows_json(query.select_list, statement.order_by(*order).limit(1))
    return None if found == b"[]" else RawJson(found[1:-1])


def row_names(wanted: Mapping[int, list[int]]) -> dict[str, dict[str, str]]:
    """The names of rows of several tables of one database: {table id: {row id: name}}."""
    contexts = [table_context(table_id, "database.table.list_row_names") for table_id in wanted]
    if len({where.application_id for where in contexts}) > 1:
        raise does_not_exist("table")
    return {str(where.id): _names(shape_of(where), wanted[where.id]) for where in contexts}


def _names(shape: TableShape, ids: list[int]) -> dict[str, str]:
    row, primary = shape.row, shape.primary
    name = shape.type_of(primary).text(primary, row) if primary else sa.literal("")
    query = sa.select(row.c.id, name).where(row.c.id.in_(ids), row.c.trashed_on.is_(None)).order_by(row.c.id)
    return {str(row_id): text or "" for row_id, text in connection().execute(query)}


def row_history(where: TableContext, row_id: int) -> dict[str, Any]:
    """The changes of a row, the newest first."""
    if not exists(shape_of(where), row_id):
        raise does_not_exist("row")
    chosen, mine = window(), (RowHistory.table_id == where.id, RowHistory.row_id == row_id)
    total = session().scalar(sa.select(sa.func.count()).select_from(RowHistory).where(*mine)) or 0
    entries = sa.select(RowHistory).where(*mine).order_by(RowHistory.id.desc())
    found = session().scalars(entries.limit(chosen.limit).offset(chosen.offset))
    return chosen.answer(total, [history_entry(entry) for entry in found])


def history_entry(entry: RowHistory) -> dict[str, Any]:
    """An entry of a row's history as the API shows it."""
    return {
        "id": entry.id,
        "action_type": entry.action_type,
        "action_command_type": entry.action_command_type,
        "user": {"id": entry.user_id, "name": entry.user_name},
        "timestamp": entry.action_timestamp,
        "before": entry.before_values,
        "after": entry.after_values,
        "fields_metadata": entry.fields_metadata,
    }


def names_wanted() -> dict[int, list[int]]:
    """The parameters `table__<id>=<row id>,...` of the names operation."""
    wanted: dict[int, list[int]] = {}
    for key, value in request.args.items(multi=True):
        table_id = as_int(key.removeprefix("table__")) if key.startswith("table__") else None
        ids = [as_int(part) for part in value.split(",")]
        if table_id is None or any(found is None or abs(found) > MAX_INT for found in (table_id, *ids)):
            message = "Give tables as table__<table id>=<row id>,<row id>."
            raise ApiError("ERROR_QUERY_PARAMETER_VALIDATION", 400, message)
        wanted.setdefault(table_id, []).extend(row_id for row_id in ids if row_id is not None)
    return wanted
