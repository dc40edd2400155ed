"""Exports of shared views by their visitors, where the view allows it."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.http import Blueprint
from plugin_api.jobs import JobType

plugin = Plugin(
    name="public_export",
    version="1.0",
    title="Exports of shared views",
    description="Visitors of a shared view get its rows as a file, where the view allows it.",
    api=(1, 0),
    requires=("exporter", "views"),
    feature="public_export",
)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """Starting and following exports."""
    from plugins.public_export.routes import blueprint

    return [blueprint]


@hookimpl
def register_job_types() -> list[JobType]:
    """Writing the files."""
    from plugins.public_export.service import ExportSharedViewJob

    return [ExportSharedViewJob()]
