"""Indexes of fields that rows of large tables are ordered by: which fields can have one, and what it is on.

An index serves the order by its field, in both directions, and narrows orders that begin with it. Of texts it has the
first characters; PostgreSQL sorts the rest where these are the same.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection
from plugin_api.fields import Field
from plugins.database.engine import field_indexes
from plugins.database.shape import DIALECT, TableShape

ROWS = 50_000
"""Tables with at least so many rows get indexes; smaller ones are sorted quickly without."""
_CHARACTERS = 100
_TEXT = '"left"'


class _Texts:
    """The fields of a table that are sorted as texts and have such an index."""

    def __init__(self, shape: TableShape) -> None:
        there = [shape.by_id[field_id] for field_id in existing(shape) if field_id in shape.by_id]
        self.field_ids = {field.id for field in there if (key_sql(shape, field) or "").startswith(_TEXT)}


def indexed_part(shape: TableShape, field: Field) -> list[sa.ColumnElement[Any]]:
    """What an order by the field begins with to use its index: the first characters of texts, else nothing."""
    if field.id not in shape.compiled("sort indexes", lambda: _Texts(shape)).field_ids:
        return []
    first = shape.type_of(field).sort(field, shape.row)[0]
    return [sa.func.left(first, sa.literal_column(str(_CHARACTERS)))]


def _first(shape: TableShape, field: Field) -> sa.ColumnElement[Any] | None:
    kind = shape.type_of(field)
    return kind.sort(field, shape.row)[0] if kind.can_sort and not kind.empty_first else None


def key_sql(shape: TableShape, field: Field) -> str | None:
    """What the index of a field is on, as SQL; None for fields whose order is not made of their column alone."""
    first = _first(shape, field)
    if isinstance(first, sa.Column):
        return f'"{field.column}" NULLS FIRST, "order", id'
    own = getattr(shape.row.c, field.column, None)
    if own is None or first is None or str(first.compile(dialect=DIALECT)) != f"core.sort_text(t.{field.column})":
        return None
    return f'{_TEXT}(core.sort_text("{field.column}"), {_CHARACTERS}) NULLS FIRST'


def existing(shape: TableShape) -> set[int]:
    """The fields of a table with a finished index for sorting."""
    return field_indexes.existing(shape, field_indexes.SORTED)


def texts_compare_by_character() -> bool:
    """Whether the database compares texts character by character, so that their beginnings are in the same order."""
    query = "SELECT datcollate FROM pg_database WHERE datname = current_database()"
    return connection().exec_driver_sql(query).scalar_one() in ("C", "POSIX", "C.UTF-8", "C.utf8")
