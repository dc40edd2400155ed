"""Bookmarks: an application type with tables of its own. This module says what the plugin provides.

Hooks import what they need when they are called: a plugin that is only listed should cost little.
"""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.administration import UsageCount, counted
from plugin_api.applications import ApplicationType
from plugin_api.http import Blueprint
from plugin_api.jobs import JobType
from plugin_api.permissions import Operation
from plugin_api.realtime import RealtimeMessages
from plugin_api.trash import TrashItemType

plugin = Plugin(
    name="bookmarks",
    version="0.1.0",
    title="Bookmarks",
    description="Links that a team keeps, beside its databases.",
    api=(1, 0),
    migrations="tablewright_bookmarks.migrations",
)


@hookimpl
def register_application_types() -> list[ApplicationType]:
    """Provide `bookmarks`."""
    from tablewright_bookmarks.application import BookmarksApplication

    return [BookmarksApplication()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on bookmarks."""
    from tablewright_bookmarks.routes import blueprint

    return [blueprint]


@hookimpl
def register_operations() -> list[Operation]:
    """What needs permission, and the lowest role that may do it."""
    from tablewright_bookmarks.service import READ, WRITE

    return [Operation(READ, "VIEWER"), Operation(WRITE, "EDITOR")]


@hookimpl
def register_action_types() -> list[ActionType]:
    """Every change, and how it is undone and redone."""
    from tablewright_bookmarks.actions import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_trash_item_types() -> list[TrashItemType]:
    """Deleted bookmarks."""
    from tablewright_bookmarks.trash import TrashedBookmark

    return [TrashedBookmark()]


@hookimpl
def register_job_types() -> list[JobType]:
    """Reading the file that a browser exports."""
    from tablewright_bookmarks.importing import ImportBookmarksJob

    return [ImportBookmarksJob()]


@hookimpl
def register_realtime_messages() -> list[RealtimeMessages]:
    """Changes are told to the members who may read them."""
    from tablewright_bookmarks.realtime import MESSAGES

    return [MESSAGES]


@hookimpl
def register_usage_counts() -> list[UsageCount]:
    """How much is in use: administrators see it before they switch the plugin off."""
    from tablewright_bookmarks.models import Bookmark

    return [UsageCount("bookmarks", counted("bookmarks", Bookmark))]
