"""The plugin's operations: one's own notifications, whatever one's role."""

from __future__ import annotations

from typing import Any

from plugin_api.context import Actor
from plugin_api.permissions import NOBODY, Access, Operation

LIST = "workspace.list_notifications"
MARK = "workspace.mark_notification_as_read"
CLEAR = "workspace.clear_notification"

OPERATIONS = [Operation(name, NOBODY) for name in (LIST, MARK, CLEAR)]
_NAMES = frozenset(operation.name for operation in OPERATIONS)


class OwnNotifications:
    """No role has to give what every member has: asked after `member`, before the managers that know roles."""

    type = "notifications"
    order = 65

    def check(self, actor: Actor, operation: str, access: Access) -> bool | None:
        """Members who are signed in themselves may; nothing else is decided."""
        return actor.kind == "user" and access.role is not None if operation in _NAMES else None

    def permissions_object(self, actor: Actor, access: Access) -> Any:
        """Clients know the rule."""
        return None
