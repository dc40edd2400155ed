"""The field type `boolean`: yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import Plugin, hookimpl
from plugin_api.archives import ArchivedFieldMixin, ArchiveReader
from plugin_api.columns import each, texts_of
from plugin_api.fields import (
    Batch,
    Column,
    ConvertsMixin,
    EmptyValueMixin,
    Field,
    FieldType,
    InvalidValue,
    Prepared,
    Row,
)
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


class BooleanField(FieldType, ConvertsMixin, EmptyValueMixin, ArchivedFieldMixin):
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
        texts = texts_of(values)
        if texts is not None:
            return each(texts, lambda text: text != "" and self.clean(field, text, batch))
        return self.prepare(field, [False if value is None or value == "" else value for value in values], batch)

    def archived(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The word for it."""
        return sa.cast(row.c[field.column], sa.Text)

    def unarchived(self, field: Field, values: Sequence[Any], batch: Batch, archive: ArchiveReader) -> Prepared:
        """Words or JSON booleans; nothing means false."""
        return self.prepare_import(field, values, batch)

    def default(self, field: Field) -> Any:
        """The default of the field's options."""
        return bool(field.options.get("boolean_default"))

    def is_empty(self, value: Any) -> bool:
        """Who must tick a box has not done so yet."""
        return not value

    def options_json(self, field: Field) -> dict[str, Any]:
        """The stored options; false where no default was ever chosen."""
        return {"boolean_default": False, **field.options}

    def from_text(self, field: Field, text: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """The usual words for yes; everything else is no."""
        words = [word for word, meaning in _WORDS.items() if meaning]
        return sa.func.coalesce(sa.func.lower(sa.func.trim(text)).in_(words), sa.false())

    def converted(self, field: Field, previous: Field, source: FieldType, row: Row) -> sa.ColumnElement[Any] | None:
        """Of whole numbers, such as ratings, 0 is no; of decimals, 1 is yes."""
        column = source.column(previous)
        if source.type == self.type or column is None:
            return super().converted(field, previous, source, row)
        if isinstance(column.type, sa.Integer):
            return sa.func.coalesce(source.value(previous, row) != 0, sa.false())
        if isinstance(column.type, sa.Numeric):
            return sa.func.coalesce(source.value(previous, row) == 1, sa.false())
        return super().converted(field, previous, source, row)


def _of_number(value: Any) -> bool | None:
    return bool(value) if isinstance(value, bool | int | float) and value in (0, 1) else None


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `boolean`."""
    return [BooleanField()]
