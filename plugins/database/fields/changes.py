"""Changing a field: its name, options, select options, rules and type, and with them the stored values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import marshmallow as ma

from plugin_api.computed import ComputedMixin
from plugin_api.db import connection, session
from plugin_api.errors import ApiError, body_invalid
from plugin_api.fields import Column, ConvertsMixin, EffectsMixin, Field, FieldType, SelectOptionsMixin
from plugin_api.tables import extensions
from plugins.database import models
from plugins.database.context import TableContext, table_of_field
from plugins.database.engine.ddl import drop_column
from plugins.database.fields import backups, service, store
from plugins.database.fields.beside import NewColumn
from plugins.database.fields.constraints import check_constraints, set_constraints, set_index
from plugins.database.fields.convert import convert
from plugins.database.fields.locks import PATIENT, change_shape
from plugins.database.fields.options import remove_options, set_options
from plugins.database.fields.preparing import Change, prepared
from plugins.database.fields.schemas import load_parts, parts_of
from plugins.database.fields.settle import rename_references, settle
from plugins.database.shape import field_type


def update_field(field_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change a field; `body` is a checked body with the whole one as `raw`."""
    where = table_of_field(field_id, "database.table.field.update")
    service.lock_shape(where)
    row, select_options = service.existing(field_id)
    before = state_of(row, store.shape(row, select_options))
    change = _planned(row, store.shape(row, select_options), body)
    old_name = row.name
    _rename(row, body)
    others = others_of(where, row)
    with prepared(where, row, change, others) as found:
        if not found.backed_up:
            found.backup = backups.keep(where, change.previous, change.field, others)
        apply(where, row, change, found.column)
        return finish(where, row, change, old_name, {"before": before, "backup": found.backup})


def finish(
    where: TableContext, row: models.Field, change: Change, old_name: str, params: Mapping[str, Any]
) -> dict[str, Any]:
    """What follows from an applied change; answers the field. `params` are the action's, but for `after`."""
    _bring_along(change)
    remove_options(change.previous.select_options, change.field.select_options)
    followers = rename_references(where, old_name, row.name) if row.name != old_name else []
    followers += settle(where, [row.id], _columns(change))
    for extension in extensions():
        extension.fields_changed({row.id, *followers})
    row, select_options = service.existing(row.id)
    params = {**params, "after": state_of(row, store.shape(row, select_options))}
    related = service.shown_of(where, {found for found in followers if found != row.id})
    return service.announce(where, "update_field", "field_updated", row, select_options, params, related)


def others_of(where: TableContext, row: models.Field) -> list[Field]:
    """The other fields of a field's table."""
    return [store.shape(found, options) for found, options in store.table_fields(where.id) if found.id != row.id]


def _columns(change: Change) -> dict[int, Column | None]:
    """The column a changed field has if it is computed: the one before, or none if it was of another type."""
    was_computed = isinstance(field_type(change.previous.type), ComputedMixin)
    return {change.field.id: field_type(change.previous.type).column(change.previous) if was_computed else None}


def _bring_along(change: Change) -> None:
    """What the types before and now bring along, such as the field on the other side of a link."""
    kinds = dict.fromkeys((field_type(change.previous.type), field_type(change.field.type)))
    for kind in kinds:
        if isinstance(kind, EffectsMixin):
            kind.changed(change.previous, change.field, change.given)


def state_of(row: models.Field, field: Field) -> dict[str, Any]:
    """All that an update may change, as JSON: what undo and redo bring back."""
    options = [{"id": option.id, "value": option.value, "color": option.color} for option in field.select_options]
    state = {name: getattr(row, name) for name in ("name", "type", "description", "db_index", "field_constraints")}
    return {**state, "options": dict(field.options), "select_options": options}


def _planned(row: models.Field, previous: Field, body: Mapping[str, Any]) -> Change:
    kind, same = field_type(body.get("type", row.type)), body.get("type", row.type) == row.type
    try:
        given = load_parts(body["raw"], *parts_of(kind), partial=same)
    except ma.ValidationError as error:
        raise body_invalid(error.messages) from None
    _require_mutable(row, same, given)
    if not same:
        _require_convertible(previous, kind, body["type"])
    options = {**(previous.options if same else {}), **given}
    select_options = options.pop("select_options", None)
    options = kind.check_options(options, previous if same else None)
    if not same and isinstance(kind, ConvertsMixin):
        options = kind.first_options(options)
    field = replace(previous, type=body.get("type", row.type), options=options)
    if isinstance(kind, SelectOptionsMixin):
        field = _with_options(kind, field, previous, select_options, given)
    rules = {name: body[name] for name in ("field_constraints", "db_index") if name in body}
    return Change(previous, field, given, rules)


