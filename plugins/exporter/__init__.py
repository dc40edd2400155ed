"""Exports: files of the rows of tables and views, made by jobs, for a while. Kinds of files are plugins."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.http import Blueprint
from plugin_api.jobs import JobType
from plugin_api.periodic import PeriodicTask
from plugin_api.permissions import Operation

plugin = Plugin(
    name="exporter",
    version="1.0",
    title="Exports",
    description="Files of the rows of tables and views.",
    api=(1, 1),
    requires=("database", "views"),
)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """Starting and following exports, and serving their files."""
    from plugins.exporter.routes import blueprints
    from plugins.exporter.serving import exported

    return [*blueprints, exported]


@hookimpl
def register_job_types() -> list[JobType]:
    """Writing the files."""
    from plugins.exporter.jobs import job_types

    return job_types


@hookimpl
def register_action_types() -> list[ActionType]:
    """What was exported."""
    from plugins.exporter.jobs import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_operations() -> list[Operation]:
    """What needs permission."""
    from plugins.exporter.sources import EXPORT

    return [Operation(EXPORT, "VIEWER")]


@hookimpl
def register_periodic_tasks() -> list[PeriodicTask]:
    """Forgetting files."""
    from plugins.exporter.files import files

    return [PeriodicTask("forget-exported-files", 60.0, files.forget)]
