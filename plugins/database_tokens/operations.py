"""The plugin's operations with the lowest role that may do each, and its action types."""

from __future__ import annotations

from plugin_api.actions import ActionType
from plugin_api.permissions import Operation

CREATE = "workspace.create_token"
READ = "workspace.token.read"
UPDATE = "workspace.token.update"
USE = "workspace.token.use"

OPERATIONS = [Operation(name, "BUILDER") for name in (CREATE, READ, UPDATE, USE)]

ACTION_TYPES = [
    ActionType("create_db_token", 'Database token "%(token_name)s" created', title="Create database token"),
    ActionType(
        "update_db_token_name",
        'Database token renamed from "%(original_token_name)s" to "%(token_name)s"',
        title="Rename database token",
    ),
    ActionType(
        "update_db_token_permissions",
        'Permissions of database token "%(token_name)s" changed',
        title="Change permissions of database token",
    ),
    ActionType(
        "rotate_db_token_key", 'Database token "%(token_name)s" got a new key', title="Rotate key of database token"
    ),
    ActionType("delete_db_token_key", 'Database token "%(token_name)s" deleted', title="Delete database token"),
]
