"""Synced tables: what the platform shows of them, and what becomes of a data sync with its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.errors import ApiError
from plugin_api.platform import registry
from plugin_api.tables import TableCopy, TableExtension
from plugins.data_sync import store
from plugins.data_sync.kinds import DataSyncType
from plugins.data_sync.models import DataSync, SyncedProperty

_COPIED = ("type", "settings", "secrets", "auto_add_new_properties", "last_sync", "when")


class SyncedTables(TableExtension):
    """What this plugin keeps with tables."""

    type = "data_sync"

    def shown(self, table_ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        """The key `data_sync` of those that are synced."""
        found = session().scalars(sa.select(DataSync).where(DataSync.table_id.in_(table_ids))).all()
        properties = store.synced_properties([sync.id for sync in found])
        return {sync.table_id: {"data_sync": store.data_sync_json(sync, properties[sync.id])} for sync in found}

    def copied(self, copies: Sequence[TableCopy]) -> None:
        """The copy of a synced table is synced too; not by itself, until somebody wants that."""
        wanted = {copy.original_id: copy for copy in copies}
        originals = session().scalars(sa.select(DataSync).where(DataSync.table_id.in_(wanted))).all()
        made: dict[int, tuple[DataSync, TableCopy]] = {}
        for sync in originals:
            copy = wanted[sync.table_id]
            values = {name: getattr(sync, name) for name in _COPIED}
            made[sync.id] = DataSync(table_id=copy.copy_id, **values), copy
        session().add_all([sync for sync, _ in made.values()])
        session().flush()
        chosen = sa.select(SyncedProperty).where(SyncedProperty.data_sync_id.in_(made)).order_by(SyncedProperty.id)
        for synced in session().scalars(chosen).all():
            sync, copy = made[synced.data_sync_id]
            if synced.field_id in copy.fields:
                field_id, unique = copy.fields[synced.field_id], synced.unique_primary
                session().add(
                    SyncedProperty(data_sync_id=sync.id, field_id=field_id, key=synced.key, unique_primary=unique)
                )
        session().flush()

    def linked(self, copies: Sequence[TableCopy]) -> None:
        """Sources that were copied too are the copies from now on."""
        chosen = sa.select(DataSync).where(DataSync.table_id.in_([copy.copy_id for copy in copies]))
        syncs = {sync.id: sync for sync in session().scalars(chosen).all()}
        renamed: dict[int, Mapping[str, str]] = {}
        for sync in syncs.values():
            kind: DataSyncType | None = registry("data_sync_types").get(sync.type)
            if kind is not None:
                settings, renamed[sync.id] = kind.copied(sync.settings, copies)
                sync.settings = dict(settings)
        of_these = sa.select(SyncedProperty).where(SyncedProperty.data_sync_id.in_(syncs))
        for synced in session().scalars(of_these).all() if syncs else ():
            synced.key = renamed.get(synced.data_sync_id, {}).get(synced.key, synced.key)
        session().flush()

    def field_deleting(self, table_id: int, field_id: int) -> None:
        """What tells the rows apart must stay."""
        synced = SyncedProperty
        unique = sa.select(synced.id).where(synced.field_id == field_id, synced.unique_primary)
        if session().scalar(unique) is not None:
            message = "The rows of this table are recognised by this field when they are synced: it cannot be deleted."
            raise ApiError("ERROR_CANNOT_DELETE_PRIMARY_FIELD", 400, message)

    def removed(self, table_ids: Sequence[int]) -> None:
        """With the table goes its data sync, the secrets too."""
        session().execute(sa.delete(DataSync).where(DataSync.table_id.in_(table_ids)))
