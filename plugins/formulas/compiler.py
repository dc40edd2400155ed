"""Typing and compiling: from the parts of a formula to a type, SQL, and what it depends on."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from plugin_api.fields import Row
from plugins.formulas.errors import FormulaError
from plugins.formulas.functions import FUNCTIONS
from plugins.formulas.functions.base import list_of, value_of_item
from plugins.formulas.nodes import BooleanNode, CallNode, FieldNode, LookupNode, Node, NumberNode, TextNode
from plugins.formulas.parser import parse, walk
from plugins.formulas.representation import boolean_literal, helper, number_literal, result, text_literal
from plugins.formulas.scope import Link, Reference, Scope
from plugins.formulas.types import MAX_PLACES, Type, boolean, number, text
from plugins.formulas.values import LinkSource, ListSource, Many, Rows, Value, value


@dataclass(frozen=True)
class Compiled:
    """A formula that can be computed.

    dependencies: pairs of a field and the link field it is reached by (None: a field of the formula's own table).
    volatile: its value changes with time alone.
    """

    type: Type
    value: Value
    dependencies: frozenset[tuple[int, int | None]]
    volatile: bool

    def sql(self, row: Row, shown: Type | None = None) -> sa.ColumnElement[Any]:
        """The value for a row, of the PostgreSQL type `types.column_type` says; `shown` is the type with settings."""
        found = shown or self.type
        return result(replace(self.value, type=found.of or found), Rows(row))


def compiled(formula: str, scope: Scope) -> Compiled:
    """A formula in a table; FormulaError with a message that helps when it is wrong."""
    node, typing = parse(formula), _Typing(scope)
    typing.collect(node)
    try:
        found = typing.typed(node)
    except FormulaError as error:
        error.dependencies = frozenset(typing.dependencies)
        raise
    return Compiled(found.whole, found, frozenset(typing.dependencies), typing.volatile)


@dataclass
class _Typing:
    scope: Scope
    dependencies: set[tuple[int, int | None]] = field(default_factory=set)
    volatile: bool = False

    def collect(self, node: Node) -> None:
        """Note what the formula refers to, whatever is wrong with it."""
        for found in walk(node):
            if isinstance(found, FieldNode):
                field_or_link = self.scope.field(found.name.value) or self.scope.link(found.name.value)
                self._refers(field_or_link, None)
                if isinstance(field_or_link, Link):
                    self._refers(field_or_link.scope.primary(), field_or_link.field_id)
            elif isinstance(found, LookupNode) and (link := self.scope.link(found.link.value)):
                target = link.scope.field(found.target.value) or link.scope.link(found.target.value)
                self._refers(link, None)
                self._refers(target, link.field_id)

    def _refers(self, found: Reference | Link | None, via: int | None) -> None:
        if found is not None:
            self.dependencies.add((found.field_id, via))

    def typed(self, node: Node) -> Value:
        if isinstance(node, CallNode):
            return self._call(node)
        if isinstance(node, FieldNode):
            return self._field(node.name.value)
        if isinstance(node, LookupNode):
            return self._lookup(node.link.value, node.target.value)
        return _literal(node)

    def _call(self, node: CallNode) -> Value:
        function = FUNCTIONS.get(node.function)
        if function is None:
            raise FormulaError(_unknown(node.function))
        args = [self.typed(arg) for arg in node.args]
        self.volatile = self.volatile or function.volatile
        return function.call(args)

    def _field(self, name: str) -> Value:
        found = self.scope.field(name)
        if found is not None:
            return _value(_usable(found))
        link = self.scope.link(name)
        if link is None:
            raise FormulaError(f"There is no field called {name!r} in this table.")
        return self._linked(LinkSource(link), link.scope.primary(), "the primary field")

    def _lookup(self, link_name: str, name: str) -> Value:
        link = self.scope.link(link_name)
        if link is None:
            known = self.scope.field(link_name) is not None
            why = "is not a link to another table" if known else "does not exist in this table"
            raise FormulaError(f"The field {link_name!r} {why}; lookup() needs a link field.")
        target = link.scope.field(name) or link.scope.link(name)
        return self._linked(LinkSource(link), target, f"a field called {name!r}")

    def _linked(self, source: LinkSource, target: Reference | Link | None, wanted: str) -> Value:
        """The values of a field of linked rows; where that is a list itself, the items of all the lists."""
        if target is None:
            raise FormulaError(f"The linked table does not have {wanted}.")
        if isinstance(target, Reference):
            return _value_of_linked(_usable(target), source)
        named = target.scope.primary()
        if not isinstance(named, Reference):
            raise FormulaError("The names of the rows that the linked rows link to cannot be used here.")
        return _value_of_linked(_usable(named), LinkSource(target, source))


def _usable(found: Reference) -> Reference:
    if found.type.name == "invalid":
        raise FormulaError(f"The field {found.name!r} has an error: {found.type.error}")
    return found


def _literal(node: Node) -> Value:
    if isinstance(node, TextNode):
        written = text_literal(node.value)
        return Value(text(), lambda rows: written, literal=node.value)
    if isinstance(node, NumberNode):
        places = -int(node.value.as_tuple().exponent)
        written = number_literal(node.value)
        return Value(number(min(max(places, 0), MAX_PLACES)), lambda rows: written, literal=node.value)
    assert isinstance(node, BooleanNode)
    truth = boolean_literal(node.value)
    return Value(boolean(), lambda rows: truth, literal=node.value)


def _value(found: Reference) -> Value:
    if found.type.of is None:
        return value(found.type, lambda rows: found.sql(rows.row), null=True)
    return list_of(found.type.of, lambda rows: found.sql(rows.row), name=found.field_id)


def _value_of_linked(target: Reference, source: LinkSource) -> Value:
    if target.type.of is None:
        return Value(target.type, lambda rows: target.sql(rows.of(source).row), Many(_chain(source)), null=True)
    items = ListSource(target.field_id, lambda rows: helper.items(target.sql(rows.of(source).row)), source)
    found = value_of_item(target.type.of, items)
    return Value(found.type, found.build, Many((*_chain(source), items)), null=True)


def _chain(source: LinkSource) -> tuple[LinkSource, ...]:
    parent = source.parent
    return (*_chain(parent), source) if isinstance(parent, LinkSource) else (source,)


def _unknown(name: str) -> str:
    close = difflib.get_close_matches(name, FUNCTIONS, 1)
    hint = f" Did you mean {close[0]}()?" if close else ""
    return f"There is no function called {name[:100]!r}.{hint}"
