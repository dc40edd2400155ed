"""Dates for field types: the options dates are shown with, as SQL, and parsing what clients send."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

import sqlalchemy as sa

from plugin_api.fields import Field, FieldType, Row, VariableKindMixin
from plugin_api.kinds import Kind
from plugin_api.schemas import Bool, Choice, Schema, Str, invalid
from plugin_api.sql import iso_moment

FORMATS = {"EU": "DD/MM/YYYY", "US": "MM/DD/YYYY", "ISO": "YYYY-MM-DD"}
TIME_FORMATS = {"24": "HH24:MI", "12": "HH12:MI AM"}


class DateOptions(Schema):
    """How dates are shown, and whether they have a time."""

    date_format = Choice(list(FORMATS), load_default="EU")
    date_include_time = Bool(load_default=False)
    date_time_format = Choice(list(TIME_FORMATS), load_default="24")
    date_show_tzinfo = Bool(load_default=False)
    date_force_timezone = Str(load_default=None, allow_none=True, max_length=255)


class Moment(Str):
    """A moment in ISO 8601, as a datetime in UTC; without a time it is midnight, without an offset UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        found = parse_moment(super()._deserialize(value, attr, data, **kwargs))
        if found is None:
            raise invalid("invalid", "Not a valid moment; use the form 2020-12-31T23:59:00Z.")
        return found


class Zone(Str):
    """The name of a time zone, such as Europe/Rome."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        name = super()._deserialize(value, attr, data, **kwargs)
        if name not in _zones():
            raise invalid("invalid_choice", f"There is no time zone {name[:100]!r}.")
        return name


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def find_zone(name: str) -> ZoneInfo | None:
    """The time zone of that name, such as Europe/Rome; None when there is none."""
    return ZoneInfo(name) if name in _zones() else None


def zone_of(options: Mapping[str, Any]) -> str:
    """The time zone moments are shown in: the forced one when it exists, else UTC."""
    zone = options.get("date_force_timezone")
    return zone if zone and zone in _zones() else "UTC"


def in_zone(moment: sa.ColumnElement[Any], options: Mapping[str, Any]) -> sa.ColumnElement[Any]:
    """A timestamptz as the clock of the options' time zone shows it."""
    return sa.func.timezone(zone_of(options), moment, type_=sa.DateTime())


def day_of(moment: sa.ColumnElement[Any], options: Mapping[str, Any]) -> sa.ColumnElement[Any]:
    """The date a timestamptz falls on in the options' time zone."""
    return sa.cast(in_zone(moment, options), sa.Date)


def date_text(value: sa.ColumnElement[Any], options: Mapping[str, Any]) -> sa.ColumnElement[str]:
    """A date, or a timestamptz when the options include the time, as people read it."""
    pattern = FORMATS[options.get("date_format") or "EU"]
    if not options.get("date_include_time"):
        # Left alone, to_char makes a date a moment in a time zone, which takes twice as long.
        return sa.func.to_char(sa.cast(value, sa.DateTime()), pattern)
    time = TIME_FORMATS[options.get("date_time_format") or "24"]
    return sa.func.to_char(in_zone(value, options), f"{pattern} {time}")


_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,6})\d*)?)?"
    r"\s*(?:([Zz])|([+-])(\d{2}):?(\d{2})?)?)?",
    re.ASCII,
)


def parse_date(text: str) -> date | None:
    """A date of the form 2020-02-29; None for anything else."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = map(int, found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_moment(text: str, clock: tzinfo = UTC) -> datetime | None:
    """A moment in ISO 8601, in UTC; without a time it is midnight, without an offset a time of `clock`.

    None when it is none.
    """
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day, hour, minute, second, micro, utc, sign, zone_hours, zone_minutes = found.groups(default="0")
    offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes))
    try:
        given = timezone(-offset if sign == "-" else offset)
        zone = clock if (utc, sign) == ("0", "0") else given
        time = (int(hour), int(minute), int(second), int(micro.ljust(6, "0")))
        return datetime(int(year), int(month), int(day), *time, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


_PLAIN_DAY = r"\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
"""All days but those there are in leap years only."""
_PLAIN_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)"
PLAIN_DATE = re.compile(rf"(?!0000){_PLAIN_DAY}", re.ASCII)
"""Texts PostgreSQL reads as a date as they are; a quick look for large files, which other dates do not pass."""
PLAIN_MOMENT = re.compile(rf"(?!000[01]|9999){_PLAIN_DAY}[T ]{_PLAIN_TIME}", re.ASCII)
"""The same for moments with their offset."""


def is_plain_date(text: str) -> bool:
    """Whether it is a date in the form PostgreSQL reads as it is; a quick look for large files."""
    return PLAIN_DATE.fullmatch(text) is not None


def is_plain_moment(text: str) -> bool:
    """Whether it is a moment with its offset, in the form PostgreSQL reads as it is; a quick look for large files."""
    return PLAIN_MOMENT.fullmatch(text) is not None


class MomentOfRowField(FieldType, VariableKindMixin):
    """A base for read-only types that show a moment every row keeps: `row.c[moment_column]`."""

    kind = Kind.DATE
    read_only = True
    options_schema = DateOptions
    moment_column: ClassVar[str]

    def kind_of(self, field: Field) -> Kind:
        """Moments when the time is included."""
        return Kind.DATETIME if field.options.get("date_include_time") else Kind.DATE

    def column(self, field: Field) -> None:
        """None of its own."""

    def value(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The moment, or the day it falls on."""
        moment = row.c[self.moment_column]
        return moment if field.options.get("date_include_time") else day_of(moment, field.options)

    def read(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """ISO 8601."""
        value = self.value(field, row)
        return iso_moment(value) if field.options.get("date_include_time") else value

    def text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """In the field's own format and time zone."""
        return date_text(self.value(field, row), field.options)

    def sort(self, field: Field, row: Row) -> Sequence[sa.ColumnElement[Any]]:
        """By the moment itself, also where only the day is shown."""
        return [row.c[self.moment_column]]

    def options_json(self, field: Field) -> dict[str, Any]:
        """The stored options over the usual ones."""
        return {**DateOptions().load({}), **field.options}
