"""Telling the admins of a workspace that a webhook was switched off because its receiver failed too often."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plugin_api.events import Event, EventHandler
from plugins.database.audience import admins_who_may
from plugins.database.naming import named_table
from plugins.notifications.notify import notify
from plugins.notifications.types import Notice, NotificationType, Told
from plugins.webhooks.operations import READ
from plugins.webhooks.queue import DEACTIVATED


class WebhookDeactivated(NotificationType):
    """Data: webhook_id, webhook_name, table_id, table_name, database_id, database_name."""

    type = DEACTIVATED

    def title(self, told: Told) -> str:
        """Which one."""
        return f'The webhook "{told.data["webhook_name"]}" of {told.data["table_name"]} was switched off'

    def text(self, told: Told) -> str:
        """Why, and what to do."""
        return (
            "Its receiver failed too often, and what waited for it was thrown away. The list of its calls says why. "
            "Switch it on again once the receiver works."
        )


def _tell(events: Sequence[Event]) -> None:
    notify([notice for event in events for notice in _notices(event)])


def _notices(event: Event) -> Iterator[Notice]:
    """Nothing for a webhook whose table is gone."""
    table_id = event.payload["table_id"]
    named = named_table(table_id)
    if named is not None:
        data = {key: event.payload[key] for key in ("webhook_id", "webhook_name")}
        admins = admins_who_may(READ, table_id, named.workspace_id)
        yield Notice(DEACTIVATED, str(event.id), {**data, **named.json}, admins, None, named.workspace_id)


HANDLER = EventHandler("webhook_notifications", _tell, (DEACTIVATED,))
