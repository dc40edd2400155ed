"""Which plugins are switched on right now."""

from __future__ import annotations

from typing import Any, Protocol

from plugin_api.platform import registry, service


class PluginStates(Protocol):
    """The service that knows which loaded plugins an administrator switched off."""

    def is_enabled(self, name: str) -> bool:
        """Whether a plugin is on; True for the platform itself."""

    def is_active(self, name: str) -> bool:
        """Whether a plugin is loaded, and on."""


def is_enabled(plugin: str) -> bool:
    """Whether a loaded plugin is switched on at the moment."""
    return service(PluginStates).is_enabled(plugin)


def is_active(plugin: str) -> bool:
    """Whether a plugin is loaded and switched on at the moment: ask before you use one that yours only `wants`."""
    return service(PluginStates).is_active(plugin)


def active(registry_name: str) -> list[Any]:
    """The values of a registry whose plugins are switched on, in the order the plugins were loaded."""
    found = registry(registry_name)
    return [found[key] for key in found if is_enabled(found.provider(key))]
