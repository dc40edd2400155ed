"""What needs permission on elements, with the lowest role that may do it."""

from __future__ import annotations

from plugin_api.permissions import Operation

LIST = "builder.page.list_elements"
CREATE = "builder.page.create_element"
ORDER = "builder.page.order_elements"
READ = "builder.page.element.read"
UPDATE = "builder.page.element.update"
DELETE = "builder.page.element.delete"

OPERATIONS = [Operation(name, "BUILDER") for name in (LIST, CREATE, ORDER, READ, UPDATE, DELETE)]
