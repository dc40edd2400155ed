"""Stored data syncs: finding and showing them, and their secrets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from plugin_api import features, secrets
from plugin_api.db import session
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.platform import registry
from plugin_api.secrets import SecretLost
from plugin_api.states import is_enabled
from plugins.data_sync.kinds import DataSyncType, SyncError
from plugins.data_sync.models import DataSync, SyncedProperty
from plugins.database.context import TableContext, table_context
from plugins.database.models import Field

_PURPOSE = "data_sync.secret"


def find(data_sync_id: int, operation: str | None = None, lock: bool = False) -> tuple[DataSync, TableContext]:
    """A data sync and its table; 404 when it is not there, refused unless the acting user may do `operation`."""
    query = sa.select(DataSync).where(DataSync.id == data_sync_id).execution_options(populate_existing=True)
    found = session().scalar(query.with_for_update(key_share=True) if lock else query)
    if found is None:
        raise does_not_exist("data_sync")
    try:
        return found, table_context(found.table_id, operation)
    except ApiError as error:
        if error.code == "ERROR_TABLE_DOES_NOT_EXIST":
            raise does_not_exist("data_sync") from None
        raise


def usable_type(name: str) -> DataSyncType:
    """A type of data sync; SyncError when its plugin is not there or switched off."""
    types = registry("data_sync_types")
    if name not in types:
        raise SyncError(f"No installed plugin can sync from {name}.")
    if not is_enabled(types.provider(name)):
        raise SyncError(f"Syncing from {name} is switched off by the administrator.")
    features.require("data_sync_types", name)
    found: DataSyncType = types[name]
    return found


def type_names() -> list[str]:
    """The types that can be used now."""
    types = registry("data_sync_types")
    return [name for name in types if is_enabled(types.provider(name))]


def synced_properties(data_sync_ids: Sequence[int]) -> dict[int, list[SyncedProperty]]:
    """The synced properties of data syncs whose fields are in the table, in the order of the fields: one query."""
    found: dict[int, list[SyncedProperty]] = {data_sync_id: [] for data_sync_id in data_sync_ids}
    if data_sync_ids:
        query = sa.select(SyncedProperty).join(Field, Field.id == SyncedProperty.field_id)
        chosen = query.where(SyncedProperty.data_sync_id.in_(data_sync_ids), Field.trashed_on.is_(None))
        for synced in session().scalars(chosen.order_by(Field.order, Field.id)):
            found[synced.data_sync_id].append(synced)
    return found


def data_sync_json(sync: DataSync, properties: Sequence[SyncedProperty]) -> dict[str, Any]:
    """A data sync as the API shows it with its table: without its settings."""
    shown = [
        {"field_id": synced.field_id, "key": synced.key, "unique_primary": synced.unique_primary}
        for synced in properties
    ]
    return {
        "id": sync.id,
        "type": sync.type,
        "synced_properties": shown,
        "last_sync": sync.last_sync.isoformat().replace("+00:00", "Z") if sync.last_sync else None,
        "last_error": sync.last_error,
        "auto_add_new_properties": sync.auto_add_new_properties,
        "two_way_sync": False,
    }


def full_json(sync: DataSync) -> dict[str, Any]:
    """The same with the settings, but for secrets."""
    return {**data_sync_json(sync, synced_properties([sync.id])[sync.id]), **sync.settings}


def brief_json(sync: DataSync) -> dict[str, Any]:
    """The same without the settings."""
    return data_sync_json(sync, synced_properties([sync.id])[sync.id])


@dataclass(frozen=True)
class Kept:
    """Settings as they are stored: those that are shown, and the encrypted secrets."""

    settings: Mapping[str, Any]
    secrets: Mapping[str, str]

    def opened(self) -> dict[str, Any]:
        """All settings, secrets included. SyncError when a secret cannot be read any more."""
        try:
            opened = {name: secrets.decrypt(kept, _PURPOSE) for name, kept in self.secrets.items()}
        except SecretLost:
            message = "The stored credentials cannot be read with this instance's secret key. Enter them again."
            raise SyncError(message) from None
        return {**self.settings, **opened}


def kept(sync: DataSync) -> Kept:
    """The settings of a data sync."""
    return Kept(sync.settings, sync.secrets)


def with_changes(before: Kept, kind: DataSyncType, given: Mapping[str, Any]) -> Kept:
    """Changed settings. A secret is forgotten when the place it is sent to changes, unless it is given again."""
    hidden = secret_names(kind)
    settings = {**before.settings, **{name: value for name, value in given.items() if name not in hidden}}
    moved = {
        name
        for name, places in kind.secrets.items()
        if any(settings.get(place) != before.settings.get(place) for place in places)
    }
    sealed = {name: secret for name, secret in before.secrets.items() if name not in moved}
    sealed.update({name: secrets.encrypt(given[name], _PURPOSE) for name in hidden if given.get(name)})
    return Kept(settings, sealed)


def keep(sync: DataSync, settings: Kept) -> None:
    """Store settings."""
    sync.settings, sync.secrets = dict(settings.settings), dict(settings.secrets)


def secret_names(kind: DataSyncType) -> list[str]:
    """The settings of a type that are never shown."""
    return [name for name, field in kind.settings_schema().fields.items() if field.load_only]
