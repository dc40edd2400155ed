"""Loading plugins: pluggy, one plugin at a time, so that one that fails is named and takes no other along."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pluggy

from core.plugin_system.clashes import PLATFORM, Taken, routes
from core.plugin_system.discovery import Candidate, Found, Problem, in_order
from plugin_api import Plugin, hooks, platform
from plugin_api.deprecation import PluginDeprecationWarning, tell
from plugin_api.registry import DuplicateEntry, Registry, RegistrySpec, build


@dataclass(frozen=True)
class Loaded:
    """The plugins that run, in load order, their registries, and the ones that could not load."""

    plugins: tuple[Plugin, ...]
    registries: dict[str, Registry[Any]]
    problems: tuple[Problem, ...]
    seconds: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """How long each hook of each plugin took."""


class _Failed(Exception):
    """One plugin failed while it was loaded."""

    def __init__(self, plugin: str, reason: str) -> None:
        super().__init__(f"{plugin}: {reason}")
        self.problem = Problem(plugin, reason)

    def of(self, own: Collection[str]) -> Problem:
        """What is wrong and with which plugin. `own`: the plugins that come with the product."""
        return self.problem


class _Clash(_Failed):
    """Two plugins, or a plugin and the platform, cannot both have something; `plugin` came second."""

    def __init__(self, plugin: str, what: str, other: str) -> None:
        super().__init__(plugin, f"{what} by {other}")
        self._plugin, self._what, self._other = plugin, what, other

    def of(self, own: Collection[str]) -> Problem:
        """The second is left out; but what comes with the product stays, in whatever order they were loaded."""
        plugin, other = self._plugin, self._other
        if plugin in own and other not in own and other != PLATFORM:
            plugin, other = other, plugin
        return Problem(plugin, f"{self._what} by {other}", other)


def load(found: Found, with_services: bool = False, taken: Callable[[], Taken] = dict) -> Loaded:
    """Register the candidates and freeze their registries, leaving out every plugin that fails.

    with_services: also let them provide their services, as running processes need.
    taken: the keys of registries, and the routes, that are the platform's own.
    """
    candidates, problems = found.candidates, list(found.problems)
    before, platforms = platform.provided(), taken()
    own = {candidate.plugin.name for candidate in candidates if candidate.own}
    while True:
        seconds: dict[tuple[str, str], float] = {}
        try:
            registries = _freeze(candidates, platforms, with_services, seconds)
        except _Failed as failure:
            platform.restore(before)
            problem = failure.of(own)
            problems.append(problem)
            left = {c.plugin.name: c for c in candidates if c.plugin.name != problem.plugin}
            candidates, refused = in_order(left)
            problems.extend(refused)
        else:
            return Loaded(tuple(c.plugin for c in candidates), registries, tuple(problems), seconds)


def _freeze(
    candidates: Sequence[Candidate], own: Taken, with_services: bool, seconds: dict[tuple[str, str], float]
) -> dict[str, Registry[Any]]:
    manager, call = pluggy.PluginManager("tablewright"), partial(_call_each, seconds)
    manager.add_hookspecs(hooks)
    for candidate in candidates:
        _add_hookspecs(manager, candidate)
    specs = _registry_specs(manager, candidates)
    for candidate in candidates:
        _register(manager, candidate)
    registries = {
        spec.name: _registry(spec, call(manager, candidates, spec.hook), own.get(spec.name, ())) for spec in specs
    }
    _refuse_same_routes(registries["blueprints"], own)
    if with_services:
        call(manager, candidates, "register_services")
    return registries


def _add_hookspecs(manager: pluggy.PluginManager, candidate: Candidate) -> None:
    if candidate.plugin.hookspecs is None:
        return
    try:
        manager.add_hookspecs(candidate.plugin.hookspecs)
    except ValueError as error:
        raise _Failed(candidate.plugin.name, f"its hook specifications do not fit: {error}") from error


def _registry_specs(manager: pluggy.PluginManager, candidates: Sequence[Candidate]) -> list[RegistrySpec]:
    """The platform's registries and those the plugins open, each name once and each with a hook that exists."""
    specs = {spec.name: spec for spec in hooks.REGISTRIES}
    openers = dict.fromkeys(specs, PLATFORM)
    for candidate in candidates:
        for spec in candidate.plugin.registries:
            if spec.name in specs:
                other = openers[spec.name]
                raise _Clash(candidate.plugin.name, f"the registry {spec.name!r} is already opened", other)
            if not hasattr(manager.hook, spec.hook):
                raise _Failed(candidate.plugin.name, f"its registry {spec.name!r} has no hook called {spec.hook}")
            specs[spec.name], openers[spec.name] = spec, candidate.plugin.name
    return list(specs.values())


