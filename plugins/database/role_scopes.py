"""Tables and fields as places where roles count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.applications import Applications
from plugin_api.db import connection
from plugin_api.platform import service
from plugin_api.roles import APPLICATION, TABLE, RoleScope, Scopes
from plugins.database.models import Field, Table


class TableScope(RoleScope):
    """Tables, at which roles can be given."""

    type = TABLE
    read_operation = "database.table.read_role"
    update_operation = "database.table.update_role"
    prefixes = ("database.table",)

    def find(self, workspace_id: int, ids: Sequence[int]) -> Mapping[int, Scopes]:
        """Tables that people can reach."""
        return self._found(sa.and_(Table.workspace_id == workspace_id, Table.id.in_(ids)))

    def inside(self, application_ids: Sequence[int]) -> Mapping[int, Scopes]:
        """The tables of databases."""
        return self._found(Table.application_id.in_(application_ids))

    def _found(self, chosen: sa.ColumnElement[bool]) -> Mapping[int, Scopes]:
        query = sa.select(Table.id, Table.application_id).where(chosen, shown_tables())
        return {row.id: scopes_of_table(row.id, row.application_id) for row in connection().execute(query)}


class FieldScope(RoleScope):
    """Fields: what is done to one depends on the roles at its table."""

    type = "database_field"
    prefixes = ("database.table.field",)

    def inside(self, application_ids: Sequence[int]) -> Mapping[int, Scopes]:
        """The fields of databases."""
        query = sa.select(Field.id, Field.table_id, Table.application_id).join(Table, Table.id == Field.table_id)
        there = sa.and_(Table.application_id.in_(application_ids), shown_tables(), Field.trashed_on.is_(None))
        return {row.id: within_table(self.type, *row) for row in connection().execute(query.where(there))}


ROLE_SCOPES: list[RoleScope] = [TableScope(), FieldScope()]


def shown_tables() -> sa.ColumnElement[bool]:
    """Whether a table is one that people can reach, for queries of tables."""
    there: Any = Table.application_id.in_(service(Applications).shown_ids())
    return sa.and_(Table.trashed_on.is_(None), there)


def scopes_of_table(table_id: int, application_id: int) -> Scopes:
    """The scopes of a table."""
    return ((TABLE, table_id), (APPLICATION, application_id))


def within_table(kind: str, number: int, table_id: int, application_id: int) -> Scopes:
    """The scopes of something in a table."""
    return ((kind, number), *scopes_of_table(table_id, application_id))
