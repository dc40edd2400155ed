"""The operators + - * / and comparisons, for every pair of types they mean something for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from plugins.formulas.errors import FormulaError
from plugins.formulas.functions.base import ANY, Function, Make, as_plain_text, plain, shown_text
from plugins.formulas.functions.numbers import most_places
from plugins.formulas.functions.texts import concatenated
from plugins.formulas.representation import boolean_literal, filled, helper
from plugins.formulas.types import MAX_PLACES, Type, boolean, duration, number
from plugins.formulas.values import Build, Column, Value

_TEXTS = ("text", "url", "single_select")
_SYMBOLS = {
    "add": "+",
    "minus": "-",
    "multiply": "*",
    "divide": "/",
    "equal": "=",
    "not_equal": "!=",
    "greater_than": ">",
    "greater_than_or_equal": ">=",
    "less_than": "<",
    "less_than_or_equal": "<=",
}


def family(found: Type) -> str:
    """The name of the type, texts of all sorts being one."""
    return "text" if found.name in _TEXTS else found.name


def moment(arg: Value) -> Build:
    """How a date's SQL becomes a moment: days begin at midnight UTC."""
    if arg.type.timed:
        return arg.build
    return lambda rows: sa.func.timezone("UTC", sa.cast(arg.build(rows), sa.DateTime()))


def _operation(name: str, makers: dict[tuple[str, str], Make]) -> Function:
    def make(args: Sequence[Value]) -> Value:
        found = makers.get((family(args[0].type), family(args[1].type)))
        if found is None:
            raise _wrong(name, args)
        return found(args)

    return Function(name, (ANY, ANY), make)


def _added(args: Sequence[Value]) -> Value:
    """From left to right; values of one type by halves, so that long sums do not nest deep."""
    families = {family(arg.type) for arg in args}
    if families == {"text"}:
        return concatenated(args)
    if len(args) == 2:
        found = _ADDITIONS.get((family(args[0].type), family(args[1].type)))
        if found is None:
            raise _wrong("add", args)
        return found(args)
    half = len(args) // 2 if len(families) == 1 else len(args) - 1
    return _added([_sum(args[:half]), _sum(args[half:])])


def _sum(args: Sequence[Value]) -> Value:
    return args[0] if len(args) == 1 else _added(args)


def _wrong(name: str, args: Sequence[Value]) -> FormulaError:
    left, right = args[0].type, args[1].type
    hint = ""
    if name == "add" and "text" in (family(left), family(right)):
        hint = " Use concat() to join values of different types, or totext() to make one a text."
    return FormulaError(f"The operator {_SYMBOLS[name]} cannot be used with {left.title} and {right.title}.{hint}")


def _numbers(result: Any, sql: Callable[[Column, Column], Column]) -> Make:
    return lambda args: plain(result, sql)([filled(arg) for arg in args])


def _plus(sign: str) -> Callable[[Column, Column], Column]:
    return lambda left, right: left.op(sign)(right)


def _negated(found: Column) -> Column:
    return found.op("*")(sa.literal_column("-1"))


def _durations(sign: str) -> Make:
    def sql(left: Column, right: Column) -> Column:
        return helper.span(left.op(sign)(right), type_=sa.Interval())

    return plain(lambda left, right: duration(left.duration_format or "h:mm"), sql)


def _moved(sign: str) -> Make:
    def make(args: Sequence[Value]) -> Value:
        when = args[0].type
        name = "moment_moved" if when.timed else "day_moved"
        column: Any = sa.DateTime(timezone=True) if when.timed else sa.Date()

        def sql(left: Column, right: Column) -> Column:
            moved: Column = getattr(helper, name)(left, right if sign == "+" else _negated(right), type_=column)
            return moved

        return plain(_nullable(when), sql)(args)

    return make


def _nullable(found: Type) -> Type:
    return replace(found, nullable=True)


def _between(args: Sequence[Value]) -> Value:
    left, right = moment(args[0]), moment(args[1])
    return Value(duration(), lambda rows: left(rows).op("-")(right(rows)), null=True)


