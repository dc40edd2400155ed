"""The types of actions on data syncs; a synced table that was made can be taken back, like any table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import trash
from plugin_api.actions import ActionType
from plugins.database.tables import service
from plugins.database.tables.trash import TABLE

Params = Mapping[str, Any]

CREATED, UPDATED, SYNCED = "create_data_sync_table", "update_data_sync_table", "sync_data_sync_table"
INTERVAL_SET = "update_periodic_data_sync_interval"


def _delete(params: Params) -> None:
    service.delete_table(params["table_id"])


def _restore(params: Params) -> None:
    trash.restore(TABLE, params["table_id"])


ACTION_TYPES = [
    ActionType(CREATED, 'Synced table "%(table_name)s" created', _delete, _restore, title="Create synced table"),
    ActionType(UPDATED, 'Data sync of the table "%(table_name)s" changed', title="Update synced table"),
    ActionType(
        INTERVAL_SET,
        'Interval of syncing the table "%(table_name)s" set to %(interval)s',
        title="Set interval of syncing",
    ),
    ActionType(SYNCED, 'Table "%(table_name)s" synced', title="Sync table"),
]
