"""Which plugins are switched on right now."""

from __future__ import annotations

from typing import Protocol

from plugin_api.platform import service


class PluginStates(Protocol):
    """The service that knows which loaded plugins an administrator switched off."""

    def is_enabled(self, name: str) -> bool:
        """Whether a plugin is on; True for the platform itself."""


def is_enabled(plugin: str) -> bool:
    """Whether a loaded plugin is switched on at the moment."""
    return service(PluginStates).is_enabled(plugin)
