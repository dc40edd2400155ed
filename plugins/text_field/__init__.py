"""The field type `text`: a single line of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import Plugin, hookimpl
from plugin_api.fields import Batch, ConvertsMixin, Field, FieldType, Prepared, Row, plain_text, plain_texts
from plugin_api.kinds import Kind
from plugin_api.schemas import Schema, Str
from plugin_api.sql import text_sort

plugin = Plugin(name="text_field", version="1.0", title="Single line text", api=(1, 0), requires=("database",))


class TextOptions(Schema):
    """Options of a text field."""

    text_default = Str(load_default="", allow_blank=True, max_length=255)


class TextField(FieldType, ConvertsMixin):
    """A single line of text; new rows get `text_default`."""

    type = "text"
    kind = Kind.TEXT
    options_schema = TextOptions

    def clean(self, field: Field, value: Any, batch: Batch) -> Any:
        """Texts, trimmed; numbers as their text."""
        return plain_text(value)

    def prepare(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """All texts at once when they are all texts."""
        return plain_texts(values) or super().prepare(field, values, batch)

    def prepare_import(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Empty texts stay empty texts."""
        return self.prepare(field, values, batch)

    def sort(self, field: Field, row: Row) -> Sequence[sa.ColumnElement[Any]]:
        """As people sort texts."""
        return text_sort(self.value(field, row))

    def default(self, field: Field) -> Any:
        """The default of the field's options."""
        return field.options.get("text_default") or None

    def options_json(self, field: Field) -> dict[str, Any]:
        """The stored options; no default where none was ever chosen."""
        return {"text_default": "", **field.options}

    def converted(self, field: Field, previous: Field, source: FieldType, row: Row) -> sa.ColumnElement[Any] | None:
        """Texts stay; other values become what people read."""
        return None if source is self else sa.func.nullif(source.text(previous, row), "", type_=sa.Text())


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `text`."""
    return [TextField()]
