"""The field type `rating`: a number of stars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import Plugin, hookimpl, reading
from plugin_api.exporters import ExportsMixin
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
    kind_of,
)
from plugin_api.kinds import Kind
from plugin_api.schemas import Choice, Int, Schema, Str, as_int

plugin = Plugin(name="rating_field", version="1.0", title="Rating", api=(1, 0), requires=("database",))


class RatingOptions(Schema):
    """Options of a rating field."""

    max_value = Int(load_default=5, min_value=1, max_value=10)
    color = Str(load_default="dark-orange", max_length=50)
    style = Choice(["star", "heart", "thumbs-up", "flag", "smile"], load_default="star")


class RatingField(FieldType, ConvertsMixin, EmptyValueMixin, ExportsMixin):
    """A whole number from 0 to `max_value`; 0 is no rating."""

    type = "rating"
    kind = Kind.NUMBER
    options_schema = RatingOptions

    def column(self, field: Field) -> Column:
        """A small number that is never NULL."""
        return Column(sa.SmallInteger(), default="0", nullable=False)

    def export_value(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """A number."""
        return self.value(field, row)

    def clean(self, field: Field, value: Any, batch: Batch) -> Any:
        """Whole numbers within the range, also as text."""
        if value is None:
            raise InvalidValue("null", "This field may not be null.")
        number, most = as_int(value), int(field.options.get("max_value", 5))
        if number is None:
            raise InvalidValue("invalid", "A valid whole number is required.")
        if number > most:
            raise InvalidValue("max_value", f"Ensure this value is at most {most}.")
        if number < 0:
            raise InvalidValue("min_value", "Ensure this value is at least 0.")
        return number

    def prepare_import(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Nothing means no rating. Plain digits, as most ratings of a large file are, need no closer look."""
        if set(map(type, values)) == {str} and set(values) <= {str(number) for number in range(_most(field) + 1)} | {
            ""
        }:
            return Prepared([int(value or 0) for value in values])
        return self.prepare(field, [0 if value is None or value == "" else value for value in values], batch)

    def default(self, field: Field) -> Any:
        """No rating."""
        return 0

    def is_empty(self, value: Any) -> bool:
        """No stars are no rating."""
        return not value

    def options_json(self, field: Field) -> dict[str, Any]:
        """The stored options over the usual ones."""
        return {"max_value": 5, "color": "dark-orange", "style": "star", **field.options}

    def from_text(self, field: Field, text: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """Numbers."""
        return _within(field, reading.number(text))

    def converted(self, field: Field, previous: Field, source: FieldType, row: Row) -> sa.ColumnElement[Any] | None:
        """Numbers are rounded and cut to the range."""
        if source.type == self.type:
            return None if _most(field) >= _most(previous) else sa.func.least(row.c[previous.column], _most(field))
        if kind_of(source, previous) is Kind.NUMBER:
            return _within(field, sa.cast(source.value(previous, row), sa.Numeric))
        return self.from_text(field, source.text(previous, row))


def _most(field: Field) -> int:
    return int(field.options.get("max_value", 5))


def _within(field: Field, number: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    whole = sa.func.round(sa.func.greatest(sa.func.least(number, _most(field)), 0))
    return sa.case((number.is_not(None), whole), else_=sa.literal(0))


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `rating`."""
    return [RatingField()]
