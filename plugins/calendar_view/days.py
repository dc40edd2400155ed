"""The days of a calendar a request asks for, in the time zone in which dates are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from plugin_api.dates import day_of, zone_of
from plugin_api.kinds import Kind

MAX_DAYS = 3660
"""About ten years."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """The time from `start`, included, to `end`, excluded, as days of a time zone."""

    start: datetime
    end: datetime
    zone: str

    @classmethod
    def possible(cls, start: datetime, end: datetime, zone: str) -> bool:
        """Whether the time is short enough, and all its days are ones of the calendar."""
        try:
            return (end - start).days < MAX_DAYS and bool(cls(start - _DAY, end + _DAY, zone).all())
        except OverflowError:
            return False

    @property
    def first(self) -> date:
        """The day the time begins on."""
        return self._local(self.start).date()

    @property
    def last(self) -> date:
        """The day the time ends on, also when that is its midnight."""
        return self._local(self.end).date()

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone))

    def all(self) -> list[date]:
        """All days from the first to the last."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def key(self, value: sa.ColumnElement[Any], kind: Kind) -> sa.ColumnElement[Any]:
        """The day a value falls on."""
        return day_of(value, {"date_force_timezone": self.zone}) if kind is Kind.DATETIME else value

    def condition(self, value: sa.ColumnElement[Any], kind: Kind) -> sa.ColumnElement[bool]:
        """Whether a value is in the time; days are when any of them is."""
        if kind is Kind.DATETIME:
            return sa.and_(value >= self.start, value < self.end)
        ends_at_midnight = self._local(self.end).time() == time()
        until = value < self.last if ends_at_midnight else value <= self.last
        return sa.and_(value >= self.first, until)


def zone_for(options: Mapping[str, Any], kind: Kind, users: str) -> str:
    """The time zone the values of a field with these options are looked at in: its own one, else the user's."""
    forced = options.get("date_force_timezone") if kind is Kind.DATETIME else None
    return zone_of({"date_force_timezone": forced or users})
