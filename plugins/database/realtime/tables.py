"""What is told of tables to the members who may see them, wherever they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plugin_api.events import Event
from plugin_api.realtime import Members, Message, RealtimeMessages

READ, LIST = "database.table.read", "database.list_tables"


def _messages(event: Event) -> Iterator[Message]:
    told, workspace_id = event.payload, event.workspace_id
    if workspace_id is None:
        return
    if event.type == "tables_reordered":
        body = {"type": event.type, "database_id": told["database_id"], "order": told["order"]}
        yield Message(body, Members(workspace_id, LIST, (("application", told["database_id"]),)))
        return
    yield Message({"type": event.type, **_BODIES[event.type](told)}, _readers(event, workspace_id))


def _readers(event: Event, workspace_id: int) -> Members:
    told = event.payload
    database_id = told["table"]["database_id"] if "table" in told else told["database_id"]
    return Members(workspace_id, READ, (("database_table", told["table_id"]), ("application", database_id)))


def _created(told: Any) -> dict[str, Any]:
    return {"table": told["table"]}


def _updated(told: Any) -> dict[str, Any]:
    forced = bool(told.get("force_table_refresh"))
    return {"table_id": told["table_id"], "table": told["table"], "force_refresh": forced}


def _deleted(told: Any) -> dict[str, Any]:
    return {"table_id": told["table_id"], "database_id": told["database_id"]}


_BODIES = {"table_created": _created, "table_updated": _updated, "table_deleted": _deleted}

TABLE_MESSAGES = RealtimeMessages("tables", (*_BODIES, "tables_reordered"), _messages)
