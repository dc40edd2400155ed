"""The view type `timeline`: rows as bars from one date to another."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.http import Blueprint
from plugin_api.views import ViewType

plugin = Plugin(
    name="timeline_view",
    version="1.0",
    title="Timeline",
    description="Views that show rows as bars from one date to another.",
    api=(1, 0),
    requires=("database", "views"),
    feature="timeline_view",
)


@hookimpl
def register_view_types() -> list[ViewType]:
    """Provide `timeline`."""
    from plugins.timeline_view.types import TimelineView

    return [TimelineView()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on timelines."""
    from plugins.timeline_view.routes import timelines

    return [timelines]
