"""How values of each type are written: as text, as JSON, into columns, and read back from JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, aggregate_order_by

from plugin_api.dates import date_text
from plugin_api.fields import Items
from plugin_api.selects import OPTION, option_object
from plugin_api.sql import iso_moment, quoted_csv, text_sort
from plugins.formulas import types
from plugins.formulas.types import Type
from plugins.formulas.values import Column, Many, Rows, Value, aggregate, ordered


class _Helper:
    """The functions of the plugin's PostgreSQL schema."""

    def __getattr__(self, name: str) -> Callable[..., Column]:
        function: Callable[..., Column] = getattr(sa.func.formulas, name)
        return function


helper = _Helper()

_MAX_TEXT = 1_000_000


def text_literal(value: str) -> Column:
    """A text as SQL. Written out, so that it is the same however the statement is compiled."""
    escaped = value.replace("'", "''")
    plain = "\\" not in escaped
    written = f"'{escaped}'" if plain else "E'" + escaped.replace("\\", "\\\\") + "'"
    return sa.cast(sa.literal_column(written, sa.Text()), sa.Text())


def number_literal(value: Any) -> Column:
    """A number as SQL."""
    return sa.cast(sa.literal_column(f"{value:f}", sa.Numeric()), sa.Numeric())


def boolean_literal(value: bool) -> Column:
    """True or false as SQL."""
    return sa.literal_column("true" if value else "false", sa.Boolean())


def blank(found: Type) -> Column | None:
    """What stands for nothing where a function cannot take it; None for types that have no such value."""
    if found.name in ("text", "url"):
        return text_literal("")
    if found.name == "number":
        return number_literal(0)
    return boolean_literal(False) if found.name == "boolean" else None


def filled(found: Value) -> Value:
    """The value, or what stands for nothing."""
    other = blank(found.type)
    if not found.null or other is None:
        return found
    return Value(found.type, lambda rows: sa.func.coalesce(found.build(rows), other), found.over, literal=found.literal)


def as_text(found: Type, value: Column) -> Column:
    """A value as people read it; NULL when there is none."""
    if found.name == "number":
        return sa.cast(sa.func.round(value, found.places), sa.Text)
    if found.name == "date":
        return date_text(value, found.date_options)
    if found.name == "duration":
        return helper.duration_text(value, text_literal(found.duration_format or "h:mm"), type_=sa.Text())
    if found.name == "single_select":
        return _option(value, OPTION.c.value)
    if found.name == "multiple_select":
        return _options(value, lambda n: sa.func.string_agg(quoted_csv(OPTION.c.value), _by(sa.literal(", "), n)))
    if found.name in ("link", "button"):
        return helper.link_text(value, type_=sa.Text())
    if found.name == "single_file":
        return _key(value, "visible_name")
    if found.name in ("multiple_collaborators", "array"):
        return helper.list_text(value, type_=sa.Text())
    return sa.cast(value, sa.Text)


def as_json(found: Type, value: Column) -> Column:
    """A value as the API shows it: anything PostgreSQL turns into the right JSON."""
    if found.name == "number":
        return sa.cast(sa.func.round(value, found.places), sa.Text)
    if found.name == "date":
        return iso_moment(value) if found.timed else value
    if found.name == "duration":
        return sa.cast(sa.extract("epoch", value), sa.Float)
    if found.name == "single_select":
        return _option(value, option_object(OPTION))
    if found.name == "multiple_select":
        listed = _options(value, lambda n: sa.func.json_agg(aggregate_order_by(option_object(OPTION), n)))
        return sa.func.coalesce(listed, sa.literal_column("'[]'::json"))
    return value


def from_json(found: Type, value: Column) -> Column:
    """A value out of the JSON (of type jsonb) that `as_json` makes."""
    raw = value.op("#>>")(sa.literal_column("'{}'"))
    if found.name == "single_select":
        return sa.cast(_key(value, "id"), sa.BigInteger)
    if found.name == "multiple_select":
        return helper.ids_of(value, type_=ARRAY(sa.BigInteger()))
    if found.name == "duration":
        return helper.seconds(sa.cast(raw, sa.Numeric), type_=sa.Interval())
    if found.name in ("link", "button", "single_file", "multiple_collaborators", "array"):
        return sa.func.nullif(value, sa.literal_column("'null'::jsonb"), type_=JSONB())
    types: dict[str, Any] = {"number": sa.Numeric(), "boolean": sa.Boolean()}
    if found.name == "date":
        return sa.cast(raw, sa.DateTime(timezone=True) if found.timed else sa.Date())
    return sa.cast(raw, types[found.name]) if found.name in types else raw


def sort_terms(found: Type, value: Column) -> Sequence[Column]:
    """What values are ordered by."""
    if found.name in ("text", "url", "single_select", "multiple_select", "multiple_collaborators"):
        return text_sort(as_text(found, value))
    if found.of is None:
        return [value]
    if found.of.name in ("number", "date", "duration", "boolean"):
        return [helper.sortable(value, sa.literal_column("'numeric'" if found.of.name == "number" else "'text'"))]
    return text_sort(as_text(found, value))


def result(found: Value, rows: Rows) -> Column:
    """The value as it is stored in a formula's column."""
    if found.over:
        return list_json(found.type, found.over, found.build, rows)
    value = found.build(rows)
    if found.type.name == "number":
        return sa.func.round(value, found.type.places)
    if found.type.name in ("text", "url"):
        return sa.func.left(value, _MAX_TEXT)
    return value


def list_json(found: Type, many: Many, build: Any, rows: Rows) -> Column:
    """A list as it is stored: an object for each item with its row's id and its value."""

    def listed(inside: Rows, order: Sequence[Column]) -> Column:
        item = sa.func.jsonb_build_object(
            sa.literal_column("'id'"),
            inside.of(many.sources[0]).id,
            sa.literal_column("'value'"),
            as_json(found, build(inside)),
        )
        return sa.func.coalesce(sa.func.jsonb_agg(ordered(item, order)), sa.literal_column("'[]'::jsonb"))

    return sa.type_coerce(aggregate(many, rows, listed), JSONB)


def items_of(found: Type, stored: Column) -> Items:
    """The items of a list as it is stored, whose items are of type `found`."""
    called = sa.func.jsonb_array_elements(stored)
    listed = called.table_valued(sa.column("value", JSONB), name="listed").render_derived()
    value = from_json(found, listed.c.value.op("->", return_type=JSONB())(sa.literal_column("'value'")))
    return Items(types.kind(found), listed, value, as_text(found, value))


def _key(value: Column, key: str) -> Column:
    return sa.type_coerce(value, JSONB).op("->>")(sa.literal_column(f"'{key}'"))


def _option(value: Column, shown: Column) -> Column:
    return sa.select(shown).where(OPTION.c.id == value).correlate_except(OPTION).scalar_subquery()


def _by(separator: Any, n: Column) -> Any:
    return aggregate_order_by(separator, n)


def _options(value: Column, shown: Any) -> Column:
    ids = sa.func.unnest(value).table_valued(sa.column("id", sa.BigInteger), with_ordinality="n").render_derived()
    joined = ids.join(OPTION, OPTION.c.id == ids.c.id)
    return sa.select(shown(ids.c.n)).select_from(joined).correlate_except(joined).scalar_subquery()
