"""The field type `lookup`: the values a field of a linked table has in the linked rows."""

from __future__ import annotations

from typing import Any

from plugin_api import Plugin, hookimpl
from plugin_api.computed import Tables
from plugin_api.fields import CollaboratorsMixin, Field, FieldType
from plugin_api.schemas import Int, Str
from plugins.formulas.field import BrokenField, ComputedField, ResultOptions
from plugins.formulas.through import lookup_text, target_field, through_field

plugin = Plugin(
    name="lookup_field",
    version="1.0",
    title="Lookup",
    description="Fields that show values of linked rows.",
    api=(1, 0),
    requires=("database", "formulas"),
)


class LookupOptions(ResultOptions):
    """Which field to look up, by ids or by names."""

    through_field_id = Int(allow_none=True, metadata={"description": "The link field to go through."})
    through_field_name = Str(allow_none=True, max_length=255)
    target_field_id = Int(allow_none=True, metadata={"description": "The field of the linked table."})
    target_field_name = Str(allow_none=True, max_length=255)


class LookupField(ComputedField, CollaboratorsMixin):
    """A list with one value for each linked row."""

    type = "lookup"
    options_schema = LookupOptions
    can_be_primary = False

    def formula(self, field: Field, tables: Tables) -> str:
        """The lookup."""
        return lookup_text(*self._fields(field, tables))

    def check_options(self, options: dict[str, Any], previous: Field | None) -> dict[str, Any]:
        """A name that is given anew counts, not the id of before."""
        before = previous.options if previous else {}
        for role in ("through", "target"):
            key, name = f"{role}_field_id", f"{role}_field_name"
            if options.get(key) == before.get(key) and options.get(name) != before.get(name):
                options[key] = None
        return options

    def further(self, field: Field, tables: Tables) -> dict[str, Any]:
        """Ids and names of both fields."""
        try:
            through, target = self._fields(field, tables)
        except BrokenField:
            return {}
        return {
            "through_field_id": through.id,
            "through_field_name": through.name,
            "target_field_id": target.id,
            "target_field_name": target.name,
        }

    def options_json(self, field: Field) -> dict[str, Any]:
        """The fields it is made of, null where there are none."""
        return {**dict.fromkeys(_KEYS), **super().options_json(field)}

    def _fields(self, field: Field, tables: Tables) -> tuple[Field, Field]:
        through = through_field(field, tables, "ERROR_INVALID_LOOKUP_THROUGH_FIELD")
        return through, target_field(field, through, tables, "ERROR_INVALID_LOOKUP_TARGET_FIELD")


_KEYS = ("through_field_id", "through_field_name", "target_field_id", "target_field_name")


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `lookup`."""
    return [LookupField()]
