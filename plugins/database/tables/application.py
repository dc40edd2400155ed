"""The application type `database`."""

from __future__ import annotations

from plugin_api.applications import ApplicationType


class DatabaseApplication(ApplicationType):
    """A container of tables."""

    type = "database"
