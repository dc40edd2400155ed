"""The field type `formula`."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from plugin_api.computed import Tables
from plugin_api.errors import problem
from plugin_api.fields import Field
from plugin_api.schemas import Str
from plugins.formulas import names
from plugins.formulas.field import ComputedField, ResultOptions


class FormulaOptions(ResultOptions):
    """The formula, which must be given with every change, and how its result is shown."""

    formula = Str(metadata={"description": "For example `field('Price') * 2`. Must be given with every change."})

    @ma.validates_schema(pass_original=True, skip_on_field_errors=False)
    def _given(self, data: Any, original: Any, **kwargs: Any) -> None:
        """Also a change of nothing but the name needs the formula."""
        if "formula" not in original:
            raise ma.ValidationError({"formula": [problem("required", "This field is required.")]})


class FormulaField(ComputedField):
    """The value of a formula."""

    type = "formula"
    options_schema = FormulaOptions

    def formula(self, field: Field, tables: Tables) -> str:
        """The one the user wrote."""
        return str(field.options.get("formula", ""))

    def renamed(self, field: Field, old: str, new: str) -> dict[str, Any]:
        """The formula follows the field's new name."""
        return {**field.options, "formula": names.renamed(str(field.options.get("formula", "")), old, new)}
