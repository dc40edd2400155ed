"""Texts: changing, cutting, joining, searching, encoding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from plugins.formulas.functions.base import ANY, NUMBER, TEXT, Function, Param, plain, shown_text
from plugins.formulas.representation import boolean_literal, helper
from plugins.formulas.types import Type, boolean, number, text
from plugins.formulas.values import Column, Rows, Value, value

_WHOLE = number(0)
_MAX_ARGUMENTS = 90


def _text(name: str, sql: Any, *params: Param, nullable: bool = False) -> Function:
    return Function(name, params or (TEXT,), plain(text(nullable), sql))


def _guarded(name: str) -> Any:
    return lambda *args: getattr(helper, name)(*args, type_=sa.Text())


def whole(found: Column) -> Column:
    """A number as an integer of PostgreSQL; what does not fit is cut to what does."""
    return helper.whole(found, type_=sa.Integer())


def _cut(function: Any) -> Any:
    return lambda found, length: function(found, whole(length), type_=sa.Text())


def concatenated(args: Sequence[Value]) -> Value:
    """The texts of all arguments, one after the other."""
    shown = [shown_text(arg) for arg in args]
    groups = [shown[n : n + _MAX_ARGUMENTS] for n in range(0, len(shown), _MAX_ARGUMENTS)]

    def build(rows: Rows) -> Column:
        parts = [sa.func.concat(*[arg.build(rows) for arg in group], type_=sa.Text()) for group in groups]
        return parts[0] if len(parts) == 1 else sa.func.concat(*parts, type_=sa.Text())

    return value(text(), build)


def _search(found: Column, wanted: Column) -> Column:
    return sa.cast(sa.func.strpos(found, wanted), sa.Numeric)


def _contains(found: Column, wanted: Column) -> Column:
    return sa.func.strpos(found, wanted) > 0


def _has_option(args: Sequence[Value]) -> Value:
    from plugins.formulas.functions.lists import any_item

    options, wanted = args
    return any_item(options, lambda shown, rows: shown == wanted.build(rows), boolean_literal(False))


_OPTIONS = Param("a multiple select field or a list of options", TEXT.types, listed=True)

FUNCTIONS = (
    _text("upper", sa.func.upper),
    _text("lower", sa.func.lower),
    _text("trim", sa.func.btrim),
    _text("reverse", sa.func.reverse),
    _text("t", lambda found: found),
    _text("left", _cut(sa.func.left), TEXT, NUMBER, nullable=True),
    _text("right", _cut(sa.func.right), TEXT, NUMBER, nullable=True),
    _text("replace", _guarded("replaced"), TEXT, TEXT, TEXT),
    _text("regex_replace", _guarded("regex_replaced"), TEXT, TEXT, TEXT),
    _text("split_part", lambda found, by, n: helper.part(found, by, whole(n), type_=sa.Text()), TEXT, TEXT, NUMBER),
    _text("encode_uri", _guarded("encoded_uri")),
    _text("encode_uri_component", _guarded("encoded_uri_component")),
    Function("tourl", (TEXT,), plain(Type("url"), _guarded("checked_url"))),
    Function("length", (TEXT,), plain(_WHOLE, lambda found: sa.cast(sa.func.length(found), sa.Numeric))),
    Function("search", (TEXT, TEXT), plain(_WHOLE, _search)),
    Function("contains", (TEXT, TEXT), plain(boolean(), _contains)),
    Function("concat", (ANY,), concatenated, rest=ANY),
    Function("totext", (ANY,), lambda args: shown_text(args[0])),
    Function("has_option", (_OPTIONS, TEXT), _has_option),
)
