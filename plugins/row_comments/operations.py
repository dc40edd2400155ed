"""The plugin's operations with the lowest role that may do each, and its action types."""

from __future__ import annotations

from plugin_api.actions import ActionType
from plugin_api.permissions import Operation

LIST = "database.table.list_comments"
CREATE = "database.table.create_comment"
UPDATE = "database.table.update_comment"
DELETE = "database.table.delete_comment"
RESTORE = "database.table.restore_comment"

OPERATIONS = [Operation(name, "COMMENTER") for name in (LIST, CREATE, UPDATE, DELETE, RESTORE)]

ACTION_TYPES = [
    ActionType("create_row_comment", 'Comment %(comment_id)s on row %(row_id)s of "%(table_name)s" written'),
    ActionType("update_row_comment", 'Comment %(comment_id)s on row %(row_id)s of "%(table_name)s" changed'),
    ActionType("delete_row_comment", 'Comment %(comment_id)s on row %(row_id)s of "%(table_name)s" deleted'),
]
"""What somebody said is not undone with what they did in the table: a deleted comment comes back from the trash."""
