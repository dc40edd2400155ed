"""How many rows tables have, for deciding how their fields are changed."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.settings import setting
from plugins.database import models


def rows_of(table_ids: Collection[int]) -> dict[int, int]:
    """The rows of tables, by table: one query over kept numbers."""
    count = models.RowCount
    query = sa.select(count.table_id, sa.func.sum(count.change)).where(count.table_id.in_(table_ids))
    return {found: int(total) for found, total in session().execute(query.group_by(count.table_id))}


def is_large(rows: int) -> bool:
    """Whether what takes as long as so many rows must not happen while others wait to read them."""
    return rows > int(setting("large_table_rows"))
