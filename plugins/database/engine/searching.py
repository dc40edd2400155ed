"""Searching rows: a text in any of the fields, without regard to case and accents, always up to date."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from plugin_api.fields import Field
from plugin_api.sql import folded
from plugins.database.shape import TableShape

MODES = ("compat", "full-text-with-compat")


def search(shape: TableShape, fields: Sequence[Field], text: str) -> sa.ColumnElement[bool] | None:
    """The condition that a row has `text` in one of the fields; None when there is nothing to look for."""
    wanted = text.strip()
    if not wanted:
        return None
    escaped = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = sa.literal("%").concat(folded(sa.literal(escaped))).concat("%")
    texts = (shape.type_of(field).search(field, shape.row) for field in fields)
    return sa.or_(sa.false(), *(folded(found).like(pattern) for found in texts if found is not None))
