"""What needs permission in and around applications, with the lowest role that may do it."""

from __future__ import annotations

from plugin_api.permissions import Operation

LIST = "workspace.list_applications"
CREATE = "workspace.create_application"
ORDER = "workspace.order_applications"
READ = "application.read"
UPDATE = "application.update"
DELETE = "application.delete"
DUPLICATE = "application.duplicate"
RESTORE = "application.restore"
READ_TRASH = "application.read_trash"
EMPTY_TRASH = "application.empty_trash"
READ_ROLE = "application.read_role"
UPDATE_ROLE = "application.update_role"

OPERATIONS = (
    Operation(LIST, role="VIEWER"),
    Operation(CREATE, role="BUILDER"),
    Operation(ORDER, role="BUILDER"),
    Operation(READ, role="VIEWER"),
    Operation(UPDATE, role="BUILDER"),
    Operation(DELETE, role="BUILDER"),
    Operation(DUPLICATE, role="BUILDER"),
    Operation(RESTORE, role="BUILDER"),
    Operation(READ_TRASH, role="BUILDER"),
    Operation(EMPTY_TRASH, role="ADMIN"),
    Operation(READ_ROLE, role="ADMIN"),
    Operation(UPDATE_ROLE, role="ADMIN"),
)
