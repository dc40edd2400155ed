"""Joins of a listing: `<link>__join=<field>,<field>` shows further fields of the linked rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import request

from plugin_api.errors import ApiError, does_not_exist
from plugin_api.fields import Field
from plugin_api.links import LinkedTable, LinkMixin
from plugin_api.names import split_names
from plugins.database.shape import Joins, TableShape, latest_shape

_ENDING = "__join"


def is_join(key: str) -> bool:
    """Whether a parameter asks for a join."""
    return key.endswith(_ENDING)


def joins_of(shape: TableShape, keyed: Mapping[str, Field], names: bool) -> Joins:
    """The joins a request asks for: link fields that know all fields of their tables, and which to show.

    `keyed` are the listing's fields by key. One query for the shape of each table that is joined.
    """
    wanted = {key.removesuffix(_ENDING): value for key, value in request.args.items() if is_join(key)}
    return tuple(_join(shape, keyed.get(key), text, names) for key, text in wanted.items())


def _join(shape: TableShape, link: Field | None, text: str, names: bool) -> tuple[Field, tuple[Field, ...]]:
    if link is None or link.linked is None or not isinstance(shape.type_of(link), LinkMixin):
        raise does_not_exist("field")
    other = latest_shape(link.linked.id)
    known = other.by_name if names else other.by_column
    named = split_names(text)
    if not named or any(name not in known for name in named):
        raise does_not_exist("field")
    chosen = tuple(known[name] for name in dict.fromkeys(named))
    if any(isinstance(other.type_of(target), LinkMixin) for target in chosen):
        raise ApiError("ERROR_INCOMPATIBLE_FIELD_TYPE", 400, "Links of linked rows cannot be joined.")
    return replace(link, linked=LinkedTable(other.id, other.table, link.linked.primary)), chosen
