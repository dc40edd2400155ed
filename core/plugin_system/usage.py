"""What administrators are told of each plugin beyond its manifest: its package, its health, what of it is in use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from core.db.branches import Migrations
from core.db.models import Application
from core.health.checks import OK, run
from core.plugin_system.discovery import GROUP
from core.plugin_system.faults import FAILED, SLOW, Faults
from core.plugin_system.loading import Loaded
from plugin_api import Plugin
from plugin_api.administration import UsageCount, counted_by
from plugin_api.calls import attempt
from plugin_api.platform import service

Numbers = Mapping[str, Mapping[str, int]]


@cache
def packages() -> Mapping[str, dict[str, str]]:
    """The installed package each plugin comes from, by the plugin's name."""
    found = [point for point in entry_points(group=GROUP) if point.dist is not None]
    return {point.name: {"name": point.dist.name, "version": point.dist.version} for point in found if point.dist}


def health() -> Callable[[str], dict[str, Any]]:
    """A function that answers a plugin's health: its migrations, and the checks it registers, really run."""
    pending, faults = service(Migrations).pending(), service(Faults).known()
    checks = service(Loaded).registries["health_checks"]

    def of(name: str) -> dict[str, Any]:
        found = {check: run(checks[check]) for check in checks if checks.provider(check) == name}
        missing = [revision for revision in pending if revision.rpartition("_")[0] == name]
        if missing:
            found["migrations"] = f"the database lacks {', '.join(missing)}; run tablewright migrate"
        noted = faults.get(name, {FAILED: [], SLOW: []})
        return {"passing": all(text == OK for text in found.values()), "checks": found, **noted}

    return of


def uses() -> Callable[[str], Numbers]:
    """A function that answers how much of what a plugin provides there is: one query for each kind of things."""
    registries, counts = service(Loaded).registries, service(Loaded).registries["usage_counts"]
    by_plugin: dict[str, dict[str, dict[str, int]]] = {}

    def add(plugin: str, kind: str, key: str, number: int) -> None:
        by_plugin.setdefault(plugin, {}).setdefault(kind, {})[key] = number

    for kind, provider, numbers in _asked(counts):
        registry = registries.get(kind)
        for key, number in numbers.items():
            if registry is None:
                add(provider, kind, key, number)
            elif key in registry:
                add(registry.provider(key), kind, key, number)
    return lambda name: by_plugin.get(name, {})


_NOTHING: Mapping[str, int] = {}


def _asked(counts: Any) -> Iterable[tuple[str, str, Mapping[str, int]]]:
    yield "application_types", "", counted_by(Application.type)()
    for key in counts:
        found: UsageCount = counts[key]
        yield found.type, counts.provider(key), attempt("usage_counts", key, found.of, _NOTHING)


def required_by(plugins: Iterable[Plugin]) -> Mapping[str, list[str]]:
    """The names of the loaded plugins that need each plugin, directly or over others."""
    needed: dict[str, set[str]] = {plugin.name: set() for plugin in plugins}
    for plugin in plugins:  # load order: what a plugin requires comes before it
        above = [*plugin.requires]
        while above:
            name = above.pop()
            needed[name].add(plugin.name)
            above += [other for other, who in needed.items() if name in who]
    return {name: sorted(found) for name, found in needed.items()}