def _register(manager: pluggy.PluginManager, candidate: Candidate) -> None:
    name = candidate.plugin.name
    try:
        manager.register(candidate.module, name)
    except Exception as error:  # noqa: BLE001 - pluggy refuses wrong signatures; the plugin is named
        raise _Failed(name, f"its hooks do not fit: {_one_line(error)}") from error
    for caller in manager.get_hookcallers(candidate.module) or []:
        for impl in caller.get_hookimpls():
            if impl.plugin_name == name:
                _check(impl, caller.has_spec())
                _tell_of_outdated(impl, caller.spec)


def _check(impl: pluggy.HookImpl, known: bool) -> None:
    """Refuse what pluggy takes but nothing here would call."""
    hook = impl.function.__name__
    if not known and not impl.optionalhook:
        raise _Failed(impl.plugin_name, f"there is no hook called {hook}")
    if impl.wrapper or impl.hookwrapper:
        raise _Failed(impl.plugin_name, f"{hook} is a wrapper; hooks only register here")


def _tell_of_outdated(impl: pluggy.HookImpl, spec: Any) -> None:
    warning = getattr(spec, "warn_on_impl", None)
    if isinstance(warning, PluginDeprecationWarning):
        tell(impl.plugin_name, warning)


def _registry(spec: RegistrySpec, given: list[tuple[str, Any]], own: Collection[str]) -> Registry[Any]:
    provided = [(name, value) for name, values in given for value in values or ()]
    for name, value in provided:
        key = _key(spec, name, value)
        if key in own:
            raise _Clash(name, f"{spec.name}: {key!r} is already provided", PLATFORM)
    try:
        return build(spec, provided)
    except DuplicateEntry as error:
        raise _Clash(error.plugin, str(error).removesuffix(f" by {error.other}"), error.other) from error


def _key(spec: RegistrySpec, plugin: str, value: Any) -> str:
    """The key of what a plugin registered, which may be anything."""
    try:
        if isinstance(value, type):
            raise TypeError(f"it is a class; give one of it, {value.__name__}()")
        wanted = spec.entry_class()
        if wanted is not None and not isinstance(value, wanted):
            raise TypeError(f"it is no {wanted.__name__}")
        return spec.key(value)
    except Exception as error:  # noqa: BLE001 - whatever was registered, its plugin is named
        raise _Failed(plugin, f"{spec.hook} gave {value!r:.80}, which does not belong there: {error}") from error


def _refuse_same_routes(blueprints: Registry[Any], own: Taken) -> None:
    """Of two operations at one address Flask would serve the first, and nobody would know."""
    known = dict.fromkeys(own.get("routes", ()), PLATFORM)
    for name in blueprints:
        plugin = blueprints.provider(name)
        for route in routes(blueprints[name]):
            if route in known:
                raise _Clash(plugin, f"the route {route} is already served", known[route])
        known |= dict.fromkeys(routes(blueprints[name]), plugin)


def _call_each(
    seconds: dict[tuple[str, str], float],
    manager: pluggy.PluginManager,
    candidates: Sequence[Candidate],
    hook: str,
) -> list[tuple[str, Any]]:
    """Call a hook's implementations one by one in load order; a failing one is told by its plugin's name."""
    implementations = {impl.plugin_name: impl for impl in getattr(manager.hook, hook).get_hookimpls()}
    results = []
    for candidate in candidates:
        name = candidate.plugin.name
        if name not in implementations:
            continue
        begun = time.perf_counter()
        try:
            found = implementations[name].function()
            seconds[name, hook] = time.perf_counter() - begun
            results.append((name, found if hook == "register_services" else list(found)))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - it is reported and the others go on
            raise _Failed(name, f"{hook} failed: {_one_line(error)}") from error
    return results


def _one_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
