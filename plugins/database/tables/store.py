"""Stored tables: creating and serializing them, without permission checks or announcements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection, session
from plugin_api.fields import Field as FieldShape
from plugin_api.permissions import Access
from plugins.database import models
from plugins.database.context import TableContext
from plugins.database.engine import ddl
from plugins.database.fields.store import NewField, insert_fields


def insert_table(
    application_id: int, workspace_id: int, name: str, fields: Sequence[NewField], access: Access | None = None
) -> tuple[TableContext, list[FieldShape]]:
    """Store a table at the end of its database, with its fields, and create the table of its rows."""
    last = sa.select(sa.func.coalesce(sa.func.max(models.Table.order), 0)).where(
        models.Table.application_id == application_id, models.Table.trashed_on.is_(None)
    )
    order = session().scalar(last) + 1  # type: ignore[operator]
    row = models.Table(application_id=application_id, workspace_id=workspace_id, name=name, order=order)
    session().add(row)
    session().flush()
    made = insert_fields(row.id, fields)
    ddl.create_table(connection(), workspace_id, row.id, made)
    scopes = (("database_table", row.id), ("application", application_id))
    access = Access(workspace_id, access.role if access else None, scopes)
    return TableContext(row.id, name, order, 1, application_id, workspace_id, access), made


def table_json(table: TableContext) -> dict[str, Any]:
    """A table as the API shows it."""
    return {
        "id": table.id,
        "name": table.name,
        "order": table.order,
        "database_id": table.application_id,
        "data_sync": None,
    }
