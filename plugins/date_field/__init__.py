"""The field type `date`: days, or moments when the time is included."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import Plugin, hookimpl, reading
from plugin_api.columns import mostly, texts_of
from plugin_api.dates import (
    PLAIN_DATE,
    PLAIN_MOMENT,
    DateOptions,
    date_text,
    day_of,
    parse_date,
    parse_moment,
    zone_of,
)
from plugin_api.errors import ApiError
from plugin_api.fields import (
    Batch,
    Column,
    ConvertsMixin,
    Field,
    FieldType,
    InvalidValue,
    Prepared,
    Row,
    VariableKindMixin,
    kind_of,
)
from plugin_api.kinds import Kind
from plugin_api.schemas import Int
from plugin_api.sql import iso_moment

plugin = Plugin(name="date_field", version="1.0", title="Date", api=(1, 0), requires=("database",))

_OFFSET = "date_force_timezone_offset"
_DAY = 24 * 60


class DateFieldOptions(DateOptions):
    """Options of a date field. The offset, in minutes, is added once to all values when the time zone is forced."""

    date_force_timezone_offset = Int(load_only=True, allow_none=True, min_value=-_DAY, max_value=_DAY)


class DateField(FieldType, ConvertsMixin, VariableKindMixin):
    """A date, or a moment kept in UTC."""

    type = "date"
    kind = Kind.DATE
    options_schema = DateFieldOptions

    def kind_of(self, field: Field) -> Kind:
        """Moments when the time is included."""
        return Kind.DATETIME if _timed(field) else Kind.DATE

    def column(self, field: Field) -> Column:
        """A date or a timestamp."""
        return Column(sa.DateTime(timezone=True) if _timed(field) else sa.Date())

    def read(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """ISO 8601."""
        value = self.value(field, row)
        return iso_moment(value) if _timed(field) else value

    def text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """In the field's own format and time zone."""
        return date_text(self.value(field, row), field.options)

    def clean(self, field: Field, value: Any, batch: Batch) -> Any:
        """Texts in ISO 8601."""
        if value is None:
            return None
        parse = parse_moment if _timed(field) else parse_date
        found = parse(value) if isinstance(value, str) else None
        if found is None:
            form = "2020-12-31T23:59:00Z" if _timed(field) else "2020-12-31"
            raise InvalidValue("invalid", f"Not a valid date; use the form {form}.")
        return found.isoformat()

    def prepare_import(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Most texts of a large file are plainly dates; only the others need a closer look."""
        texts = texts_of(values)
        if texts is None:
            return super().prepare_import(field, values, batch)
        plain = PLAIN_MOMENT if _timed(field) else PLAIN_DATE
        return mostly(texts, plain, lambda text: self.clean(field, text or None, batch))

    def check_options(self, options: dict[str, Any], previous: Field | None) -> dict[str, Any]:
        """An offset needs values to move: a field that exists, with time and a forced time zone."""
        offset = options.get(_OFFSET)
        if offset is None:
            options.pop(_OFFSET, None)
        elif previous is None or not (options.get("date_include_time") and options.get("date_force_timezone")):
            message = f"{_OFFSET} can only be used to change a field with a time and a forced time zone."
            raise ApiError("ERROR_DATE_FORCE_TIMEZONE_OFFSET_ERROR", 400, message)
        return options

    def options_json(self, field: Field) -> dict[str, Any]:
        """The stored options over the usual ones."""
        return {**DateOptions().load({}), **field.options}

    def from_text(self, field: Field, text: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """ISO 8601, or day, month and year in the order of the field's format where that is a date."""
        zone = zone_of(field.options) if _timed(field) else "UTC"
        found = reading.moment(text, (field.options.get("date_format") or "EU") == "EU", zone)
        return found if _timed(field) else sa.cast(sa.func.timezone("UTC", found), sa.Date)

    def converted(self, field: Field, previous: Field, source: FieldType, row: Row) -> sa.ColumnElement[Any] | None:
        """Days become midnight of the time zone they are shown in and moments the day shown there."""
        kind = kind_of(source, previous)
        if kind not in (Kind.DATE, Kind.DATETIME):
            return self.from_text(field, source.text(previous, row))
        value = source.value(previous, row)
        if source.type != self.type and _timed(field) == (kind is Kind.DATETIME):
            return value
        if _timed(field) == (kind is Kind.DATETIME):
            offset = field.options.get(_OFFSET)
            return value + sa.func.make_interval(0, 0, 0, 0, 0, offset) if offset and _timed(field) else None
        if _timed(field):
            return sa.func.timezone(zone_of(field.options), sa.cast(value, sa.DateTime()))
        return day_of(value, previous.options)


def _timed(field: Field) -> bool:
    return bool(field.options.get("date_include_time"))


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `date`."""
    return [DateField()]
