"""Numbers: arithmetic, rounding, roots and logarithms. What has no result is NaN, never a failed statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from plugins.formulas.functions.base import ANY, NUMBER, TEXT, Function, Make, Param, plain
from plugins.formulas.representation import helper, number_literal
from plugins.formulas.types import MAX_PLACES, Type, boolean, number
from plugins.formulas.values import Column, Value, value

_NAN = "CAST('NaN' AS NUMERIC)"
_UNFILLED = Param("a number", NUMBER.types, fill=False)


def most_places(*types: Type) -> Type:
    """Numbers with as many places as the argument with most."""
    return number(max(found.places for found in types))


def _same(found: Type) -> Type:
    return number(found.places)


def _guarded(name: str) -> Any:
    return lambda *args: getattr(helper, name)(*args, type_=sa.Numeric())


def _function(name: str, result: Any, sql: Any, params: tuple[Param, ...] = (NUMBER,)) -> Function:
    return Function(name, params, plain(result, sql))


def _round(args: Sequence[Value]) -> Value:
    """To the places that are given; the type can know them only when they are written in the formula."""
    digits = args[1].literal
    places = args[0].type.places if digits is None else max(0, min(int(digits), MAX_PLACES))
    return plain(number(places), _guarded("round_to"))(args)


def _when_nan(args: Sequence[Value]) -> Value:
    def sql(found: Column, other: Column) -> Column:
        return sa.func.coalesce(sa.func.nullif(found, sa.literal_column(_NAN)), other)

    return plain(most_places, sql)(args)


def _greatest(function: Any) -> Make:
    return plain(most_places, function)


def _is_nan(found: Column) -> Column:
    return sa.func.coalesce(found == sa.literal_column(_NAN), False)


def _to_number(args: Sequence[Value]) -> Value:
    return value(number(MAX_PLACES), lambda rows: helper.to_number(args[0].build(rows), type_=sa.Numeric()))


def _row_id(args: Sequence[Value]) -> Value:
    return value(number(0), lambda rows: sa.cast(rows.row.c.id, sa.Numeric))


def _even(rest: int) -> Any:
    def sql(found: Column) -> Column:
        return sa.func.coalesce(helper.remainder(sa.func.trunc(found), number_literal(2)) == rest, False)

    return sql


def _odd(found: Column) -> Column:
    return sa.func.coalesce(sa.func.abs(helper.remainder(sa.func.trunc(found), number_literal(2))) == 1, False)


_WHOLE = number(0)
_PRECISE = number(MAX_PLACES)

FUNCTIONS = (
    _function("abs", _same, sa.func.abs),
    _function("ceil", _WHOLE, sa.func.ceil),
    _function("floor", _WHOLE, sa.func.floor),
    _function("trunc", _WHOLE, sa.func.trunc),
    _function("int", _WHOLE, sa.func.trunc),
    _function("sign", _WHOLE, sa.func.sign),
    _function("mod", most_places, _guarded("remainder"), (NUMBER, NUMBER)),
    _function("power", most_places, _guarded("power"), (NUMBER, NUMBER)),
    _function("sqrt", _PRECISE, _guarded("root")),
    _function("exp", _PRECISE, _guarded("exponential")),
    _function("ln", _PRECISE, _guarded("logarithm")),
    _function("log", _PRECISE, _guarded("logarithm"), (NUMBER, NUMBER)),
    Function("round", (NUMBER, NUMBER), _round),
    Function("even", (NUMBER,), plain(boolean(), _even(0))),
    Function("odd", (NUMBER,), plain(boolean(), _odd)),
    Function("greatest", (NUMBER, NUMBER), _greatest(sa.func.greatest), rest=NUMBER),
    Function("least", (NUMBER, NUMBER), _greatest(sa.func.least), rest=NUMBER),
    Function("is_nan", (_UNFILLED,), plain(boolean(), _is_nan)),
    Function("when_nan", (NUMBER, NUMBER), _when_nan),
    Function("error_to_nan", (_UNFILLED,), lambda args: args[0]),
    Function("error_to_null", (ANY,), lambda args: args[0]),
    Function("tonumber", (TEXT,), _to_number),
    Function("row_id", (), _row_id),
)
