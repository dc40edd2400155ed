"""The plugin's operations and the lowest role that may do each."""

from __future__ import annotations

from plugin_api.permissions import Operation

GET = "database.data_sync.get"
LIST_PROPERTIES = "database.data_sync.list_properties"
SYNC = "database.data_sync.sync_table"
CREATE = "database.create_table"
UPDATE = "database.table.update"

OPERATIONS = [Operation(name, "BUILDER") for name in (GET, LIST_PROPERTIES, SYNC)]
