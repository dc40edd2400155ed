"""Data syncs: making, reading and changing them, and starting a sync."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import marshmallow as ma

from plugin_api import actions, events, jobs
from plugin_api.db import session, unit_of_work
from plugin_api.errors import ApiError, body_invalid
from plugin_api.permissions import allows
from plugins.data_sync import fields, operations, store
from plugins.data_sync.actions import CREATED, SYNCED, UPDATED
from plugins.data_sync.kinds import DataSyncType, Property, SyncError
from plugins.data_sync.models import DataSync, SyncedProperty
from plugins.database.context import TableContext
from plugins.database.tables import service as tables
from plugins.database.tables import store as table_store


def looked_up(kind_name: str, settings: Mapping[str, Any]) -> list[Property]:
    """The properties of a source, asked while no transaction is open; 400 ERROR_SYNC_ERROR when that fails."""
    unit_of_work().commit()
    try:
        return store.usable_type(kind_name).properties(settings)
    except SyncError as error:
        raise ApiError("ERROR_SYNC_ERROR", 400, str(error)) from None
    finally:
        unit_of_work().commit()


def _opened(settings: store.Kept) -> dict[str, Any]:
    try:
        return settings.opened()
    except SyncError as error:
        raise ApiError("ERROR_SYNC_ERROR", 400, str(error)) from None


def properties_of_source(kind_name: str, settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a source has to sync."""
    return _shown(looked_up(kind_name, settings))


def _shown(properties: Sequence[Property]) -> list[dict[str, Any]]:
    return [
        {
            "unique_primary": found.unique,
            "key": found.key,
            "name": found.name,
            "field_type": found.type,
            "initially_selected": found.initially_selected,
        }
        for found in properties
    ]


def create(database_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Make a table with a field for each wanted property; it has no rows yet."""
    tables.database_access(database_id, operations.CREATE)
    kind = store.usable_type(body["type"])
    _refuse_two_way(body)
    properties = looked_up(body["type"], body["settings"])
    wanted = _wanted(properties, body["synced_properties"])
    database, access = tables.database_access(database_id, operations.CREATE)
    where, made = table_store.insert_table(
        database.id, database.workspace_id, body["table_name"], fields.first_fields(wanted), access
    )
    sync = DataSync(table_id=where.id, type=kind.type, settings={}, secrets={})
    sync.auto_add_new_properties = body["auto_add_new_properties"]
    sync.when = datetime.now(UTC).time().replace(microsecond=0).isoformat()
    store.keep(sync, store.with_changes(store.Kept({}, {}), kind, body["settings"]))
    session().add(sync)
    session().flush()
    for found, field in zip(wanted, made, strict=True):
        keep_property(sync, found, field.id)
    tables.announce_created(where, CREATED, {"data_sync_id": sync.id})
    return table_store.table_json(where)


def keep_property(sync: DataSync, found: Property, field_id: int) -> None:
    """Note that a field follows a property."""
    session().add(SyncedProperty(data_sync_id=sync.id, field_id=field_id, key=found.key, unique_primary=found.unique))
    session().flush()


def _refuse_two_way(body: Mapping[str, Any]) -> None:
    if body.get("two_way_sync"):
        message = "Changes made here cannot be written back to this source."
        raise ApiError("ERROR_TWO_WAY_DATA_SYNC_NOT_SUPPORTED", 400, message)


def _wanted(properties: Sequence[Property], keys: Collection[str]) -> list[Property]:
    """The chosen properties, those that tell the rows apart first; 400 for a key the source does not have."""
    unknown = set(keys) - {found.key for found in properties}
    if unknown:
        message = f'The source has no property "{min(unknown)}". Ask for its properties to see what it has.'
        raise ApiError("ERROR_PROPERTY_NOT_FOUND", 400, message)
    chosen = [found for found in properties if found.unique or found.key in keys]
    return sorted(chosen, key=lambda found: not found.unique)


def read(data_sync_id: int) -> dict[str, Any]:
    """A data sync with its settings."""
    sync, _ = store.find(data_sync_id, operations.GET)
    return store.full_json(sync)


def properties_of(data_sync_id: int) -> list[dict[str, Any]]:
    """What the source of a table has to sync."""
    sync, where = store.find(data_sync_id)
    if where.access.role is None or not allows(operations.LIST_PROPERTIES, where.access):
        raise ApiError("PERMISSION_DENIED", 401, "You may not see where the rows of this table come from.")
    return _shown(looked_up(sync.type, _opened(store.kept(sync))))


def update(data_sync_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change settings and which properties are synced."""
    sync, where = store.find(data_sync_id, operations.UPDATE)
    kind = _kind_of(sync)
    _refuse_two_way(body)
    given = _given_settings(kind, body["raw"])
    wanted: list[Property] | None = None
    if "synced_properties" in body:
        settings = _opened(store.with_changes(store.kept(sync), kind, given))
        wanted = _wanted(looked_up(sync.type, settings), body["synced_properties"])
    sync, where = store.find(data_sync_id, operations.UPDATE, lock=True)
    store.keep(sync, store.with_changes(store.kept(sync), kind, given))
    sync.auto_add_new_properties = body.get("auto_add_new_properties", sync.auto_add_new_properties)
    session().flush()
    if wanted is not None:
        fields.follow(sync, where, wanted)
    return _announce_update(sync, where, [name for name in body["raw"] if name not in store.secret_names(kind)])


def _kind_of(sync: DataSync) -> DataSyncType:
    try:
        return store.usable_type(sync.type)
    except SyncError as error:
        raise ApiError("ERROR_SYNC_ERROR", 400, str(error)) from None


def _given_settings(kind: DataSyncType, raw: Any) -> dict[str, Any]:
    try:
        return dict(kind.settings_schema(partial=True).load(raw, partial=True))
    except ma.ValidationError as error:
        raise body_invalid(error.messages) from None


def _announce_update(sync: DataSync, where: TableContext, changed: Sequence[str]) -> dict[str, Any]:
    base = {"table_id": where.id, "table_name": where.name, "database_id": where.application_id}
    params = {**base, "data_sync_id": sync.id, "changed": sorted(map(str, changed))}
    actions.record(UPDATED, scope=f"table{where.id}", workspace_id=where.workspace_id, params=params)
    tell_of_table(where)
    return store.brief_json(sync)


def tell_of_table(where: TableContext) -> None:
    """Tell listeners that a table's data sync is another one than before."""
    payload = {"table_id": where.id, "table": table_store.table_json(where), "force_table_refresh": True}
    events.emit("table_updated", payload, where.workspace_id)


def start(data_sync_id: int) -> dict[str, Any]:
    """Start to sync a table; 400 when that is being done already."""
    sync, _ = store.find(data_sync_id, operations.SYNC, lock=True)
    if jobs.unfinished(SYNCED, data_sync_id=sync.id):
        detail = "The table is being synced already. Wait until that has ended."
        raise ApiError("ERROR_MAX_JOB_COUNT_EXCEEDED", 400, detail)
    return jobs.start(SYNCED, data_sync_id=sync.id, data_sync=store.brief_json(sync))
