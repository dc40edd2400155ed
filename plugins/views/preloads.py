"""What clients show instead of the ids in filters: the names of linked rows, as `preload_values`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugin_api.filters import FilterType
from plugin_api.platform import registry
from plugins.database.context import TableContext
from plugins.database.shape import TableShape, shape_of

Filter = Mapping[str, Any]


def with_preloads(filters: Sequence[dict[str, Any]], table: TableContext) -> list[dict[str, Any]]:
    """Filters of views of a table as the API shows them: one query for each field whose filters have names."""
    named = [one for one in filters if one["value"].strip() and _type(one).has_names]
    if not named:
        return list(filters)
    shape = shape_of(table)
    shown: dict[tuple[int, str], dict[str, Any]] = {}
    for field_id in {one["field"] for one in named}:
        of_field = [one for one in named if one["field"] == field_id]
        found = _names(shape, field_id, of_field)
        shown |= {(one["id"], one["value"]): found.get(one["value"], {}) for one in of_field}
    return [{**one, "preload_values": shown.get((one["id"], one["value"]), {})} for one in filters]


def _names(shape: TableShape, field_id: int, filters: Sequence[Filter]) -> Mapping[str, dict[str, Any]]:
    field = shape.by_id.get(field_id)
    if field is None:
        return {}
    values = sorted({one["value"] for one in filters})
    return _type(filters[0]).names(shape.type_of(field), field, values)


class _Unknown(FilterType):
    """Stands for types whose plugin is not loaded."""

    def condition(self, subject: Any, value: str) -> None:
        """No filter."""


def _type(one: Filter) -> FilterType:
    found: FilterType | None = registry("filter_types").get(one["type"])
    return found or _UNKNOWN


_UNKNOWN = _Unknown()
