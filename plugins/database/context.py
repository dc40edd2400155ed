"""Where a request about a table happens: the table, its application and the user's access, by one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import psycopg

from plugin_api import context
from plugin_api.applications import Applications
from plugin_api.db import connection, session
from plugin_api.errors import does_not_exist
from plugin_api.permissions import Access, require
from plugin_api.platform import service
from plugins.database.models import Field, Table


@dataclass(frozen=True)
class TableContext:
    """A table that exists, and what the acting user is there."""

    id: int
    name: str
    order: int
    version: int
    application_id: int
    workspace_id: int
    access: Access


def context_sql(table_id: int) -> tuple[str, dict[str, Any]]:
    """The query of a table's context and its parameters, for statements that answer more beside it."""
    return _sql(False), {"table_id": table_id, **acting()}


def checked_context(row: Any, operation: str) -> TableContext:
    """The context in a row of such a statement, None when there was none; refused like `table_context`."""
    if row is None:
        raise does_not_exist("table")
    return _checked(row, operation)


@cache
def _sql(by_field: bool) -> str:
    """The query as text: it runs in nearly every request, and is always the same."""
    return str(_query(by_field).compile(dialect=psycopg.dialect()))  # type: ignore[no-untyped-call]


def _query(by_field: bool) -> sa.Select[Any]:
    reachable = service(Applications).reachable().subquery()
    query = (
        sa.select(
            Table.id, Table.name, Table.order, Table.version, Table.application_id, Table.workspace_id, reachable.c.role
        )
        .select_from(Table)
        .join(reachable, reachable.c.id == Table.application_id)
        .where(Table.trashed_on.is_(None))
    )
    if by_field:
        chosen = sa.and_(Field.table_id == Table.id, Field.trashed_on.is_(None))
        return query.join(Field, chosen).where(Field.id == sa.bindparam("field_id"))
    return query.where(Table.id == sa.bindparam("table_id"))


def table_context(table_id: int, operation: str | None = None) -> TableContext:
    """The table, 404 when it is not there; with `operation`, refused unless the acting user may do it."""
    row = connection().exec_driver_sql(_sql(False), {"table_id": table_id, **acting()}).first()
    if row is None:
        raise does_not_exist("table")
    return _checked(row, operation)


def table_of_field(field_id: int, operation: str | None = None) -> TableContext:
    """The table of a field, 404 when the field is not there; checked like `table_context`."""
    row = connection().exec_driver_sql(_sql(True), {"field_id": field_id, **acting()}).first()
    if row is None:
        raise does_not_exist("field")
    return _checked(row, operation)


def shown_tables(table_ids: Sequence[int]) -> list[int]:
    """Those of the tables that anybody can reach, in the order given: one query."""
    chosen = sa.select(Table.id).where(Table.id.in_(table_ids), Table.trashed_on.is_(None))
    found = set(session().scalars(chosen.where(Table.application_id.in_(service(Applications).shown_ids()))))
    return [table_id for table_id in table_ids if table_id in found]


def find_table(table_id: int) -> Table | None:
    """A table, in the trash or not, whoever asks."""
    return session().get(Table, table_id, populate_existing=True)


def acting() -> dict[str, Any]:
    """The parameter of `Applications.reachable`: who asks."""
    return {"acting_user_id": context.actor().user_id}


def _checked(row: Any, operation: str | None) -> TableContext:
    scopes = (("database_table", row.id), ("application", row.application_id))
    access = Access(row.workspace_id, row.role, scopes)
    found = TableContext(row.id, row.name, row.order, row.version, row.application_id, row.workspace_id, access)
    if operation is not None:
        require(operation, access)
    return found
