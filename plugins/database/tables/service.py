"""Tables: listing, creating, renaming, ordering and deleting them, with permission, action and event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import actions, applications, events, trash
from plugin_api.applications import ApplicationInfo
from plugin_api.db import connection, session
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.orders import reordered
from plugin_api.permissions import Access, only_allowed, require
from plugin_api.tables import extensions
from plugins.database import models
from plugins.database.context import TableContext, table_context
from plugins.database.fields import service as fields
from plugins.database.fields.settle import settle
from plugins.database.shape import TableShape
from plugins.database.tables import store
from plugins.database.tables.imports import Appending, Rows, append_all, importable
from plugins.database.tables.initial import DEFAULT_FIELDS, DEFAULT_ROWS, fields_for, makeable
from plugins.database.tables.payload import Upload
from plugins.database.tables.sources import RowSource, uploaded
from plugins.database.tables.trash import trashed_table

Progress = Callable[[float], None]


def database_access(database_id: int, operation: str) -> tuple[ApplicationInfo, Access]:
    """A database in which the acting user may do `operation`; 404 when there is no such database."""
    info, access = applications.access(database_id)
    if info.type != "database":
        raise does_not_exist("application")
    require(operation, access)
    return info, access


def list_tables(database_id: int) -> list[dict[str, Any]]:
    """The tables of a database the acting user may read, in their order."""
    _, access = database_access(database_id, "database.list_tables")
    return readable(access, store.tables_of([database_id]))


def readable(access: Access | None, tables: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of the tables of a database which a member may read; all where no member asks."""
    if access is None or access.role is None:
        return list(tables)
    return only_allowed("database.table.read", [(_inside(access, table["id"]), table) for table in tables])


def _inside(access: Access, table_id: int) -> Access:
    return Access(access.workspace_id, access.role, (("database_table", table_id), *access.scopes))


def create_default(database: ApplicationInfo, access: Access | None, name: str) -> TableContext:
    """Store a table with the fields and empty rows that tables without data have."""
    fields, rows = makeable(DEFAULT_FIELDS, DEFAULT_ROWS)
    where, made = store.insert_table(database.id, database.workspace_id, name, fields, access)
    adding = Appending(TableShape(where.id, where.workspace_id, where.version, tuple(made)), made)
    adding.add(rows)
    store.count_rows(where.id, adding.written)
    return where


def create_from(
    source: RowSource, header: bool, database: ApplicationInfo, access: Access, name: str, progress: Progress
) -> tuple[TableContext, Appending]:
    """Store a table with text fields and rows; with `header`, the first one names the fields."""
    names = next(iter(source.batches()))[0] if header else None
    where, made = store.insert_table(database.id, database.workspace_id, name, fields_for(names, source.width), access)
    shape = TableShape(where.id, where.workspace_id, where.version, tuple(made))
    adding = append_all(
        lambda: Appending(shape, importable(shape), as_text=True, widest=source.width if source.strict else None),
        lambda: without_first(source.batches()) if header else source.batches(),
        lambda read: progress(99 * source.done(read)),
    )
    store.count_rows(where.id, adding.written)
    return where, adding


def without_first(batches: Iterable[Rows]) -> Iterator[Rows]:
    """The rows after the one that names their columns."""
    following = iter(batches)
    yield next(following)[1:]
    yield from following


def create_table(database_id: int, upload: Upload, name: str, header: bool) -> dict[str, Any]:
    """Create a table from what a client sent, at once."""
    database, access = database_access(database_id, "database.create_table")
    if upload.rows:
        where, _ = create_from(uploaded(upload), header, database, access, name, lambda percentage: None)
    else:
        where = create_default(database, access, name)
    announce_created(where, "create_table", {})
    return store.table_json(where)


def announce_created(where: TableContext, action: str, params: dict[str, Any]) -> None:
    """Record how a table came to be, and tell the listeners."""
    if action == "create_table":
        _equip(where)
    _record(action, where, params)
    _tell_created(where)


def announce_with_application(where: TableContext, copied: bool) -> None:
    """Tell the listeners of a table that came with its application, whose action stands for it."""
    if not copied:
        _equip(where)
    _tell_created(where)


