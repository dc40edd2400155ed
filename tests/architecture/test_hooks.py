"""Every hook is documented, its docstring's example runs through the real loading, and something is tested with it."""

from __future__ import annotations

import ast
import re
import types
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest

from core.plugin_system.discovery import discover
from core.plugin_system.loading import load
from plugin_api import Plugin, hookimpl, hooks, platform
from plugin_api.registry import RegistrySpec

ROOT = Path(__file__).parents[2]
OWNERS = [None, *sorted(path.parent.name for path in (ROOT / "plugins").glob("*/hookspecs.py"))]
"""Who declares hooks: the platform, and plugins."""


def declared(owner: str | None) -> types.ModuleType:
    """The module with an owner's hooks."""
    return hooks if owner is None else import_module(f"plugins.{owner}.hookspecs")


def registries(owner: str | None) -> tuple[RegistrySpec, ...]:
    """The registries an owner's hooks fill."""
    if owner is None:
        return hooks.REGISTRIES
    manifest: Plugin = import_module(f"plugins.{owner}").plugin
    return manifest.registries


HOOKS = [(owner, name) for owner in OWNERS for name in vars(declared(owner)) if name.startswith("register_")]


class Names(dict[str, Any]):
    """What an example of a docstring uses: classes of its module are real, whatever else it names is made up."""

    def __init__(self, module: types.ModuleType, hook: str) -> None:
        tree = ast.parse(Path(str(module.__file__)).read_text())
        real = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.module.startswith("__"):
                real |= {alias.name: node.module for alias in node.names}
        super().__init__({name: getattr(import_module(found), name) for name, found in real.items()})
        self.update(platform=platform, Path=Path, __file__=module.__file__, __name__="stars", __builtins__=__builtins__)
        returns = getattr(module, hook).__annotations__["return"]
        found = re.fullmatch(r"Iterable\[([\w.]+)\]", returns)
        self.kind: Any = None if found is None else click.Command if found[1] == "click.Command" else self[found[1]]

    def __missing__(self, name: str) -> Any:
        if self.kind is click.Command:
            return click.Command(name)
        beside = vars(import_module(self.kind.__module__)) if self.kind is not None else {}
        if name in beside:
            return beside[name]
        if not name[0].isupper():
            return lambda *values: None
        words = {**dict.fromkeys(("type", "name", "scheme", "path"), name.lower()), "order": 1}
        left = {method: lambda *values: None for method in getattr(self.kind, "__abstractmethods__", ())}
        return type(name, () if self.kind is None else (self.kind,), {**left, **words})


@pytest.mark.parametrize(("owner", "hook"), HOOKS, ids=[hook for _, hook in HOOKS])
def test_the_example_of_the_docstring_runs(owner: str | None, hook: str) -> None:
    module = declared(owner)
    example = re.search(r"Example: `(.+?)`\.", " ".join((getattr(module, hook).__doc__ or "").split()))
    assert example, "the docstring ends with an example: Example: `return [StarField()]`."
    names = Names(module, hook)
    exec(f"def {hook}():\n    {example[1]}", names)
    stars = types.ModuleType("stars")
    requires = () if owner is None else (owner,)
    stars.__dict__.update(plugin=Plugin(name="stars", version="1", title="Stars", api=(1, 0), requires=requires))
    stars.__dict__[hook] = hookimpl(names[hook])
    sources = [types.SimpleNamespace(name="stars", load=lambda: stars)]
    if owner is not None:
        opener = import_module(f"plugins.{owner}").plugin
        bare = types.ModuleType(owner)
        bare.__dict__.update(plugin=Plugin(name=owner, version="1", title=owner, api=(1, 0), **_opened(opener)))
        sources.append(types.SimpleNamespace(name=owner, load=lambda: bare))
    before = platform.provided()
    try:
        loaded = load(discover(sources), with_services=True)
        assert loaded.problems == ()
        for spec in registries(owner):
            if spec.hook == hook:
                assert {loaded.registries[spec.name].provider(key) for key in loaded.registries[spec.name]} == {"stars"}
        assert hook != "register_services" or platform.provided() != before
    finally:
        platform.restore(before)


def _opened(opener: Plugin) -> dict[str, Any]:
    return {"hookspecs": opener.hookspecs, "registries": opener.registries}


@pytest.mark.parametrize(("owner", "hook"), HOOKS, ids=[hook for _, hook in HOOKS])
def test_a_hook_is_documented_with_an_example(owner: str | None, hook: str) -> None:
    pages = [page.read_text() for page in (ROOT / "docs").rglob("*.md")]
    assert [page for page in pages if f"def {hook}(" in page], "no page of docs/ shows it"
    if owner is None:
        assert f"### {hook}\n" in (ROOT / "docs" / "plugins" / "hooks.md").read_text()


@pytest.mark.parametrize(("owner", "hook"), HOOKS, ids=[hook for _, hook in HOOKS])
def test_a_hook_is_tested(owner: str | None, hook: str) -> None:
    """By a plugin of the tests or one that a page shows, which tests/docs load; another plugin of the house's counts
    for hooks that plugins declare."""
    pages = [*(ROOT / "docs" / "plugins").rglob("*.md")]
    tried = [*(path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)), *pages]
    if owner is not None:
        tried += [path for path in (ROOT / "plugins").rglob("*.py") if path.name != "hookspecs.py"]
    assert [path for path in tried if f"def {hook}(" in path.read_text()]


def test_every_hook_fills_a_registry() -> None:
    filled = {spec.hook for owner in OWNERS for spec in registries(owner)} | {"register_services"}
    assert {hook for _, hook in HOOKS} == filled
