"""Rules in archives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.schemas import as_int
from plugin_api.tables import RestoredTable
from plugins.database.models import Field
from plugins.field_permissions.models import FieldPermission
from plugins.field_permissions.rules import CHOICES, Rule, keep

_KEY = "field_permissions"


def rules_content(table_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The rules of fields by table: one query. Tables without any have no key."""
    rule = FieldPermission
    query = sa.select(Field.table_id, rule.field_id, rule.role, rule.allow_in_forms)
    query = query.join(Field, Field.id == rule.field_id).where(
        Field.table_id.in_(table_ids), Field.trashed_on.is_(None)
    )
    found: dict[int, dict[str, Any]] = {}
    for row in session().execute(query.order_by(rule.field_id)):
        of_table = found.setdefault(row.table_id, {_KEY: []})
        of_table[_KEY].append({"field_id": row.field_id, "role": row.role, "allow_in_forms": row.allow_in_forms})
    return found


def restore_rules(tables: Sequence[RestoredTable]) -> None:
    """Keep the rules of an archive. A role nobody knows closes the field: it stood for some."""
    for table in tables:
        given = table.content.get(_KEY)
        for one in given if isinstance(given, list) else ():
            field_id = table.copy.fields.get(as_int(one.get("field_id")) or 0) if isinstance(one, Mapping) else None
            if field_id is not None:
                role = one["role"] if one.get("role") in CHOICES else "ADMIN"
                keep(field_id, Rule(role, one.get("allow_in_forms") is True))