def _scaled(args: Sequence[Value], divided: bool = False) -> Value:
    span, factor = args[0], filled(args[1])

    def sql(found: Column, times: Column) -> Column:
        by = helper.quotient(sa.literal_column("1.0"), times, type_=sa.Numeric()) if divided else times
        return helper.scaled(found, by, type_=sa.Interval())

    return plain(duration(span.type.duration_format or "h:mm"), sql)([span, factor])


def _ratio(left: Column, right: Column) -> Column:
    return helper.quotient(sa.extract("epoch", left), sa.extract("epoch", right), type_=sa.Numeric())


def _swapped(make: Make) -> Make:
    return lambda args: make([args[1], args[0]])


def _negative(args: Sequence[Value]) -> Value:
    if args[0].type.name == "duration":
        return plain(duration(args[0].type.duration_format or "h:mm"), _negated)(args)
    if args[0].type.name != "number":
        raise FormulaError(f"The sign - cannot be used with {args[0].type.title}.")
    return plain(number(args[0].type.places), _negated)([filled(args[0])])


def _equality(equal: bool) -> Make:
    def make(args: Sequence[Value]) -> Value:
        left, right = _comparable(args) or [shown_text(arg) for arg in args]
        if equal:
            return plain(boolean(), lambda a, b: sa.func.coalesce(a == b, boolean_literal(False)))([left, right])
        return plain(boolean(), lambda a, b: a != b, null=True)([left, right])

    return make


def _comparable(args: Sequence[Value]) -> list[Value] | None:
    """The two as values of one type; None when there is none."""
    kind = family(args[0].type)
    if kind != family(args[1].type) or kind not in ("text", "number", "boolean", "date", "duration"):
        return None
    if kind == "text":
        return [as_plain_text(arg) for arg in args]
    if kind == "date" and args[0].type.timed != args[1].type.timed:
        return [Value(arg.type, moment(arg), null=arg.null) for arg in args]
    return list(args)


def _comparison(name: str, sql: Callable[[Column, Column], Column]) -> Function:
    def make(args: Sequence[Value]) -> Value:
        compared = _comparable(args)
        if compared is None:
            raise _wrong(name, args)
        return plain(boolean(), sql, null=True)([filled(arg) for arg in compared])

    return Function(name, (ANY, ANY), make)


_NUMBER, _DATE, _SPAN = "number", "date", "duration"

_ADDITIONS: dict[tuple[str, str], Make] = {
    (_NUMBER, _NUMBER): _numbers(most_places, _plus("+")),
    (_DATE, _SPAN): _moved("+"),
    (_SPAN, _DATE): _swapped(_moved("+")),
    (_SPAN, _SPAN): _durations("+"),
}

FUNCTIONS = (
    Function("add", (ANY, ANY), _added, rest=ANY),
    _operation(
        "minus",
        {
            (_NUMBER, _NUMBER): _numbers(most_places, _plus("-")),
            (_DATE, _SPAN): _moved("-"),
            (_DATE, _DATE): _between,
            (_SPAN, _SPAN): _durations("-"),
        },
    ),
    _operation(
        "multiply",
        {
            (_NUMBER, _NUMBER): _numbers(most_places, lambda a, b: helper.product(a, b, type_=sa.Numeric())),
            (_SPAN, _NUMBER): _scaled,
            (_NUMBER, _SPAN): _swapped(_scaled),
        },
    ),
    _operation(
        "divide",
        {
            (_NUMBER, _NUMBER): _numbers(number(MAX_PLACES), lambda a, b: helper.quotient(a, b, type_=sa.Numeric())),
            (_SPAN, _NUMBER): lambda args: _scaled(args, divided=True),
            (_SPAN, _SPAN): plain(number(MAX_PLACES, nullable=True), _ratio),
        },
    ),
    Function("negative", (ANY,), _negative),
    Function("equal", (ANY, ANY), _equality(True)),
    Function("not_equal", (ANY, ANY), _equality(False)),
    _comparison("greater_than", lambda a, b: a > b),
    _comparison("greater_than_or_equal", lambda a, b: a >= b),
    _comparison("less_than", lambda a, b: a < b),
    _comparison("less_than_or_equal", lambda a, b: a <= b),
)
