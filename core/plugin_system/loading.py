"""Loading plugins: pluggy, one plugin at a time, so that one that fails is named and takes no other along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pluggy

from core.plugin_system.discovery import Candidate, Found, Problem, in_order
from plugin_api import Plugin, hooks
from plugin_api.registry import DuplicateEntry, Registry, RegistrySpec, build


@dataclass(frozen=True)
class Loaded:
    """The plugins that run, in load order, their registries, and the ones that could not load."""

    plugins: tuple[Plugin, ...]
    registries: dict[str, Registry[Any]]
    problems: tuple[Problem, ...]


class _Failed(Exception):
    """One plugin failed while it was loaded."""

    def __init__(self, plugin: str, reason: str) -> None:
        super().__init__(f"{plugin}: {reason}")
        self.problem = Problem(plugin, reason)


def load(found: Found) -> Loaded:
    """Register the candidates and freeze their registries, leaving out every plugin that fails."""
    candidates, problems = found.candidates, list(found.problems)
    while True:
        try:
            registries = _freeze(candidates)
        except _Failed as failure:
            problems.append(failure.problem)
            left = {c.plugin.name: c for c in candidates if c.plugin.name != failure.problem.plugin}
            candidates, refused = in_order(left)
            problems.extend(refused)
        else:
            return Loaded(tuple(c.plugin for c in candidates), registries, tuple(problems))


def _freeze(candidates: Sequence[Candidate]) -> dict[str, Registry[Any]]:
    manager = pluggy.PluginManager("tablewright")
    manager.add_hookspecs(hooks)
    for candidate in candidates:
        if candidate.plugin.hookspecs is not None:
            manager.add_hookspecs(candidate.plugin.hookspecs)
    for candidate in candidates:
        _register(manager, candidate)
    manager.check_pending()
    _call_each(manager, candidates, "register_services")
    specs = [*hooks.REGISTRIES, *(spec for c in candidates for spec in c.plugin.registries)]
    return {spec.name: _registry(manager, candidates, spec) for spec in specs}


def _register(manager: pluggy.PluginManager, candidate: Candidate) -> None:
    name = candidate.plugin.name
    try:
        manager.register(candidate.module, name)
    except Exception as error:  # noqa: BLE001 - pluggy refuses wrong signatures; the plugin is named
        raise _Failed(name, f"its hooks do not fit: {error}") from error
    for caller in manager.get_hookcallers(candidate.module) or []:
        if not caller.has_spec():
            raise _Failed(name, f"there is no hook called {caller.name}")


def _registry(manager: pluggy.PluginManager, candidates: Sequence[Candidate], spec: RegistrySpec) -> Registry[Any]:
    provided = [(name, value) for name, values in _call_each(manager, candidates, spec.hook) for value in values or ()]
    try:
        return build(spec, provided)
    except DuplicateEntry as error:
        raise _Failed(str(error).rpartition("of plugin ")[2].split(" ")[0], str(error)) from error


def _call_each(manager: pluggy.PluginManager, candidates: Sequence[Candidate], hook: str) -> list[tuple[str, Any]]:
    """Call a hook's implementations one by one in load order; a failing one is told by its plugin's name."""
    implementations = {impl.plugin_name: impl for impl in getattr(manager.hook, hook).get_hookimpls()}
    results = []
    for candidate in candidates:
        name = candidate.plugin.name
        if name not in implementations:
            continue
        try:
            found = implementations[name].function()
            results.append((name, found if hook == "register_services" else list(found)))
        except Exception as error:  # noqa: BLE001 - whatever it raises, it is reported and the others go on
            raise _Failed(name, f"{hook} failed: {type(error).__name__}: {error}") from error
    return results
