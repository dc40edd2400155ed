"""The settings as plugins see them (`plugin_api.settings`)."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from core.instance import values
from core.settings import Settings
from plugin_api.platform import service

SECRET = frozenset({"secret_key", "database_url", "redis_url", "smtp_url"})
"""What plugins have no use for: services work with it on their behalf."""


class SettingsValues:
    """Reads the settings of this process."""

    def value(self, name: str) -> Any:
        """A setting by the name of its field."""
        if name in SECRET or name not in {field.name for field in fields(Settings)}:
            raise LookupError(f"there is no setting {name!r} for plugins")
        return getattr(service(Settings), name)

    def live(self, name: str) -> Any:
        """A setting of the instance's settings page."""
        return values.values()[name]
