"""The field type `boolean`: yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import Plugin, hookimpl
from plugin_api.fields import Batch, Column, Field, FieldType, InvalidValue, Prepared, Row
from plugin_api.kinds import Kind
from plugin_api.schemas import Bool, Schema

plugin = Plugin(name="boolean_field", version="1.0", title="Boolean", api=(1, 0), requires=("database",))

_WORDS = {
    **dict.fromkeys(("true", "t", "yes", "y", "on", "1", "checked"), True),
    **dict.fromkeys(("false", "f", "no", "n", "off", "0", "unchecked"), False),
}


class BooleanOptions(Schema):
    """Options of a boolean field."""

    boolean_default = Bool(load_default=False)


class BooleanField(FieldType):
    """True or false, never nothing; new rows get `boolean_default`."""

    type = "boolean"
    kind = Kind.BOOLEAN
    options_schema = BooleanOptions

    def column(self, field: Field) -> Column:
        """A boolean that is never NULL."""
        return Column(sa.Boolean(), default="false", nullable=False)

    def search(self, field: Field, row: Row) -> None:
        """Searches do not look for yes and no."""

    def clean(self, field: Field, value: Any, batch: Batch) -> Any:
        """JSON booleans, 0 and 1, and the usual words for them."""
        if value is None:
            raise InvalidValue("null", "This field may not be null.")
        known = _WORDS.get(value.strip().lower()) if isinstance(value, str) else _of_number(value)
        if known is None:
            raise InvalidValue("invalid", "Must be true or false.")
        return known

    def prepare_import(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Nothing means false."""
        return self.prepare(field, [False if value is None or value == "" else value for value in values], batch)

    def default(self, field: Field) -> Any:
        """The default of the field's options."""
        return bool(field.options.get("boolean_default"))

    def options_json(self, field: Field) -> dict[str, Any]:
        """The stored options; false where no default was ever chosen."""
        return {"boolean_default": False, **field.options}


def _of_number(value: Any) -> bool | None:
    return bool(value) if isinstance(value, bool | int | float) and value in (0, 1) else None


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `boolean`."""
    return [BooleanField()]
