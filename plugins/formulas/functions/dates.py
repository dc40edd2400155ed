"""Dates, moments and durations: parts, formatting, parsing, differences, time zones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from zoneinfo import available_timezones

import sqlalchemy as sa

from plugin_api.dates import in_zone
from plugins.formulas.errors import FormulaError
from plugins.formulas.functions.base import DATE, DURATION, NUMBER, TEXT, Function, Param, plain
from plugins.formulas.functions.operators import moment
from plugins.formulas.representation import helper, text_literal
from plugins.formulas.types import date, duration, number, text
from plugins.formulas.values import Column, Rows, Value, value

_UNITS = {
    "year": ("year", "yy", "yyyy"),
    "quarter": ("quarter", "qq", "q"),
    "month": ("month", "mm", "m"),
    "week": ("week", "wk", "ww"),
    "day": ("day", "dd", "d"),
    "hour": ("hour", "hh"),
    "minute": ("minute", "mi", "n"),
    "second": ("second", "ss", "s"),
}
_SECONDS = number(0, nullable=True)


def _clock(arg: Value) -> Any:
    """A date's SQL as the clock of its time zone shows it."""
    if not arg.type.timed:
        return lambda rows: sa.cast(arg.build(rows), sa.DateTime())
    return lambda rows: in_zone(arg.build(rows), arg.type.date_options)


def _part(name: str) -> Function:
    def make(args: Sequence[Value]) -> Value:
        clock = _clock(args[0])
        return value(
            number(0, nullable=True), lambda rows: sa.cast(sa.func.floor(sa.extract(name, clock(rows))), sa.Numeric)
        )

    return Function(name, (DATE,), make)


def _format(args: Sequence[Value]) -> Value:
    clock, pattern = _clock(args[0]), args[1]

    def build(rows: Rows) -> Column:
        return sa.func.coalesce(sa.func.to_char(clock(rows), pattern.build(rows)), text_literal(""))

    return value(text(nullable=True), build)


def _format_zone(args: Sequence[Value]) -> Value:
    instant, pattern, zone = moment(args[0]), args[1], args[2]
    _check_zone(zone)

    def build(rows: Rows) -> Column:
        clock = helper.clock_in(instant(rows), zone.build(rows), type_=sa.DateTime())
        return sa.func.coalesce(sa.func.to_char(clock, pattern.build(rows)), text_literal(""))

    return value(text(nullable=True), build)


def _to_date(found: Column, pattern: Column) -> Column:
    return helper.parsed_day(found, pattern, type_=sa.Date())


def _to_date_zone(args: Sequence[Value]) -> Value:
    _check_zone(args[2])
    kind = sa.DateTime(timezone=True)
    zone = args[2].literal
    return plain(
        date(True, zone=zone if isinstance(zone, str) else None),
        lambda found, pattern, where: helper.parsed_moment(found, pattern, where, type_=kind),
    )(args)


def _check_zone(zone: Value) -> None:
    if isinstance(zone.literal, str) and zone.literal not in _zones():
        raise FormulaError(f"{zone.literal!r} is not a time zone. Use a name such as 'Europe/Amsterdam' or 'UTC'.")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _difference(args: Sequence[Value]) -> Value:
    unit = args[0].literal
    known = [name for names in _UNITS.values() for name in names]
    if isinstance(unit, str) and unit.lower() not in known:
        raise FormulaError(f"{unit!r} is not a unit of date_diff. Use one of {', '.join(_UNITS)}.")
    first, last = moment(args[1]), moment(args[2])

    def build(rows: Rows) -> Column:
        return helper.difference(args[0].build(rows), first(rows), last(rows), type_=sa.Numeric())

    return value(_SECONDS, build)


def _now(args: Sequence[Value]) -> Value:
    return value(date(True, zone="UTC"), lambda rows: sa.func.now())


def _today(args: Sequence[Value]) -> Value:
    return value(date(False, zone="UTC"), lambda rows: sa.cast(sa.func.timezone("UTC", sa.func.now()), sa.Date))


def _interval(args: Sequence[Value]) -> Value:
    written = args[0].literal
    form = "h:mm"
    if isinstance(written, str) and not written.strip():
        raise FormulaError("date_interval needs a length of time such as '1 day' or '2 weeks 3 hours'.")
    return value(duration(form), lambda rows: helper.parsed_span(args[0].build(rows), type_=sa.Interval()))


def _to_seconds(found: Column) -> Column:
    return sa.func.coalesce(sa.func.round(sa.extract("epoch", found)), 0)


_UNFILLED = Param("a number", NUMBER.types, fill=False)

FUNCTIONS = (
    *map(_part, ("year", "quarter", "month", "week", "day", "hour", "minute", "second")),
    Function("datetime_format", (DATE, TEXT), _format),
    Function("datetime_format_tz", (DATE, TEXT, TEXT), _format_zone),
    Function("todate", (TEXT, TEXT), plain(date(False), _to_date)),
    Function("todate_tz", (TEXT, TEXT, TEXT), _to_date_zone),
    Function("date_diff", (TEXT, DATE, DATE), _difference),
    Function("now", (), _now, volatile=True),
    Function("today", (), _today, volatile=True),
    Function("date_interval", (TEXT,), _interval),
    Function("toduration", (_UNFILLED,), plain(duration("h:mm:ss"), lambda n: helper.seconds(n, type_=sa.Interval()))),
    Function("toseconds", (DURATION,), plain(number(0), _to_seconds)),
)
