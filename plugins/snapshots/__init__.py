"""Snapshots: applications as they were at one moment, to be restored beside what has become of them."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.administration import UsageCount, counted
from plugin_api.http import Blueprint
from plugin_api.jobs import JobType
from plugin_api.periodic import PeriodicTask
from plugin_api.permissions import Operation

plugin = Plugin(
    name="snapshots",
    version="1.0",
    title="Snapshots",
    description="Applications as they were at one moment, to be restored beside what has become of them.",
    api=(1, 0),
    migrations="plugins.snapshots.migrations",
)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on snapshots."""
    from plugins.snapshots.routes import blueprint

    return [blueprint]


@hookimpl
def register_job_types() -> list[JobType]:
    """Taking and restoring."""
    from plugins.snapshots.jobs import job_types

    return job_types


@hookimpl
def register_operations() -> list[Operation]:
    """What needs permission."""
    from plugins.snapshots.operations import OPERATIONS

    return OPERATIONS


@hookimpl
def register_action_types() -> list[ActionType]:
    """What the audit log tells."""
    from plugins.snapshots.operations import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_periodic_tasks() -> list[PeriodicTask]:
    """Removing what nobody wants any more."""
    from plugins.snapshots.removal import REMOVE_SNAPSHOTS

    return [REMOVE_SNAPSHOTS]


@hookimpl
def register_usage_counts() -> list[UsageCount]:
    """How much of it is in use."""
    from plugins.snapshots.models import Snapshot

    return [UsageCount("snapshots", counted("snapshots", Snapshot))]
