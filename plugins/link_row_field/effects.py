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
from plugins.database.context import find_table, table_context
from plugins.database.fields import backups, service, store
from plugins.database.fields.locks import change_shape
from plugins.database.fields.trash import bring_back
from plugins.database.shape import schema_name
from plugins.database.views import require_view_of

LINK = "link_row"
CREATE_FIELD, DELETE_RELATED = "database.table.create_field", "database.table.field.delete_related_link_row_field"


def require_table(table_id: int) -> None:
    """404 or 400 unless the acting user can reach the table."""
    table_context(table_id, "database.table.read")


def _require_of_other(table_id: int, field: Field, operation: str) -> None:
    """Refuse unless the acting user may do this to the table on the other side, where they may have another role."""
    if table_id != field.table_id:
        table_context(table_id, operation)


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
    relation_id = _free_relation_id(own.workspace_id, field.id)
    change_shape(lambda: make_relation(own.workspace_id, relation_id, own.id, other.id))
    row = _row(field.id)
    row.options = {**row.options, "relation_id": relation_id, "side": "left", "link_row_related_field_id": None}
    if wanted:
        _require_of_other(other.id, field, CREATE_FIELD)
        add_related(row, own, other)
    session().flush()


def _refuse_related_to_itself(wanted: bool) -> None:
    if wanted:
        message = "A link of a table to itself has no field on the other side."
        raise ApiError("ERROR_SELF_REFERENCING_LINK_ROW_CANNOT_HAVE_RELATED_FIELD", 400, message)


def _free_relation_id(workspace_id: int, field_id: int) -> int:
    """The field's id; another one while a relation is kept from when the field was another link before."""
    name = f'"{schema_name(workspace_id)}"."link_{field_id}"'
    if connection().exec_driver_sql(f"SELECT to_regclass('{name}')").scalar_one() is None:
        return field_id
    another = "SELECT nextval(pg_get_serial_sequence('database.field', 'id'))"
    return int(connection().exec_driver_sql(another).scalar_one())


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
    """A link was changed, made of another type's field, turned into one, or brought back to what it was."""
    if previous.type == LINK and (field.type != LINK or _relation_id(field) != _relation_id(previous)):
        _leave(previous)
    if field.type != LINK:
        return
    if previous.type == LINK and _target(field) != _target(previous) and _relation_id(field) == _relation_id(previous):
        _leave(previous)
        added(field, {"has_related_field": _had_related(previous), **given})
    elif _relation_id(field) is None:
        added(field, given)
    elif previous.type != LINK or _relation_id(field) != _relation_id(previous):
        _revive(field)
    else:
        _change_related(previous, field, given)


def _relation_id(field: Field) -> int | None:
    """The relation a link has; None for one that is being made of another type's field."""
    found: int | None = field.options.get("relation_id")
    return found


def _target(field: Field) -> int:
    return int(field.options["link_row_table_id"])


def _had_related(field: Field) -> bool:
    return field.options.get("link_row_related_field_id") is not None


def _change_related(previous: Field, field: Field, given: Mapping[str, Any]) -> None:
    """The other side is wanted or not wanted any more, or is again what it was."""
    wanted = given.get("has_related_field", _had_related(field))
    row = _row(field.id)
    own, other = _table(field.table_id), _table(_target(field))
    if wanted == _had_related(previous):
        return
    _refuse_related_to_itself(wanted and own.id == other.id)
    if not wanted:
        _remove_related(previous)
        row.options = {**row.options, "link_row_related_field_id": None}
    elif _had_related(field):
        _restore_related(row, field)
    else:
        _require_of_other(other.id, field, CREATE_FIELD)
        add_related(row, own, other)
    session().flush()


def _leave(field: Field) -> None:
    """The field is no longer this link. While its user can undo that, all is kept out of sight."""
    _remove_related(field)
    if not backups.wanted():
        schema = schema_name(_table(field.table_id).workspace_id)
        change_shape(lambda: drop_relation(schema, field))


def _revive(field: Field) -> None:
    """The link is back, with the pairs and the field of the other side it had."""
    _require_live(field)
    _restore_related(_row(field.id), field)
    service.lock_tables(_target(field))
    session().flush()


def _require_live(field: Field) -> None:
    table = find_table(_target(field))
    if table is None or table.trashed_on is not None:
        message = "The table this field links to is in the trash. Restore that first."
        raise ApiError("ERROR_CANT_RESTORE_AS_RELATED_TABLE_TRASHED", 400, message)


def _restore_related(row: models.Field, field: Field) -> None:
    """Show the field of the other side again; when it is gone for good, the link has none."""
    related_id = field.options.get("link_row_related_field_id")
    related = None if related_id is None else session().get(models.Field, related_id, populate_existing=True)
    if related is None:
        row.options = {**row.options, "link_row_related_field_id": None}
    elif related.trashed_on is not None:
        bring_back(related)
        service.lock_tables(related.table_id)
        service.announce_effect("field_restored", related.id)


def _remove_related(field: Field) -> None:
    """Remove the field of the other side, for good unless that can be undone; the pairs stay."""
    related_id = field.options.get("link_row_related_field_id")
    if related_id is None:
        return
    if backups.wanted():
        trashed(field)
    else:
        _require_of_other(_target(field), field, DELETE_RELATED)
        service.announce_effect("field_deleted", related_id)
        session().execute(sa.delete(models.Field).where(models.Field.id == related_id))
        service.lock_tables(_target(field))


def drop_relation(schema: str, field: Field) -> None:
    """Remove the pairs of a link for good."""
    connection().exec_driver_sql(f'DROP TABLE IF EXISTS "{schema}"."link_{_relation_id(field)}"')


def trashed(field: Field) -> None:
    """The field of the other side goes into the trash too."""
    related_id = field.options.get("link_row_related_field_id")
    if related_id is not None:
        _require_of_other(_target(field), field, DELETE_RELATED)
        service.announce_effect("field_deleted", related_id)
        change = sa.update(models.Field).where(models.Field.id == related_id, models.Field.trashed_on.is_(None))
        session().execute(change.values(trashed_on=sa.func.now()))
        service.lock_tables(_target(field))


def restored(field: Field) -> None:
    """The field of the other side comes out of the trash too."""
    _require_live(field)
    _restore_related(_row(field.id), field)
    session().flush()


def removed(field: Field, schema: str) -> None:
    """The field is no longer this link for good: what nobody else uses of it goes."""
    related_id = field.options.get("link_row_related_field_id")
    row = models.Field
    session().execute(sa.delete(row).where(row.id == (related_id or 0), row.trashed_on.is_not(None)))
    relation = row.options["relation_id"].as_integer()
    others = sa.or_(row.id != field.id, row.trashed_on.is_(None))
    uses = sa.exists().where(row.type == LINK, relation == _relation_id(field), others)
    if not session().scalar(sa.select(uses)):
        drop_relation(schema, field)


def brought(field: Field) -> tuple[int | None, int | None]:
    """The relation and the field on the other side."""
    return _relation_id(field), field.options.get("link_row_related_field_id")
