"""Checks of one plugin for its author and for whoever installs it: what is wrong, and what is worth a look."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from core.db.branches import Migrations
from core.plugin_system import usage
from core.plugin_system.discovery import Source, installed
from core.plugin_system.loading import Loaded
from core.plugin_system.state import PluginStates
from plugin_api import API_VERSION, Plugin, deprecation, hooks
from plugin_api.permissions import Permissions
from plugin_api.platform import service

GOOD, LOOK, WRONG = "ok", "look", "wrong"


@dataclass(frozen=True)
class Finding:
    """What a check found: it is ok, worth a look, or wrong."""

    level: str
    about: str
    text: str


def check(name: str) -> list[Finding]:
    """All that can be said of an installed plugin. LookupError when none has the name."""
    sources = [source for source in installed() if source.name == name]
    if not sources:
        raise LookupError(f"no installed package has a plugin called {name}")
    findings = [*_loading(name)]
    module = _module(sources[0])
    if module is not None:
        findings += _hooks(module)
        findings += _operations(name, module)
    plugin = next((found for found in service(Loaded).plugins if found.name == name), None)
    for step in _OF_LOADED if plugin is not None else ():
        findings += step(plugin)
    return findings


def _loading(name: str) -> Iterator[Finding]:
    problems = [problem for problem in service(Loaded).problems if problem.plugin == name]
    for problem in problems:
        yield Finding(WRONG, "loading", problem.reason)
    if not problems:
        known = any(plugin.name == name for plugin in service(Loaded).plugins)
        yield (
            Finding(GOOD, "loading", "it is loaded") if known else Finding(LOOK, "loading", "the settings leave it out")
        )
    for other in service(Loaded).problems:
        if other.other == name and other.plugin != name:
            yield Finding(LOOK, "conflicts", f"{other.plugin} is left out: {other.reason}")


def _module(source: Source) -> ModuleType | None:
    try:
        found = source.load()
    except (Exception, SystemExit):  # noqa: BLE001 - loading has said so
        return None
    return found if isinstance(found, ModuleType) else None


def _hooks(module: ModuleType) -> Iterator[Finding]:
    """Functions that look like hooks and are none."""
    known = {spec.hook for spec in hooks.REGISTRIES} | {"register_services"}
    known |= {spec.hook for plugin in service(Loaded).plugins for spec in plugin.registries}
    for name, found in vars(module).items():
        if not (callable(found) and name.startswith("register_")):
            continue
        marked = getattr(found, "tablewright_impl", None)
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            meant = f"; {near[0]} is meant?" if near else ""
            optional = bool(marked and marked["optionalhook"])
            yield Finding(LOOK if optional else WRONG, "hooks", f"there is no hook called {name} here{meant}")
        elif marked is None:
            yield Finding(WRONG, "hooks", f"{name} is not called: it lacks @hookimpl")


def _operations(name: str, module: ModuleType) -> Iterator[Finding]:
    """The permissions its code asks for exist; those it registers are named after it."""
    registry, known = service(Loaded).registries["operations"], service(Permissions).operations()
    own = [operation for operation in registry if registry.provider(operation) == name]
    for operation in own:
        yield Finding(GOOD, "permissions", f"{operation} is for the role {registry[operation].role} and above")
    for place, operation in _asked(module):
        if operation not in known:
            yield Finding(WRONG, "permissions", f"{place} asks for {operation}, which nobody registers")
        elif operation not in own:
            yield Finding(GOOD, "permissions", f"{place} asks for {operation} of {_provider(operation)}")


def _provider(operation: str) -> str:
    registry = service(Loaded).registries["operations"]
    return registry.provider(operation) if operation in registry else "the platform"


def _asked(module: ModuleType) -> Iterator[tuple[str, str]]:
    """The operations that are named in calls of `require`, `allows` and the like, with where."""
    start = Path(str(module.__file__))
    files = sorted(start.parent.rglob("*.py")) if hasattr(module, "__path__") else [start]
    for file in files:
        for node in ast.walk(_parsed(file)):
            if isinstance(node, ast.Call) and _called(node.func) in ("require", "allows"):
                texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                yield from ((f"{file.name}:{node.lineno}", text) for text in texts)


def _parsed(file: Path) -> ast.AST:
    """A file's code; one that is no Python asks for nothing, and whoever imports it says so."""
    try:
        return ast.parse(file.read_text("utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return ast.Module([], [])


def _called(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _version(plugin: Plugin) -> Iterator[Finding]:
    asked, running = (".".join(map(str, found)) for found in (plugin.api, API_VERSION))
    yield Finding(GOOD, "api", f"it was written for plugin API {asked}; this is {running}")
    for text in deprecation.told().get(plugin.name, ()):
        yield Finding(LOOK, "api", text)


def _others(plugin: Plugin) -> Iterator[Finding]:
    states = service(PluginStates)
    for name in plugin.requires:
        on = states.is_enabled(name)
        yield Finding(GOOD if on else LOOK, "requires", f"{name} is {'on' if on else 'off, and this one with it'}")
    for name in plugin.wants:
        yield Finding(GOOD, "wants", f"{name} is {'there' if states.is_active(name) else 'not there, or off'}")


def _migrations(plugin: Plugin) -> Iterator[Finding]:
    if plugin.migrations is None:
        yield Finding(GOOD, "migrations", "it has no tables of its own")
        return
    known = service(Migrations)
    heads = known.heads_of(plugin.name)
    if len(heads) != 1:
        yield Finding(WRONG, "migrations", f"it must have one newest revision, not {', '.join(heads) or 'none'}")
    pending = set(heads) & set(known.pending())
    yield Finding(WRONG if pending else GOOD, "migrations", _reached(heads, pending))
    strange = known.strange_tables_of(plugin.name)
    if strange:
        yield Finding(WRONG, "migrations", f"{', '.join(strange)} are outside of its schema {plugin.name}")


def _reached(heads: list[str], pending: set[str]) -> str:
    return f"the database lacks {', '.join(sorted(pending))}" if pending else f"the database is at {', '.join(heads)}"


def _data(plugin: Plugin) -> Iterator[Finding]:
    uses: Mapping[str, Mapping[str, int]] = usage.uses()(plugin.name)
    for kind, numbers in uses.items():
        for key, number in numbers.items():
            yield Finding(GOOD, "in use", f"{number} of {kind.replace('_', ' ')} {key}")


def _health(plugin: Plugin) -> Iterator[Finding]:
    found: dict[str, Any] = usage.health()(plugin.name)
    for name, text in found["checks"].items():
        yield Finding(GOOD if text == "ok" else WRONG, "health", f"{name}: {text}")
    for level, kind in ((WRONG, "failures"), (LOOK, "slow")):
        for one in found[kind]:
            yield Finding(level, "health", f"{one['what']}, {one['count']} times within a day: {one['last']}")


_OF_LOADED: tuple[Callable[[Any], Iterator[Finding]], ...] = (_version, _others, _migrations, _data, _health)
