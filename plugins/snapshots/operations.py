"""The plugin's operations, all of them for admins, and its action types."""

from __future__ import annotations

from plugin_api.actions import ActionType
from plugin_api.permissions import Operation

LIST = "application.list_snapshots"
CREATE = "application.create_snapshot"
RESTORE = "application.snapshot.restore"
DELETE = "application.snapshot.delete"

OPERATIONS = [Operation(name, "ADMIN") for name in (LIST, CREATE, RESTORE, DELETE)]

CREATED, RESTORED, DELETED = "create_snapshot", "restore_snapshot", "delete_snapshot"

ACTION_TYPES = [
    ActionType(CREATED, 'Snapshot "%(snapshot_name)s" of "%(application_name)s" taken'),
    ActionType(RESTORED, 'Snapshot "%(snapshot_name)s" of "%(application_name)s" restored'),
    ActionType(DELETED, 'Snapshot "%(snapshot_name)s" of "%(application_name)s" deleted'),
]
"""None of them is undone: a restored application is deleted like any other."""
