"""Figures at the foot of a grid: those its fields are set to show, and single ones that are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plugin_api.aggregations import AggregationType, aggregation_type
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.fields import Field, FieldType
from plugin_api.platform import registry
from plugins.database.engine.aggregating import Figure, aggregate
from plugins.database.fields.store import find_field
from plugins.views.reading import Reading, included

SETTING = "aggregation_raw_type"


def aggregation_of(options: Mapping[str, Any], field: Field) -> AggregationType | None:
    """The type of the figure a field's settings ask for; None when they ask for none, or it does not fit the field."""
    kind: FieldType | None = registry("field_types").get(field.type)
    found = aggregation_type(options.get(SETTING) or "")
    return found if found is not None and kind is not None and found.fits(kind, field) else None


def footer(reading: Reading) -> dict[str, Any]:
    """The figures of all fields that may be seen, by `field_<id>`: one query."""
    figures = list(_figures(reading))
    wants_total = "total" in included()
    if not figures and not wants_total:
        reading.condition()  # what cannot be filtered by is refused all the same
        return {}
    found = aggregate(reading.rows(), figures)
    if not wants_total:
        del found["total"]
    return found


def _figures(reading: Reading) -> Iterator[Figure]:
    stored = reading.found.parts["field_options"]
    for field in reading.fields:
        found = aggregation_of(stored.get(str(field.id), {}), field)
        if found is not None:
            yield Figure(field.column, field, found)


def single(reading: Reading, field_id: int, name: str) -> dict[str, Any]:
    """One figure about a field, as `value`: one query."""
    field = _field(reading, field_id)
    found = aggregation_type(name)
    if found is None or not found.fits(reading.shape.type_of(field), field):
        message = f"There is no aggregation {name[:100]!r} of fields of the type {field.type}."
        raise ApiError("ERROR_AGGREGATION_TYPE_DOES_NOT_EXIST", 400, message)
    figures = aggregate(reading.rows(), [Figure("value", field, found)])
    if "total" not in included():
        del figures["total"]
    return figures


def _field(reading: Reading, field_id: int) -> Field:
    found = reading.shape.by_id.get(field_id)
    if found is not None:
        return found
    if find_field(field_id) is None:
        raise does_not_exist("field")
    raise ApiError("ERROR_FIELD_NOT_IN_TABLE", 400, f"The field {field_id} is not in the table of the view.")
