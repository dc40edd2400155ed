"""Managers clients expect to be told of, though there is nothing for them to decide here.

Templates are files: nobody looks at one before it is installed, so no workspace is the workspace of a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api.context import Actor
from plugin_api.permissions import Access, PermissionManager

ON_TEMPLATES = (
    "workspace.read",
    "workspace.list_applications",
    "application.list_integrations",
    "application.list_user_sources",
    "application.user_source.login",
    "database.table.field_rules.read_field_rules",
    "database.list_tables",
    "database.table.list_fields",
    "database.table.list_rows",
    "database.table.list_views",
    "database.table.read_row",
    "database.table.view.read",
    "database.table.view.read_field_options",
    "database.table.view.list_decoration",
    "database.table.view.list_aggregations",
    "database.table.view.read_aggregation",
    "builder.list_pages",
    "builder.page.list_elements",
    "builder.page.list_workflow_actions",
    "builder.page.data_source.dispatch",
    "builder.page.list_data_sources",
    "dashboard.widget.read",
    "dashboard.list_widgets",
    "dashboard.data_source.read",
    "dashboard.list_data_sources",
    "dashboard.data_source.dispatch",
)
"""What anybody may do in the workspace of a template."""


class Announced:
    """Leaves every decision to the next manager."""

    def __init__(self, type_name: str, order: int, told: Mapping[str, Any]) -> None:
        self.type = type_name
        self.order = order
        self._told = told

    def check(self, actor: Actor, operation: str, access: Access) -> bool | None:
        """Nothing to decide."""
        return None

    def permissions_object(self, actor: Actor, access: Access) -> Any:
        """What clients are told."""
        return self._told


ANNOUNCED: list[PermissionManager] = [
    Announced(
        "allow_if_template",
        50,
        {"allowed_operations_on_templates": list(ON_TEMPLATES), "workspace_template_ids": []},
    ),
]
