"""Reading and changing who may write a field, with permission, recorded action and event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import actions, events
from plugin_api.actions import ActionType
from plugins.database.context import TableContext, table_of_field
from plugins.database.fields.store import bump_version
from plugins.field_permissions import rules
from plugins.field_permissions.permissions import READ, UPDATE
from plugins.field_permissions.rules import EDITOR, Rule

CHANGED = "update_field_permissions"


def read(field_id: int) -> dict[str, Any]:
    """The rule of a field."""
    table_of_field(field_id, READ)
    return _json(field_id, rules.find(field_id))


def update(field_id: int, role: str, allow_in_forms: bool) -> dict[str, Any]:
    """Change the rule; answers it, and whether the acting user may write the field now."""
    where = table_of_field(field_id, UPDATE)
    rule = Rule(role, allow_in_forms or role == EDITOR)
    bump_version(where.id)
    before = rules.find(field_id)
    _set(where, field_id, rule)
    shown = {"original_role": before.role, "original_allow_in_forms": before.allow_in_forms}
    params = {"field_id": field_id, "table_id": where.id, "role": rule.role, "allow_in_forms": rule.allow_in_forms}
    actions.record(CHANGED, scope=f"table{where.id}", workspace_id=where.workspace_id, params={**params, **shown})
    return {**_json(field_id, rule), "can_write_values": rule.opens_to(where.access)}


def _set(where: TableContext, field_id: int, rule: Rule) -> None:
    rules.keep(field_id, rule)
    payload = {"table_id": where.id, **_json(field_id, rule)}
    events.emit("field_permissions_updated", payload, where.workspace_id)


def _json(field_id: int, rule: Rule) -> dict[str, Any]:
    return {"role": rule.role, "allow_in_forms": rule.allow_in_forms, "field_id": field_id}


def _replay(params: Mapping[str, Any], before: str) -> None:
    where = table_of_field(params["field_id"], UPDATE)
    bump_version(where.id)
    _set(where, params["field_id"], Rule(params[f"{before}role"], params[f"{before}allow_in_forms"]))


ACTION_TYPES = [
    ActionType(
        CHANGED,
        "Field %(field_id)s can be written from the role %(role)s on",
        lambda params: _replay(params, "original_"),
        lambda params: _replay(params, ""),
    )
]
