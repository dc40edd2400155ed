"""The order of rows: `order_by` of a request, compiled through the fields' sort expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from plugin_api.errors import ApiError
from plugin_api.fields import Field, SortVariantsMixin
from plugin_api.names import split_names
from plugins.database.engine.sort_indexes import indexed_part
from plugins.database.shape import TableShape

_ITEM = re.compile(r"([+-]?)(.*?)(?:\[([a-z_]+)\])?", re.DOTALL)


@dataclass(frozen=True)
class Term:
    """A field rows are ordered by, in one of the ways its type knows; None or "default" is the usual one."""

    field: Field
    descending: bool = False
    variant: str | None = None


def order_by(shape: TableShape, fields: Mapping[str, Field], text: str, user_names: bool) -> list[Any]:
    """The expressions of `order_by`; `fields` are those it may name, by key.

    400 ERROR_ORDER_BY_FIELD_NOT_FOUND or ERROR_ORDER_BY_FIELD_NOT_POSSIBLE.
    """
    return [part for term in terms(fields, text, user_names) for part in ordered(shape, term)]


def terms(fields: Mapping[str, Field], text: str, user_names: bool) -> list[Term]:
    """What a text such as `-field_1,field_2` names; `fields` are those it may name, by key."""
    return [_term(fields, item, user_names) for item in split_names(text)]


def _term(fields: Mapping[str, Field], item: str, user_names: bool) -> Term:
    found = fields.get(item)
    sign, key, variant = ("", item, None) if found else _ITEM.fullmatch(item).groups()  # type: ignore[union-attr]
    found = found or fields.get(key)
    if found is None or (variant and user_names):
        raise ApiError("ERROR_ORDER_BY_FIELD_NOT_FOUND", 400, f"There is no field {key[:100]!r} to order by.")
    return Term(found, sign == "-", variant)


def ordered(shape: TableShape, term: Term) -> list[sa.ColumnElement[Any]]:
    """The expressions of a term; 400 ERROR_ORDER_BY_FIELD_NOT_POSSIBLE when rows cannot be ordered that way."""
    expressions = [*_expressions(shape, term.field, term.variant)]
    if term.variant in (None, "default"):
        expressions = [*indexed_part(shape, term.field), *expressions]
    return directed(expressions, term.descending, shape.type_of(term.field).empty_first)


def _expressions(shape: TableShape, field: Field, variant: str | None) -> Sequence[sa.ColumnElement[Any]]:
    kind = shape.type_of(field)
    if not kind.can_sort:
        raise ApiError("ERROR_ORDER_BY_FIELD_NOT_POSSIBLE", 400, f"Rows cannot be ordered by {field.name[:100]!r}.")
    if variant is None or variant == "default":
        return kind.sort(field, shape.row)
    if isinstance(kind, SortVariantsMixin) and variant in kind.sort_variants:
        return kind.sort_variant(variant, field, shape.row)
    raise ApiError(
        "ERROR_ORDER_BY_FIELD_NOT_POSSIBLE", 400, f"Rows cannot be ordered by {field.name[:100]!r} that way."
    )


def directed(
    expressions: Sequence[sa.ColumnElement[Any]], descending: bool, empty_first: bool = False
) -> list[sa.ColumnElement[Any]]:
    """Ascending with NULLs first, or the other way round, with NULLs first all the same if `empty_first`."""
    if descending:
        nulls = sa.nulls_first if empty_first else sa.nulls_last
        return [nulls(expression.desc()) for expression in expressions]
    return [expression.asc().nulls_first() for expression in expressions]