def _equip(where: TableContext) -> None:
    """Let plugins add what every new table has."""
    for extension in extensions():
        extension.created(where.id)


def _tell_created(where: TableContext) -> None:
    payload = {"table_id": where.id, "database_id": where.application_id, "table": store.table_json(where)}
    events.emit("table_created", payload, where.workspace_id)


def read_table(table_id: int) -> dict[str, Any]:
    """A table as the API shows it."""
    return store.table_json(table_context(table_id, "database.table.read"))


def rename_table(table_id: int, name: str) -> dict[str, Any]:
    """Give a table another name."""
    where = table_context(table_id, "database.table.update")
    _set(where.id, name=name)
    shown = {**store.table_json(where), "name": name}
    _record("update_table", where, {"original_table_name": where.name, "table_name": name})
    events.emit("table_updated", {"table_id": where.id, "table": shown}, where.workspace_id)
    return shown


def delete_table(table_id: int) -> None:
    """Put a table into the trash, with all that is in it."""
    where = table_context(table_id, "database.table.delete")
    links = _trash_links(where)
    _set(where.id, trashed_on=sa.func.now())
    database, _ = applications.access(where.application_id)
    trash.put(trashed_table(where, database.name, links))
    _record("delete_table", where, {})
    payload = {"table_id": where.id, "database_id": where.application_id}
    events.emit("table_deleted", payload, where.workspace_id)


def _trash_links(where: TableContext) -> list[int]:
    """Put the fields of other tables that link to a table into the trash with it; answers their ids."""
    field = models.Field
    chosen = sa.and_(field.linked_table_id == where.id, field.table_id != where.id, field.trashed_on.is_(None))
    ids = list(session().scalars(sa.select(field.id).where(chosen).order_by(field.id)))
    if ids:
        fields.lock_shape(where)
        for field_id in ids:
            fields.announce_effect("field_deleted", field_id)
        session().execute(sa.update(field).where(field.id.in_(ids)).values(trashed_on=sa.func.now()))
        settle(where, ids, {})
    return ids


def _set(table_id: int, **values: Any) -> None:
    table = models.Table
    session().execute(sa.update(table).where(table.id == table_id).values(updated_on=sa.func.now(), **values))


def order_tables(database_id: int, table_ids: Sequence[int]) -> None:
    """Put the given tables into the given order, in the places they have together; the others stay."""
    database, before = _ordered_tables(database_id)
    strangers = set(table_ids) - set(before)
    if strangers:
        message = f"The table {min(strangers)} does not belong to the database."
        raise ApiError("ERROR_TABLE_NOT_IN_DATABASE", 400, message)
    _order(database, before, list(dict.fromkeys(table_ids)))


def put_in_order(database_id: int, table_ids: Sequence[int]) -> None:
    """The same with those of the given tables that are still there."""
    database, before = _ordered_tables(database_id)
    _order(database, before, [found for found in table_ids if found in before])


def _ordered_tables(database_id: int) -> tuple[ApplicationInfo, list[int]]:
    database, _ = database_access(database_id, "database.order_tables")
    return database, [table["id"] for table in store.tables_of([database_id])]


def _order(database: ApplicationInfo, before: list[int], wanted: Sequence[int]) -> None:
    after = reordered(before, wanted)
    if after == before:
        return
    _set_orders(after)
    params = {"database_id": database.id, "order": after, "original_order": before}
    actions.record("order_tables", scope=f"application{database.id}", workspace_id=database.workspace_id, params=params)
    events.emit("tables_reordered", {"database_id": database.id, "order": after}, database.workspace_id)


def _set_orders(table_ids: Sequence[int]) -> None:
    statement = sa.text(
        'UPDATE database.table AS t SET "order" = o.place'
        " FROM unnest(CAST(:ids AS bigint[])) WITH ORDINALITY AS o(id, place) WHERE t.id = o.id"
    )
    connection().execute(statement, {"ids": list(table_ids)})


def _record(action: str, where: TableContext, params: dict[str, Any]) -> None:
    named = {"table_id": where.id, "table_name": where.name, "database_id": where.application_id}
    scope = f"application{where.application_id}"
    actions.record(action, scope=scope, workspace_id=where.workspace_id, params={**named, **params})
