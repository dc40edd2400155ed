"""The operations, and the manager `write_field_values`, which tells clients which fields a user may not write."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from plugin_api.context import Actor
from plugin_api.db import connection
from plugin_api.permissions import NOBODY, Access, Operation
from plugins.database.models import Field, Table
from plugins.database.role_scopes import scopes_of_table
from plugins.field_permissions.models import FieldPermission
from plugins.field_permissions.rules import Rule

READ = "database.table.field.read_permissions"
UPDATE = "database.table.field.update_permissions"
WRITE = "database.table.field.write_values"
SUBMIT = "database.table.field.submit_anonymous_values"

OPERATIONS = [
    Operation(READ, "BUILDER"),
    Operation(UPDATE, "BUILDER"),
    Operation(WRITE, NOBODY),
    Operation(SUBMIT, NOBODY),
]


class FieldValues:
    """Knows the exceptions. Rows are checked by `plugins.database.guard`, a whole batch at once."""

    type = "write_field_values"
    order = 70

    def check(self, actor: Actor, operation: str, access: Access) -> bool | None:
        """Nothing is decided one by one."""
        return None

    def permissions_object(self, actor: Actor, access: Access) -> Any:
        """Everybody who may write rows may write all fields but these: one query, for members only."""
        if access.workspace_id is None:
            return None
        rules = _rules(access) if access.role is not None else []
        closed = sorted(field_id for field_id, rule, at_table in rules if not rule.opens_to(at_table))
        in_forms = sorted(field_id for field_id, rule, _ in rules if not rule.allow_in_forms)
        return {
            WRITE: {"default": True, "exceptions": closed},
            SUBMIT: {"default": True, "exceptions": in_forms},
        }


def _rules(access: Access) -> list[tuple[int, Rule, Access]]:
    """The fields of a workspace with their rules, each with the access to its table."""
    rule = FieldPermission
    query = (
        sa.select(rule.field_id, rule.role, rule.allow_in_forms, Table.id, Table.application_id)
        .join(Field, sa.and_(Field.id == rule.field_id, Field.trashed_on.is_(None)))
        .join(Table, sa.and_(Table.id == Field.table_id, Table.trashed_on.is_(None)))
        .where(Table.workspace_id == access.workspace_id)
    )
    return [
        (row.field_id, Rule(row.role, row.allow_in_forms), replace(access, scopes=scopes_of_table(row[3], row[4])))
        for row in connection().execute(query)
    ]
