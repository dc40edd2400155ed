"""Workspace archives: applications of a workspace in one signed file, to be imported here or elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import click

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.http import Blueprint
from plugin_api.jobs import JobType
from plugin_api.periodic import PeriodicTask
from plugin_api.platform import provide

plugin = Plugin(
    name="workspace_archives",
    version="1.0",
    title="Workspace archives",
    description="Files of whole applications, to move them to another workspace or another instance.",
    api=(1, 0),
    migrations="plugins.workspace_archives.migrations",
)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """Exporting and importing, and serving exported archives."""
    from plugins.workspace_archives.routes import blueprints

    return blueprints


@hookimpl
def register_services() -> None:
    """Writing and reading archives for other plugins."""
    from plugin_api.archives import Archives
    from plugins.workspace_archives.service import ArchiveFiles

    provide(Archives, ArchiveFiles())


@hookimpl
def register_job_types() -> list[JobType]:
    """Exports and imports."""
    from plugins.workspace_archives.jobs import job_types

    return job_types


@hookimpl
def register_action_types() -> list[ActionType]:
    """What the audit log tells."""
    from plugins.workspace_archives.operations import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_periodic_tasks() -> list[PeriodicTask]:
    """Forgetting archives."""
    from plugins.workspace_archives.files import forget_archives

    return [PeriodicTask("forget-workspace-archives", 3600.0, forget_archives)]


@hookimpl
def register_commands() -> Sequence[click.Command]:
    """Archives without a browser, and the key of this instance."""
    from plugins.workspace_archives.commands import COMMANDS

    return COMMANDS
