"""Creating and deleting fields, with permission, action and event; changing them is in `changes`."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import actions, context, events, features, trash
from plugin_api.computed import ComputedMixin
from plugin_api.db import connection, session
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.fields import EffectsMixin, Field, FieldType, SelectOption, SelectOptionsMixin
from plugin_api.permissions import Access, require
from plugin_api.platform import registry
from plugin_api.states import is_enabled
from plugin_api.tables import extensions
from plugin_api.trash import TrashItem
from plugins.database import models
from plugins.database.context import TableContext, table_context, table_of_field
from plugins.database.engine import ddl
from plugins.database.fields import store
from plugins.database.fields.constraints import check_constraints, set_constraints, set_index
from plugins.database.fields.locks import change_shape
from plugins.database.fields.options import set_options
from plugins.database.fields.settle import settle
from plugins.database.shape import field_type

MAX_FIELDS = 600
MAX_NAME = 255
RESERVED_NAMES = frozenset({"id", "order"})
_COMMON = {"name", "type", "description", "db_index", "field_constraints", "select_options"}


def list_fields(table_id: int) -> list[dict[str, Any]]:
    """A table's fields as the API shows them."""
    where = table_context(table_id)
    if context.actor().kind == "anonymous":
        raise ApiError("PERMISSION_DENIED", 401, "Sign in to see the fields of this table.")
    require("database.table.list_fields", where.access)
    return store.fields_json(store.table_fields(where.id), where)


def read_field(field_id: int) -> dict[str, Any]:
    """A field as the API shows it."""
    where = table_of_field(field_id, "database.table.field.read")
    return store.field_json(*existing(field_id), where)


