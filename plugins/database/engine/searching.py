"""Searching rows: a text in any of the fields, without regard to case and accents, always up to date."""

from __future__ import annotations

import re
from collections.abc import Sequence

import sqlalchemy as sa

from plugin_api.fields import Field, ReferringMixin
from plugin_api.sql import folded
from plugins.database.search.candidates import candidates
from plugins.database.shape import TableShape

Condition = sa.ColumnElement[bool]

_ROW_ID = re.compile(r"[0-9]{1,18}")
MODES = ("compat", "full-text-with-compat", "full-text-with-count")
"""The first looks for parts of texts only; the others, which clients use for the same, by words too."""


def search(shape: TableShape, fields: Sequence[Field], text: str, by_words: bool = False) -> Condition | None:
    """The condition that a row has `text` in one of the fields, or as its id; None for an empty text.

    by_words: also in the names of the people and rows a field refers to. Large tables have an index that tells which
    rows may have the text; these are looked at all the same, so that the answer is what the rows hold now.
    """
    wanted = text.strip()
    if not wanted:
        return None
    escaped = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = sa.literal("%").concat(folded(sa.literal(escaped))).concat("%")
    texts = (shape.type_of(field).search(field, shape.row) for field in fields)
    conditions: list[sa.ColumnElement[bool]] = [folded(found).like(pattern) for found in texts if found is not None]
    held: Condition = sa.or_(sa.false(), *conditions)
    likely = candidates(shape, wanted, pattern)
    found = [held if likely is None else sa.and_(likely, held)]
    if by_words:
        found += _referred(shape, fields, pattern)
    if _ROW_ID.fullmatch(wanted):
        found.append(shape.row.c.id == int(wanted))
    return sa.or_(*found)


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
