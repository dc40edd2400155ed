"""The field type `rollup`: one value out of those a field of a linked table has in the linked rows."""

from __future__ import annotations

from typing import Any

from plugin_api import Plugin, hookimpl
from plugin_api.computed import Tables
from plugin_api.fields import Field, FieldType
from plugin_api.schemas import Int, Str
from plugins.formulas.field import BrokenField, ComputedField, ResultOptions
from plugins.formulas.through import lookup_text, target_field, through_field

plugin = Plugin(
    name="rollup_field",
    version="1.0",
    title="Rollup",
    description="Fields that sum up linked rows.",
    api=(1, 0),
    requires=("database", "formulas"),
)

FUNCTIONS = frozenset(
    (
        *("any", "avg", "count", "every", "max", "min", "stddev_pop", "stddev_sample", "sum"),
        *("variance_pop", "variance_sample"),
    )
)
"""The functions of the formula language that make one value of a list."""


class RollupOptions(ResultOptions):
    """What to make of which values."""

    through_field_id = Int(allow_none=True, metadata={"description": "The link field to go through."})
    target_field_id = Int(allow_none=True, metadata={"description": "The field of the linked table."})
    rollup_function = Str(metadata={"description": "Such as sum, avg, min, max or count."})


class RollupField(ComputedField):
    """The value of a function of the looked up values."""

    type = "rollup"
    options_schema = RollupOptions
    can_be_primary = False

    def formula(self, field: Field, tables: Tables) -> str:
        """The function of the lookup."""
        through = through_field(field, tables, "ERROR_INVALID_ROLLUP_THROUGH_FIELD")
        target = target_field(field, through, tables, "ERROR_INVALID_ROLLUP_TARGET_FIELD")
        function = field.options.get("rollup_function", "count")
        if function not in FUNCTIONS:
            known = ", ".join(sorted(FUNCTIONS))
            message = f"{str(function)[:50]!r} cannot sum up values. Use one of {known}."
            raise BrokenField("ERROR_INVALID_ROLLUP_FORMULA_FUNCTION", message)
        return f"{function}({lookup_text(through, target)})"

    def options_json(self, field: Field) -> dict[str, Any]:
        """The fields it is made of, and the function."""
        keys = {"through_field_id": None, "target_field_id": None, "rollup_function": "count"}
        return {**keys, **super().options_json(field)}


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `rollup`."""
    return [RollupField()]
