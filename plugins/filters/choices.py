"""Filter types for select options, which are given by their ids."""

from __future__ import annotations

import sqlalchemy as sa

from plugin_api.filters import Condition, Filtered, FilterType, Negated, UnusableValue
from plugin_api.kinds import Kind
from plugins.filters import operands

SINGLE, MULTIPLE = frozenset({Kind.SINGLE_SELECT}), frozenset({Kind.MULTIPLE_SELECT})


def some_ids(value: str) -> list[int]:
    """The ids in a list separated by commas; UnusableValue when there are none."""
    found = operands.ids(value)
    if not found:
        raise UnusableValue
    return found


class SingleSelectEqual(FilterType):
    """The option is the one given. A value that is no id means no filter."""

    constant = True
    type = "single_select_equal"
    by_value = True
    by_option = True
    kinds = SINGLE

    def condition(self, subject: Filtered, value: str) -> Condition | None:
        """By id."""
        found = operands.ids(value)
        return operands.is_one_of(subject.value, found[:1]) if found else None


class IsAnyOption(FilterType):
    """The option is one of those given, or one of several options is."""

    constant = True
    by_option = True

    def __init__(self, type: str, kinds: frozenset[Kind]) -> None:
        self.type = type
        self.kinds = kinds
        self.by_value = kinds == SINGLE

    def condition(self, subject: Filtered, value: str) -> Condition:
        """By ids."""
        found = some_ids(value)
        if subject.kind == Kind.SINGLE_SELECT:
            return operands.is_one_of(subject.value, found)
        return operands.overlaps(subject.value, operands.id_array(found))


class IsExactly(FilterType):
    """The option is the one given; several options are exactly those given, in any order."""

    constant = True
    type = "is_exactly"
    by_option = True
    kinds = SINGLE | MULTIPLE

    def condition(self, subject: Filtered, value: str) -> Condition:
        """By ids; one option is never several."""
        found = sorted(set(some_ids(value)))
        if subject.kind == Kind.MULTIPLE_SELECT:
            wanted = operands.id_array(found)
            return sa.and_(subject.value.bool_op("@>")(wanted), subject.value.bool_op("<@")(wanted))
        if len(found) > 1:
            raise UnusableValue
        return operands.is_one_of(subject.value, found)


IS_ANY = IsAnyOption("single_select_is_any_of", SINGLE)
HAS = IsAnyOption("multiple_select_has", MULTIPLE)

FILTER_TYPES: list[FilterType] = [
    SingleSelectEqual(),
    Negated("single_select_not_equal", SingleSelectEqual()),
    IS_ANY,
    Negated("single_select_is_none_of", IS_ANY),
    HAS,
    Negated("multiple_select_has_not", HAS),
]
