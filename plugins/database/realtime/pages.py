"""The pages of tables and rows, which members who may see the table can open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plugin_api.errors import does_not_exist
from plugin_api.events import Event
from plugin_api.realtime import OnPage, PageScopes, PageType, RealtimeMessages, Recheck
from plugins.database.context import TableContext, table_context
from plugins.database.engine.read import exists
from plugins.database.shape import shape_of

LISTEN = "database.table.listen_to_all"


def table_page(table_id: int) -> OnPage:
    """Everybody who has a table open."""
    return OnPage("table", {"table_id": table_id})


def row_page(table_id: int, row_id: int) -> OnPage:
    """Everybody who has a row open."""
    return OnPage("row", {"table_id": table_id, "row_id": row_id})


def table_scopes(table: TableContext) -> PageScopes:
    """What a table, and all that is in it, is a part of."""
    return (*table.access.scopes, ("workspace", table.workspace_id))


def _admit_to_table(parameters: Mapping[str, Any]) -> PageScopes:
    return table_scopes(table_context(parameters["table_id"], LISTEN))


def _admit_to_row(parameters: Mapping[str, Any]) -> PageScopes:
    table = table_context(parameters["table_id"], LISTEN)
    if not exists(shape_of(table), parameters["row_id"]):
        raise does_not_exist("row")
    return table_scopes(table)


PAGE_TYPES = [
    PageType("table", {"table_id": int}, _admit_to_table),
    PageType("row", {"table_id": int, "row_id": int}, _admit_to_row),
]


def _closed(event: Event) -> Iterator[Recheck]:
    yield Recheck(scopes=(("database_table", event.payload["table_id"]),))


PAGE_ENDS = RealtimeMessages("table_pages", ("table_deleted",), _closed)
