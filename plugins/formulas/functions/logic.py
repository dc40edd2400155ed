"""Decisions: conditions, what is empty, and what stands in for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from plugins.formulas.errors import FormulaError
from plugins.formulas.functions.base import ANY, BOOLEAN, Function, list_of, plain, shown_text
from plugins.formulas.functions.lists import count_of
from plugins.formulas.functions.operators import family, moment
from plugins.formulas.representation import helper, list_json, text_literal
from plugins.formulas.types import Type, boolean, column_type, text
from plugins.formulas.values import Column, Many, Rows, Value, value


def unify(args: Sequence[Value]) -> list[Value]:
    """Values of one type: the same numbers, dates, ..., or the texts of values that differ."""
    first = args[0].type
    if any(family(arg.type) != family(first) for arg in args):
        return [replace(shown_text(arg), type=text()) for arg in args]
    common = replace(first, nullable=any(arg.type.nullable for arg in args))
    if first.name == "number":
        common = replace(common, number_decimal_places=max(arg.type.places for arg in args))
    if any(arg.type.name != first.name for arg in args):
        return [replace(shown_text(arg), type=text(common.nullable)) for arg in args]
    if first.name == "date" and any(arg.type.timed for arg in args):
        common = replace(next(arg.type for arg in args if arg.type.timed), nullable=common.nullable)
        return [replace(arg, type=common, build=moment(arg)) for arg in args]
    return [replace(arg, type=common) for arg in args]


def _if(args: Sequence[Value]) -> Value:
    condition, yes, no = args
    yes, no = unify([yes, no])

    def build(rows: Rows) -> Column:
        return sa.case((condition.build(rows), yes.build(rows)), else_=no.build(rows))

    return value(yes.type, build, yes.null or no.null)


class _If(Function):
    """`if` with lists to choose from: the lists as wholes, not each with each."""

    def call(self, args: Sequence[Value]) -> Value:
        """The value of a call."""
        whole = len(args) == 3 and not args[0].over and any(arg.over for arg in args[1:])
        if not whole:
            return super().call(args)
        if args[0].type.name != "boolean":
            raise FormulaError(self._wrong(0, BOOLEAN, args[0]))
        if not all(arg.over for arg in args):
            lists = args[1:]
            if not all(arg.over for arg in lists):
                return super().call([args[0], *map(shown_text, lists)])
        yes, no = unify_items(args[1], args[2])
        condition = args[0]

        def json(rows: Rows) -> Column:
            return sa.case((condition.build(rows), _json(yes, rows)), else_=_json(no, rows))

        return list_of(yes.type, json)


def unify_items(first: Value, second: Value) -> list[Value]:
    """Two lists as lists of one type."""
    items = unify([first.element(), second.element()])
    return [replace(items[0], over=first.over), replace(items[1], over=second.over)]


def _json(found: Value, rows: Rows) -> Column:
    assert isinstance(found.over, Many)
    return list_json(found.type, found.over, found.build, rows)


def is_blank(arg: Value) -> Value:
    """Whether there is nothing: no value, a text of spaces, a list without items."""
    if arg.over:
        counted = count_of(arg)
        return value(boolean(), lambda rows: counted.build(rows) == 0)
    return value(boolean(), lambda rows: _empty(arg, arg.build(rows)))


def _empty(arg: Value, found: Column) -> Column:
    if arg.type.name in ("text", "url"):
        return sa.func.btrim(sa.func.coalesce(found, "")) == text_literal("")
    if arg.type.name == "multiple_select":
        return sa.func.coalesce(sa.func.cardinality(found), 0) == 0
    if arg.type.name == "multiple_collaborators":
        return sa.func.jsonb_array_length(helper.items(found)) == 0
    return found.is_(None)


class _IsBlank(Function):
    """`isblank` looks at lists as wholes."""

    def call(self, args: Sequence[Value]) -> Value:
        """The value of a call."""
        return is_blank(args[0]) if len(args) == 1 else super().call(args)


def _when_empty(args: Sequence[Value]) -> Value:
    found, other = unify(args)

    def build(rows: Rows) -> Column:
        return _first_filled(found.type, found.build(rows), other.build(rows))

    return value(replace(found.type, nullable=args[1].type.nullable), build, other.null)


def _first_filled(kind: Type, found: Column, other: Column) -> Column:
    """The value, each used only once, so that nesting does not make the statement grow beyond all measure."""
    if kind.name in ("text", "url"):
        return helper.text_or(found, other, type_=sa.Text())
    if kind.name == "multiple_select":
        found = sa.func.nullif(found, sa.cast(sa.literal_column("'{}'"), column_type(kind)))
    if kind.name == "multiple_collaborators":
        found = sa.func.nullif(found, sa.literal_column("'[]'::jsonb"))
    return sa.func.coalesce(found, other, type_=column_type(kind))


def _is_null(found: Column) -> Column:
    return found.is_(None)


def _not(found: Column) -> Column:
    return sa.not_(found)


FUNCTIONS = (
    _If("if", (BOOLEAN, ANY, ANY), _if),
    Function("and", (BOOLEAN, BOOLEAN), plain(boolean(), lambda *args: sa.and_(*args)), rest=BOOLEAN),
    Function("or", (BOOLEAN, BOOLEAN), plain(boolean(), lambda *args: sa.or_(*args)), rest=BOOLEAN),
    Function("not", (BOOLEAN,), plain(boolean(), _not)),
    _IsBlank("isblank", (ANY,), lambda args: is_blank(args[0])),
    Function("is_null", (ANY,), plain(boolean(), _is_null)),
    Function("when_empty", (ANY, ANY), _when_empty),
)
