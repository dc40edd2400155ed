"""Reading the values of filters: one function for each form, all of which raise UnusableValue for anything else."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from plugin_api.filters import UnusableValue
from plugin_api.schemas import MAX_INT, as_int

_TRUE = frozenset({"1", "true", "t", "yes", "y", "on", "checked"})
_FALSE = frozenset({"", "0", "false", "f", "no", "n", "off", "unchecked"})
_MOST_DIGITS = 100


def number(value: str) -> Decimal:
    """A number of a size PostgreSQL can compare."""
    try:
        found = Decimal(value.strip())
    except InvalidOperation:
        raise UnusableValue from None
    if not found.is_finite() or abs(found.adjusted()) > _MOST_DIGITS or len(found.as_tuple().digits) > _MOST_DIGITS:
        raise UnusableValue
    return found


def whole(value: str) -> int:
    """A whole number; those that are too large for a column are as large as one can be."""
    found = as_int(value)
    if found is None:
        raise UnusableValue
    return max(-MAX_INT, min(found, MAX_INT))


def truth(value: str) -> bool:
    """Yes or no, as the usual words for them; nothing at all is no."""
    word = value.strip().lower()
    if word not in _TRUE | _FALSE:
        raise UnusableValue
    return word in _TRUE


def ids(value: str) -> list[int]:
    """The ids in a list separated by commas; what is no id is left out."""
    found = (as_int(part) for part in value.split(","))
    return [max(-MAX_INT, min(each, MAX_INT)) for each in found if each is not None]


def id_array(of: list[int]) -> sa.ColumnElement[Any]:
    """Ids as one parameter, however many they are."""
    return sa.literal(of, pg.ARRAY(sa.BigInteger()))


def is_one_of(value: sa.ColumnElement[Any], of: list[int]) -> sa.ColumnElement[bool]:
    """Whether the value is one of the ids."""
    return value == sa.func.any(id_array(of))


def overlaps(value: sa.ColumnElement[Any], of: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether two arrays of ids have one in common."""
    return sa.type_coerce(value, pg.ARRAY(sa.BigInteger())).op("&&", is_comparison=True)(of)
