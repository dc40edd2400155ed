"""Notifications: what people are told of what others do, in the product and by mail.

Other plugins use `plugins.notifications.types` and `plugins.notifications.notify`; `register_notification_types`
adds kinds of notifications.
"""

from __future__ import annotations

import click

from plugin_api import Plugin, context, hookimpl
from plugin_api.accounts import UserData
from plugin_api.actions import ActionType
from plugin_api.administration import AdminSection, UsageCount, counted_by
from plugin_api.events import EventHandler
from plugin_api.http import Blueprint
from plugin_api.periodic import PeriodicTask
from plugin_api.permissions import Operation, PermissionManager
from plugin_api.realtime import RealtimeMessages
from plugin_api.registry import RegistrySpec
from plugin_api.workspaces import WorkspaceData
from plugins.notifications import hookspecs
from plugins.notifications.types import NotificationType

plugin = Plugin(
    name="notifications",
    version="1.0",
    title="Notifications",
    description="What people are told of what others do, in the product and by mail.",
    api=(1, 0),
    hookspecs=hookspecs,
    registries=(
        RegistrySpec(
            "notification_types", "register_notification_types", of="plugins.notifications.types:NotificationType"
        ),
    ),
    migrations="plugins.notifications.migrations",
)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on notifications."""
    from plugins.notifications.announcement_routes import blueprint as announcements
    from plugins.notifications.routes import blueprint

    return [blueprint, announcements]


@hookimpl
def register_operations() -> list[Operation]:
    """What needs permission."""
    from plugins.notifications.operations import OPERATIONS

    return OPERATIONS


@hookimpl
def register_permission_managers() -> list[PermissionManager]:
    """One's own notifications are one's own."""
    from plugins.notifications.operations import OwnNotifications

    return [OwnNotifications()]


@hookimpl
def register_notification_types() -> list[NotificationType]:
    """Those of invitations, and what everybody is told."""
    from plugins.notifications import broadcasts, invitations

    return [*invitations.TYPES, *broadcasts.TYPES]


@hookimpl
def register_event_handlers() -> list[EventHandler]:
    """Invitations that come and are answered, members that leave."""
    from plugins.notifications.invitations import HANDLER
    from plugins.notifications.upkeep import MEMBERS_LEFT

    return [HANDLER, MEMBERS_LEFT]


@hookimpl
def register_periodic_tasks() -> list[PeriodicTask]:
    """Mails, forgetting what everybody cleared, and telling of new versions."""
    from plugins.notifications.broadcasts import TELL_OF_UPGRADE
    from plugins.notifications.mails import SEND_MAILS
    from plugins.notifications.upkeep import FORGET_CLEARED

    return [SEND_MAILS, FORGET_CLEARED, TELL_OF_UPGRADE]


@hookimpl
def register_workspace_data() -> list[WorkspaceData]:
    """How many notifications of a workspace the user has not read."""
    from plugins.notifications.store import unread

    return [WorkspaceData("unread_notifications_count", lambda ids: unread(context.actor().user_id or 0, ids))]


@hookimpl
def register_user_data() -> list[UserData]:
    """How many notifications of no workspace the user has not read."""
    from plugins.notifications.store import unread_of_no_workspace

    return [UserData("user_notifications", lambda who: {"unread_count": unread_of_no_workspace(who.user_id or 0)})]


@hookimpl
def register_usage_counts() -> list[UsageCount]:
    """How much of it is in use."""
    from plugins.notifications.models import Notification

    return [UsageCount("notification_types", counted_by(Notification.type))]


@hookimpl
def register_action_types() -> list[ActionType]:
    """Announcements are on the record."""
    from plugins.notifications.broadcasts import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_commands() -> list[click.Command]:
    """The command `notify`."""
    from plugins.notifications.announcement_routes import notify

    return [notify]


@hookimpl
def register_admin_sections() -> list[AdminSection]:
    """The page of announcements."""
    from plugins.notifications.announcement_routes import SECTION

    return [SECTION]


@hookimpl
def register_realtime_messages() -> list[RealtimeMessages]:
    """What users are told at once."""
    from plugins.notifications.realtime import NOTIFICATION_MESSAGES

    return [NOTIFICATION_MESSAGES]
