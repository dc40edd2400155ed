"""What a row is called, and the table and database it is in: for those who tell people of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from plugin_api.applications import Applications
from plugin_api.db import connection
from plugin_api.platform import service
from plugins.database.context import acting
from plugins.database.models import Table
from plugins.database.shape import latest_shape


def named_row(table_id: int, row_id: int) -> dict[str, Any] | None:
    """The row's, the table's and the database's ids and names; None when one of them is not there. Up to four queries.

    Keys: row_id, row_name, table_id, table_name, database_id, database_name. The row is "row 7" without a name.
    """
    place = _place(table_id)
    shape = latest_shape(table_id) if place is not None else None
    if place is None or shape is None:
        return None
    row, primary = shape.row, shape.primary
    name = shape.type_of(primary).text(primary, row) if primary else sa.null()
    query = sa.select(sa.cast(name, sa.Text)).where(row.c.id == row_id, row.c.trashed_on.is_(None))
    found = connection().execute(query).first()
    if found is None:
        return None
    return {"row_id": row_id, "row_name": found[0] or f"row {row_id}", **place}


def _place(table_id: int) -> dict[str, Any] | None:
    reachable = service(Applications).reachable().subquery()
    query = (
        sa.select(Table.name, Table.application_id, reachable.c.name.label("database_name"))
        .join(reachable, reachable.c.id == Table.application_id)
        .where(Table.id == table_id, Table.trashed_on.is_(None))
    )
    row = connection().execute(query, acting()).first()
    if row is None:
        return None
    return {
        "table_id": table_id,
        "table_name": row.name,
        "database_id": row.application_id,
        "database_name": row.database_name,
    }
