"""What rows are called, and the table and database they are in: for those who tell people of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from plugin_api.applications import Applications
from plugin_api.db import connection
from plugin_api.platform import service
from plugins.database.context import acting
from plugins.database.models import Table
from plugins.database.shape import latest_shape


def named_rows(table_id: int, row_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Ids and names of rows, of their table and of its database, by row id: four queries, whatever the number.

    Keys: row_id, row_name, table_id, table_name, database_id, database_name. A row without a name is "row 7". Rows,
    and tables, that are not there (any more) are left out.
    """
    named = named_table(table_id)
    if named is None:
        return {}
    shape = latest_shape(table_id)
    row, primary = shape.row, shape.primary
    name = shape.type_of(primary).text(primary, row) if primary else sa.null()
    wanted = row.c.id == sa.any_(sa.cast(list(row_ids), sa.ARRAY(sa.BigInteger)))
    query = sa.select(row.c.id, sa.cast(name, sa.Text)).where(wanted, row.c.trashed_on.is_(None))
    return {
        row_id: {"row_id": row_id, "row_name": text or f"row {row_id}", **named.json}
        for row_id, text in connection().execute(query)
    }


@dataclass(frozen=True)
class NamedTable:
    """A table. `json` has table_id, table_name, database_id, database_name."""

    workspace_id: int
    json: Mapping[str, Any]


def named_table(table_id: int) -> NamedTable | None:
    """What a table and its database are called: one query. None when it is not there (any more)."""
    reachable = service(Applications).reachable().subquery()
    query = (
        sa.select(Table.name, Table.application_id, reachable.c.name.label("database_name"), reachable.c.workspace_id)
        .join(reachable, reachable.c.id == Table.application_id)
        .where(Table.id == table_id, Table.trashed_on.is_(None))
    )
    row = connection().execute(query, acting()).first()
    if row is None:
        return None
    database = {"database_id": row.application_id, "database_name": row.database_name}
    return NamedTable(row.workspace_id, {"table_id": table_id, "table_name": row.name, **database})
