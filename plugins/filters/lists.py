"""Filter types for lists, such as looked up values: other filter types, for any of the items or for all."""

from __future__ import annotations

import sqlalchemy as sa

from plugin_api.filters import AnyItem, Condition, Filtered, FilteredItem, FilterType, Negated, UnusableValue
from plugin_api.kinds import Kind
from plugins.filters import choices, dates, numbers, texts
from plugins.filters.general import Empty, Equal

_SELECTS = frozenset({Kind.SINGLE_SELECT, Kind.MULTIPLE_SELECT})
_COMPARED = frozenset({Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN, Kind.DURATION})
_CAN_BE_EMPTY = _SELECTS | {
    *(Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.DURATION, Kind.FILE, Kind.COLLABORATORS, Kind.OTHER)
}


class ItemEqual(FilterType):
    """An item of a list is the one given; options by their ids."""

    constant = True
    type = "item_equal"
    kinds = _COMPARED | _SELECTS

    def condition(self, subject: Filtered, value: str) -> Condition | None:
        """As the kind of the item compares."""
        of: FilterType = choices.IsExactly() if subject.kind in _SELECTS else Equal()
        return of.condition(subject, value)


class AllItems(FilterType):
    """Lifts a filter type to lists: keeps the rows with items that the other type would keep all of."""

    def __init__(self, type: str, of: FilterType, kinds: frozenset[Kind]) -> None:
        self.type = type
        self.of = of
        self.item_kinds = kinds
        self.constant = of.constant

    def condition(self, subject: Filtered, value: str) -> Condition | None:
        """There are items, and none that is different."""
        items = subject.items
        if items is None:
            raise UnusableValue
        found = self.of.condition(FilteredItem(subject.field, subject.type, subject.row, items), value)
        if found is None:
            return None
        different = items.exists(subject.row, sa.not_(sa.func.coalesce(found, sa.false())))
        return sa.and_(items.exists(subject.row, sa.true()), sa.not_(different))


_ANY_OPTION = AnyItem("has_any_select_option_equal", choices.IsAnyOption("is_any_option", _SELECTS))
_BOTH_WAYS: dict[str, AnyItem] = {
    "has_not_value_equal": AnyItem("has_value_equal", ItemEqual()),
    "has_not_value_contains": AnyItem(
        "has_value_contains", texts.Contains(), texts.Contains.kinds | {Kind.FILE, Kind.COLLABORATORS}
    ),
    "has_not_value_contains_word": AnyItem("has_value_contains_word", texts.ContainsWord()),
    "has_none_select_option_equal": _ANY_OPTION,
    "has_not_empty_value": AnyItem("has_empty_value", Empty(), _CAN_BE_EMPTY, empty_is_value=True),
    "has_not_value_higher": AnyItem("has_value_higher", numbers.HIGHER),
    "has_not_value_higher_or_equal": AnyItem("has_value_higher_or_equal", numbers.HIGHER_OR_EQUAL),
    "has_not_value_lower": AnyItem("has_value_lower", numbers.LOWER),
    "has_not_value_lower_or_equal": AnyItem("has_value_lower_or_equal", numbers.LOWER_OR_EQUAL),
    "has_not_date_equal": AnyItem("has_date_equal", dates.DateIs(), empty_is_value=True),
    "has_not_date_before": AnyItem("has_date_before", dates.DateIsBefore(), empty_is_value=True),
    "has_not_date_on_or_before": AnyItem("has_date_on_or_before", dates.DateIsOnOrBefore(), empty_is_value=True),
    "has_not_date_after": AnyItem("has_date_after", dates.DateIsAfter(), empty_is_value=True),
    "has_not_date_on_or_after": AnyItem("has_date_on_or_after", dates.DateIsOnOrAfter(), empty_is_value=True),
    "has_not_date_within": AnyItem("has_date_within", dates.DateIsWithin(), empty_is_value=True),
}
"""Those that have an opposite, by its name."""

FILTER_TYPES: list[FilterType] = [
    *_BOTH_WAYS.values(),
    *(Negated(name, opposite) for name, opposite in _BOTH_WAYS.items()),
    AnyItem("has_value_length_is_lower_than", texts.LengthIsLowerThan()),
    AllItems("has_all_values_equal", Equal(), frozenset({Kind.BOOLEAN})),
]
