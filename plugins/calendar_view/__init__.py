"""The view type `calendar`: rows on the days of a date field, also as an iCal feed."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.http import Blueprint
from plugin_api.views import ViewType

plugin = Plugin(
    name="calendar_view",
    version="1.0",
    title="Calendar",
    description="Views that show rows on the days of a date field, also in other calendars by an iCal feed.",
    api=(1, 0),
    requires=("database", "views"),
    feature="calendar_view",
)


@hookimpl
def register_view_types() -> list[ViewType]:
    """Provide `calendar`."""
    from plugins.calendar_view.types import CalendarView

    return [CalendarView()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on calendars."""
    from plugins.calendar_view.routes import calendars

    return [calendars]


@hookimpl
def register_action_types() -> list[ActionType]:
    """Changes of the address of a feed."""
    from plugins.calendar_view.service import ACTION_TYPES

    return ACTION_TYPES
