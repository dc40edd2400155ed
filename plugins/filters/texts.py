"""Filter types that look at what people read: contains, contains word, length."""

from __future__ import annotations

import re
from collections.abc import Callable

import sqlalchemy as sa

from plugin_api.filters import Condition, Filtered, FilterType, Negated, UnusableValue
from plugin_api.kinds import Kind
from plugin_api.selects import OPTION
from plugin_api.sql import contains, contains_word
from plugins.filters import operands

_TEXTS = frozenset({Kind.TEXT, Kind.CODE})
_SELECTS = frozenset({Kind.SINGLE_SELECT, Kind.MULTIPLE_SELECT})
_SIGNS_ONLY = re.compile(r"[\s.,+-]*")
_LONGEST_WORD = 2000
_LONGEST_TEXT = 2**31 - 1

Test = Callable[[sa.ColumnElement[str]], Condition]


def fits(subject: Filtered, test: Test) -> Condition:
    """Whether what people read passes a test. Of options the names are tested once, not for every row."""
    options = subject.field.select_options
    if subject.kind not in _SELECTS or not options:
        return test(subject.text)
    named = operands.is_one_of(OPTION.c.id, [option.id for option in options])
    chosen = sa.select(OPTION.c.id).where(named, test(OPTION.c.value))
    if subject.kind == Kind.SINGLE_SELECT:
        return subject.value.in_(chosen)
    return operands.overlaps(subject.value, sa.func.array(chosen.scalar_subquery()))


class Contains(FilterType):
    """What people read contains the text, without regard to case."""

    constant = True
    type = "contains"
    kinds = frozenset({*_TEXTS, *_SELECTS, Kind.NUMBER, Kind.DATE, Kind.DATETIME})

    def condition(self, subject: Filtered, value: str) -> Condition:
        """Of numbers, nothing but a sign is no part."""
        if subject.kind == Kind.NUMBER and _SIGNS_ONLY.fullmatch(value):
            raise UnusableValue
        return fits(subject, lambda text: contains(text, value.strip()))


class ContainsWord(FilterType):
    """What people read contains the text as whole words, without regard to case."""

    constant = True
    type = "contains_word"
    kinds = frozenset({Kind.TEXT, *_SELECTS})

    def condition(self, subject: Filtered, value: str) -> Condition:
        """Everything in the value stands for itself."""
        if len(value) > _LONGEST_WORD:
            raise UnusableValue
        return fits(subject, lambda text: contains_word(text, value.strip()))


class LengthIsLowerThan(FilterType):
    """The text has fewer characters than the number."""

    constant = True
    type = "length_is_lower_than"
    kinds = _TEXTS
    empty_is_value = True

    def condition(self, subject: Filtered, value: str) -> Condition:
        """Texts that are not there have no length."""
        found: Condition = sa.func.char_length(subject.text) < min(operands.whole(value), _LONGEST_TEXT)
        return found


FILTER_TYPES: list[FilterType] = [
    Contains(),
    Negated("contains_not", Contains()),
    ContainsWord(),
    Negated("doesnt_contain_word", ContainsWord()),
    LengthIsLowerThan(),
]
