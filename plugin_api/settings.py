"""Settings of the instance for plugins: what `core/settings.py` declares and docs/settings.md lists."""

from __future__ import annotations

from typing import Any, Protocol

from plugin_api.platform import service


class InstanceSettings(Protocol):
    """The service that knows the settings."""

    def value(self, name: str) -> Any:
        """The value of a setting by its name in lower case, without prefix; LookupError when there is none."""

    def live(self, name: str) -> Any:
        """The value of a setting that administrators change while the product runs: one query."""


def setting(name: str) -> Any:
    """The value of a setting, such as `setting("trash_keep_hours")`; LookupError for an unknown name."""
    return service(InstanceSettings).value(name)


def live_setting(name: str) -> Any:
    """The value of a setting of the instance's settings page, such as `live_setting("verify_import_signature")`."""
    return service(InstanceSettings).live(name)
