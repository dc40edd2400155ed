"""Conditions of a form's fields: those that count now, and their SQL on a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection
from plugin_api.fields import Field
from plugin_api.filters import FilterType
from plugin_api.platform import registry
from plugins.database.engine.filtering import Condition, Group, compile_group
from plugins.database.shape import TableShape, field_type

CONDITIONS, GROUPS = "conditions", "condition_groups"

Options = Mapping[str, Any]


def known_filter(name: str, field: Field) -> bool:
    """Whether there is such a filter, for fields like this one."""
    found: FilterType | None = registry("filter_types").get(name)
    return found is not None and found.applies_to(field_type(field.type), field)


def copied_condition(
    one: Mapping[str, Any], field_ids: Mapping[int, int], option_ids: Mapping[int, int]
) -> dict[str, Any]:
    """A condition in a copy of the table; select options in its value are those of the copy."""
    found: FilterType | None = registry("filter_types").get(one["type"])
    value = one["value"] if found is None else found.copied_value(one["value"], option_ids)
    return {**one, "field": field_ids[one["field"]], "value": value}


def living(options: Options, fields: Mapping[int, Field]) -> list[dict[str, Any]]:
    """The conditions on fields that are there and still have values of the right kind."""
    return [
        one
        for one in options.get(CONDITIONS, ())
        if one["field"] in fields and known_filter(one["type"], fields[one["field"]])
    ]


def is_conditional(options: Options, fields: Mapping[int, Field]) -> bool:
    """Whether a field is shown only sometimes."""
    return bool(options.get("show_when_matching_conditions")) and bool(living(options, fields))


def matching(shape: TableShape, row_id: int, each: Sequence[Options]) -> list[bool]:
    """Which of some settings' conditions fit a row of the table: one query for all of them."""
    keyed = {found.column: found for found in shape.fields}
    found = [compile_group(shape, keyed, _root(options, shape.by_id)) for options in each]
    columns = [
        (sa.true() if one is None else sa.func.coalesce(one, sa.false())).label(f"c{n}") for n, one in enumerate(found)
    ]
    row = shape.row
    return list(connection().execute(sa.select(*columns).where(row.c.id == row_id)).one())


def _root(options: Options, fields: Mapping[int, Field]) -> Group:
    return _group(None, options.get("condition_type", "AND"), living(options, fields), options.get(GROUPS, ()))


def _group(
    group_id: int | None, join: str, conditions: Sequence[dict[str, Any]], groups: Sequence[dict[str, Any]]
) -> Group:
    own = tuple(
        Condition(f"field_{one['field']}", one["type"], one["value"]) for one in conditions if one["group"] == group_id
    )
    inner = (found for found in groups if found["parent_group"] == group_id)
    nested = tuple(_group(found["id"], found["filter_type"], conditions, groups) for found in inner)
    return Group(join == "OR", own, nested)
