"""The fields and rows a new table starts with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, compress, count, islice
from typing import Any

from plugin_api.errors import ApiError
from plugin_api.platform import registry
from plugin_api.states import is_enabled
from plugins.database.fields.service import MAX_FIELDS, RESERVED_NAMES
from plugins.database.fields.store import NewField

DEFAULT_FIELDS = (
    NewField("Name", "text", primary=True),
    NewField("Notes", "long_text"),
    NewField("Active", "boolean"),
)
DEFAULT_ROWS: list[list[Any]] = [["", "", False], ["", "", False]]
_NAME_LENGTH = 255


def makeable(fields: Sequence[NewField], rows: Sequence[Sequence[Any]]) -> tuple[list[NewField], list[list[Any]]]:
    """The fields whose types are there and on, with their columns of the rows; the primary one must be."""
    known = registry("field_types")
    there = [field.primary or (field.type in known and is_enabled(known.provider(field.type))) for field in fields]
    return [*compress(fields, there)], [[*compress(row, there)] for row in rows]


def fields_for(header: Sequence[Any] | None, width: int) -> list[NewField]:
    """Text fields for data of that many columns, named by the header as far as it goes; 400 when that cannot be."""
    if width == 0:
        raise ApiError("ERROR_INVALID_INITIAL_TABLE_DATA", 400, "The data must have at least one column.")
    if width > MAX_FIELDS:
        raise ApiError("ERROR_MAX_FIELD_COUNT_EXCEEDED", 400, f"A table has at most {MAX_FIELDS} fields.")
    given = ["" if name is None else str(name) for name in header or ()]
    _check(given)
    names = chain(given, _free_names({name.strip() for name in given}, len(given) + 1))
    return [NewField(name, "text", primary=n == 0) for n, name in enumerate(islice(names, width))]


def _check(names: Sequence[str]) -> None:
    trimmed = [name.strip() for name in names]
    if len(set(trimmed)) < len(trimmed):
        message = "The names in the first row must differ from each other."
        raise ApiError("ERROR_INITIAL_TABLE_DATA_HAS_DUPLICATE_NAMES", 400, message)
    if any(len(name) > _NAME_LENGTH for name in names):
        message = f"The names in the first row may have at most {_NAME_LENGTH} characters."
        raise ApiError("ERROR_MAX_FIELD_NAME_LENGTH_EXCEEDED", 400, message)
    if reserved := RESERVED_NAMES & set(trimmed):
        raise ApiError("ERROR_RESERVED_BASEROW_FIELD_NAME", 400, f"Reserved field names: {sorted(reserved)}.")
    if "" in trimmed:
        raise ApiError("ERROR_INVALID_BASEROW_FIELD_NAME", 400, "A name in the first row is blank.")


def _free_names(taken: set[str], first: int) -> Iterator[str]:
    return (name for n in count(first) if (name := f"Field {n}") not in taken)
