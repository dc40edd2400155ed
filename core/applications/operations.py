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

OPERATIONS = (
    Operation(LIST, role="VIEWER"),
    Operation(CREATE, role="BUILDER"),
    Operation(ORDER, role="BUILDER"),
    Operation(READ, role="VIEWER"),
    Operation(UPDATE, role="BUILDER"),
    Operation(DELETE, role="BUILDER"),
    Operation(DUPLICATE, role="BUILDER"),
)
