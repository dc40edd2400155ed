"""Listings of a view's rows as every view type answers them: pages, counts, and what `include` adds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
import sqlalchemy as sa
from flask import request
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.exc import DataError, ProgrammingError

from plugin_api.errors import ApiError
from plugin_api.fields import Field
from plugin_api.http import RawJson, dumps
from plugin_api.paging import Window
from plugin_api.rows import metadata_of
from plugin_api.schemas import MAX_INT, as_int
from plugins.database.engine.read import Page, RowQuery, count, page_in_context, page_with_ids, rows_json
from plugins.database.rows.params import flag
from plugins.views.context import FIELD_OPTIONS, ViewContext, require_on
from plugins.views.field_options import all_options, shown_options
from plugins.views.grouping import group_metadata
from plugins.views.known import Asked, Own, known, no_more, remember
from plugins.views.operations import LIST_ROWS
from plugins.views.parts import FOR_ROWS
from plugins.views.reading import FOR_VISITORS, Condition, Reading, for_member, for_visitor, included
from plugins.views.sharing import require_admission

PAGE_SIZE = 100
MAX_PAGE_SIZE = 200
BUCKET_SIZE = 40
"""Rows of each bucket in listings by days or options."""


def window() -> Window:
    """`limit` and `offset`, or `page` and `size` without a limit. What cannot be read falls back to the usual."""
    if "limit" in request.args:
        return Window(_size("limit"), _number("offset") or 0)
    size, page = _size("size"), _number("page") or 1
    return Window(size, min((page - 1) * size, MAX_INT), paged=True)


def _size(parameter: str) -> int:
    return min(_number(parameter) or PAGE_SIZE, MAX_PAGE_SIZE)


def _number(parameter: str) -> int | None:
    found = as_int(request.args.get(parameter))
    return found if found is not None and 0 < found <= MAX_INT else None


def bucket_window() -> tuple[int, int]:
    """`limit` and `offset` for each bucket of a listing by days or options; what cannot be read is the usual."""
    return min(_number("limit") or BUCKET_SIZE, MAX_PAGE_SIZE), _number("offset") or 0


def member_listing(view_id: int, of_type: str, choosing: bool = True, also: Own = no_more) -> RawJson:
    """The rows of a view as they are, for members: one query for all of it where the view is known.

    choosing: as for `Reading.rows`. also: the type's own condition, which follows from what is read alone; it refuses
    views that cannot be listed as they are set up.
    """
    asked = Asked("id", view_id, frozenset(FOR_VISITORS if FIELD_OPTIONS in included() else FOR_ROWS))
    found = _at_once(asked, of_type, lambda view: require_on(LIST_ROWS, view), choosing, also)
    return found or _step_by_step(asked, for_member(view_id, of_type), choosing, also)


def visitor_listing(slug: str, of_type: str, choosing: bool = True, also: Own = no_more) -> RawJson:
    """The rows of a view as they are, for visitors."""
    asked = Asked("slug", slug, frozenset(FOR_VISITORS))
    found = _at_once(asked, of_type, lambda view: require_admission(view, of_type), choosing, also)
    return found or _step_by_step(asked, for_visitor(slug, of_type), choosing, also)


def _step_by_step(asked: Asked, reading: Reading, choosing: bool, also: Own) -> RawJson:
    remember(asked, reading)
    return listing(reading, also(reading), choosing)


def _at_once(
    asked: Asked, of_type: str, admit: Callable[[ViewContext], None], choosing: bool, also: Own
) -> RawJson | None:
    """The answer by one statement, from what this process knows of the view; None when that is not possible."""
    view = known(asked)
    if view is None or view.reading.found.view.type != of_type or flag("count"):
        return None
    part, ids = window(), "row_metadata" in included() and not view.reading.public
    try:
        rows = view.rows(choosing, also)
        where, counting = view.context(), not flag("exclude_count")
        row, page = page_in_context(rows.query, part.limit, part.offset, where, counting, ids)
    except (ApiError, ProgrammingError, DataError):
        return None  # refused for a reason that may not come first, or made for columns that are gone
    if page is None:
        return None
    found = view.reading.found.as_role(row.role)
    admit(found)
    return _page_json(page, rows.query, part, replace(rows.reading, found=found))


def listing(reading: Reading, also: Condition | None = None, choosing: bool = True) -> RawJson:
    """The answer of a view type that lists its rows as they are; arguments as those of `Reading.rows`.

    One query for the page and the count, one for groups if there are any, and those of what `include` adds.
    """
    query, part = reading.rows(also, choosing), window()
    if flag("count"):
        return RawJson(dumps({"count": count(query)}))
    page = page_with_ids(query, part.limit, part.offset, not flag("exclude_count"))
    return _page_json(page, query, part, reading)


def _page_json(page: Page, query: RowQuery, part: Window, reading: Reading) -> RawJson:
    """A part of a listing with all that was asked for beside the rows."""
    head = {} if page.total is None else part.head(page.total)
    tail = additions(reading, page.ids)
    if reading.groups:
        tail["group_by_metadata"] = group_metadata(query, reading.groups, part.limit, part.offset)
    return joined(head, "results", page.rows, tail)


def rows_by_ids(reading: Reading, row_ids: Sequence[int], field_ids: Sequence[int] | None = None) -> RawJson:
    """Those of the rows that are in the table, filtered out or not, as a JSON array; one query."""
    chosen = [field for field in reading.fields if field_ids is None or field.id in field_ids]
    query, row = RowQuery(reading.shape, chosen), reading.shape.row
    wanted = row.c.id == sa.any_(sa.literal(list(row_ids), pg.ARRAY(sa.BigInteger)))
    statement = query.base(sa.literal_column("1")).where(wanted).order_by(*query.ordering())
    return RawJson(rows_json(query.select_list, statement))


def joined(head: Mapping[str, Any], key: str, rows: bytes, tail: Mapping[str, Any]) -> RawJson:
    """An object whose `key` is JSON already, between other keys."""
    before, after = dumps(dict(head))[1:-1], dumps(dict(tail))[1:-1]
    parts = [part for part in (before, orjson.dumps(key) + b":" + rows, after) if part]
    return RawJson(b"{" + b",".join(parts) + b"}")


def additions(reading: Reading, row_ids: Sequence[int]) -> dict[str, Any]:
    """What `include` asks for beside rows: the settings of fields, and for members what is kept with the rows."""
    words = included()
    found: dict[str, Any] = {}
    if "field_options" in words:
        found["field_options"] = field_options(reading)
    if "row_metadata" in words and not reading.public:
        found["row_metadata"] = metadata_of(reading.shape.id, row_ids)
    return found


def field_options(reading: Reading) -> dict[str, Any]:
    """The settings of the fields that may be seen, by field id."""
    kind, stored = reading.found.kind, reading.found.parts[FIELD_OPTIONS]
    missing = [field for field in reading.fields if str(field.id) not in stored]
    if missing and not reading.public:
        return all_options(reading.found)
    usual, first = kind.field_options_schema().load({}), kind.new_field_options(missing, list(stored.values()), True)

    def of(field: Field) -> dict[str, Any]:
        return kind.refit_field_options({**usual, **stored.get(str(field.id), first.get(field.id, {}))}, field)

    return shown_options({field.id: of(field) for field in reading.fields})
