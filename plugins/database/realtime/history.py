"""What is told of the history of rows, to those who have one open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.events import Event
from plugin_api.realtime import Message, RealtimeMessages
from plugins.database.models import RowHistory
from plugins.database.realtime.pages import row_page
from plugins.database.rows.history import LINKED_HISTORY
from plugins.database.rows.reading import history_entry


def _messages(event: Event) -> Iterator[Message]:
    table_id = event.payload["table_id"]
    for entry in _entries(event, table_id, _row_ids(event)):
        body = {
            "type": "row_history_updated",
            "table_id": table_id,
            "row_id": entry.row_id,
            "row_history_entry": history_entry(entry),
        }
        yield Message(body, row_page(table_id, entry.row_id), to_sender=True)


def _row_ids(event: Event) -> list[int]:
    told = event.payload
    return list(told["row_ids"]) if "row_ids" in told else [row["id"] for row in told["rows"]]


def _entries(event: Event, table_id: int, row_ids: Sequence[int]) -> Sequence[RowHistory]:
    """What was kept by the transaction of the event: it has the moment of the transaction."""
    entry: Any = RowHistory
    query = sa.select(entry).where(
        entry.table_id == table_id, entry.row_id.in_(row_ids), entry.action_timestamp == event.moment
    )
    return session().scalars(query.order_by(entry.id)).all()


HISTORY_MESSAGES = RealtimeMessages(
    "row_history", ("rows_created", "rows_updated", "rows_deleted", LINKED_HISTORY), _messages, page="row"
)
