"""Importing CSV files: sent in parts, so that an interrupted upload goes on where it was, and read by a job."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.http import Blueprint
from plugin_api.jobs import JobType
from plugin_api.periodic import PeriodicTask

plugin = Plugin(
    name="csv_import",
    version="1.0",
    title="CSV import",
    description="Large CSV files as new tables or as rows of tables that are there.",
    api=(1, 0),
    requires=("database",),
    migrations="plugins.csv_import.migrations",
)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """Sending files and importing them."""
    from plugins.csv_import.routes import blueprint

    return [blueprint]


@hookimpl
def register_job_types() -> list[JobType]:
    """Reading them."""
    from plugins.csv_import.jobs import job_types

    return job_types


@hookimpl
def register_periodic_tasks() -> list[PeriodicTask]:
    """Forgetting those nobody imported."""
    from plugins.csv_import.uploads import FORGET_UPLOADS

    return [FORGET_UPLOADS]
