"""The field type `count`: how many rows a row links to."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from plugin_api import Plugin, hookimpl
from plugin_api.computed import Dependency, Tables
from plugin_api.fields import Field, FieldType
from plugin_api.schemas import Int
from plugins.formulas.field import ComputedField, ResultOptions
from plugins.formulas.parser import quoted
from plugins.formulas.through import through_field

plugin = Plugin(
    name="count_field",
    version="1.0",
    title="Count",
    description="Fields that count linked rows.",
    api=(1, 0),
    requires=("database", "formulas"),
)


class CountOptions(ResultOptions):
    """Which links to count."""

    through_field_id = Int(allow_none=True, metadata={"description": "The link field whose rows are counted."})


class CountField(ComputedField):
    """A number."""

    type = "count"
    options_schema = CountOptions
    can_be_primary = False

    def formula(self, field: Field, tables: Tables) -> str:
        """The count."""
        through = through_field(field, tables, "ERROR_INVALID_COUNT_THROUGH_FIELD")
        return f"count(field({quoted(through.name)}))"

    def dependencies(self, field: Field) -> Collection[Dependency]:
        """The links alone: the names of the linked rows do not matter."""
        return [found for found in super().dependencies(field) if found.via is None]

    def options_json(self, field: Field) -> dict[str, Any]:
        """The field it goes through."""
        return {"through_field_id": None, **super().options_json(field)}


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `count`."""
    return [CountField()]
