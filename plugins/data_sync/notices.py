"""Telling people that a table is no longer synced by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plugin_api.events import Event, EventHandler
from plugins.data_sync.operations import SYNC
from plugins.data_sync.periodic import DEACTIVATED
from plugins.database.audience import admins_who_may, who_may
from plugins.database.naming import named_table
from plugins.notifications.notify import notify
from plugins.notifications.types import Notice, NotificationType, Told


class PeriodicSyncDeactivated(NotificationType):
    """Data: data_sync_id, reason, table_id, table_name, database_id, database_name."""

    type = DEACTIVATED

    def title(self, told: Told) -> str:
        """Which table."""
        return f"{told.data['table_name']} is no longer synced by itself"

    def text(self, told: Told) -> str:
        """Why, and what to do."""
        return f"{told.data['reason']}\nSet its interval again once the reason is gone."


def _tell(events: Sequence[Event]) -> None:
    notify([notice for event in events for notice in _notices(event)])


def _notices(event: Event) -> Iterator[Notice]:
    """As whom it was synced, if they may do that; else the admins of the workspace."""
    told, table_id = event.payload, event.payload["table_id"]
    named = named_table(table_id)
    if named is not None:
        owner = [] if told["user_id"] is None else who_may(SYNC, table_id, [told["user_id"]])
        whom = owner or admins_who_may(SYNC, table_id, named.workspace_id)
        data = {"data_sync_id": told["data_sync_id"], "reason": told["reason"], **named.json}
        yield Notice(DEACTIVATED, str(event.id), data, whom, None, named.workspace_id)


HANDLER = EventHandler("data_sync_notifications", _tell, (DEACTIVATED,))
