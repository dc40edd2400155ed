"""Lists, mostly of linked rows' values: counting, adding up, choosing. Each is one subquery over the linked rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from plugins.formulas.errors import FormulaError
from plugins.formulas.functions.base import BOOLEANS, LIST, NUMBER, NUMBERS, TEXT, Function, Param, list_of
from plugins.formulas.functions.texts import whole
from plugins.formulas.representation import as_text, filled, from_json, helper, list_json, number_literal, text_literal
from plugins.formulas.types import boolean, number, text
from plugins.formulas.values import Column, Many, Rows, Value, aggregate, ordered, value

_COMPARED = frozenset({"number", "text", "url", "date", "duration", "single_select"})
_ADDED = frozenset({"number", "duration"})
_SORTED = Param("a list of numbers, dates or texts, from lookup() or field()", _COMPARED, fill=False, listed=True)


def many_of(arg: Value) -> Many:
    """What a list ranges over."""
    if arg.over is None:
        raise FormulaError(f"A list is needed here, not {arg.type.title}.")
    return arg.over


def aggregated(arg: Value, function: Callable[[Column, Sequence[Column]], Column]) -> Callable[[Rows], Column]:
    """An aggregate of a list's values, which the function gets together with their order."""
    many = many_of(arg)
    return lambda rows: aggregate(many, rows, lambda inside, order: function(arg.build(inside), order))


def count_of(arg: Value) -> Value:
    """How many values a list has."""
    counted = aggregated(arg, lambda found, order: sa.func.count(sa.literal_column("*")))
    return value(number(0), lambda rows: sa.cast(counted(rows), sa.Numeric))


def joined_texts(arg: Value, separator: str | Value) -> Value:
    """The texts of a list's values, one after the other. NULL when there are none."""
    by = (lambda rows: text_literal(separator)) if isinstance(separator, str) else separator.build
    many = many_of(arg)

    def build(rows: Rows) -> Column:
        def agg(inside: Rows, order: Sequence[Column]) -> Column:
            shown = sa.func.coalesce(as_text(arg.type, arg.build(inside)), text_literal(""))
            return sa.func.string_agg(shown, ordered(by(inside), order), type_=sa.Text())

        return aggregate(many, rows, agg)

    return value(text(), build, null=True)


def any_item(arg: Value, test: Callable[[Column, Rows], Column], otherwise: Column) -> Value:
    """Whether the test is true of any value of the list."""
    many = many_of(arg)

    def build(rows: Rows) -> Column:
        def agg(inside: Rows, order: Sequence[Column]) -> Column:
            return sa.func.coalesce(sa.func.bool_or(test(arg.build(inside), inside)), otherwise)

        return aggregate(many, rows, agg)

    return value(boolean(), build)


def _number(name: str, sql: Any, nullable: bool = True) -> Function:
    """An aggregate of numbers, 0 of none; of durations it is one of their seconds."""

    def make(args: Sequence[Value]) -> Value:
        arg = args[0]
        if arg.type.name == "duration":
            seconds = aggregated(arg, lambda found, order: sql(sa.extract("epoch", found)))
            return value(
                replace(arg.type, nullable=True), lambda rows: helper.seconds(seconds(rows), type_=sa.Interval())
            )
        built = aggregated(arg, lambda found, order: sql(found))
        return value(
            number(arg.type.places, nullable),
            lambda rows: sa.func.coalesce(built(rows), number_literal(0)),
            null=False,
        )

    return Function(name, (replace(NUMBERS, types=_ADDED),), make)


def _extreme(name: str, sql: Any) -> Function:
    def make(args: Sequence[Value]) -> Value:
        arg = args[0]
        if arg.type.name == "single_select":
            found = replace(arg, type=text(), build=lambda rows: as_text(arg.type, arg.build(rows)))
            return value(text(nullable=True), aggregated(found, lambda shown, order: sql(shown)))
        built = aggregated(arg, lambda found, order: sql(found))
        most = value(replace(arg.type, nullable=True), built)
        if arg.type.name != "number":
            return most
        return value(most.type, filled(most).build, null=False)

    return Function(name, (_SORTED,), make)


def _truth(name: str, sql: Any) -> Function:
    return Function(
        name, (BOOLEANS,), lambda args: value(boolean(), aggregated(args[0], lambda found, order: sql(found)), True)
    )


def _filter(args: Sequence[Value]) -> Value:
    """The values for which the condition, made of the same linked rows, is true."""
    found, condition = args
    joined = many_of(found).joined(many_of(condition))
    return replace(found, over=Many(joined.sources, (*joined.conditions, condition.build)))


def _json(arg: Value) -> Callable[[Rows], Column]:
    return lambda rows: list_json(arg.type, many_of(arg), arg.build, rows)


def _unique(args: Sequence[Value]) -> Value:
    json = _json(args[0])
    return list_of(args[0].type, lambda rows: helper.unique_items(json(rows), type_=JSONB()))


def _slice(args: Sequence[Value]) -> Value:
    json, first = _json(args[0]), args[1]

    def build(rows: Rows) -> Column:
        stop = args[2].build(rows) if len(args) > 2 else number_literal(2_000_000_000)
        return helper.sliced(json(rows), whole(first.build(rows)), whole(stop), type_=JSONB())

    return list_of(args[0].type, build)


def _item(arg: Value, place: Callable[[Rows], Column]) -> Value:
    json = _json(arg)

    def build(rows: Rows) -> Column:
        item = json(rows).op("->")(place(rows)).op("->")(sa.literal_column("'value'"))
        return from_json(arg.type, sa.type_coerce(item, JSONB))

    return value(replace(arg.type, nullable=True), build)


def _index(args: Sequence[Value]) -> Value:
    return _item(args[0], lambda rows: whole(args[1].build(rows)))


def _join(args: Sequence[Value]) -> Value:
    return joined_texts(args[0], args[1])


FUNCTIONS = (
    Function("count", (LIST,), lambda args: count_of(args[0])),
    _number("sum", sa.func.sum, nullable=False),
    _number("avg", sa.func.avg),
    _number("stddev_pop", sa.func.stddev_pop),
    _number("stddev_sample", sa.func.stddev_samp),
    _number("variance_pop", sa.func.var_pop),
    _number("variance_sample", sa.func.var_samp),
    _extreme("min", sa.func.min),
    _extreme("max", sa.func.max),
    _truth("any", sa.func.bool_or),
    _truth("every", sa.func.bool_and),
    Function("join", (LIST, TEXT), _join),
    Function("filter", (LIST, BOOLEANS), _filter),
    Function("array_unique", (LIST,), _unique),
    Function("array_slice", (LIST, NUMBER, NUMBER), _slice, optional=1),
    Function("index", (LIST, NUMBER), _index),
    Function("first", (LIST,), lambda args: _item(args[0], lambda rows: sa.literal_column("0"))),
    Function("last", (LIST,), lambda args: _item(args[0], lambda rows: sa.literal_column("-1"))),
)
