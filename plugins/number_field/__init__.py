"""The field type `number`: decimal numbers of a fixed number of places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import Plugin, hookimpl, reading
from plugin_api.columns import mostly, texts_of
from plugin_api.fields import Batch, Column, ConvertsMixin, Field, FieldType, InvalidValue, Prepared, Row, kind_of
from plugin_api.kinds import Kind
from plugins.number_field.numbers import MAX_WHOLE_DIGITS, check_digits, parse_decimal, plain_pattern, without_format
from plugins.number_field.options import NumberOptions

plugin = Plugin(name="number_field", version="1.0", title="Number", api=(1, 0), requires=("database",))


class NumberField(FieldType, ConvertsMixin):
    """An exact decimal; the API shows it as text with all its decimal places."""

    type = "number"
    kind = Kind.NUMBER
    options_schema = NumberOptions

    def column(self, field: Field) -> Column:
        """A numeric with the field's decimal places."""
        places = _places(field)
        return Column(sa.Numeric(MAX_WHOLE_DIGITS + places, places))

    def read(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """As text, so that no client loses digits."""
        return sa.cast(self.value(field, row), sa.Text)

    def clean(self, field: Field, value: Any, batch: Batch) -> Any:
        """Numbers and texts of numbers with no more decimals than the field has."""
        if value is None or value == "":
            return None
        number = parse_decimal(value)
        check_digits(number, _places(field))
        if number < 0 and not field.options.get("number_negative"):
            raise InvalidValue("min_value", "Ensure this value is at least 0.")
        return format(number, "f")

    def prepare_import(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Numbers as the API takes them, or as the field shows them: with prefix, suffix and separators."""

        def clean(value: Any) -> Any:
            return self.clean(field, without_format(value, field.options), batch)

        texts = texts_of(values)
        if texts is None:
            return self.prepare(field, [without_format(value, field.options) for value in values], batch)
        plain = plain_pattern(_places(field), bool(field.options.get("number_negative")))
        return mostly(texts, plain, clean)

    def default(self, field: Field) -> Any:
        """The default of the field's options."""
        return field.options.get("number_default")

    def options_json(self, field: Field) -> dict[str, Any]:
        """The stored options over the usual ones."""
        return {**NumberOptions().load({}), **field.options}

    def from_text(self, field: Field, text: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """Plain numbers, without what they may be shown with. No text at all is 0 where that is the lowest number."""
        nothing = sa.null() if field.options.get("number_negative") else sa.literal(0)
        return sa.case((text.is_(None), nothing), else_=_fitting(field, reading.number(text)))

    def converted(self, field: Field, previous: Field, source: FieldType, row: Row) -> sa.ColumnElement[Any] | None:
        """Fewer decimals round; numbers below 0 become 0 where they are not allowed. Durations are seconds."""
        if source.type == self.type:
            return self._changed(field, previous, row.c[previous.column])
        kind = kind_of(source, previous)
        if kind is Kind.NUMBER:
            return _fitting(field, sa.cast(source.value(previous, row), sa.Numeric))
        if kind is Kind.DURATION:
            seconds = sa.cast(sa.func.extract("epoch", source.value(previous, row)), sa.Numeric)
            return _fitting(field, sa.func.coalesce(seconds, 0))
        return self.from_text(field, source.text(previous, row))

    def _changed(self, field: Field, previous: Field, value: sa.ColumnElement[Any]) -> sa.ColumnElement[Any] | None:
        if previous.options.get("number_negative") and not field.options.get("number_negative"):
            return sa.case((value < 0, sa.literal(0)), else_=value)
        return None if _places(field) == _places(previous) else value


def _fitting(field: Field, number: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The number as the field can hold it; NULL when it has too many digits."""
    rounded = sa.func.round(number, _places(field))
    lowest = rounded if field.options.get("number_negative") else sa.func.greatest(rounded, 0)
    return sa.case((sa.func.abs(rounded) < sa.literal_column(f"1e{MAX_WHOLE_DIGITS}"), lowest))


def _places(field: Field) -> int:
    return int(field.options.get("number_decimal_places", 0))


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `number`."""
    return [NumberField()]
