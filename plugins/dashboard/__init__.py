"""Dashboards: pages of figures about tables, for the members of a workspace."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.applications import ApplicationType

plugin = Plugin(
    name="dashboard",
    version="1.0",
    title="Dashboards",
    description="Pages of figures about tables, for the members of a workspace.",
    api=(1, 0),
    migrations="plugins.dashboard.migrations",
)


@hookimpl
def register_application_types() -> list[ApplicationType]:
    """Provide `dashboard`."""
    from plugins.dashboard.application import DashboardApplication

    return [DashboardApplication()]
