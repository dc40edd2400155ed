"""Notifications of people who are added to a row, when the field says that they are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.events import Event, EventHandler
from plugins.database import models
from plugins.database.newcomers import news
from plugins.notifications.notify import notify
from plugins.notifications.types import Notice, NotificationType, Told

ADDED = "collaborator_added_to_row"
_CREATED, _UPDATED = "rows_created", "rows_updated"


class CollaboratorAdded(NotificationType):
    """Data: row_id, row_name, field_id, field_name, table_id, table_name, database_id, database_name."""

    type = ADDED

    def title(self, told: Told) -> str:
        """Who added one to what."""
        who = told.sender or "Somebody"
        data = told.data
        return f"{who} added you to {data['field_name']} of {data['row_name']} in {data['table_name']}"


def _tell(events: Sequence[Event]) -> None:
    """Notify of a batch of events."""
    found = news(events, _telling_fields(), _people)
    notify([Notice(ADDED, one.key, one.data, one.user_ids, one.event.user_id, one.event.workspace_id) for one in found])


def _telling_fields() -> sa.ColumnElement[bool]:
    field = models.Field
    told = sa.func.coalesce(field.options["notify_user_when_added"].as_boolean(), True)
    return sa.and_(field.type == "multiple_collaborators", told)


def _people(value: Any) -> set[Any]:
    return {person["id"] for person in value or ()}


HANDLER = EventHandler("collaborator_notifications", _tell, (_CREATED, _UPDATED))
