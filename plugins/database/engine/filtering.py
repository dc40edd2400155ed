"""Filters of a request, as simple parameters or as a tree, compiled to one condition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from plugin_api.errors import ApiError
from plugin_api.fields import Batch, Field, FieldType, Prepared, Row
from plugin_api.filters import Filtered, FilterType, UnusableValue
from plugin_api.kinds import Kind
from plugin_api.platform import registry
from plugin_api.sql import iso_moment
from plugins.database.shape import TableShape


class _RowMoment(FieldType):
    """When a row was created or last changed, for filters on any table."""

    kind = Kind.DATETIME
    read_only = True

    def __init__(self, column: str) -> None:
        self._column = column

    def column(self, field: Field) -> None:
        """No column of its own."""

    def value(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The row's own."""
        return row.c[self._column]

    def text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """ISO 8601."""
        return sa.cast(iso_moment(row.c[self._column]), sa.Text)

    def prepare(self, field: Field, values: Any, batch: Batch) -> Prepared:
        """Never written."""
        raise TypeError("what every row has is kept by the row engine")


class _RowId(_RowMoment):
    """The id of a row."""

    kind = Kind.ROW_ID

    def text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """The number."""
        return sa.cast(row.c[self._column], sa.Text)


_OF_EVERY_ROW: dict[str, tuple[Field, FieldType]] = {
    "field_id": (Field(0, 0, "id", "id"), _RowId("id")),
    "field_created_on": (Field(0, 0, "created_on", "created_on"), _RowMoment("created_on")),
    "field_updated_on": (Field(0, 0, "updated_on", "last_modified"), _RowMoment("updated_on")),
}


@dataclass(frozen=True)
class Condition:
    """One filter: the key of a field, the filter's type and the value."""

    field: str
    type: str
    value: str


@dataclass(frozen=True)
class Group:
    """Filters and groups joined by AND or OR."""

    any: bool = False
    conditions: tuple[Condition, ...] = ()
    groups: tuple[Group, ...] = field(default=())


def compile_group(shape: TableShape, fields: Mapping[str, Field], group: Group) -> sa.ColumnElement[bool] | None:
    """The condition of a group; None when nothing in it filters. `fields` are those it may name, by key."""
    parts = [_condition(shape, fields, condition) for condition in group.conditions]
    parts += [compile_group(shape, fields, inner) for inner in group.groups]
    wanted = [part for part in parts if part is not None]
    if not wanted:
        return None
    return sa.or_(*wanted) if group.any else sa.and_(*wanted)


def named(group: Group) -> Iterator[str]:
    """The keys of the fields that a group filters by."""
    yield from (found.field for found in group.conditions)
    for inner in group.groups:
        yield from named(inner)


def is_constant(group: Group) -> bool:
    """Whether the condition of a group is the same for the same shape, at any time and whoever asks."""
    types = registry("filter_types")
    alone = all(wanted.type in types and types[wanted.type].constant for wanted in group.conditions)
    return alone and all(is_constant(inner) for inner in group.groups)


def _condition(shape: TableShape, fields: Mapping[str, Field], wanted: Condition) -> sa.ColumnElement[bool] | None:
    found, kind = _subject(shape, fields, wanted.field)
    filter_type = _filter_type(wanted.type)
    if not filter_type.applies_to(kind, found):
        message = f"The filter {wanted.type!r} cannot be used on the field {found.name[:100]!r}."
        raise ApiError("ERROR_VIEW_FILTER_TYPE_UNSUPPORTED_FIELD", 400, message)
    if wanted.value.strip() == "" and not filter_type.empty_is_value:
        return None
    try:
        if "\0" in wanted.value:  # no text in PostgreSQL has it
            raise UnusableValue
        return filter_type.condition(Filtered(found, kind, shape.row), wanted.value)
    except UnusableValue:
        return sa.true() if filter_type.negated else sa.false()


def _subject(shape: TableShape, fields: Mapping[str, Field], key: str) -> tuple[Field, FieldType]:
    if key in fields:
        return fields[key], shape.type_of(fields[key])
    if key in _OF_EVERY_ROW:
        return _OF_EVERY_ROW[key]
    raise ApiError("ERROR_FILTER_FIELD_NOT_FOUND", 400, f"There is no field {key[:100]!r} to filter by.")


def _filter_type(name: str) -> FilterType:
    found: FilterType | None = registry("filter_types").get(name)
    if found is None:
        raise ApiError("ERROR_VIEW_FILTER_TYPE_DOES_NOT_EXIST", 400, f"There is no filter type {name[:100]!r}.")
    return found


def where(*conditions: sa.ColumnElement[bool] | None) -> sa.ColumnElement[bool] | None:
    """All the conditions that are there."""
    given: Iterable[sa.ColumnElement[bool]] = [found for found in conditions if found is not None]
    return sa.and_(*given) if given else None
