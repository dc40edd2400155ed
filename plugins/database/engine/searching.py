"""Searching rows: a text in any of the fields, without regard to case and accents, always up to date."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.fields import Field, ReferringMixin
from plugin_api.sql import folded
from plugins.database.search.candidates import candidates, is_indexed, with_text
from plugins.database.search.texts import BETWEEN
from plugins.database.shape import TableShape

Condition = sa.ColumnElement[bool]

_ROW_ID = re.compile(r"[0-9]{1,18}")
MODES = ("compat", "full-text-with-compat", "full-text-with-count")
"""The first looks for parts of texts only; the others, which clients use for the same, by words too."""
_TEXT, _ID = "searched_text", "searched_id"


def search(shape: TableShape, fields: Sequence[Field], text: str, by_words: bool = False) -> Condition | None:
    """The condition that a row has `text` in one of the fields, or as its id; None for an empty text.

    by_words: also in the names of the people and rows a field refers to. Large tables have an index; rows written
    since are looked at themselves, so that the answer is what the rows hold now.
    """
    wanted = text.strip()
    if not wanted:
        return None
    given = searched(wanted)
    pattern = _pattern(given[_TEXT])
    row_id = None if given[_ID] is None else sa.bindparam(_ID, given[_ID], sa.BigInteger())
    others = _referred(shape, fields, pattern) if by_words else []
    if not is_indexed(shape, wanted):
        by_id = [] if row_id is None else [shape.row.c.id == row_id]
        return sa.or_(_held(shape, fields, pattern), *others, *by_id)
    queries = [*_indexed(shape, fields, wanted, pattern), *(_ids(shape, found) for found in others)]
    if row_id is not None:
        queries.append(sa.select(row_id))
    # Looked up once, be it that the page and the number of all rows need it.
    found = sa.union_all(*queries).cte("searched").prefix_with("MATERIALIZED")
    return shape.row.c.id.in_(sa.select(next(iter(found.c))))


def searched(text: str) -> dict[str, Any]:
    """The parameters of the condition for a text: a condition compiled for another one of its `sort` does with them."""
    wanted = text.strip()
    escaped = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {_TEXT: escaped, _ID: int(wanted) if _ROW_ID.fullmatch(wanted) else None}


def sort(shape: TableShape, text: str) -> Hashable:
    """What the condition of a search depends on beside its parameters."""
    wanted = text.strip()
    return bool(wanted), is_indexed(shape, wanted), BETWEEN in wanted, _ROW_ID.fullmatch(wanted) is not None


def _pattern(escaped: str) -> sa.ColumnElement[str]:
    """What texts are compared with. It is a query, so that PostgreSQL has one plan for all of them."""
    folded_text = folded(sa.bindparam(_TEXT, escaped, sa.Text()))
    return sa.select(sa.literal("%").concat(folded_text).concat("%")).scalar_subquery()


def _held(shape: TableShape, fields: Sequence[Field], pattern: sa.ColumnElement[str]) -> Condition:
    """That a field has the text."""
    texts = (shape.type_of(field).search(field, shape.row) for field in fields)
    return sa.or_(sa.false(), *(folded(found).like(pattern) for found in texts if found is not None))


def _indexed(
    shape: TableShape, fields: Sequence[Field], wanted: str, pattern: sa.ColumnElement[str]
) -> list[sa.Select[Any]]:
    """Queries of the ids of the rows with the text, by the index: it has the texts of all fields together."""
    if BETWEEN not in wanted and {field.id for field in fields} == shape.by_id.keys():
        return with_text(shape, pattern)
    return [_ids(shape, sa.and_(candidates(shape, pattern), _held(shape, fields, pattern)))]


def _ids(shape: TableShape, condition: Condition) -> sa.Select[Any]:
    return sa.select(shape.row.c.id).where(condition).correlate(None)


def _referred(shape: TableShape, fields: Sequence[Field], pattern: sa.ColumnElement[str]) -> list[Condition]:
    """That a field refers to something with the text in its name."""
    conditions = []
    for field in fields:
        kind = shape.type_of(field)
        if isinstance(kind, ReferringMixin):
            known = kind.referred(field).subquery(f"known{field.id}")
            keys = sa.select(known.c.key).where(folded(known.c.text).like(pattern))
            conditions.append(kind.refers(field, shape.row, keys))
    return conditions
