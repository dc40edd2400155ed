"""The aggregation types, compiled against value kinds."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from plugin_api.aggregations import AggregationType, DistributionType
from plugin_api.fields import kind_of
from plugin_api.filters import Filtered
from plugin_api.kinds import Kind
from plugin_api.sql import iso_moment

_ALL = frozenset(Kind)
_NUMBERS = frozenset({Kind.NUMBER, Kind.DURATION})
_ORDERED = frozenset({*_NUMBERS, Kind.DATE, Kind.DATETIME})
_TEXTS = frozenset({Kind.TEXT, Kind.CODE})
_SINGLE = frozenset({*_ORDERED, *_TEXTS, Kind.UUID, Kind.SINGLE_SELECT, Kind.BOOLEAN})
_TENTHS: sa.ColumnElement[Any] = sa.literal_column("ARRAY[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]")


def number(subject: Filtered) -> sa.ColumnElement[Any]:
    """The value as a number; durations in seconds."""
    if kind_of(subject.type, subject.field) == Kind.DURATION:
        return sa.func.extract("epoch", subject.value)
    return subject.value


def shown(subject: Filtered, value: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """A value out of those of a field, as JSON has it."""
    return iso_moment(value) if kind_of(subject.type, subject.field) == Kind.DATETIME else value


def is_empty(subject: Filtered) -> sa.ColumnElement[bool]:
    """Whether there is no value; in boxes to tick, whether they are not ticked."""
    value, kind = subject.value, kind_of(subject.type, subject.field)
    if kind == Kind.BOOLEAN:
        return sa.not_(sa.func.coalesce(value, sa.false()))
    if kind in _TEXTS:
        return sa.func.coalesce(value, "") == ""
    if kind in (Kind.LINKS, Kind.MULTIPLE_SELECT, Kind.COLLABORATORS, Kind.FILES, Kind.ARRAY):
        return _is_empty_list(value)
    return value.is_(None)


def _is_empty_list(value: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    if isinstance(value.type, pg.JSONB):
        return sa.func.coalesce(value, sa.literal_column("'[]'::jsonb")) == sa.literal_column("'[]'::jsonb")
    return sa.func.coalesce(sa.func.cardinality(value), 0) == 0


class Count(AggregationType):
    """How many rows there are."""

    type = "count"
    kinds = _ALL

    def expression(self, subject: Filtered) -> sa.ColumnElement[Any]:
        """Whatever they hold."""
        return sa.func.count()


class EmptyCount(AggregationType):
    """How many rows have no value."""

    type = "empty_count"
    kinds = _ALL

    def expression(self, subject: Filtered) -> sa.ColumnElement[Any]:
        """Rows without."""
        return sa.func.count().filter(is_empty(subject))


class NotEmptyCount(AggregationType):
    """How many rows have a value."""

    type = "not_empty_count"
    kinds = _ALL

    def expression(self, subject: Filtered) -> sa.ColumnElement[Any]:
        """Rows with one."""
        return sa.func.count().filter(sa.not_(is_empty(subject)))


class UniqueCount(AggregationType):
    """How many different values there are."""

    type = "unique_count"
    kinds = _SINGLE

    def expression(self, subject: Filtered) -> sa.ColumnElement[Any]:
        """NULL is none of them."""
        return sa.func.count(sa.distinct(subject.value))


class Least(AggregationType):
    """The least value, the earliest moment."""

    type = "min"
    kinds = _ORDERED

    def expression(self, subject: Filtered) -> sa.ColumnElement[Any]:
        """As the field shows it."""
        return shown(subject, sa.func.min(number(subject)))


class Greatest(AggregationType):
    """The greatest value, the latest moment."""

    type = "max"
    kinds = _ORDERED

    def expression(self, subject: Filtered) -> sa.ColumnElement[Any]:
        """As the field shows it."""
        return shown(subject, sa.func.max(number(subject)))


class _OfNumbers(AggregationType):
    kinds = _NUMBERS
    function: str

    def expression(self, subject: Filtered) -> sa.ColumnElement[Any]:
        """Empty values do not count."""
        found: sa.ColumnElement[Any] = getattr(sa.func, self.function)(number(subject))
        return found


class Sum(_OfNumbers):
    """The sum."""

    type, function = "sum", "sum"


class Average(_OfNumbers):
    """The mean."""

    type, function = "average", "avg"


class Variance(_OfNumbers):
    """The variance of all values."""

    type, function = "variance", "var_pop"


class StandardDeviation(_OfNumbers):
    """The standard deviation of all values."""

    type, function = "std_dev", "stddev_pop"


class _Percentile(AggregationType):
    kinds = _NUMBERS
    of: sa.ColumnElement[Any]

    def expression(self, subject: Filtered) -> sa.ColumnElement[Any]:
        """Between two values, as far as the percentile is between them."""
        values = sa.cast(number(subject), sa.Double)
        return sa.func.percentile_cont(self.of).within_group(values)


class Median(_Percentile):
    """The value in the middle."""

    type, of = "median", sa.literal_column("0.5")


class Deciles(_Percentile):
    """The nine values that cut all values into tenths."""

    type, of = "decile", _TENTHS


class Distribution(DistributionType):
    """The commonest values."""

    type = "distribution"
    kinds = frozenset({*_SINGLE, Kind.MULTIPLE_SELECT, Kind.LINKS, Kind.COLLABORATORS})

    def value(self, subject: Filtered) -> sa.ColumnElement[Any]:
        """Numbers, booleans and dates as they are, everything else as people read it."""
        kind = kind_of(subject.type, subject.field)
        if kind in (*_TEXTS, Kind.BOOLEAN, *_ORDERED):
            return shown(subject, number(subject))
        return subject.text


AGGREGATION_TYPES: list[AggregationType] = [
    EmptyCount(),
    NotEmptyCount(),
    UniqueCount(),
    Least(),
    Greatest(),
    Sum(),
    Average(),
    Median(),
    Deciles(),
    Variance(),
    StandardDeviation(),
    Distribution(),
    Count(),
]
