"""Filter types for numbers and durations."""

from __future__ import annotations

import operator
from typing import Any

import sqlalchemy as sa

from plugin_api.filters import Condition, Filtered, FilterType
from plugin_api.kinds import Kind
from plugins.filters.general import COMPARED


class Comparison(FilterType):
    """The value is higher, or lower, than the one given."""

    constant = True
    kinds = frozenset({Kind.NUMBER, Kind.DURATION})
    by_value = True

    def __init__(self, type: str, compare: Any) -> None:
        self.type = type
        self._compare = compare

    def condition(self, subject: Filtered, value: str) -> Condition:
        """Compared as numbers and as durations."""
        found: Condition = self._compare(subject.value, COMPARED[subject.kind](subject, value))
        return found


class IsEvenAndWhole(FilterType):
    """The number is whole and even. The filter's own value does not matter."""

    constant = True
    type = "is_even_and_whole"
    kinds = frozenset({Kind.NUMBER})
    empty_is_value = True

    def condition(self, subject: Filtered, value: str) -> Condition:
        """Halves have no remainder."""
        found: Condition = sa.cast(subject.value, sa.Numeric()) % 2 == 0
        return found


HIGHER = Comparison("higher_than", operator.gt)
HIGHER_OR_EQUAL = Comparison("higher_than_or_equal", operator.ge)
LOWER = Comparison("lower_than", operator.lt)
LOWER_OR_EQUAL = Comparison("lower_than_or_equal", operator.le)

FILTER_TYPES: list[FilterType] = [HIGHER, HIGHER_OR_EQUAL, LOWER, LOWER_OR_EQUAL, IsEvenAndWhole()]
