"""Stored fields: creating, loading and serializing them, without permission checks or announcements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from plugin_api.db import session
from plugin_api.fields import CollaboratorsMixin, FieldType, PublicOptionsMixin, SelectOptionsMixin
from plugin_api.fields import Field as FieldShape
from plugin_api.fields import SelectOption as OptionShape
from plugin_api.links import LinkMixin
from plugin_api.workspaces import people
from plugins.database import models
from plugins.database.context import TableContext
from plugins.database.engine.component import reached_table_ids
from plugins.database.shape import field_type

_OPTIONS = (
    sa.select(
        sa.func.json_agg(
            aggregate_order_by(
                sa.func.json_build_array(models.SelectOption.id, models.SelectOption.value, models.SelectOption.color),
                models.SelectOption.order,
                models.SelectOption.id,
            )
        )
    )
    .where(models.SelectOption.field_id == models.Field.id)
    .correlate(models.Field)
    .scalar_subquery()
)
_WITH_OPTIONS = sa.select(models.Field, _OPTIONS).where(models.Field.trashed_on.is_(None))


@dataclass(frozen=True)
class NewField:
    """A field to create: checked options, and select options as ({"value", "color"}, ...)."""

    name: str
    type: str
    options: Mapping[str, Any] = field(default_factory=dict)
    select_options: Sequence[Mapping[str, Any]] = ()
    primary: bool = False
    description: str | None = None
    read_only: bool = False
    immutable_type: bool = False
    immutable_properties: bool = False


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
            read_only=wanted.read_only,
            immutable_type=wanted.immutable_type,
            immutable_properties=wanted.immutable_properties,
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


def table_fields(table_id: int) -> list[tuple[models.Field, tuple[OptionShape, ...]]]:
    """The fields of a table with their select options, the primary one first: one query."""
    chosen = _WITH_OPTIONS.where(models.Field.table_id == table_id)
    rows = session().execute(chosen.order_by(models.Field.primary.desc(), models.Field.order, models.Field.id))
    return [(row, _options(options)) for row, options in rows]


def fields_by_id(field_ids: Collection[int]) -> dict[int, FieldShape]:
    """Those of the fields, of any table, that are not in the trash: one query."""
    rows = session().execute(_WITH_OPTIONS.where(models.Field.id.in_(field_ids)))
    return {row.id: shape(row, _options(options)) for row, options in rows}


def find_field(field_id: int) -> tuple[models.Field, tuple[OptionShape, ...]] | None:
    """A field with its select options as they are now; None when it is not there or in the trash."""
    chosen = _WITH_OPTIONS.where(models.Field.id == field_id).execution_options(populate_existing=True)
    found = session().execute(chosen).first()
    return None if found is None else (found[0], _options(found[1]))


def _options(found: list[list[Any]] | None) -> tuple[OptionShape, ...]:
    return tuple(OptionShape(*option) for option in found or ())


def shape(row: models.Field, select_options: tuple[OptionShape, ...] = ()) -> FieldShape:
    """A stored field as the row engine knows it."""
    values = (row.id, row.table_id, row.name, row.type, row.primary, row.order, row.options, select_options)
    return FieldShape(*values, read_only=row.read_only)


def field_json(row: models.Field, select_options: tuple[OptionShape, ...], where: TableContext) -> dict[str, Any]:
    """A field as the API shows it."""
    return fields_json([(row, select_options)], where)[0]


def public_field_json(
    row: models.Field, select_options: tuple[OptionShape, ...], where: TableContext
) -> dict[str, Any]:
    """A field as strangers see it who may read its values: nothing of people, or of other fields and tables."""
    return {**_common_json(row, where), **public_type_json(shape(row, select_options))}


def public_type_json(field: FieldShape) -> dict[str, Any]:
    """The keys a field's type adds to what strangers see of it."""
    kind = field_type(field.type)
    told = kind.public_json(field) if isinstance(kind, PublicOptionsMixin) else kind.options_json(field)
    return _with_options(kind, field.select_options, told)


def fields_json(
    fields: Sequence[tuple[models.Field, tuple[OptionShape, ...]]], where: TableContext
) -> list[dict[str, Any]]:
    """Fields of a table as the API shows them: a query for the links among them, and one for the people, else none."""
    shown = [_json(row, options, where) for row, options in fields]
    _add_people(fields, shown, where)
    linked = {row.linked_table_id for row, _ in fields if isinstance(field_type(row.type), LinkMixin)}
    if linked:
        chosen = _WITH_OPTIONS.where(models.Field.table_id.in_(linked), models.Field.primary)
        primaries = {row.table_id: _json(row, _options(found), where) for row, found in session().execute(chosen)}
        for (row, _), one in zip(fields, shown, strict=True):
            if isinstance(field_type(row.type), LinkMixin):
                one["link_row_table_primary_field"] = primaries.get(row.linked_table_id)
    return shown


def _add_people(fields: Sequence[Any], shown: Sequence[dict[str, Any]], where: TableContext) -> None:
    with_people = [
        one for (row, _), one in zip(fields, shown, strict=True) if isinstance(field_type(row.type), CollaboratorsMixin)
    ]
    found = people(where.workspace_id) if with_people else []
    for one in with_people:
        one["available_collaborators"] = found


def _json(row: models.Field, select_options: tuple[OptionShape, ...], where: TableContext) -> dict[str, Any]:
    return {**_common_json(row, where), **_type_json(row, select_options)}


def _common_json(row: models.Field, where: TableContext) -> dict[str, Any]:
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
    }


def _type_json(row: models.Field, select_options: tuple[OptionShape, ...]) -> dict[str, Any]:
    kind = field_type(row.type)
    return _with_options(kind, select_options, kind.options_json(shape(row, select_options)))


def _with_options(kind: FieldType, select_options: tuple[OptionShape, ...], found: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(kind, SelectOptionsMixin):
        return found
    shown = [{"id": option.id, "value": option.value, "color": option.color} for option in select_options]
    return {"select_options": shown, **found}


_BUMP = sa.text(
    """
    WITH locked AS (SELECT id FROM database."table" WHERE id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE)
    UPDATE database."table" t SET version = version + 1 FROM locked WHERE t.id = locked.id
    """
)


def bump_version(table_id: int) -> None:
    """Tell every process that the table's shape changed. Also locks the table's shape until the commit.

    The shapes of tables that links join to it are made of this one's too.
    """
    session().execute(_BUMP, {"ids": reached_table_ids([table_id])})
