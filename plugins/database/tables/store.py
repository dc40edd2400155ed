"""Stored tables: creating and serializing them, without permission checks or announcements."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection, session
from plugin_api.fields import Field as FieldShape
from plugin_api.permissions import Access
from plugin_api.tables import extensions
from plugins.database import models
from plugins.database.context import TableContext
from plugins.database.engine import ddl, places
from plugins.database.fields.store import NewField, insert_fields

_NAME_LENGTH = 255


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
    return _with_extensions([_json(table.id, table.name, table.order, table.application_id)])[0]


def _json(table_id: int, name: str, order: int, database_id: int) -> dict[str, Any]:
    return {"id": table_id, "name": name, "order": order, "database_id": database_id, "data_sync": None}


def _with_extensions(tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Tables with what plugins add to them."""
    ids = [table["id"] for table in tables]
    for extension in extensions() if ids else ():
        added = extension.shown(ids)
        for table in tables:
            table.update(added.get(table["id"], {}))
    return tables


def tables_of(application_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The tables of databases as the API shows them, in their order: one query, and those of extensions."""
    table = models.Table
    query = (
        sa.select(table.id, table.name, table.order, table.application_id)
        .where(table.application_id.in_(application_ids), table.trashed_on.is_(None))
        .order_by(table.order, table.id)
    )
    return _with_extensions([_json(*row) for row in connection().execute(query)])


def count_rows(table_id: int, change: int) -> None:
    """Note that a table's number of rows changed, wherever in their order."""
    if change:
        places.note(table_id, change)


def free_name(application_id: int, name: str) -> str:
    """The name with the first number from 2 on that no table of the database bears."""
    table = models.Table
    names = sa.select(table.name).where(table.application_id == application_id, table.trashed_on.is_(None))
    taken = set(session().scalars(names))
    numbered = (f"{name[: _NAME_LENGTH - len(f' {n}')]} {n}" for n in count(2))
    return next(found for found in numbered if found not in taken)


def table_ids(application_id: int) -> list[int]:
    """The ids of a database's tables out of the trash."""
    table = models.Table
    chosen = sa.select(table.id).where(table.application_id == application_id, table.trashed_on.is_(None))
    return list(session().scalars(chosen.order_by(table.id)))


def all_table_ids(application_id: int) -> list[int]:
    """The ids of a database's tables, with those in the trash."""
    return list(session().scalars(sa.select(models.Table.id).where(models.Table.application_id == application_id)))
