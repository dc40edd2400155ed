"""The view type `kanban`: rows as cards in columns, one for each option of a select field."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.http import Blueprint
from plugin_api.views import ViewType

plugin = Plugin(
    name="kanban_view",
    version="1.0",
    title="Kanban",
    description="Views that show rows as cards in columns, one for each option of a single select field.",
    api=(1, 0),
    requires=("database", "views"),
    feature="kanban_view",
)


@hookimpl
def register_view_types() -> list[ViewType]:
    """Provide `kanban`."""
    from plugins.kanban_view.types import KanbanView

    return [KanbanView()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on kanbans."""
    from plugins.kanban_view.routes import kanbans

    return [kanbans]
