"""Telling those who want to know what came through a form."""

from __future__ import annotations

from collections.abc import Sequence

from plugin_api.events import Event, EventHandler
from plugins.database.audience import who_may
from plugins.form_view.submission import SUBMITTED
from plugins.notifications.notify import notify
from plugins.notifications.types import Notice, NotificationType, Told

_READ = "database.table.read_row"
_KEYS = ("form_id", "form_name", "table_id", "table_name", "database_id", "row_id", "values")


class FormSubmitted(NotificationType):
    """Somebody filled in a form.

    Data: form_id, form_name, table_id, table_name, database_id, row_id, and values as pairs of names and texts.
    """

    type = "form_submitted"

    def title(self, told: Told) -> str:
        """Which form."""
        return f'The form "{told.data["form_name"]}" was filled in'

    def text(self, told: Told) -> str:
        """What was filled in."""
        return "\n".join(f"{name}: {value}" for name, value in told.data["values"])


def _tell(events: Sequence[Event]) -> None:
    """Notify of a batch of submissions: those who want to know and may read the rows, but nobody of their own."""
    wanted = [event for event in events if event.payload["user_ids"]]
    asked: dict[int, set[int]] = {}
    for event in wanted:
        asked.setdefault(event.payload["table_id"], set()).update(event.payload["user_ids"])
    readers = {table_id: set(who_may(_READ, table_id, user_ids)) for table_id, user_ids in asked.items()}
    notify([_notice(event, readers[event.payload["table_id"]]) for event in wanted])


def _notice(event: Event, readers: set[int]) -> Notice:
    told = event.payload
    whom = (set(told["user_ids"]) & readers) - {event.user_id}
    data = {key: told[key] for key in _KEYS}
    key = f"{told['form_id']}-{told['row_id']}"
    return Notice(FormSubmitted.type, key, data, whom, event.user_id, event.workspace_id)


HANDLER = EventHandler("form_notifications", _tell, (SUBMITTED,))
