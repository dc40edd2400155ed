"""The field type `text`: a single line of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import Plugin, hookimpl
from plugin_api.fields import Batch, Field, FieldType, InvalidValue, Row
from plugin_api.kinds import Kind
from plugin_api.schemas import Schema, Str
from plugin_api.sql import text_sort

plugin = Plugin(name="text_field", version="1.0", title="Single line text", api=(1, 0), requires=("database",))


class TextOptions(Schema):
    """Options of a text field."""

    text_default = Str(load_default="", allow_blank=True, allow_none=True, trim=False, max_length=255)


class TextField(FieldType):
    """A single line of text; new rows get `text_default`."""

    type = "text"
    kind = Kind.TEXT
    options_schema = TextOptions

    def clean(self, field: Field, value: Any, batch: Batch) -> Any:
        """Texts as they are; numbers as their text."""
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise InvalidValue("invalid", "Not a valid text.")
        return str(value)

    def sort(self, field: Field, row: Row) -> Sequence[sa.ColumnElement[Any]]:
        """As people sort texts."""
        return text_sort(self.value(field, row))

    def default(self, field: Field) -> Any:
        """The default of the field's options."""
        return field.options.get("text_default") or None


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `text`."""
    return [TextField()]
