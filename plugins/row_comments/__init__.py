"""Comments on rows, with mentions of people and notifications of them."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.administration import UsageCount, counted
from plugin_api.events import EventHandler
from plugin_api.http import Blueprint
from plugin_api.permissions import Operation
from plugin_api.realtime import RealtimeMessages
from plugin_api.rows import RowMetadata
from plugin_api.tables import TableExtension
from plugin_api.trash import TrashItemType
from plugins.notifications.types import NotificationType

plugin = Plugin(
    name="row_comments",
    version="1.0",
    title="Row comments",
    description="What people say about rows, with mentions of others.",
    api=(1, 0),
    requires=("database", "notifications"),
    feature="row_comments",
    migrations="plugins.row_comments.migrations",
)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on comments."""
    from plugins.row_comments.routes import blueprint

    return [blueprint]


@hookimpl
def register_operations() -> list[Operation]:
    """What needs permission."""
    from plugins.row_comments.operations import OPERATIONS

    return OPERATIONS


@hookimpl
def register_action_types() -> list[ActionType]:
    """Every change of a comment."""
    from plugins.row_comments.operations import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_trash_item_types() -> list[TrashItemType]:
    """Comments."""
    from plugins.row_comments.trash import TrashedComment

    return [TrashedComment()]


@hookimpl
def register_table_extensions() -> list[TableExtension]:
    """Comments go with their rows."""
    from plugins.row_comments.extension import CommentsOfTables

    return [CommentsOfTables()]


@hookimpl
def register_row_metadata() -> list[RowMetadata]:
    """How many comments a row has, and of which the user wants to be told."""
    from plugins.row_comments.store import counts, modes

    return [RowMetadata("row_comment_count", counts), RowMetadata("row_comments_notification_mode", modes, True)]


@hookimpl
def register_notification_types() -> list[NotificationType]:
    """Mentions, and comments on rows one follows."""
    from plugins.row_comments.notices import TYPES

    return TYPES


@hookimpl
def register_event_handlers() -> list[EventHandler]:
    """Comments that were written or changed."""
    from plugins.row_comments.notices import HANDLER

    return [HANDLER]


@hookimpl
def register_usage_counts() -> list[UsageCount]:
    """How much of it is in use."""
    from plugins.row_comments.models import Comment

    return [UsageCount("row_comments", counted("comments", Comment))]


@hookimpl
def register_realtime_messages() -> list[RealtimeMessages]:
    """Comments of others are there at once."""
    from plugins.row_comments.realtime import COMMENT_MESSAGES

    return [COMMENT_MESSAGES]
