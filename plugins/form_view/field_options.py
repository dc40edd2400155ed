"""What a form keeps for each field: what may be set, and how conditions get their ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from plugin_api.errors import ApiError, body_invalid, problem
from plugin_api.fields import Field
from plugin_api.schemas import Bool, Choice, Int, List, Nested, Schema, Str
from plugin_api.views import FieldOptions
from plugins.database.shape import field_type
from plugins.form_view.conditions import CONDITIONS, GROUPS, copied_condition, known_filter

JOINS = ("AND", "OR")
_MOST_CONDITIONS, _MOST_GROUPS = 200, 50

Part = dict[str, Any]


class Whole(Nested):
    """An object that is given with all it needs, also where other settings may be left out."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, partial: Any = None, **kwargs: Any
    ) -> Any:
        return super()._deserialize(value, attr, data, partial=False, **kwargs)


class Condition(Schema):
    """A condition under which a field is shown. An `id` that is none of the field's stands for a new condition."""

    id = Int(required=True)
    field = Int(required=True)
    type = Str(required=True, max_length=48)
    value = Str(allow_blank=True, trim=False, load_default="")
    group = Int(allow_none=True, load_default=None)


class ConditionGroup(Schema):
    """Conditions joined by AND or OR. A new one may be called by any id that is none of the field's groups."""

    id = Int(required=True)
    filter_type = Choice(JOINS, load_default="AND")
    parent_group = Int(allow_none=True, load_default=None)


class FormFieldOptions(FieldOptions):
    """How a form asks for a field."""

    name = Str(
        max_length=255, allow_blank=True, load_default="", metadata={"description": "Asked instead of its name."}
    )
    description = Str(allow_blank=True, load_default="")
    enabled = Bool(load_default=False, metadata={"description": "Whether the form asks for it."})
    required = Bool(load_default=True)
    show_when_matching_conditions = Bool(
        load_default=False, metadata={"description": "Ask only while the conditions fit what was filled in."}
    )
    condition_type = Choice(JOINS, load_default="AND")
    conditions = List(Whole(Condition), max_length=_MOST_CONDITIONS, load_default=list)
    condition_groups = List(Whole(ConditionGroup), max_length=_MOST_GROUPS, load_default=list)
    field_component = Str(max_length=32, load_default="default")
    include_all_select_options = Bool(load_default=True)
    allowed_select_options = List(Int(), load_default=list)


def check(changes: Mapping[int, Mapping[str, Any]], fields: Mapping[int, Field]) -> None:
    """Refuse fields no form can ask for, options of other fields, and conditions that fit no field."""
    for field_id, change in changes.items():
        field = fields[field_id]
        if change.get("enabled") and not can_ask(field):
            message = f"A form cannot ask for the field {field.name[:100]!r}: nobody can fill it in."
            raise ApiError("ERROR_FORM_VIEW_FIELD_TYPE_IS_NOT_SUPPORTED", 400, message)
        _check_options(change.get("allowed_select_options", ()), field)
        for condition in change.get(CONDITIONS, ()):
            _check_condition(condition, fields)


def can_ask(field: Field) -> bool:
    """Whether visitors can fill in a field."""
    kind = field_type(field.type)
    return kind.can_be_in_form and not kind.read_only and not field.read_only


def _check_options(given: Iterable[int], field: Field) -> None:
    strangers = set(given) - {option.id for option in field.select_options}
    if strangers:
        message = f"The select option {min(strangers)} does not belong to the field {field.id}."
        raise ApiError("ERROR_SELECT_OPTION_DOES_NOT_BELONG_TO_FIELD", 400, message)


def _check_condition(condition: Part, fields: Mapping[int, Field]) -> None:
    field = fields.get(condition["field"])
    if field is None:
        message = f"The field {condition['field']} is not in the table of the form."
        raise ApiError("ERROR_FIELD_NOT_IN_TABLE", 400, message)
    if not known_filter(condition["type"], field):
        message = f"The filter {condition['type']!r} cannot be used on the field {field.name[:100]!r}."
        raise ApiError("ERROR_VIEW_FILTER_TYPE_UNSUPPORTED_FIELD", 400, message)


