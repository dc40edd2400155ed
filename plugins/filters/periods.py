"""Periods of days that filters name: today, last month, ten days ago. Weeks begin on Monday."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Days from `start` to the one before `end`."""

    start: date
    end: date

    def reached_from(self, today: date) -> Period:
        """All days from today to the last of the period, or from its first to today when it is over."""
        over = self.end <= today
        return Period(self.start if over else today, today + _DAY if over else self.end)


def day(of: date) -> Period:
    """One day."""
    return Period(of, of + _DAY)


def week(of: date) -> Period:
    """The week a day is in."""
    monday = of - of.weekday() * _DAY
    return Period(monday, monday + 7 * _DAY)


def month(of: date) -> Period:
    """The month a day is in."""
    first = of.replace(day=1)
    return Period(first, months_later(first, 1))


def year(of: date) -> Period:
    """The year a day is in."""
    first = of.replace(month=1, day=1)
    return Period(first, months_later(first, 12))


def days_later(of: date, count: int) -> date:
    """So many days later. OverflowError where the calendar ends, as from all of these."""
    return of + timedelta(days=count)


def weeks_later(of: date, count: int) -> date:
    """So many weeks later."""
    return of + timedelta(weeks=count)


def months_later(of: date, count: int) -> date:
    """The same day so many months later, or the last day of a month that is shorter."""
    years, index = divmod(of.month - 1 + count, 12)
    if not 1 <= of.year + years <= 9999:
        raise OverflowError("the calendar ends in the year 9999")
    return date(of.year + years, index + 1, min(of.day, monthrange(of.year + years, index + 1)[1]))


def years_later(of: date, count: int) -> date:
    """The same day so many years later."""
    return months_later(of, 12 * count)


Around = Callable[[date], Period]
Later = Callable[[date, int], date]

UNITS: dict[str, tuple[Around, Later]] = {
    "days": (day, days_later),
    "weeks": (week, weeks_later),
    "months": (month, months_later),
    "years": (year, years_later),
}
"""The period around a day, and how far another one is, by the unit it is counted in."""

NAMED: dict[str, tuple[str, int]] = {
    "today": ("days", 0),
    "yesterday": ("days", -1),
    "tomorrow": ("days", 1),
    "one_week_ago": ("weeks", -1),
    "this_week": ("weeks", 0),
    "next_week": ("weeks", 1),
    "one_month_ago": ("months", -1),
    "this_month": ("months", 0),
    "next_month": ("months", 1),
    "one_year_ago": ("years", -1),
    "this_year": ("years", 0),
    "next_year": ("years", 1),
}
"""Periods with a name: in what they are counted, and how many of it they are from now."""

COUNTED: dict[str, tuple[str, int]] = {
    f"nr_{unit}_{where}": (unit, sign) for unit in UNITS for where, sign in (("ago", -1), ("from_now", 1))
}
"""Periods that need a number: in what they are counted, and whether the number is one of the past."""
