"""Settings of the instance for plugins: what `core/settings.py` declares and docs/settings.md lists."""

from __future__ import annotations

from typing import Any, Protocol

from plugin_api.platform import service


class InstanceSettings(Protocol):
    """The service that knows the settings."""

    def value(self, name: str) -> Any:
        """The value of a setting by its name in lower case, without prefix; LookupError when there is none."""


def setting(name: str) -> Any:
    """The value of a setting, such as `setting("trash_keep_hours")`; LookupError for an unknown name."""
    return service(InstanceSettings).value(name)