def create_field(table_id: int, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Add a field to a table; `wanted` is a checked body."""
    where = table_context(table_id)
    if context.actor().kind == "token":
        raise ApiError("ERROR_NO_PERMISSION_TO_TABLE", 401, "Database tokens are for rows, not for fields.")
    require("database.table.create_field", where.access)
    require_usable(wanted["type"])
    lock_shape(where)
    row, made = add_field(where, wanted)
    related = settle(where, [row.id], {row.id: None})
    row, options = existing(row.id)
    return announce(where, "create_field", "field_created", row, options, {}, shown_of(where, related))


def shown_of(where: TableContext, field_ids: Collection[int]) -> list[dict[str, Any]]:
    """Those of the fields that are the table's, as the API shows them."""
    if not field_ids:
        return []
    return store.fields_json([found for found in store.table_fields(where.id) if found[0].id in field_ids], where)


def add_field(where: TableContext, wanted: Mapping[str, Any]) -> tuple[models.Field, Field]:
    """Store a field, its select options and its rules, and make its column. The table's shape must be locked."""
    order, kind = _room(where.id, wanted["name"]), field_type(wanted["type"])
    options = kind.check_options({key: value for key, value in wanted.items() if key not in _COMMON}, None)
    options = stored_options(kind, options)
    new = store.NewField(wanted["name"], wanted["type"], options, description=wanted.get("description"))
    made = _link_options(store.insert_fields(where.id, [new], order)[0], wanted.get("select_options"))
    row, _ = existing(made.id)
    row.options = dict(made.options)
    row.field_constraints = check_constraints(made, wanted.get("field_constraints") or ())
    row.db_index = bool(wanted.get("db_index"))
    session().flush()
    if not isinstance(kind, ComputedMixin):
        change_shape(lambda: _make_column(where, made, row))
    if isinstance(kind, EffectsMixin):
        kind.added(made, wanted)
        row, found = existing(made.id)
        made = store.shape(row, found)
    return row, made


def _make_column(where: TableContext, made: Field, row: models.Field) -> None:
    fields = [store.shape(found, options) for found, options in store.table_fields(where.id)]
    ddl.add_column(connection(), where.workspace_id, made, fields)
    if row.field_constraints:
        set_constraints(where.workspace_id, made, row.field_constraints)
    if row.db_index:
        set_index(where.workspace_id, made, True)


def _link_options(made: Field, select_options: Sequence[Mapping[str, Any]] | None) -> Field:
    """The new field with its select options stored and their ids in its own options."""
    kind = field_type(made.type)
    if not isinstance(kind, SelectOptionsMixin):
        return made
    options, ids = set_options(made.id, None, select_options or ())
    linked = kind.link_options(dict(made.options), ids, made.options.keys())
    return Field(made.id, made.table_id, made.name, made.type, made.primary, made.order, linked, options)


def delete_field(field_id: int) -> dict[str, Any]:
    """Put a field into the trash; its values are kept and its name is free."""
    where = table_of_field(field_id, "database.table.field.delete")
    lock_shape(where)
    row, options = existing(field_id)
    if row.primary:
        raise ApiError("ERROR_CANNOT_DELETE_PRIMARY_FIELD", 400, "The primary field cannot be deleted.")
    for extension in extensions():
        extension.field_deleting(where.id, row.id)
    session().execute(sa.update(models.Field).where(models.Field.id == row.id).values(trashed_on=sa.func.now()))
    kind = field_type(row.type)
    if isinstance(kind, EffectsMixin):
        kind.trashed(store.shape(row, options))
    related = shown_of(where, settle(where, [row.id], {}))
    trash.put(trashed_field(where, row.id, row.name))
    announce(where, "delete_field", "field_deleted", row, options, {}, related)
    return {"related_fields": related}


def trashed_field(where: TableContext, field_id: int, name: str) -> TrashItem:
    """The entry in the trash of a field."""
    return TrashItem(
        "field",
        field_id,
        where.workspace_id,
        name,
        application_id=where.application_id,
        parent_name=where.name,
        place=("database_table", where.id),
    )


def lock_shape(where: TableContext) -> None:
    """Start a change of the table's shape: no other one runs until this transaction ends."""
    lock_tables(where.id)


def lock_tables(table_id: int) -> None:
    """Lock the shapes of a table and of those links join it to."""
    change_shape(lambda: store.bump_version(table_id))


def announce_effect(event: str, field_id: int) -> None:
    """Tell of a field of another table that came or went along with one a user changed."""
    row, options = existing(field_id)
    table = session().get_one(models.Table, row.table_id)
    where = TableContext(table.id, table.name, table.order, 0, table.application_id, table.workspace_id, Access())
    shown = store.field_json(row, options, where)
    payload = {"table_id": table.id, "field_id": field_id, "field": shown, "related_fields": []}
    events.emit(event, payload, table.workspace_id)


def existing(field_id: int) -> tuple[models.Field, tuple[SelectOption, ...]]:
    """A field with its select options as they are now; 404 when it is not there."""
    found = store.find_field(field_id)
    if found is None:
        raise does_not_exist("field")
    return found


def require_usable(type_name: str) -> None:
    """400 or 402 when no new fields of a type can be made: its plugin is switched off, or its feature not licensed."""
    if not is_enabled(registry("field_types").provider(type_name)):
        raise ApiError("ERROR_PLUGIN_DISABLED", 400, f"Fields of the type {type_name} are switched off.")
    features.require("field_types", type_name)


def stored_options(kind: FieldType, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options without those that only say how to make a change."""
    passing = {name for name, field in kind.options_schema().fields.items() if field.load_only}
    return {name: value for name, value in options.items() if name not in passing}


def check_name(name: str, taken: set[str]) -> None:
    """400 for a name that is reserved or that another field of the table has."""
    if name in RESERVED_NAMES:
        raise ApiError("ERROR_RESERVED_BASEROW_FIELD_NAME", 400, f'The field name "{name}" is reserved.')
    if name in taken:
        message = f'A field called "{name[:100]}" already exists in the table.'
        raise ApiError("ERROR_FIELD_WITH_SAME_NAME_ALREADY_EXISTS", 400, message)


def free_restored_name(name: str, taken: set[str]) -> str:
    """The name of a field that comes back: its own, or with `(Restored)` where another field has it now."""
    endings = itertools.chain(("", " (Restored)"), (f" (Restored) {n}" for n in itertools.count(2)))
    names = (name[: MAX_NAME - len(ending)] + ending for ending in endings)
    return next(found for found in names if found not in taken)


def taken_names(table_id: int, but: int | None = None) -> dict[str, int]:
    """The names of a table's fields with their order."""
    field = models.Field
    query = sa.select(field.name, field.order).where(field.table_id == table_id, field.trashed_on.is_(None))
    return {row.name: row.order for row in session().execute(query.where(field.id != (but or 0)))}


def _room(table_id: int, name: str) -> int:
    """The order of a further field with this name; 400 when it cannot be added."""
    taken = taken_names(table_id)
    if len(taken) >= MAX_FIELDS:
        raise ApiError("ERROR_MAX_FIELD_COUNT_EXCEEDED", 400, f"A table has at most {MAX_FIELDS} fields.")
    check_name(name, set(taken))
    return max(taken.values(), default=-1) + 1


def announce(
    where: TableContext,
    action: str,
    event: str,
    row: models.Field,
    options: tuple[SelectOption, ...],
    params: Mapping[str, Any],
    related: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Record the action, tell the listeners, and answer the field with its related fields."""
    shown = {**store.field_json(row, options, where), "related_fields": list(related)}
    named = {"table_id": where.id, "table_name": where.name, "field_id": row.id, "field_name": row.name}
    actions.record(action, scope=f"table{where.id}", workspace_id=where.workspace_id, params={**named, **params})
    payload = {"table_id": where.id, "field_id": row.id, "field": shown, "related_fields": list(related)}
    events.emit(event, payload, where.workspace_id)
    return shown
