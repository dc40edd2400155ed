"""The plugin's operations with the lowest role that may do each, and its action types."""

from __future__ import annotations

from plugin_api.actions import ActionType
from plugin_api.permissions import Operation

CREATE = "database.table.create_webhook"
LIST = "database.table.list_webhooks"
READ = "database.table.webhook.read"
UPDATE = "database.table.webhook.update"
DELETE = "database.table.webhook.delete"
TEST = "database.table.webhook.test_trigger"

OPERATIONS = [Operation(name, "BUILDER") for name in (CREATE, LIST, READ, UPDATE, DELETE, TEST)]

ACTION_TYPES = [
    ActionType("create_webhook", 'Webhook "%(webhook_name)s" created in table "%(table_name)s"'),
    ActionType("update_webhook", 'Webhook "%(webhook_name)s" of table "%(table_name)s" changed'),
    ActionType("delete_webhook", 'Webhook "%(webhook_name)s" of table "%(table_name)s" deleted'),
]
"""None can be undone: receivers outside of the product have acted on them already."""
