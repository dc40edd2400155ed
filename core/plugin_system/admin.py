"""What an administrator sees of the plugins, and how they are switched."""

from __future__ import annotations

from typing import Any

from core.plugin_system.loading import Loaded
from core.plugin_system.state import CannotDisable, PluginStates
from plugin_api import Plugin, actions
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.platform import service


def plugins() -> list[dict[str, Any]]:
    """The loaded plugins by name, with what each provides."""
    return [_shown(plugin) for plugin in sorted(service(Loaded).plugins, key=lambda found: found.name)]


def problems() -> list[dict[str, str]]:
    """The plugins that could not be loaded, and why."""
    return [{"name": found.plugin, "reason": found.reason} for found in service(Loaded).problems]


def switch(name: str, enabled: bool) -> dict[str, Any]:
    """Switch a plugin with the running unit of work; every process obeys within a second of the commit."""
    plugin = next((found for found in service(Loaded).plugins if found.name == name), None)
    if plugin is None:
        raise does_not_exist("plugin")
    try:
        service(PluginStates).set_enabled(name, enabled)
    except CannotDisable as error:
        raise ApiError("ERROR_PLUGIN_CANNOT_BE_DISABLED", 400, str(error)) from None
    params = {"plugin": name, "state": "on" if enabled else "off"}
    actions.record("update_plugin", scope="root", workspace_id=None, params=params)
    return {**_shown(plugin), "enabled": enabled, "active": enabled and _requirements_active(plugin)}


def _requirements_active(plugin: Plugin) -> bool:
    return all(service(PluginStates).is_enabled(name) for name in plugin.requires)


def _shown(plugin: Plugin) -> dict[str, Any]:
    states = service(PluginStates)
    return {
        "name": plugin.name,
        "title": plugin.title,
        "version": plugin.version,
        "description": plugin.description,
        "requires": list(plugin.requires),
        "feature": plugin.feature,
        "can_disable": plugin.can_disable,
        "enabled": states.is_switched_on(plugin.name),
        "active": states.is_enabled(plugin.name),
        "provides": _provided_by(plugin.name),
    }


def _provided_by(name: str) -> dict[str, list[str]]:
    registries = service(Loaded).registries
    found = {key: [entry for entry in found if found.provider(entry) == name] for key, found in registries.items()}
    return {key: entries for key, entries in found.items() if entries}
