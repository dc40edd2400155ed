"""The filter types, compiled against value kinds."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

import sqlalchemy as sa

from plugin_api.fields import kind_of
from plugin_api.filters import Filtered, FilterType, UnusableValue
from plugin_api.kinds import Kind
from plugin_api.sql import folded

_TEXTS = frozenset({Kind.TEXT, Kind.UUID})
_READABLE = frozenset({*_TEXTS, Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.SINGLE_SELECT, Kind.MULTIPLE_SELECT})
_ANY = frozenset({*_READABLE, Kind.BOOLEAN, Kind.DURATION})
_TRUE = {"1", "true", "t", "yes", "y", "on"}
_FALSE = {"0", "false", "f", "no", "n", "off"}


def number(value: str) -> Decimal:
    """The number in a filter value."""
    try:
        found = Decimal(value.strip())
    except InvalidOperation:
        raise UnusableValue from None
    if not found.is_finite() or abs(found.adjusted()) > 100:
        raise UnusableValue
    return found


def truth(value: str) -> bool:
    """The boolean in a filter value; what is not yes is no."""
    return value.strip().lower() in _TRUE


def like(text: sa.ColumnElement[str], value: str) -> sa.ColumnElement[bool]:
    """Whether a text contains the value, without regard to case and accents."""
    escaped = value.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return folded(text).like(sa.literal("%").concat(folded(sa.literal(escaped))).concat("%"))


def is_empty(subject: Filtered) -> sa.ColumnElement[bool]:
    """Whether there is no value."""
    kind = kind_of(subject.type, subject.field)
    if kind == Kind.BOOLEAN:
        return sa.not_(subject.value)
    if kind == Kind.TEXT:
        return sa.or_(subject.value.is_(None), subject.value == "")
    if kind == Kind.MULTIPLE_SELECT:
        return sa.func.coalesce(sa.func.cardinality(subject.value), 0) == 0
    return subject.value.is_(None)


class Equal(FilterType):
    """The value is exactly the one given."""

    type = "equal"
    kinds = _ANY

    def condition(self, subject: Filtered, value: str) -> sa.ColumnElement[bool]:
        """Numbers as numbers, booleans as booleans, options by id, everything else as text."""
        kind = kind_of(subject.type, subject.field)
        if kind == Kind.NUMBER:
            return subject.value == number(value)
        if kind == Kind.BOOLEAN:
            return subject.value == truth(value)
        if kind == Kind.SINGLE_SELECT and re.fullmatch(r"\d{1,18}", value.strip()):
            return subject.value == int(value)
        if kind in (Kind.DATE, Kind.DATETIME):
            return sa.cast(subject.value, sa.Text).startswith(value.strip(), autoescape=True)
        return sa.cast(subject.text, sa.Text) == value.strip()


class Contains(FilterType):
    """The value, as people read it, contains the text."""

    type = "contains"
    kinds = _READABLE

    def condition(self, subject: Filtered, value: str) -> sa.ColumnElement[bool]:
        """Without regard to case and accents."""
        return like(subject.text, value)


class Higher(FilterType):
    """The number is higher."""

    type = "higher_than"
    kinds = frozenset({Kind.NUMBER})

    def condition(self, subject: Filtered, value: str) -> sa.ColumnElement[bool]:
        """Compared as numbers."""
        return subject.value > number(value)


class HigherOrEqual(Higher):
    """The number is higher or the same."""

    type = "higher_than_or_equal"

    def condition(self, subject: Filtered, value: str) -> sa.ColumnElement[bool]:
        """Compared as numbers."""
        return subject.value >= number(value)


class Lower(Higher):
    """The number is lower."""

    type = "lower_than"

    def condition(self, subject: Filtered, value: str) -> sa.ColumnElement[bool]:
        """Compared as numbers."""
        return subject.value < number(value)


class LowerOrEqual(Higher):
    """The number is lower or the same."""

    type = "lower_than_or_equal"

    def condition(self, subject: Filtered, value: str) -> sa.ColumnElement[bool]:
        """Compared as numbers."""
        return subject.value <= number(value)


class Empty(FilterType):
    """There is no value."""

    type = "empty"
    kinds = _ANY
    empty_is_value = True

    def condition(self, subject: Filtered, value: str) -> sa.ColumnElement[bool]:
        """Whatever the filter's value."""
        return is_empty(subject)


class Truth(FilterType):
    """The boolean is the one given."""

    type = "boolean"
    kinds = frozenset({Kind.BOOLEAN})

    def condition(self, subject: Filtered, value: str) -> sa.ColumnElement[bool]:
        """The usual words for yes; everything else is no."""
        return subject.value == truth(value)


class _Not(FilterType):
    """The opposite of another filter; rows without a value are kept."""

    negated = True
    opposite: FilterType

    def condition(self, subject: Filtered, value: str) -> sa.ColumnElement[bool]:
        """NULL counts as not fulfilled, so that its opposite is."""
        return sa.not_(sa.func.coalesce(self.opposite.condition(subject, value), sa.false()))


class NotEqual(_Not):
    """The value is another one."""

    type = "not_equal"
    kinds = _ANY
    opposite = Equal()


class ContainsNot(_Not):
    """The value does not contain the text."""

    type = "contains_not"
    kinds = _READABLE
    opposite = Contains()


class NotEmpty(_Not):
    """There is a value."""

    type = "not_empty"
    kinds = _ANY
    empty_is_value = True
    opposite = Empty()


FILTER_TYPES: list[FilterType] = [
    Equal(),
    NotEqual(),
    Contains(),
    ContainsNot(),
    Higher(),
    HigherOrEqual(),
    Lower(),
    LowerOrEqual(),
    Empty(),
    NotEmpty(),
    Truth(),
]
