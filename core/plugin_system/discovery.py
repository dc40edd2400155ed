"""Finding plugins: entry points, manifests, API version, order by `requires`; what cannot load is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, Protocol

from plugin_api import API_VERSION, Plugin

GROUP = "tablewright.plugins"


class Source(Protocol):
    """Where a plugin comes from: an entry point, or a stand-in of a test."""

    @property
    def name(self) -> str:
        """The entry point's name, which must be the plugin's."""

    def load(self) -> Any:
        """Import and answer the plugin's module."""


@dataclass(frozen=True)
class Problem:
    """A plugin that could not be loaded and why."""

    plugin: str
    reason: str


@dataclass(frozen=True)
class Candidate:
    """A plugin whose module was imported and whose manifest is good."""

    plugin: Plugin
    module: ModuleType


@dataclass
class Found:
    """The candidates in an order that respects `requires`, and the problems."""

    candidates: list[Candidate] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def installed() -> list[Source]:
    """The installed plugins' entry points, by name."""
    return sorted(entry_points(group=GROUP), key=lambda found: found.name)


def unknown_names(sources: Iterable[Source], names: Iterable[str]) -> list[str]:
    """The names that are no source's."""
    known = {source.name for source in sources}
    return [name for name in names if name not in known]


def discover(sources: Iterable[Source], only: Sequence[str] = (), never: Sequence[str] = ()) -> Found:
    """Import and check the chosen sources. `only` empty means all; `never` wins."""
    found = Found()
    imported: dict[str, Candidate] = {}
    seen: set[str] = set()
    for source in sources:
        if (only and source.name not in only) or source.name in never:
            continue
        if source.name in seen:
            found.problems.append(Problem(source.name, "another installed package has a plugin of the same name"))
            continue
        seen.add(source.name)
        candidate, reason = _import(source)
        if candidate is None:
            found.problems.append(Problem(source.name, reason))
        else:
            imported[candidate.plugin.name] = candidate
    found.candidates, refused = in_order(imported)
    found.problems.extend(refused)
    return found


def _import(source: Source) -> tuple[Candidate | None, str]:
    try:
        module = source.load()
        manifest = module.plugin
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a plugin raises, it is reported and the others go on
        return None, f"importing it failed: {type(error).__name__}: {error}"
    reason = _refusal(manifest, source.name)
    return (None, reason) if reason else (Candidate(manifest, module), "")


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


def in_order(candidates: dict[str, Candidate]) -> tuple[list[Candidate], list[Problem]]:
    """Order so that a plugin comes after what it requires; name those whose requirements are not met."""
    ordered: dict[str, Candidate] = {}
    waiting = dict(sorted(candidates.items()))
    ready: Callable[[Candidate], bool] = lambda c: all(name in ordered for name in c.plugin.requires)  # noqa: E731
    while chosen := next((name for name, candidate in waiting.items() if ready(candidate)), None):
        ordered[chosen] = waiting.pop(chosen)
    return list(ordered.values()), [_unmet(candidate, ordered, waiting) for candidate in waiting.values()]


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