def _with_options(
    kind: SelectOptionsMixin, field: Field, previous: Field, wanted: Any, given: Mapping[str, Any]
) -> Field:
    if wanted is None:
        kept, ids = previous.select_options, {option.id: option.id for option in previous.select_options}
    else:
        kept, ids = set_options(field.id, previous.select_options, wanted)
    options = kind.link_options(dict(field.options), ids, given.keys())
    return replace(field, select_options=kept, options=options)


def _require_mutable(row: models.Field, same_type: bool, given: Mapping[str, Any]) -> None:
    if row.immutable_type and not same_type:
        raise ApiError("ERROR_IMMUTABLE_FIELD_TYPE", 400, "The type of this field cannot be changed.")
    if row.immutable_properties and given:
        raise ApiError("ERROR_IMMUTABLE_FIELD_PROPERTIES", 400, "The options of this field cannot be changed.")


def _require_convertible(previous: Field, kind: FieldType, wanted: str) -> None:
    service.require_usable(wanted)
    if previous.primary and not kind.can_be_primary:
        raise ApiError("ERROR_INCOMPATIBLE_PRIMARY_FIELD_TYPE", 400, f"A {wanted} field cannot be primary.")
    if isinstance(kind, ComputedMixin):
        return
    if isinstance(kind, ConvertsMixin) and not kind.converts_from(field_type(previous.type)):
        message = f"A field of the type {previous.type} cannot be changed to {wanted}."
        raise ApiError("ERROR_CANNOT_CHANGE_FIELD_TYPE", 400, message)


def _rename(row: models.Field, body: Mapping[str, Any]) -> None:
    name = body.get("name", row.name)
    if name != row.name:
        service.check_name(name, set(service.taken_names(row.table_id, row.id)))
        row.name = name
    if "description" in body:
        row.description = body["description"]


def apply(
    where: TableContext,
    row: models.Field,
    change: Change,
    new: NewColumn | None = None,
    kept: backups.Kept | None = None,
) -> None:
    """Store the change and bring the column, its values and its indexes in line.

    new: a column that is ready to take the place of the field's. kept: values to write back where there is none.
    """
    had_constraints, had_index = row.field_constraints, row.db_index
    row.type, row.primary = change.field.type, change.previous.primary
    row.options = service.stored_options(field_type(change.field.type), change.field.options)
    row.field_constraints = check_constraints(change.field, change.rules.get("field_constraints", had_constraints))
    row.db_index = bool(change.rules.get("db_index", had_index))
    session().flush()
    if new is not None:
        _put_in_place(where, change, new)
        return
    retyped = change.field.type != change.previous.type

    def alter() -> None:
        _alter_values(where, row, change)
        backups.bring_back(where, kept)
        if row.field_constraints != had_constraints or (retyped and row.field_constraints):
            set_constraints(where.workspace_id, change.field, row.field_constraints)
        if row.db_index != had_index or (retyped and row.db_index):
            set_index(where.workspace_id, change.field, row.db_index)

    change_shape(alter)


def _put_in_place(where: TableContext, change: Change, new: NewColumn) -> None:
    if new.alone:
        new.fill_alone()
    drop = lambda: drop_column(connection(), where.workspace_id, change.previous)  # noqa: E731
    change_shape(lambda: new.take_over(drop), PATIENT)


def _alter_values(where: TableContext, row: models.Field, change: Change) -> None:
    """Make the stored values those of the changed field; computed ones are computed when it is settled."""
    if isinstance(field_type(change.field.type), ComputedMixin):
        if not isinstance(field_type(change.previous.type), ComputedMixin):
            drop_column(connection(), where.workspace_id, change.previous)
    elif change.field.type != change.previous.type or change.given:
        convert(where.workspace_id, change.previous, change.field, others_of(where, row))
