"""The field type `long_text`: text of many lines, optionally with formatting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import Plugin, hookimpl
from plugin_api.fields import Batch, ConvertsMixin, Field, FieldType, Prepared, Row, plain_text, plain_texts
from plugin_api.schemas import Bool, Schema
from plugin_api.sql import text_sort

plugin = Plugin(name="long_text_field", version="1.0", title="Long text", api=(1, 0), requires=("database",))


class LongTextOptions(Schema):
    """Options of a long text field."""

    long_text_enable_rich_text = Bool(load_default=None, allow_none=True)


class LongTextField(FieldType, ConvertsMixin):
    """Text of many lines; with rich text on, clients show it as Markdown."""

    type = "long_text"
    options_schema = LongTextOptions

    def sort(self, field: Field, row: Row) -> Sequence[sa.ColumnElement[Any]]:
        """As people sort texts."""
        return text_sort(self.value(field, row))

    def clean(self, field: Field, value: Any, batch: Batch) -> Any:
        """Texts, trimmed; numbers as their text."""
        return plain_text(value)

    def prepare(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """All texts at once when they are all texts."""
        return plain_texts(values) or super().prepare(field, values, batch)

    def prepare_import(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Empty texts stay empty texts."""
        return self.prepare(field, values, batch)

    def options_json(self, field: Field) -> dict[str, Any]:
        """The stored options; formatting is off where nothing was ever chosen."""
        return {"long_text_enable_rich_text": False, **field.options}

    def first_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Formatting is off unless it is wanted."""
        return {**options, "long_text_enable_rich_text": bool(options["long_text_enable_rich_text"])}

    def converted(self, field: Field, previous: Field, source: FieldType, row: Row) -> sa.ColumnElement[Any] | None:
        """Texts stay; other values become what people read."""
        return None if source is self else sa.func.nullif(source.text(previous, row), "", type_=sa.Text())


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `long_text`."""
    return [LongTextField()]
