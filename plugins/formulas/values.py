"""Typed values of formulas: one value of the row, or one for each of the rows it ranges over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from plugin_api.fields import Row
from plugins.formulas.scope import Joined, Link
from plugins.formulas.types import Type, array

Column = sa.ColumnElement[Any]
Build = Callable[["Rows"], Column]


@dataclass(frozen=True)
class LinkSource:
    """The rows a link field links to, from the formula's row or from those of another source."""

    link: Link
    parent: Source | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """Sources with equal keys are the same rows."""
        return ("link", self.link.field_id, self.parent.key if self.parent else None)

    def opened(self, rows: Rows) -> Opened:
        """The source in a statement."""
        joined: Joined = self.link.rows(rows.of(self.parent).row if self.parent else rows.row)
        row_id = rows.of(self.parent).id if self.parent else joined.row.c.id
        return Opened(joined.source, joined.condition, tuple(joined.order), row_id, joined.row)


@dataclass(frozen=True)
class ListSource:
    """The items of a JSON list: a stored list of the formula's row or of the rows of another source."""

    name: Any
    json: Build
    parent: Source | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """Sources with equal keys are the same rows."""
        return ("list", self.name, self.parent.key if self.parent else None)

    def opened(self, rows: Rows) -> Opened:
        """The source in a statement."""
        called = sa.func.jsonb_array_elements(self.json(rows))
        items = called.table_valued(sa.column("value", JSONB), with_ordinality="n").render_derived()
        row_id = rows.of(self.parent).id if self.parent else sa.cast(items.c.value.op("->>")("id"), sa.BigInteger)
        return Opened(items, sa.true(), (items.c.n,), row_id, items)


Source = LinkSource | ListSource


@dataclass(frozen=True)
class Opened:
    """A source in a statement; `row` is its row or, of a list, the relation with the column `value`."""

    source: sa.FromClause
    condition: sa.ColumnElement[bool]
    order: tuple[Column, ...]
    id: Column
    row: Row


@dataclass
class Rows:
    """The formula's row, and the rows it ranges over in one statement."""

    row: Row
    _opened: dict[tuple[Any, ...], Opened] = field(default_factory=dict)

    def of(self, source: Source) -> Opened:
        """The source in this statement."""
        if source.key not in self._opened:
            self._opened[source.key] = source.opened(self)
        return self._opened[source.key]


@dataclass(frozen=True)
class Many:
    """What a list value ranges over, in order, and which of it is left out."""

    sources: tuple[Source, ...]
    conditions: tuple[Build, ...] = ()

    def joined(self, other: Many | None) -> Many:
        """Both; rows of the same link are taken together, others are combined each with each."""
        if other is None:
            return self
        known = {source.key for source in self.sources}
        further = tuple(source for source in other.sources if source.key not in known)
        conditions = tuple(found for found in other.conditions if found not in self.conditions)
        return Many(self.sources + further, self.conditions + conditions)


@dataclass(frozen=True)
class Value:
    """A typed part of a formula. `type` is that of one value; with `over` there is one for each row of it.

    null: whether the SQL can be NULL, which a type that is not nullable does not exclude.
    literal: the value when it is written in the formula.
    """

    type: Type
    build: Build
    over: Many | None = None
    null: bool = False
    literal: Any = None

    @property
    def whole(self) -> Type:
        """The type of the value as a whole."""
        return array(self.type) if self.over else self.type

    def element(self) -> Value:
        """One value of the list."""
        return replace(self, over=None)


def value(found: Type, build: Build, null: bool | None = None) -> Value:
    """A single value; it can be NULL if its type is nullable."""
    return Value(found, build, null=found.nullable if null is None else null)


def over(values: Sequence[Value]) -> Many | None:
    """What the lists among the values range over together."""
    found: Many | None = None
    for each in values:
        if each.over:
            found = each.over.joined(found) if found is None else found.joined(each.over)
    return found


def aggregate(many: Many, rows: Rows, expression: Callable[[Rows, Sequence[Column]], Column]) -> Column:
    """One correlated subquery over the rows of a list. `expression` gets its rows and their order."""
    inside = Rows(rows.row)
    opened = [inside.of(source) for source in many.sources]
    joined = opened[0].source
    for further in opened[1:]:
        joined = joined.join(further.source, sa.true())
    conditions = [found.condition for found in opened] + [condition(inside) for condition in many.conditions]
    shown = expression(inside, [term for found in opened for term in found.order])
    statement = sa.select(shown).select_from(joined).where(*conditions)
    return statement.correlate_except(joined).scalar_subquery()


def ordered(expression: Column, order: Sequence[Column]) -> Any:
    """An aggregate's argument in the order of the list."""
    return aggregate_order_by(expression, *order)
