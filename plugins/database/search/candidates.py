"""Asking a search index: the rows that may have a text, those written since included."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugins.database.models import SearchIndex, SearchQueue
from plugins.database.search.texts import mark, text_sql
from plugins.database.shape import TableShape, schema_name

READY = "ready"
_SHORTEST = 3
"""Characters a text must have to be found by trigrams."""


class _State:
    """Whether a table has an index that fits its fields."""

    def __init__(self, ready: bool) -> None:
        self.ready = ready


def is_indexed(shape: TableShape, wanted: str) -> bool:
    """Whether the index is there, and of use for a text."""
    return len(wanted) >= _SHORTEST and shape.compiled("search index", lambda: _State(_is_ready(shape))).ready


def candidates(shape: TableShape, pattern: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """A condition that all rows with the text fulfil, and few others."""
    queue, index = SearchQueue, _index(shape)
    found = sa.select(index.c.row_id).where(index.c.text.like(pattern))
    written = sa.select(queue.row_id).where(queue.table_id == shape.id)
    return shape.row.c.id.in_(sa.union_all(found, written))


def with_text(shape: TableShape, pattern: sa.ColumnElement[str]) -> list[sa.Select[Any]]:
    """Queries of the ids of the rows with the text: from the index, and of rows written since from what they hold.

    The pattern must match nothing that reaches over the end of one field's text into the next.
    """
    queue, index, row = SearchQueue, _index(shape), shape.row
    behind = sa.select(queue.row_id).where(queue.table_id == shape.id)
    text = sa.literal_column(shape.compiled("search text", lambda: _text(shape)), sa.Text())
    written = sa.select(row.c.id).where(row.c.id.in_(behind), text.like(pattern)).correlate(None)
    kept = sa.select(index.c.row_id).where(index.c.text.like(pattern), index.c.row_id.not_in(behind))
    return [kept, written]


def _text(shape: TableShape) -> str:
    """What a row holds, as SQL without its name; literal columns double the percent signs themselves."""
    return text_sql(shape).rpartition(" AS ")[0].replace("%%", "%")


def _index(shape: TableShape) -> sa.TableClause:
    columns = sa.column("row_id", sa.BigInteger()), sa.column("text", sa.Text())
    return sa.table(f"search_{shape.id}", *columns, schema=schema_name(shape.workspace_id))


def _is_ready(shape: TableShape) -> bool:
    row = SearchIndex
    query = sa.select(row.mark).where(row.table_id == shape.id, row.state == READY)
    return session().scalar(query) == mark(shape)
