"""Undoing and redoing the change of a field: its former settings, its former values, and what its type brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from plugin_api.db import session
from plugin_api.errors import ApiError
from plugin_api.fields import Field, SelectOption
from plugins.database import models
from plugins.database.context import table_of_field
from plugins.database.fields import backups, service, store
from plugins.database.fields.changes import apply, finish, others_of, state_of
from plugins.database.fields.preparing import Change, prepared

_RULES = ("field_constraints", "db_index")
_CONTENT = ("type", "options", "select_options")


def undo_update(params: Mapping[str, Any]) -> dict[str, Any]:
    """Bring the field back to `before`, with the values it had; what was written since is converted."""
    left = _replay(params, params["after"], params["before"], params["backup"])
    return {**params, "backup": None, "left": left["backup"]}


def redo_update(params: Mapping[str, Any]) -> dict[str, Any]:
    """Make the change again, of the values there are now."""
    again = _replay(params, params["before"], params["after"], None)
    backups.forget(params.get("left"))
    return {**params, **again, "left": None}


def _replay(
    params: Mapping[str, Any], made: Mapping[str, Any], wanted: Mapping[str, Any], backup_id: int | None
) -> dict[str, Any]:
    """Change what differs between the states `made` and `wanted`; answers the new `before` and its backup."""
    where = table_of_field(params["field_id"], "database.table.field.update")
    service.lock_shape(where)
    row, select_options = service.existing(params["field_id"])
    current = store.shape(row, select_options)
    _require_type(row, made["type"])
    before, others, old_name = state_of(row, current), others_of(where, row), row.name
    _rename(row, made, wanted)
    field = _as_wanted(current, made, wanted)
    rules = {name: wanted[name] for name in _RULES if made[name] != wanted[name]}
    change = Change(current, field, _differing(current, field), rules)
    keeping, kept = wanted is params["after"], None
    with prepared(where, row, change, others, backup_id, keeping) as found:
        if found.column is None:
            kept = backups.choose(backup_id, field, current, others)
        if not found.backed_up:
            found.backup = backups.keep(where, current, field, others, with_values=keeping)
        apply(where, row, change, found.column, kept)
        backups.forget(backup_id)
        finish(where, row, change, old_name, {})
        return {"before": before, "backup": found.backup}


def _require_type(row: models.Field, type_name: str) -> None:
    if row.type != type_name:
        message = f"The field is a {row.type} field by now, no longer a {type_name} field."
        raise ApiError("ERROR_CANNOT_CHANGE_FIELD_TYPE", 400, message)


def _rename(row: models.Field, made: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    if made["name"] != wanted["name"]:
        service.check_name(wanted["name"], set(service.taken_names(row.table_id, row.id)))
        row.name = wanted["name"]
    if made["description"] != wanted["description"]:
        row.description = wanted["description"]


def _as_wanted(current: Field, made: Mapping[str, Any], wanted: Mapping[str, Any]) -> Field:
    """The field with the wanted type and options; as it is when those were not what was changed."""
    if all(made[name] == wanted[name] for name in _CONTENT):
        return current
    options = _put_options_back(current.id, wanted["select_options"])
    return replace(current, type=wanted["type"], options=wanted["options"], select_options=options)


def _put_options_back(field_id: int, options: list[dict[str, Any]]) -> tuple[SelectOption, ...]:
    """Select options with the ids they had, since values refer to these."""
    for order, option in enumerate(options):
        session().merge(models.SelectOption(field_id=field_id, order=order, **option))
    session().flush()
    return tuple(SelectOption(**option) for option in options)


def _differing(current: Field, field: Field) -> dict[str, Any]:
    """The settings that change."""
    names = current.options.keys() | field.options.keys()
    found = {name: field.options.get(name) for name in names if current.options.get(name) != field.options.get(name)}
    return found if current.select_options == field.select_options else {**found, "select_options": None}
