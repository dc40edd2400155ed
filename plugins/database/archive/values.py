"""What the values of a field are in an archive, and what is stored of those read from one."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from plugin_api.archives import ArchivedFieldMixin, ArchiveReader
from plugin_api.computed import ComputedMixin
from plugin_api.fields import KEEP, Batch, Field, FieldType, Prepared, Row
from plugin_api.kinds import Kind
from plugin_api.links import LinkMixin
from plugins.database.rows.prepare import sparing
from plugins.database.shape import field_type

_TEXTS = (Kind.TEXT, Kind.CODE)


def archived_value(field: Field, row: Row) -> sa.ColumnElement[Any] | None:
    """The value to write; None for values that follow from others or are the row's own."""
    kind = field_type(field.type)
    if isinstance(kind, ArchivedFieldMixin):
        return kind.archived(field, row)
    if isinstance(kind, ComputedMixin) or kind.read_only:
        return None
    return kind.read(field, row)


def is_restored(field: Field) -> bool:
    """Whether a field's values are read from archives."""
    kind = field_type(field.type)
    if isinstance(kind, ComputedMixin):
        return False
    if isinstance(kind, ArchivedFieldMixin):
        return kind.column(field) is not None or isinstance(kind, LinkMixin)
    return not kind.read_only and kind.column(field) is not None


@dataclass
class Restored:
    """The values of one field for a batch of rows, and how many of those given could not be kept."""

    values: list[Any]
    lost: int


def restored_values(field: Field, given: Sequence[Any], batch: Batch, archive: ArchiveReader) -> Restored:
    """The values to store. Those the field cannot have become what it has without a value."""
    kind = field_type(field.type)

    def prepare(values: Sequence[Any]) -> Prepared:
        if isinstance(kind, ArchivedFieldMixin):
            return kind.unarchived(field, values, batch, archive)
        return kind.prepare(field, values, batch)

    prepared = sparing(prepare, given)
    values = [prepared.values[n] if n not in prepared.errors else None for n in range(len(given))]
    lost = 0
    nothing = _nothing(kind, field)
    for n, value in enumerate(values):
        if value is None or value is KEEP:
            values[n] = _kept_text(kind, field, given[n]) if n in prepared.errors else None
            lost += n in prepared.errors and values[n] is None and given[n] not in (None, "")
            values[n] = nothing if values[n] is None else values[n]
    return Restored(values, lost)


def _kept_text(kind: FieldType, field: Field, value: Any) -> str | None:
    """Texts stay, also those that would not be taken today, such as an address of a form nobody writes any more."""
    column = kind.column(field)
    is_text = column is not None and isinstance(column.type, sa.Text) and kind.kind in _TEXTS
    return value if is_text and isinstance(value, str) else None


def _nothing(kind: FieldType, field: Field) -> Any:
    """What is stored of no value: NULL, or the constant that a column without NULL has."""
    column = kind.column(field)
    if column is None:
        return []
    if column.nullable:
        return None
    return _constant(column.default or "")


def _constant(sql: str) -> Any:
    """The value of a column's default that is a constant: a text, an empty list, a boolean or a number."""
    if sql.lower() in ("true", "false"):
        return sql.lower() == "true"
    try:
        value = ast.literal_eval(sql)
    except (ValueError, SyntaxError):
        return None
    return [] if value in ("{}", "[]") else value
