"""Aggregation types: figures about the values of a field in many rows, compiled to SQL against value kinds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import sqlalchemy as sa

from plugin_api.fields import Field, FieldType, kind_of
from plugin_api.filters import Filtered
from plugin_api.kinds import Kind
from plugin_api.platform import registry
from plugin_api.states import is_enabled


class AggregationType(ABC):
    """A figure. `kinds` are the value kinds it applies to."""

    type: ClassVar[str]
    kinds: ClassVar[frozenset[Kind]]

    @abstractmethod
    def expression(self, subject: Filtered) -> sa.ColumnElement[Any]:
        """The figure as an SQL aggregate over the rows, of a type that PostgreSQL turns into the right JSON."""

    def fits(self, kind: FieldType, field: Field) -> bool:
        """Whether there is such a figure about a field's values."""
        return kind_of(kind, field) in self.kinds


class DistributionType(AggregationType):
    """How often values occur: the figure is a list of pairs of a value and its number of rows, the commonest first."""

    most: ClassVar[int] = 10
    """How many values are told of."""

    @abstractmethod
    def value(self, subject: Filtered) -> sa.ColumnElement[Any]:
        """What is counted, as it is shown."""

    def expression(self, subject: Filtered) -> sa.ColumnElement[Any]:
        """Values are counted by a query of their own, which the platform makes."""
        raise TypeError("the values of a distribution are counted one by one")


def aggregation_type(name: str) -> AggregationType | None:
    """The type called `name`; None when there is none, or its plugin is switched off."""
    found: AggregationType | None = registry("aggregation_types").get(name)
    if found is None or not is_enabled(registry("aggregation_types").provider(name)):
        return None
    return found
