"""Filter types: named conditions on a field, compiled to SQL against value kinds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from plugin_api.fields import Field, FieldType, Items, ItemsMixin, Row, kind_of
from plugin_api.kinds import Kind

Condition = sa.ColumnElement[bool]


class UnusableValue(ValueError):
    """A filter value that cannot be parsed: positive filters then keep no rows, negated ones all."""


@dataclass(frozen=True)
class Filtered:
    """What a filter is applied to: the field, its type and the row it is read from."""

    field: Field
    type: FieldType
    row: Row

    @property
    def kind(self) -> Kind:
        """The kind of the value."""
        return kind_of(self.type, self.field)

    @property
    def value(self) -> sa.ColumnElement[Any]:
        """The field's value as its PostgreSQL type."""
        return self.type.value(self.field, self.row)

    @property
    def text(self) -> sa.ColumnElement[str]:
        """The field's value as people read it."""
        return self.type.text(self.field, self.row)

    @property
    def options(self) -> Mapping[str, Any]:
        """The field's own settings, as its JSON has them."""
        return self.type.options_json(self.field)

    @property
    def items(self) -> Items | None:
        """Of a list: its items."""
        return self.type.items(self.field, self.row) if isinstance(self.type, ItemsMixin) else None


@dataclass(frozen=True)
class FilteredItem(Filtered):
    """One item of a list."""

    item: Items

    @property
    def kind(self) -> Kind:
        """The kind of the items."""
        return self.item.kind

    @property
    def value(self) -> sa.ColumnElement[Any]:
        """The item's value."""
        return self.item.value

    @property
    def text(self) -> sa.ColumnElement[str]:
        """The item as people read it."""
        return self.item.text


class FilterType(ABC):
    """A condition with a value.

    kinds: the value kinds it applies to. item_kinds: those of items, if it applies to lists of such items too.
    negated: whether a value that cannot be parsed keeps all rows rather than none.
    empty_is_value: whether `condition` is asked for an empty value too; otherwise that means no filter.
    by_option: whether the value is ids of select options, with commas between them.
    has_names: whether clients show something else than the value, which `names` answers.
    constant: whether the condition follows from the field and the value alone, at any time and whoever asks. Such a
        condition is compiled once and used by many requests; others are compiled anew for each.
    by_value: whether the condition compares the field's value as it is stored with what is given, by =, <, > or IN, so
        that an index of the field's column finds the rows. Large tables get one where a view has such a filter.
    """

    type: str
    kinds: frozenset[Kind] = frozenset()
    item_kinds: frozenset[Kind] = frozenset()
    negated: bool = False
    empty_is_value: bool = False
    by_option: bool = False
    has_names: bool = False
    constant: bool = False
    by_value: bool = False

    @abstractmethod
    def condition(self, subject: Filtered, value: str) -> Condition | None:
        """The condition as SQL; None when the value means no filter.

        Raise UnusableValue for a value that cannot be parsed. NULL counts as not fulfilled.
        """

    def names(self, kind: FieldType, field: Field, values: Sequence[str]) -> Mapping[str, dict[str, Any]]:
        """By value, the `preload_values` of a view's filter that has it: one query for all of them."""
        return {}

    def applies_to(self, kind: FieldType, field: Field) -> bool:
        """Whether a field can be filtered this way."""
        found = kind_of(kind, field)
        if found in self.kinds:
            return True
        return found == Kind.ARRAY and isinstance(kind, ItemsMixin) and kind.item_kind(field) in self.item_kinds

    def copied_value(self, value: str, option_ids: Mapping[int, int]) -> str:
        """The value in a copy of the table, where select options have the ids that `option_ids` maps theirs to."""
        if not self.by_option:
            return value
        ids = {str(original): str(copy) for original, copy in option_ids.items()}
        return ",".join(ids.get(part.strip(), part) for part in value.split(","))


class Negated(FilterType):
    """The opposite of another filter type: keeps the rows the other does not, also those without a value."""

    negated = True

    def __init__(self, type: str, opposite: FilterType) -> None:
        self.type = type
        self.opposite = opposite
        self.kinds, self.item_kinds = opposite.kinds, opposite.item_kinds
        self.empty_is_value, self.by_option = opposite.empty_is_value, opposite.by_option
        self.has_names, self.constant = opposite.has_names, opposite.constant

    def names(self, kind: FieldType, field: Field, values: Sequence[str]) -> Mapping[str, dict[str, Any]]:
        """Those of the other type."""
        return self.opposite.names(kind, field, values)

    def condition(self, subject: Filtered, value: str) -> Condition | None:
        """NULL counts as not fulfilled, so that its opposite is."""
        found = self.opposite.condition(subject, value)
        return None if found is None else sa.not_(sa.func.coalesce(found, sa.false()))


class AnyItem(FilterType):
    """Lifts a filter type to lists: keeps the rows with an item that the other type would keep.

    kinds: the kinds of items it applies to; by default those of the other type.
    """

    def __init__(
        self, type: str, of: FilterType, kinds: frozenset[Kind] | None = None, empty_is_value: bool = False
    ) -> None:
        self.type = type
        self.of = of
        self.item_kinds = of.kinds if kinds is None else kinds
        self.empty_is_value, self.by_option, self.constant = empty_is_value, of.by_option, of.constant

    def condition(self, subject: Filtered, value: str) -> Condition | None:
        """Whether there is such an item."""
        items = subject.items
        if items is None:
            raise UnusableValue
        found = self.of.condition(FilteredItem(subject.field, subject.type, subject.row, items), value)
        return None if found is None else items.exists(subject.row, found)
