"""The settings views have by their type: checking what clients send, and what holds of those that name fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api.errors import ApiError, body_invalid, problem
from plugin_api.fields import Field, kind_of
from plugin_api.kinds import Kind
from plugin_api.views import ViewType
from plugins.database.context import TableContext
from plugins.database.fields.store import fields_by_id
from plugins.database.shape import field_type


def checked_settings(
    kind: ViewType, given: Mapping[str, Any], kept: Mapping[str, Any], where: TableContext
) -> dict[str, Any]:
    """The settings to store: those `given` over those `kept`; a query when any name fields."""
    options = {**kept, **given}
    named = named_fields(kind, options)
    fields = fields_by_id(named.values()) if named else {}
    for name in named:
        if name in given:
            _check(kind, name, fields.get(named[name]), where)
    living = {options[name] for name in named if fits(kind, name, fields.get(named[name]))}
    return kind.check_options(options, {found: fields[found] for found in living})


def named_fields(kind: ViewType, options: Mapping[str, Any]) -> dict[str, int]:
    """The ids of the fields that settings name, by setting."""
    return {name: options[name] for name in kind.field_settings if options.get(name) is not None}


def _check(kind: ViewType, name: str, field: Field | None, where: TableContext) -> None:
    if field is None:
        raise body_invalid({name: [problem("does_not_exist", "There is no such field.")]})
    kind.check_field_setting(name, field)
    if field.table_id != where.id:
        raise kind.foreign_field(name, field)


def fits(kind: ViewType, name: str, field: Field | None) -> bool:
    """Whether a setting can name the field as it is now; None stands for one that is in the trash."""
    if field is None:
        return False
    try:
        kind.check_field_setting(name, field)
    except ApiError:
        return False
    return True


def living_settings(kind: ViewType, options: Mapping[str, Any], fields: Mapping[int, Field]) -> dict[str, Any]:
    """All settings of a view; empty those that name a field which is not among `fields` or does not fit."""
    unfit = [name for name, found in named_fields(kind, options).items() if not fits(kind, name, fields.get(found))]
    defaults: dict[str, Any] = kind.options_schema().load({})
    return {**defaults, **options, **dict.fromkeys(unfit)}


def require_date(name: str, field: Field) -> None:
    """400 unless the field's values are days or moments."""
    if value_kind(field) not in (Kind.DATE, Kind.DATETIME):
        message = f"{name} must be a field whose values are dates, not one of the type {field.type}."
        raise ApiError("ERROR_INCOMPATIBLE_FIELD", 400, message)


def value_kind(field: Field) -> Kind:
    """What the values of a field are."""
    return kind_of(field_type(field.type), field)
