"""The field type `duration`: spans of time, shown as hours and minutes or in days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import Plugin, hookimpl, reading
from plugin_api.fields import Batch, Column, ConvertsMixin, Field, FieldType, Prepared, Row, kind_of
from plugin_api.kinds import Kind
from plugin_api.schemas import Choice, Schema
from plugins.duration_field.formats import DEFAULT, FORMATS, rounded_sql, shown_sql
from plugins.duration_field.values import MAX_SECONDS, parse

plugin = Plugin(name="duration_field", version="1.0", title="Duration", api=(1, 0), requires=("database",))


class DurationOptions(Schema):
    """Options of a duration field."""

    duration_format = Choice(tuple(FORMATS), load_default=DEFAULT)


class DurationField(FieldType, ConvertsMixin):
    """A span of time, as exact as the field's format shows it; the API shows it in seconds."""

    type = "duration"
    kind = Kind.DURATION
    options_schema = DurationOptions

    def column(self, field: Field) -> Column:
        """An interval without days or months: only its seconds count."""
        return Column(sa.Interval())

    def read(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """Seconds."""
        return sa.cast(sa.func.extract("epoch", self.value(field, row)), sa.Double)

    def text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """In the field's format."""
        return shown_sql(self.value(field, row), _format(field))

    def clean(self, field: Field, value: Any, batch: Batch) -> Any:
        """Seconds, or a text such as "1:30" or "2h 5m"; rounded to what the format shows."""
        if value is None:
            return None
        return f"{parse(value, _format(field))} seconds"

    def prepare_import(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Empty texts are no value."""
        return self.prepare(field, [None if value == "" else value for value in values], batch)

    def options_json(self, field: Field) -> dict[str, Any]:
        """The format."""
        return {"duration_format": _format(field)}

    def from_text(self, field: Field, text: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """What the API takes, rounded to what the format shows."""
        form = FORMATS[_format(field)]
        return rounded_sql(reading.duration(text, form.hours_first, form.unit), _format(field))

    def converted(self, field: Field, previous: Field, source: FieldType, row: Row) -> sa.ColumnElement[Any] | None:
        """Rounded to what the new format shows. Numbers are seconds."""
        kind = kind_of(source, previous)
        if source.type == self.type and FORMATS[_format(field)].unit <= FORMATS[_format(previous)].unit:
            return None
        if kind not in (Kind.NUMBER, Kind.DURATION):
            return self.from_text(field, source.text(previous, row))
        value: Any = source.value(previous, row)
        seconds = sa.cast(value if kind is Kind.NUMBER else sa.func.extract("epoch", value), sa.Numeric)
        return rounded_sql(sa.case((sa.func.abs(seconds) <= MAX_SECONDS, seconds)), _format(field))


def _format(field: Field) -> str:
    return str(field.options.get("duration_format") or DEFAULT)


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `duration`."""
    return [DurationField()]
