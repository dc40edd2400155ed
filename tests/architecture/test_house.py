"""The rules of the house that no linter knows: who names whom, and that what is built in is a plugin like any other."""

from __future__ import annotations

import ast
import configparser
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from core.plugin_system.discovery import GROUP
from plugin_api import Plugin

ROOT = Path(__file__).parents[2]
PLUGINS = sorted(path.parent.name for path in (ROOT / "plugins").glob("*/__init__.py"))
PACKAGES = ("core", "plugin_api", "plugins")
MODULES = sorted(
    path.relative_to(ROOT)
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)
_LONGEST_MODULE, _LONGEST_FUNCTION, _MEDIAN_FUNCTION = 400, 60, 10


def imports(path: Path) -> Iterator[str]:
    """The modules a file imports, also inside of functions."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """The functions of a file and how many lines they have."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_every_plugin_of_the_house_is_found_by_its_entry_point() -> None:
    """`database` and the field types come in through the door a stranger's plugin uses."""
    ours = {found.name: found.value for found in entry_points(group=GROUP) if found.value.startswith("plugins.")}
    assert sorted(value.removeprefix("plugins.") for value in ours.values()) == PLUGINS
    assert all(import_module(value).plugin.name == name for name, value in ours.items())


@pytest.mark.parametrize("name", PLUGINS)
def test_a_plugin_imports_only_the_plugins_it_requires(name: str) -> None:
    manifest: Plugin = import_module(f"plugins.{name}").plugin
    used = {
        module.split(".")[1]
        for path in (ROOT / "plugins" / name).rglob("*.py")
        for module in imports(path)
        if module.startswith("plugins.")
    }
    packages = {found.name: found.value.removeprefix("plugins.") for found in entry_points(group=GROUP)}
    assert used - {name} <= {packages[required] for required in manifest.requires}


_OTHER_MEANINGS = ("database", "teams", "dashboard", "templates")
"""PostgreSQL is called so as well, a key of members, an operation of every user, a folder of texts."""


def test_the_core_names_no_plugin() -> None:
    """The core must work with any set of plugins: it has no text that is a plugin's name."""
    named = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value}"
        for path in (ROOT / "core").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.split(".")[0] in PLUGINS
        if node.value not in _OTHER_MEANINGS
    ]
    assert named == []


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_is_short_and_says_what_lives_there(path: Path) -> None:
    text = (ROOT / path).read_text()
    assert len(text.splitlines()) <= _LONGEST_MODULE
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring or not text.strip(), "a module begins with a line that says what lives there"


def test_functions_are_short() -> None:
    lengths = dict(pair for path in MODULES for pair in functions(ROOT / path))
    assert {name: length for name, length in lengths.items() if length > _LONGEST_FUNCTION} == {}
    assert sorted(lengths.values())[len(lengths) // 2] < _MEDIAN_FUNCTION


def test_metadata_is_in_setup_cfg_alone() -> None:
    """A [project] table would silently replace what setup.cfg says, the dependencies too."""
    assert "project" not in tomllib.loads((ROOT / "pyproject.toml").read_text())
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    assert config["options"]["py_modules"].split() == ["app"]
    assert config["options"]["install_requires"].strip()


def test_nothing_is_left_undone() -> None:
    marks = ("TODO", "FIXME", "XXX", "pragma: no cover")
    left = [f"{path}: {mark}" for path in MODULES for mark in marks if mark in (ROOT / path).read_text()]
    assert left == []
