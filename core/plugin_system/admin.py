"""What an administrator sees of the plugins, and how they are switched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from core.plugin_system import usage
from core.plugin_system.loading import Loaded
from core.plugin_system.state import CannotDisable, PluginStates
from plugin_api import Plugin, actions
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.platform import service


def plugins() -> list[dict[str, Any]]:
    """The loaded plugins by name, with what each provides and how much of it is in use."""
    loaded = sorted(service(Loaded).plugins, key=lambda found: found.name)
    return [*_shown(loaded)]


def problems() -> list[dict[str, str | None]]:
    """The plugins that could not be loaded, why, and what each clashes with if that is why."""
    found = service(Loaded).problems
    return [{"name": one.plugin, "reason": one.reason, "clashes_with": one.other or None} for one in found]


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
    (shown,) = _shown([plugin])
    return {**shown, "enabled": enabled, "active": enabled and _requirements_active(plugin)}


def _requirements_active(plugin: Plugin) -> bool:
    return all(service(PluginStates).is_enabled(name) for name in plugin.requires)


def _shown(plugins: Iterable[Plugin]) -> Iterator[dict[str, Any]]:
    """The plugins as the API shows them: the queries do not grow with their number."""
    states, health, uses = service(PluginStates), usage.health(), usage.uses()
    required_by = usage.required_by(service(Loaded).plugins)
    for plugin in plugins:
        yield {
            "name": plugin.name,
            "title": plugin.title,
            "version": plugin.version,
            "description": plugin.description,
            "package": usage.packages().get(plugin.name),
            "requires": list(plugin.requires),
            "wants": list(plugin.wants),
            "required_by": required_by[plugin.name],
            "feature": plugin.feature,
            "can_disable": plugin.can_disable,
            "enabled": states.is_switched_on(plugin.name),
            "active": states.is_enabled(plugin.name),
            "provides": _provided_by(plugin.name),
            "uses": uses(plugin.name),
            "health": health(plugin.name),
        }


def _provided_by(name: str) -> dict[str, list[str]]:
    registries = service(Loaded).registries
    found = {key: [entry for entry in found if found.provider(entry) == name] for key, found in registries.items()}
    return {key: entries for key, entries in found.items() if entries}
