"""Filter types: named conditions on a field, compiled to SQL against value kinds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import sqlalchemy as sa

from plugin_api.fields import Field, FieldType, Row
from plugin_api.kinds import Kind


class UnusableValue(ValueError):
    """A filter value that cannot be parsed: positive filters then keep no rows, negated ones all."""


@dataclass(frozen=True)
class Filtered:
    """What a filter is applied to: the field, its type and the row it is read from."""

    field: Field
    type: FieldType
    row: Row

    @property
    def value(self) -> sa.ColumnElement[Any]:
        """The field's value as its PostgreSQL type."""
        return self.type.value(self.field, self.row)

    @property
    def text(self) -> sa.ColumnElement[str]:
        """The field's value as people read it."""
        return self.type.text(self.field, self.row)


class FilterType(ABC):
    """A condition with a value. `kinds` are the value kinds it applies to.

    An empty value means no filter, unless `empty_is_value`.
    """

    type: ClassVar[str]
    kinds: ClassVar[frozenset[Kind]]
    negated: ClassVar[bool] = False
    empty_is_value: ClassVar[bool] = False

    @abstractmethod
    def condition(self, subject: Filtered, value: str) -> sa.ColumnElement[bool]:
        """The condition as SQL. Raise UnusableValue for a value that cannot be parsed."""
