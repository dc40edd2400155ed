"""Finding plugins: entry points, manifests, API version, order; what cannot load is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import Distribution, entry_points
from types import ModuleType
from typing import Any, Protocol

from plugin_api import API_VERSION, Plugin, platform

GROUP = "tablewright.plugins"
PRODUCT = "tablewright"
"""The installed package whose plugins come with the product."""


class Source(Protocol):
    """Where a plugin comes from: an entry point, or a stand-in of a test."""

    @property
    def name(self) -> str:
        """The entry point's name, which must be the plugin's."""

    def load(self) -> Any:
        """Import and answer the plugin's module."""


@dataclass(frozen=True)
class Problem:
    """A plugin that could not be loaded and why; `other` is what it clashes with: a plugin, or the platform."""

    plugin: str
    reason: str
    other: str = ""


@dataclass(frozen=True)
class Candidate:
    """A plugin whose module was imported and whose manifest is good. `own`: it comes with the product."""

    plugin: Plugin
    module: ModuleType
    own: bool = False


@dataclass
class Found:
    """The candidates in the order they are loaded in, and the problems."""

    candidates: list[Candidate] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def installed() -> list[Source]:
    """The installed plugins' entry points, by name; of two with one name the product's comes first."""
    return sorted(entry_points(group=GROUP), key=_place)


def _place(source: Source) -> tuple[str, bool, str, str]:
    package = _package(source)
    return source.name, package != PRODUCT, package, str(source)


def _package(source: Source) -> str:
    """The installed package a source is of; empty when there is none."""
    dist = getattr(source, "dist", None)
    return _name(dist) if dist is not None else ""


@lru_cache(maxsize=32)
def _name(dist: Distribution) -> str:
    """A package's name, which is read from its files each time it is asked for."""
    return str(dist.name)


def unknown_names(sources: Iterable[Source], names: Iterable[str]) -> list[str]:
    """The names that are no source's."""
    known = {source.name for source in sources}
    return [name for name in names if name not in known]


def discover(sources: Iterable[Source], only: Sequence[str] = (), never: Sequence[str] = ()) -> Found:
    """Import and check the chosen sources. `only` empty means all; `never` wins."""
    found = Found()
    imported: dict[str, Candidate] = {}
    seen: dict[str, Source] = {}
    for source in sources:
        if (only and source.name not in only) or source.name in never:
            continue
        if source.name in seen:
            found.problems.append(_twin(source, seen[source.name]))
            continue
        seen[source.name] = source
        candidate, reason = _import(source)
        if candidate is None:
            found.problems.append(Problem(source.name, reason))
        else:
            imported[candidate.plugin.name] = candidate
    found.candidates, refused = in_order(imported)
    found.problems.extend(refused)
    return found


def without(found: Found, reasons: Mapping[str, str]) -> Found:
    """What was found but for some plugins, each with the reason, and those that require them."""
    kept = {one.plugin.name: one for one in found.candidates if one.plugin.name not in reasons}
    candidates, refused = in_order(kept)
    left_out = [Problem(name, reason) for name, reason in reasons.items()]
    return Found(candidates, [*found.problems, *left_out, *refused])


def _twin(source: Source, first: Source) -> Problem:
    packages = [_package(found) for found in (source, first)]
    whose = f": {packages[0]}, left out, and {packages[1]}" if all(packages) else ""
    return Problem(source.name, f"another installed package has a plugin of the same name{whose}", source.name)


def _import(source: Source) -> tuple[Candidate | None, str]:
    try:
        platform.name_modules(source.name, str(getattr(source, "value", "")).partition(":")[0])
        module = source.load()
        platform.name_modules(source.name, module.__name__)
        manifest = module.plugin
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever a plugin raises, it is reported and the others go on
        return None, f"importing it failed: {type(error).__name__}: {error}"
    reason = _refusal(manifest, source.name)
    return (None, reason) if reason else (Candidate(manifest, module, _package(source) == PRODUCT), "")


def _refusal(manifest: Any, name: str) -> str:
    if not isinstance(manifest, Plugin):
        return "its `plugin` is not a plugin_api.Plugin"
    if manifest.name != name:
        return f"its manifest is named {manifest.name!r}, its entry point {name!r}"
    major, minor = manifest.api
    if major != API_VERSION[0] or minor > API_VERSION[1]:
        running = ".".join(map(str, API_VERSION))
        return f"it was written for plugin API {major}.{minor}; this is {running}"
    return ""


def in_order(candidates: Mapping[str, Candidate]) -> tuple[list[Candidate], list[Problem]]:
    """Order so that a plugin comes after what it requires and, where that is possible, after what it wants.

    Of those that may come next the first by name does. Those whose requirements are not met are named.
    """
    ordered: dict[str, Candidate] = {}
    waiting = dict(sorted(candidates.items()))
    later = {name: _awaited(name, candidates) for name in waiting}

    def required(name: str) -> bool:
        return all(other in ordered for other in waiting[name].plugin.requires)

    def wanted(name: str) -> bool:
        return required(name) and not any(other in waiting for other in later[name])

    # Wishes that contradict each other, or a requirement, are not followed: they must not keep a plugin out.
    while chosen := next(filter(wanted, waiting), None) or next(filter(required, waiting), None):
        ordered[chosen] = waiting.pop(chosen)
    return list(ordered.values()), [_unmet(candidate, ordered, waiting) for candidate in waiting.values()]


def _awaited(name: str, candidates: Mapping[str, Candidate]) -> set[str]:
    """The plugins that come before this one if they can: those it wants, and those that want to be before it."""
    asked = {other for other, found in candidates.items() if name in found.plugin.before}
    return ({*candidates[name].plugin.wants} | asked) - {name}


def _unmet(candidate: Candidate, ordered: dict[str, Candidate], waiting: dict[str, Candidate]) -> Problem:
    missing = [name for name in candidate.plugin.requires if name not in ordered]
    absent = [name for name in missing if name not in waiting]
    if absent:
        return Problem(candidate.plugin.name, f"it requires {', '.join(absent)}, not installed or not loaded")
    circle = _circle(candidate.plugin.name, waiting)
    if circle:
        return Problem(candidate.plugin.name, f"it requires itself in a circle: {' -> '.join(circle)}")
    return Problem(candidate.plugin.name, f"it requires {', '.join(missing)}, which cannot be loaded either")


def _circle(name: str, waiting: dict[str, Candidate]) -> list[str]:
    """The way from a plugin over what it requires back to itself; empty when there is none."""
    ways = [[name]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for required in waiting[way[-1]].plugin.requires:
            if required == name:
                return [*way, name]
            if required in waiting and required not in seen:
                seen.add(required)
                ways.append([*way, required])
    return []
