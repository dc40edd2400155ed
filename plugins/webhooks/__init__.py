"""Webhooks: other servers are told of what happens in a table.

`register_webhook_event_types` adds kinds of events; see `plugins.webhooks.types`.
"""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.administration import UsageCount, counted
from plugin_api.background import BackgroundWork
from plugin_api.events import EventHandler
from plugin_api.http import Blueprint
from plugin_api.periodic import PeriodicTask
from plugin_api.permissions import Operation
from plugin_api.registry import RegistrySpec
from plugins.notifications.types import NotificationType
from plugins.webhooks import hookspecs
from plugins.webhooks.types import WebhookEventType

plugin = Plugin(
    name="webhooks",
    version="1.0",
    title="Webhooks",
    description="Calls of other servers when rows, fields or views of a table change.",
    api=(1, 0),
    requires=("database", "views", "notifications"),
    migrations="plugins.webhooks.migrations",
    hookspecs=hookspecs,
    registries=(
        RegistrySpec(
            "webhook_event_types", "register_webhook_event_types", of="plugins.webhooks.types:WebhookEventType"
        ),
    ),
)


@hookimpl
def register_webhook_event_types() -> list[WebhookEventType]:
    """Rows, fields and views that come, change and go, and rows that enter a view."""
    from plugins.webhooks.entered import RowsEnteredView
    from plugins.webhooks.row_events import RowsCreated, RowsDeleted, RowsUpdated
    from plugins.webhooks.shape_events import FIELD_EVENTS, VIEW_EVENTS

    return [RowsCreated(), RowsUpdated(), RowsDeleted(), *FIELD_EVENTS, *VIEW_EVENTS, RowsEnteredView()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on webhooks."""
    from plugins.webhooks.routes import webhooks

    return [webhooks]


@hookimpl
def register_operations() -> list[Operation]:
    """What needs permission."""
    from plugins.webhooks.operations import OPERATIONS

    return OPERATIONS


@hookimpl
def register_action_types() -> list[ActionType]:
    """Every change of a webhook."""
    from plugins.webhooks.operations import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_event_handlers() -> list[EventHandler]:
    """What was committed is put into the queues of the webhooks that want to know of it; admins hear of lost ones."""
    from plugins.webhooks.announce import announce
    from plugins.webhooks.notices import HANDLER

    return [EventHandler("webhooks", announce), HANDLER]


@hookimpl
def register_notification_types() -> list[NotificationType]:
    """That a webhook was switched off."""
    from plugins.webhooks.notices import WebhookDeactivated

    return [WebhookDeactivated()]


@hookimpl
def register_background_work() -> list[BackgroundWork]:
    """The queues are worked off."""
    from plugins.webhooks.dispatch import work

    return [BackgroundWork("webhooks", work)]


@hookimpl
def register_periodic_tasks() -> list[PeriodicTask]:
    """Rows also enter a view because time goes by."""
    from plugins.webhooks.watching import look_again

    return [PeriodicTask("look-at-watched-views", 300.0, look_again)]


@hookimpl
def register_usage_counts() -> list[UsageCount]:
    """How much of it is in use."""
    from plugins.webhooks.models import Webhook

    return [UsageCount("webhooks", counted("webhooks", Webhook))]