def settle(
    changes: Mapping[int, Mapping[str, Any]], before: Mapping[int, Mapping[str, Any]]
) -> dict[int, dict[str, Any]]:
    """The changes with ids for what is new among conditions and groups; ids are never used twice in a form."""
    taken = (part["id"] for options in before.values() for key in (CONDITIONS, GROUPS) for part in options[key])
    ids = count(max(taken, default=0) + 1)
    return {field_id: _settled(dict(change), before[field_id], ids) for field_id, change in changes.items()}


def _settled(change: dict[str, Any], before: Mapping[str, Any], ids: Iterable[int]) -> dict[str, Any]:
    numbers = iter(ids)
    called = {group["id"]: group["id"] for group in before[GROUPS]}
    if GROUPS in change:
        called = _numbered(change[GROUPS], before[GROUPS], numbers)
        change[GROUPS] = _nested(change[GROUPS], called)
        if CONDITIONS not in change:
            change[CONDITIONS] = [one for one in before[CONDITIONS] if one["group"] in (None, *called.values())]
            return change
    if CONDITIONS in change:
        own = _numbered_each(change[CONDITIONS], before[CONDITIONS], numbers)
        change[CONDITIONS] = [
            {**one, "id": number, "group": _group(one["group"], called)}
            for one, number in zip(change[CONDITIONS], own, strict=True)
        ]
    return change


def _numbered_each(given: Sequence[Part], before: Sequence[Part], numbers: Iterable[int]) -> list[int]:
    """The id of each: its own the first time it names one that is there, else the next free one."""
    free, fresh = {part["id"] for part in before}, iter(numbers)
    found = []
    for part in given:
        found.append(part["id"] if part["id"] in free else next(fresh))
        free.discard(part["id"])
    return found


def _numbered(given: Sequence[Part], before: Sequence[Part], numbers: Iterable[int]) -> dict[int, int]:
    """What the client calls groups and their ids."""
    names = [group["id"] for group in given]
    if len(set(names)) != len(names):
        raise _invalid("Two condition groups have the same id.")
    return dict(zip(names, _numbered_each(given, before, numbers), strict=True))


def _nested(groups: Sequence[Part], called: Mapping[int, int]) -> list[Part]:
    parents = {group["id"]: group["parent_group"] for group in groups}
    for start in parents:
        _require_end(start, parents)
    return [
        {**group, "id": called[group["id"]], "parent_group": _group(group["parent_group"], called)} for group in groups
    ]


def _require_end(start: int, parents: Mapping[int, int | None]) -> None:
    seen, here = {start}, parents[start]
    while here is not None and here in parents:
        if here in seen:
            raise _invalid("A condition group cannot be inside of itself.")
        seen.add(here)
        here = parents[here]


def _group(name: int | None, called: Mapping[int, int]) -> int | None:
    if name is None:
        return None
    if name not in called:
        code = "ERROR_FORM_VIEW_FIELD_OPTIONS_CONDITION_GROUP_DOES_NOT_EXIST"
        raise ApiError(code, 400, f"The field has no condition group {name}.")
    return called[name]


def _invalid(message: str) -> ApiError:
    return body_invalid({"field_options": [problem("invalid_value", message)]})


def copied(options: Mapping[str, Any], field_ids: Mapping[int, int], option_ids: Mapping[int, int]) -> dict[str, Any]:
    """The settings of a field in a copy of the table: conditions and allowed options are those of the copy."""
    found = dict(options)
    if CONDITIONS in found:
        kept = (one for one in found[CONDITIONS] if one["field"] in field_ids)
        found[CONDITIONS] = [copied_condition(one, field_ids, option_ids) for one in kept]
    if "allowed_select_options" in found:
        found["allowed_select_options"] = [
            option_ids[one] for one in found["allowed_select_options"] if one in option_ids
        ]
    return found
