"""Stored fields: creating, loading and serializing them, without permission checks or announcements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.fields import Field as FieldShape
from plugin_api.fields import SelectOption as OptionShape
from plugins.database import models
from plugins.database.context import TableContext
from plugins.database.shape import field_type


@dataclass(frozen=True)
class NewField:
    """A field to create: checked options, and select options as ({"value", "color"}, ...)."""

    name: str
    type: str
    options: Mapping[str, Any] = field(default_factory=dict)
    select_options: Sequence[Mapping[str, Any]] = ()
    primary: bool = False
    description: str | None = None


def insert_fields(table_id: int, new: Sequence[NewField], first_order: int = 0) -> list[FieldShape]:
    """Store fields of a table, in their order; their columns are the caller's to make."""
    rows = [
        models.Field(
            table_id=table_id,
            name=wanted.name,
            type=wanted.type,
            order=first_order + n,
            primary=wanted.primary,
            description=wanted.description,
            options=dict(wanted.options),
        )
        for n, wanted in enumerate(new)
    ]
    session().add_all(rows)
    session().flush()
    options = _insert_select_options({row.id: wanted.select_options for row, wanted in zip(rows, new, strict=True)})
    return [shape(row, options.get(row.id, ())) for row in rows]


def _insert_select_options(wanted: Mapping[int, Sequence[Mapping[str, Any]]]) -> dict[int, tuple[OptionShape, ...]]:
    rows = [
        models.SelectOption(field_id=field_id, value=option["value"], color=option["color"], order=n)
        for field_id, options in wanted.items()
        for n, option in enumerate(options)
    ]
    session().add_all(rows)
    session().flush()
    found: dict[int, tuple[OptionShape, ...]] = {}
    for row in rows:
        found[row.field_id] = (*found.get(row.field_id, ()), OptionShape(row.id, row.value, row.color))
    return found


def shape(row: models.Field, select_options: tuple[OptionShape, ...] = ()) -> FieldShape:
    """A stored field as the row engine knows it."""
    return FieldShape(row.id, row.table_id, row.name, row.type, row.primary, row.order, row.options, select_options)


def field_json(row: models.Field, select_options: tuple[OptionShape, ...], where: TableContext) -> dict[str, Any]:
    """A field as the API shows it."""
    return {
        "id": row.id,
        "table_id": row.table_id,
        "name": row.name,
        "order": row.order,
        "type": row.type,
        "primary": row.primary,
        "read_only": row.read_only or field_type(row.type).read_only,
        "immutable_type": row.immutable_type,
        "immutable_properties": row.immutable_properties,
        "description": row.description,
        "database_id": where.application_id,
        "workspace_id": where.workspace_id,
        "db_index": row.db_index,
        "field_constraints": row.field_constraints,
        **field_type(row.type).options_json(shape(row, select_options)),
    }


def bump_version(table_id: int) -> None:
    """Tell every process that the table's shape changed. Also locks the table's shape until the commit."""
    table = models.Table
    session().execute(sa.update(table).where(table.id == table_id).values(version=table.version + 1))
