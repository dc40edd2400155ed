"""Data sync: tables whose rows come from somewhere else and follow it."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.administration import UsageCount, counted_by
from plugin_api.events import EventHandler
from plugin_api.http import Blueprint
from plugin_api.jobs import JobType
from plugin_api.periodic import PeriodicTask
from plugin_api.permissions import Operation
from plugin_api.registry import RegistrySpec
from plugin_api.tables import TableExtension
from plugins.data_sync import hookspecs
from plugins.notifications.types import NotificationType

plugin = Plugin(
    name="data_sync",
    version="1.0",
    title="Data sync",
    description="Tables whose rows come from another system and follow it.",
    api=(1, 0),
    requires=("database", "notifications"),
    hookspecs=hookspecs,
    registries=(
        RegistrySpec("data_sync_types", "register_data_sync_types", of="plugins.data_sync.kinds:DataSyncType"),
    ),
    migrations="plugins.data_sync.migrations",
)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on data syncs."""
    from plugins.data_sync.routes import intervals, syncs

    return [syncs, intervals]


@hookimpl
def register_table_extensions() -> list[TableExtension]:
    """Tables that are synced."""
    from plugins.data_sync.extension import SyncedTables

    return [SyncedTables()]


@hookimpl
def register_job_types() -> list[JobType]:
    """Syncing."""
    from plugins.data_sync.job import SyncJob

    return [SyncJob()]


@hookimpl
def register_event_handlers() -> list[EventHandler]:
    """Those who are told that a table is no longer synced."""
    from plugins.data_sync.notices import HANDLER

    return [HANDLER]


@hookimpl
def register_notification_types() -> list[NotificationType]:
    """That a table is no longer synced."""
    from plugins.data_sync.notices import PeriodicSyncDeactivated

    return [PeriodicSyncDeactivated()]


@hookimpl
def register_periodic_tasks() -> list[PeriodicTask]:
    """Syncs that are due."""
    from plugins.data_sync.periodic import PERIODIC_TASKS

    return PERIODIC_TASKS


@hookimpl
def register_action_types() -> list[ActionType]:
    """Every change of a data sync."""
    from plugins.data_sync.actions import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_operations() -> list[Operation]:
    """What needs permission."""
    from plugins.data_sync.operations import OPERATIONS

    return OPERATIONS


@hookimpl
def register_usage_counts() -> list[UsageCount]:
    """How much of it is in use."""
    from plugins.data_sync.models import DataSync

    return [UsageCount("data_sync_types", counted_by(DataSync.type))]
