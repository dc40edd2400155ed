"""Searching rows: a text in any of the fields, without regard to case and accents, always up to date."""

from __future__ import annotations

import re
from collections.abc import Sequence

import sqlalchemy as sa

from plugin_api.fields import Field
from plugin_api.sql import folded
from plugins.database.shape import TableShape

_ROW_ID = re.compile(r"[0-9]{1,18}")
MODES = ("compat", "full-text-with-compat")


def search(shape: TableShape, fields: Sequence[Field], text: str) -> sa.ColumnElement[bool] | None:
    """The condition that a row has `text` in one of the fields, or as its id; None for an empty text."""
    wanted = text.strip()
    if not wanted:
        return None
    escaped = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = sa.literal("%").concat(folded(sa.literal(escaped))).concat("%")
    texts = (shape.type_of(field).search(field, shape.row) for field in fields)
    conditions: list[sa.ColumnElement[bool]] = [folded(found).like(pattern) for found in texts if found is not None]
    if _ROW_ID.fullmatch(wanted):
        conditions.append(shape.row.c.id == int(wanted))
    return sa.or_(sa.false(), *conditions)
