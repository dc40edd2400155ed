"""Asking a search index: the rows that may have a text, those written since included."""

from __future__ import annotations

import sqlalchemy as sa

from plugin_api.db import session
from plugins.database.models import SearchIndex, SearchQueue
from plugins.database.search.texts import mark
from plugins.database.shape import TableShape, schema_name

READY = "ready"
_SHORTEST = 3
"""Characters a text must have to be found by trigrams."""


class _State:
    """Whether a table has an index that fits its fields."""

    def __init__(self, ready: bool) -> None:
        self.ready = ready


def candidates(shape: TableShape, wanted: str, pattern: sa.ColumnElement[str]) -> sa.ColumnElement[bool] | None:
    """A condition that all rows with the text fulfil, and few others; None where only looking at all rows helps."""
    if len(wanted) < _SHORTEST or not shape.compiled("search index", lambda: _State(_is_ready(shape))).ready:
        return None
    schema, queue = schema_name(shape.workspace_id), SearchQueue
    index = sa.table(f"search_{shape.id}", sa.column("row_id"), sa.column("text"), schema=schema)
    found = sa.select(index.c.row_id).where(index.c.text.like(pattern))
    written = sa.select(queue.row_id).where(queue.table_id == shape.id)
    return shape.row.c.id.in_(sa.union_all(found, written))


def _is_ready(shape: TableShape) -> bool:
    row = SearchIndex
    query = sa.select(row.mark).where(row.table_id == shape.id, row.state == READY)
    return session().scalar(query) == mark(shape)
