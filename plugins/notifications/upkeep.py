"""What goes when people go or time passes."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from plugin_api.db import begin, connection
from plugin_api.events import Event, EventHandler
from plugin_api.periodic import PeriodicTask

_LEFT = """
    DELETE FROM notifications.recipient r
        USING json_to_recordset(%(gone)s::json) AS g(user_id bigint, workspace_id bigint)
    WHERE r.user_id = g.user_id AND r.workspace_id = g.workspace_id
        AND NOT EXISTS (SELECT FROM core.membership m WHERE m.user_id = g.user_id AND m.workspace_id = g.workspace_id)
"""

_FORGET = """
    DELETE FROM notifications.notification n WHERE n.created_on < now() - interval '1 day' AND NOT n.broadcast
        AND NOT EXISTS (SELECT FROM notifications.recipient r WHERE r.notification_id = n.id)
"""


_FORGET_BROADCASTS = """
    DELETE FROM notifications.notification n USING (
        SELECT id, row_number() OVER (PARTITION BY type ORDER BY id DESC) AS place
        FROM notifications.notification WHERE broadcast) b
    WHERE b.id = n.id AND b.place > 1 AND n.created_on < now() - interval '1 year'
"""


def _forget_members(events: Sequence[Event]) -> None:
    """Who left a workspace has no business with what is told there."""
    gone = [{"user_id": event.payload["user_id"], "workspace_id": event.payload["workspace_id"]} for event in events]
    connection().exec_driver_sql(_LEFT, {"gone": orjson.dumps(gone).decode()})


def forget_cleared() -> None:
    """Remove the notifications nobody has any more. They stay a day, for events that are handled again.

    Of broadcasts nobody keeps who has them: they stay a year, and the latest of each type.
    """
    with begin():
        connection().exec_driver_sql(_FORGET)
        connection().exec_driver_sql(_FORGET_BROADCASTS)


MEMBERS_LEFT = EventHandler("notifications_of_former_members", _forget_members, ("group_user_deleted",))
FORGET_CLEARED = PeriodicTask("forget-cleared-notifications", 3600.0, forget_cleared)
