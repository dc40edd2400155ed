"""The database a new user starts with: two small tables that show what tables can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plugin_api.applications import ApplicationInfo
from plugin_api.workspaces import FirstApplication
from plugins.database.fields.store import NewField
from plugins.database.shape import TableShape
from plugins.database.tables import service, store
from plugins.database.tables.imports import Appending
from plugins.database.tables.initial import makeable

_CUSTOMERS = (
    NewField("Name", "text", primary=True),
    NewField("Last name", "text"),
    NewField("Notes", "long_text"),
    NewField("Active", "boolean"),
)
_CUSTOMER_ROWS: list[list[Any]] = [
    ["Nina", "Okafor", "Orders every spring.", True],
    ["Tomas", "Lindqvist", "Prefers to be called.", True],
    ["Mei", "Tanaka", "", True],
    ["Carlos", "Mendes", "Moved away; ask for the new address.", False],
    ["Edith", "Walker", "Recommended by Nina.", True],
]
_PROJECTS = (
    NewField("Name", "text", primary=True),
    NewField("Started", "date"),
    NewField("Active", "boolean"),
)
_PROJECT_ROWS: list[list[Any]] = [
    ["Shop window", "2024-02-05", True],
    ["Newsletter", "2024-05-20", False],
    ["Harvest party", "2024-09-01", True],
    ["New website", "2025-01-13", True],
]


def fill(database: ApplicationInfo) -> None:
    """Make both tables."""
    _add(database, "Customers", _CUSTOMERS, _CUSTOMER_ROWS)
    _add(database, "Projects", _PROJECTS, _PROJECT_ROWS)


def _add(database: ApplicationInfo, name: str, fields: Sequence[NewField], rows: list[list[Any]]) -> None:
    fields, rows = makeable(fields, rows)
    where, made = store.insert_table(database.id, database.workspace_id, name, fields, None)
    adding = Appending(TableShape(where.id, where.workspace_id, where.version, tuple(made)), made)
    adding.add(rows)
    store.count_rows(where.id, adding.written)
    service.announce_with_application(where, copied=False)


FIRST = FirstApplication("database", lambda owner: f"{owner}'s company", fill)
