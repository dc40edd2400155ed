"""Filter types for dates and moments, whose values are of the form `time zone?value?operator`."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from plugin_api.dates import find_zone, parse_date, parse_moment, zone_of
from plugin_api.filters import Condition, Filtered, FilterType, Negated, UnusableValue
from plugin_api.kinds import Kind
from plugins.filters import operands
from plugins.filters.periods import COUNTED, NAMED, UNITS, Period, day

EXACT = "exact_date"
DATES = frozenset({Kind.DATE, Kind.DATETIME})


@dataclass(frozen=True)
class Operand:
    """What the value of a filter on dates means now.

    period: the days it names. exact: the day itself where it is counted in weeks, months or years.
    """

    zone: ZoneInfo
    today: date
    operator: str
    period: Period
    exact: date


def zone_named(name: str, subject: Filtered) -> ZoneInfo:
    """A time zone; without a name that of the field. UnusableValue when there is none of that name."""
    found = find_zone(name.strip() or zone_of(subject.options))
    if found is None:
        raise UnusableValue
    return found


def today_in(zone: ZoneInfo) -> date:
    """The day it is there."""
    return datetime.now(zone).date()


def read_operand(subject: Filtered, value: str) -> Operand | None:
    """Read `time zone?value?operator`; None when the operator needs a value and there is none."""
    parts = value.split("?")
    if len(parts) != 3:
        raise UnusableValue
    zone, operator = zone_named(parts[0], subject), parts[2].strip()
    given = parts[1].strip()
    if not given and operator not in NAMED:
        if operator == EXACT or operator in COUNTED:
            return None
        raise UnusableValue
    try:
        period, exact = _period(given, operator, today_in(zone), zone)
    except (OverflowError, ValueError):
        raise UnusableValue from None
    return Operand(zone, today_in(zone), operator, period, exact)


def _period(given: str, operator: str, today: date, zone: ZoneInfo) -> tuple[Period, date]:
    if operator == EXACT:
        exact = day_given(given, zone)
        return day(exact), exact
    if operator in NAMED:
        unit, count = NAMED[operator]
    elif operator in COUNTED:
        unit, sign = COUNTED[operator]
        count = sign * operands.whole(given)
    else:
        raise UnusableValue
    around, later = UNITS[unit]
    exact = later(today, count)
    return around(exact), exact


def day_given(text: str, zone: ZoneInfo) -> date:
    """The day of a date or of a moment in ISO 8601."""
    found = parse_date(text)
    if found is not None:
        return found
    moment = parse_moment(text, zone)
    if moment is None:
        raise UnusableValue
    return moment.astimezone(zone).date()


def between(subject: Filtered, start: date | None, end: date | None, zone: ZoneInfo) -> Condition:
    """Whether the value is on a day from `start` to the one before `end`; None where there is no limit."""
    value: Any = subject.value
    edges = [_edge(subject, edge, zone) if edge else None for edge in (start, end)]
    limits = []
    if edges[0] is not None:
        limits.append(value >= edges[0])
    if edges[1] is not None:
        limits.append(value < edges[1])
    return sa.and_(*limits)


def _edge(subject: Filtered, edge: date, zone: ZoneInfo) -> sa.ColumnElement[Any]:
    if subject.kind == Kind.DATE:
        return sa.literal(edge, sa.Date())
    try:
        midnight = datetime(edge.year, edge.month, edge.day, tzinfo=zone).astimezone(UTC)
    except OverflowError:
        raise UnusableValue from None
    return sa.literal(midnight, sa.DateTime(timezone=True))


class DateFilter(FilterType):
    """A base for types that compare with the days the value names."""

    kinds = DATES
    empty_is_value = True
    by_value = True

    def condition(self, subject: Filtered, value: str) -> Condition | None:
        """Days are those of the time zone."""
        operand = read_operand(subject, value)
        if operand is None:
            return None
        try:
            start, end = self.days(operand)
        except OverflowError:
            raise UnusableValue from None
        return between(subject, start, end, operand.zone)

    @abstractmethod
    def days(self, operand: Operand) -> tuple[date | None, date | None]:
        """The first day, and the one after the last; None where there is no limit."""


class DateIs(DateFilter):
    """The date is in the period."""

    type = "date_is"

    def days(self, operand: Operand) -> tuple[date | None, date | None]:
        """The period."""
        return operand.period.start, operand.period.end


class DateIsBefore(DateFilter):
    """The date is before the period."""

    type = "date_is_before"

    def days(self, operand: Operand) -> tuple[date | None, date | None]:
        """All before it."""
        return None, operand.period.start


class DateIsOnOrBefore(DateFilter):
    """The date is in the period or before it."""

    type = "date_is_on_or_before"

    def days(self, operand: Operand) -> tuple[date | None, date | None]:
        """All up to its last."""
        return None, operand.period.end


class DateIsAfter(DateFilter):
    """The date is after the period."""

    type = "date_is_after"

    def days(self, operand: Operand) -> tuple[date | None, date | None]:
        """All after it."""
        return operand.period.end, None


class DateIsOnOrAfter(DateFilter):
    """The date is in the period or after it."""

    type = "date_is_on_or_after"

    def days(self, operand: Operand) -> tuple[date | None, date | None]:
        """All from its first on."""
        return operand.period.start, None


class DateIsWithin(DateFilter):
    """The date is between today and the period, both included; today alone is no reach."""

    type = "date_is_within"

    def days(self, operand: Operand) -> tuple[date | None, date | None]:
        """From today to the period's last day, or back to its first. Counted ones reach exactly that far."""
        if operand.operator == "today":
            raise UnusableValue
        far = day(operand.exact) if operand.operator in COUNTED else operand.period
        reached = far.reached_from(operand.today)
        return reached.start, reached.end


FILTER_TYPES: list[FilterType] = [
    DateIs(),
    Negated("date_is_not", DateIs()),
    DateIsBefore(),
    DateIsOnOrBefore(),
    DateIsAfter(),
    DateIsOnOrAfter(),
    DateIsWithin(),
]
