"""Filter types for values of many kinds: equal, empty, boolean, and the ids of rows."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from plugin_api import reading
from plugin_api.fields import ReferringMixin
from plugin_api.filters import Condition, Filtered, FilteredItem, FilterType, Negated, UnusableValue
from plugin_api.kinds import Kind
from plugin_api.schemas import MAX_INT
from plugins.filters import operands

Operand = Callable[[Filtered, str], sa.ColumnElement[Any]]


def number(subject: Filtered, value: str) -> sa.ColumnElement[Any]:
    """A number; whole ones are of the type of a column of whole numbers, so that its index is of use."""
    found: Decimal = operands.number(value)
    if isinstance(subject.value.type, sa.Integer) and found == int(found) and abs(found) <= MAX_INT:
        return sa.literal(int(found), sa.BigInteger())
    return sa.literal(found, sa.Numeric())


def duration(subject: Filtered, value: str) -> sa.ColumnElement[Any]:
    """Seconds, or a text such as 1:30 or 2h 5m, read as the field's format reads it; NULL when it is none."""
    form = str(subject.options.get("duration_format") or "h:mm")
    seconds = reading.duration(sa.literal(value.strip(), sa.Text()), "ss" not in form, 60 if "ss" not in form else 1)
    return sa.func.make_interval(0, 0, 0, 0, 0, 0, sa.cast(seconds, sa.Double()), type_=sa.Interval())


def _uuid(subject: Filtered, value: str) -> sa.ColumnElement[Any]:
    try:
        return sa.literal(uuid.UUID(value.strip()), sa.Uuid())
    except ValueError:
        raise UnusableValue from None


COMPARED: dict[Kind, Operand] = {
    Kind.NUMBER: number,
    Kind.DURATION: duration,
    Kind.BOOLEAN: lambda subject, value: sa.literal(operands.truth(value)),
    Kind.UUID: _uuid,
}
"""How values are read that are compared with the fields' own, by kind."""


class Equal(FilterType):
    """The value is exactly the one given; texts are compared as they are written."""

    constant = True
    type = "equal"
    by_value = True
    kinds = frozenset({Kind.TEXT, Kind.CODE, *COMPARED})

    def condition(self, subject: Filtered, value: str) -> Condition:
        """Each kind has its own form; texts are trimmed."""
        operand = COMPARED.get(subject.kind)
        if operand is None:
            return subject.text == value.strip()
        compared: Condition = subject.value == operand(subject, value)
        return compared


def is_empty(subject: Filtered) -> Condition:
    """Whether there is no value."""
    return _EMPTY.get(subject.kind, _is_null)(subject)


def _is_null(subject: Filtered) -> Condition:
    return subject.value.is_(None)


def _no_text(subject: Filtered) -> Condition:
    return sa.func.coalesce(subject.text, "") == ""


def _no(subject: Filtered) -> Condition:
    return sa.not_(sa.func.coalesce(subject.value, sa.false()))


def _no_members(subject: Filtered) -> Condition:
    value = subject.value
    count = sa.func.jsonb_array_length(value) if isinstance(value.type, sa.JSON) else sa.func.cardinality(value)
    return sa.func.coalesce(count, 0) == 0


def _no_links(subject: Filtered) -> Condition:
    kind = subject.type
    if not isinstance(kind, ReferringMixin):
        return _no_members(subject)
    known = kind.referred(subject.field).subquery(f"known{subject.field.id}")
    return sa.not_(kind.refers(subject.field, subject.row, sa.select(known.c.key)))


def _no_items(subject: Filtered) -> Condition:
    """Also a list of nothing but empty items is empty; booleans are never nothing."""
    items = subject.items
    if items is None:
        return _is_null(subject)
    item = FilteredItem(subject.field, subject.type, subject.row, items)
    filled = sa.true() if items.kind == Kind.BOOLEAN else sa.not_(is_empty(item))
    return sa.not_(items.exists(subject.row, filled))


_EMPTY: dict[Kind, Callable[[Filtered], Condition]] = {
    Kind.TEXT: _no_text,
    Kind.CODE: _no_text,
    Kind.BOOLEAN: _no,
    Kind.SECRET: _no,
    Kind.MULTIPLE_SELECT: _no_members,
    Kind.COLLABORATORS: _no_members,
    Kind.FILES: _no_members,
    Kind.LINKS: _no_links,
    Kind.ARRAY: _no_items,
}


class Empty(FilterType):
    """There is no value; of a boolean: it is false. The filter's own value does not matter."""

    constant = True
    type = "empty"
    kinds = frozenset(Kind) - {Kind.UUID, Kind.PERSON, Kind.ROW_ID}
    empty_is_value = True

    def condition(self, subject: Filtered, value: str) -> Condition:
        """As the kind has it."""
        return is_empty(subject)


class Boolean(FilterType):
    """The boolean is the one given."""

    constant = True
    type = "boolean"
    kinds = frozenset({Kind.BOOLEAN})
    empty_is_value = True

    def condition(self, subject: Filtered, value: str) -> Condition:
        """The usual words for yes and no; an empty value is no."""
        found: Condition = subject.value == sa.literal(operands.truth(value))
        return found


class In(FilterType):
    """The id of the row is one of a list separated by commas."""

    constant = True
    type = "in"
    by_value = True
    kinds = frozenset({Kind.ROW_ID})

    def condition(self, subject: Filtered, value: str) -> Condition:
        """Ids as numbers."""
        return operands.is_one_of(subject.value, operands.ids(value))


FILTER_TYPES: list[FilterType] = [
    Equal(),
    Negated("not_equal", Equal()),
    Empty(),
    Negated("not_empty", Empty()),
    Boolean(),
    In(),
]
