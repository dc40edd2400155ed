"""What links bring along: the relation table, the field in the other table, and their end."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection, session
from plugin_api.errors import ApiError
from plugin_api.fields import Field
from plugins.database import models
from plugins.database.context import table_context
from plugins.database.fields import service, store
from plugins.database.shape import schema_name
from plugins.database.views import require_view_of

LINK = "link_row"


def require_table(table_id: int) -> None:
    """404 or 400 unless the acting user can reach the table."""
    table_context(table_id, "database.table.read")


def require_view(table_id: int, view_id: int | None) -> None:
    """404 for a view that is not there, 400 for one of another table."""
    if view_id is not None:
        require_view_of(table_id, view_id)


def _table(table_id: int) -> models.Table:
    return session().get_one(models.Table, table_id)


def _row(field_id: int) -> models.Field:
    return session().get_one(models.Field, field_id)


def added(field: Field, given: Mapping[str, Any]) -> None:
    """Make the relation and the field on the other side."""
    own, other = _table(field.table_id), _table(field.options["link_row_table_id"])
    if own.application_id != other.application_id:
        message = "Links go between tables of the same database."
        raise ApiError("ERROR_LINK_ROW_TABLE_NOT_IN_SAME_DATABASE", 400, message)
    itself = own.id == other.id
    wanted = given.get("has_related_field", not itself)
    _refuse_related_to_itself(itself and wanted)
    make_relation(own.workspace_id, field.id, own.id, other.id)
    row = _row(field.id)
    row.options = {**row.options, "relation_id": field.id, "side": "left", "link_row_related_field_id": None}
    if wanted:
        add_related(row, own, other)
    session().flush()


def _refuse_related_to_itself(wanted: bool) -> None:
    if wanted:
        message = "A link of a table to itself has no field on the other side."
        raise ApiError("ERROR_SELF_REFERENCING_LINK_ROW_CANNOT_HAVE_RELATED_FIELD", 400, message)


def make_relation(workspace_id: int, relation_id: int, left: int, right: int) -> None:
    """Pairs are unique; each side finds its own by an index."""
    schema, name = schema_name(workspace_id), f"link_{relation_id}"
    reference = f'bigint NOT NULL REFERENCES "{schema}"."table_%s" (id) ON DELETE CASCADE'
    connection().exec_driver_sql(
        f'CREATE TABLE "{schema}"."{name}" (left_id {reference % left}, right_id {reference % right},'
        f" PRIMARY KEY (left_id, right_id))"
    )
    connection().exec_driver_sql(f'CREATE INDEX "{name}_right" ON "{schema}"."{name}" (right_id, left_id)')


def add_related(row: models.Field, own: models.Table, other: models.Table) -> None:
    """The field that shows the links in the other table."""
    options = {
        "link_row_table_id": own.id,
        "link_row_related_field_id": row.id,
        "link_row_multiple_relationships": True,
        "relation_id": row.options["relation_id"],
        "side": "right" if row.options["side"] == "left" else "left",
    }
    taken = service.taken_names(other.id)
    new = store.NewField(_related_name(own.name, row.name, taken), LINK, options)
    made = store.insert_fields(other.id, [new], max(taken.values(), default=-1) + 1)[0]
    row.options = {**row.options, "link_row_related_field_id": made.id}
    service.lock_tables(other.id)
    service.announce_effect("field_created", made.id)


def _related_name(table: str, field: str, taken: Mapping[str, int]) -> str:
    """The name of the table the links come from; with the field's, then with a number, when it is taken."""
    names = (table, f"{table} - {field}")
    free = (name[:255] for name in names if name[:255] not in taken and name not in service.RESERVED_NAMES)
    numbered = (f"{table[:240]} {n}" for n in count(2))
    return next(free, None) or next(name for name in numbered if name not in taken)


def changed(previous: Field, field: Field, given: Mapping[str, Any]) -> None:
    """A link was changed, made of another type's field, or turned into one."""
    if previous.type != LINK:
        added(field, given)
    elif field.type != LINK or field.options["link_row_table_id"] != previous.options["link_row_table_id"]:
        _remove_related(previous)
        _drop_relation(previous)
        if field.type == LINK:
            added(field, {"has_related_field": _had_related(previous), **given})
    elif given.get("has_related_field", _had_related(previous)) != _had_related(previous):
        _change_related(field, given["has_related_field"])


def _had_related(field: Field) -> bool:
    return field.options.get("link_row_related_field_id") is not None


def _change_related(field: Field, wanted: bool) -> None:
    row = _row(field.id)
    own, other = _table(field.table_id), _table(field.options["link_row_table_id"])
    _refuse_related_to_itself(wanted and own.id == other.id)
    if wanted:
        add_related(row, own, other)
    else:
        _remove_related(field)
        row.options = {**row.options, "link_row_related_field_id": None}
    session().flush()


def _remove_related(field: Field) -> None:
    """Remove the field of the other side for good; the pairs stay."""
    related_id = field.options.get("link_row_related_field_id")
    if related_id is not None:
        service.announce_effect("field_deleted", related_id)
        session().execute(sa.delete(models.Field).where(models.Field.id == related_id))
        service.lock_tables(field.options["link_row_table_id"])


def _drop_relation(field: Field) -> None:
    schema = schema_name(_table(field.table_id).workspace_id)
    connection().exec_driver_sql(f'DROP TABLE IF EXISTS "{schema}"."link_{field.options["relation_id"]}"')


def trashed(field: Field) -> None:
    """The field of the other side goes into the trash too."""
    related_id = field.options.get("link_row_related_field_id")
    if related_id is not None:
        service.announce_effect("field_deleted", related_id)
        change = sa.update(models.Field).where(models.Field.id == related_id, models.Field.trashed_on.is_(None))
        session().execute(change.values(trashed_on=sa.func.now()))
        service.lock_tables(field.options["link_row_table_id"])


def removed(field: Field, schema: str) -> None:
    """The field is removed for good: its relation too, unless the related field is still there."""
    related_id = field.options.get("link_row_related_field_id")
    if related_id is None or session().get(models.Field, related_id) is None:
        connection().exec_driver_sql(f'DROP TABLE IF EXISTS "{schema}"."link_{field.options["relation_id"]}"')
