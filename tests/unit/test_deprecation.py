"""Deprecated parts of the plugin API work, and name the plugin that uses them."""

from __future__ import annotations

import sys
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pluggy import HookspecMarker
from structlog.testing import capture_logs

from core.plugin_system import loading
from core.plugin_system.discovery import discover
from core.plugin_system.loading import load
from plugin_api import Plugin, deprecation, hookimpl, hooks, platform
from plugin_api.deprecation import PluginDeprecationWarning, deprecated, outdated

WHEN = {"since": "1.1", "instead": "plugin_api.stars.shine", "gone": "2.0"}


@deprecated(**WHEN)
def glow(brightness: int, *, color: str = "white") -> str:
    """Glow."""
    return f"{color} {brightness}"


@deprecated(**WHEN)
class Sun:
    """A sun."""

    def __init__(self, name: str) -> None:
        self.name = name


@pytest.fixture
def sky(monkeypatch: pytest.MonkeyPatch) -> Iterator[types.ModuleType]:
    """A module of the plugin `sky`."""
    monkeypatch.setattr(deprecation, "_told", {})
    module = types.ModuleType("sky_plugin.night")
    module.__dict__.update(glow=glow, Sun=Sun)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    platform.name_modules("sky", "sky_plugin")
    yield module


def run(module: types.ModuleType, code: str) -> tuple[Any, list[str], list[Any]]:
    """What code of the module answers, warns and logs."""
    with warnings.catch_warnings(record=True) as caught, capture_logs() as logs:
        warnings.simplefilter("always")
        exec(code, module.__dict__)
    return module.__dict__.get("found"), [str(one.message) for one in caught], logs


def test_a_function_works_and_names_the_plugin_once(sky: types.ModuleType) -> None:
    text = f"{__name__}.glow is deprecated since plugin API 1.1 and goes with 2.0; use plugin_api.stars.shine"
    found, warned, logs = run(sky, "found = [glow(n, color='red') for n in (1, 2)]")
    assert found == ["red 1", "red 2"]
    assert warned == [f"sky: {text}"] * 2
    assert [(one["plugin"], one["problem"], one["log_level"]) for one in logs] == [("sky", text, "warning")]
    assert deprecation.told() == {"sky": [text]}


def test_a_class_warns_when_it_is_made_or_derived_from(sky: types.ModuleType) -> None:
    found, warned, _ = run(sky, "found = Sun('Sol').name")
    assert found == "Sol" and len(warned) == 1 and warned[0].startswith("sky: ")
    found, warned, _ = run(sky, "class Red(Sun): pass\nfound = Red('Mira').name")
    assert found == "Mira" and len(warned) == 1


def test_outside_of_plugins_there_is_a_warning_without_a_name() -> None:
    with pytest.warns(PluginDeprecationWarning, match=r"^[\w.]+glow is deprecated"):
        assert glow(3) == "white 3"


@pytest.mark.filterwarnings("ignore::plugin_api.deprecation.PluginDeprecationWarning")
def test_a_hook_works_and_names_the_plugin(sky: types.ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def register_suns() -> list[str]:
        return ["Sol"]

    specs = types.ModuleType("hookspecs")
    specs.__dict__.update({name: found for name, found in vars(hooks).items() if name.startswith("register_")})
    spec: Callable[..., Any] = HookspecMarker("tablewright")(warn_on_impl=outdated("register_suns", **WHEN))
    specs.__dict__.update(register_suns=spec(register_suns), REGISTRIES=hooks.REGISTRIES)
    monkeypatch.setattr(loading, "hooks", specs)
    sky.__dict__.update(plugin=Plugin(name="sky", version="1", title="Sky", api=(1, 0)))
    sky.__dict__.update(register_suns=hookimpl(lambda: ["Sol"]))
    source = types.SimpleNamespace(name="sky", load=lambda: sky)
    with capture_logs() as logs:
        assert load(discover([source])).problems == ()
    assert [(one["plugin"], one["problem"].split()[0]) for one in logs] == [("sky", "register_suns")]


def test_modules_are_of_the_plugin_that_has_their_package(sky: types.ModuleType) -> None:
    names = ("sky_plugin", "sky_plugin.night.stars", "sky_plugins", "plugin_api.http", "")
    assert [platform.plugin_of(name) for name in names] == ["sky", "sky", None, None, None]
