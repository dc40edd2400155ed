"""The older filter types for dates, whose values are of the form `time zone?value`. Saved views still have them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from plugin_api.dates import parse_date, parse_moment
from plugin_api.filters import Condition, Filtered, FilterType, Negated, UnusableValue
from plugin_api.kinds import Kind
from plugins.filters import operands
from plugins.filters.dates import DATES, between, today_in, zone_named
from plugins.filters.periods import UNITS, day

Days = tuple[date | None, date | None]
"""The first day, and the one after the last; None where there is no limit."""


def _split(subject: Filtered, value: str) -> tuple[ZoneInfo, str]:
    """The time zone and what follows; without a question mark there is no time zone."""
    zone, mark, rest = value.rpartition("?")
    if "?" in zone:
        raise UnusableValue
    return zone_named(zone, subject), rest.strip()


@dataclass(frozen=True)
class _Way:
    """How dates are compared with a day and with a moment."""

    days: Callable[[date, date], Days]
    moment: Callable[[Any, Any], Any]


_WAYS = {
    "date_equal": _Way(lambda start, end: (start, end), lambda value, moment: value == moment),
    "date_before": _Way(lambda start, end: (None, start), lambda value, moment: value < moment),
    "date_before_or_equal": _Way(lambda start, end: (None, end), lambda value, moment: value <= moment),
    "date_after": _Way(lambda start, end: (end, None), lambda value, moment: value > moment),
    "date_after_or_equal": _Way(lambda start, end: (start, None), lambda value, moment: value >= moment),
}


class ComparedDate(FilterType):
    """Compared with a date, or with a moment where the field has a time."""

    kinds = DATES

    def __init__(self, type: str) -> None:
        self.type = type

    def condition(self, subject: Filtered, value: str) -> Condition | None:
        """A day is the whole day in the time zone."""
        zone, text = _split(subject, value)
        if not text:
            return None
        found = parse_date(text)
        if found is None:
            moment = parse_moment(text, zone)
            if moment is None:
                raise UnusableValue
            if subject.kind == Kind.DATETIME:
                return self._moment(subject, moment)
            found = _day(moment, zone)
        try:
            whole = day(found)
        except OverflowError:
            raise UnusableValue from None
        return between(subject, *_WAYS[self.type].days(whole.start, whole.end), zone)

    def _moment(self, subject: Filtered, moment: datetime) -> Condition:
        compared: Condition = _WAYS[self.type].moment(subject.value, sa.literal(moment, sa.DateTime(timezone=True)))
        return compared


def _day(moment: datetime, zone: ZoneInfo) -> date:
    try:
        return moment.astimezone(zone).date()
    except OverflowError:
        raise UnusableValue from None


class Now(FilterType):
    """Compared with today or the running week, month or year; the value is a time zone, or nothing."""

    kinds = DATES
    empty_is_value = True

    def __init__(self, type: str, unit: str, days: Callable[[date, date], Days]) -> None:
        self.type = type
        self._around = UNITS[unit][0]
        self._days = days

    def condition(self, subject: Filtered, value: str) -> Condition:
        """The days of the time zone."""
        zone = zone_named(value.strip().removesuffix("?"), subject)
        period = self._around(today_in(zone))
        return between(subject, *self._days(period.start, period.end), zone)


class Counted(FilterType):
    """Compared with a day that is so many days, weeks, months or years from today."""

    kinds = DATES

    def __init__(self, type: str, unit: str, days: Callable[[date, int], Days]) -> None:
        self.type = type
        self._unit = unit
        self._days = days

    def condition(self, subject: Filtered, value: str) -> Condition | None:
        """The days of the time zone."""
        zone, text = _split(subject, value)
        if not text:
            return None
        count = operands.whole(text)
        try:
            start, end = self._days(today_in(zone), count)
        except (OverflowError, ValueError):
            raise UnusableValue from None
        return between(subject, start, end, zone)


def _within(unit: str) -> Callable[[date, int], Days]:
    def days(today: date, count: int) -> Days:
        reached = day(UNITS[unit][1](today, count)).reached_from(today)
        return reached.start, reached.end

    return days


def _ago(unit: str) -> Callable[[date, int], Days]:
    def days(today: date, count: int) -> Days:
        around, later = UNITS[unit]
        period = around(later(today, -count))
        return period.start, period.end

    return days


class DayOfMonth(FilterType):
    """The date is on that day of any month."""

    type = "date_equals_day_of_month"
    kinds = DATES

    def condition(self, subject: Filtered, value: str) -> Condition | None:
        """From 1 to 31, in the time zone."""
        zone, text = _split(subject, value)
        if not text:
            return None
        number = operands.whole(text)
        if not 1 <= number <= 31:
            raise UnusableValue
        moment: Any = subject.value
        if subject.kind == Kind.DATETIME:
            moment = sa.func.timezone(str(zone), moment)
        found: Condition = sa.func.extract("day", moment) == number
        return found


FILTER_TYPES: list[FilterType] = [
    *(ComparedDate(name) for name in _WAYS),
    Negated("date_not_equal", ComparedDate("date_equal")),
    Now("date_equals_today", "days", lambda start, end: (start, end)),
    Now("date_before_today", "days", lambda start, end: (None, start)),
    Now("date_after_today", "days", lambda start, end: (end, None)),
    *(Now(f"date_equals_{unit}", f"{unit}s", lambda start, end: (start, end)) for unit in ("week", "month", "year")),
    *(Counted(f"date_within_{unit}", unit, _within(unit)) for unit in ("days", "weeks", "months")),
    *(Counted(f"date_equals_{unit}_ago", unit, _ago(unit)) for unit in ("days", "months", "years")),
    Counted("date_after_days_ago", "days", lambda today, count: (UNITS["days"][1](today, -count), None)),
    DayOfMonth(),
]
