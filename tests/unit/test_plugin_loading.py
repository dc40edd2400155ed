"""Loading plugins: order, API version, registries, and that whatever does not fit is named and harms no other."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest

from core import contributions
from core.plugin_system import discovery
from core.plugin_system.clashes import PLATFORM
from core.plugin_system.discovery import Problem, discover, installed, unknown_names
from core.plugin_system.loading import Loaded, load
from plugin_api import API_VERSION, Plugin, hookimpl
from plugin_api.health import HealthCheck
from plugin_api.http import Blueprint
from plugin_api.permissions import Operation
from plugin_api.registry import RegistrySpec


@dataclass(frozen=True)
class Package:
    """Stands in for an installed package."""

    name: str


@dataclass
class Source:
    """Stands in for an entry point."""

    name: str
    module: ModuleType | None

    def load(self) -> ModuleType:
        """The module, or what goes wrong when it is imported."""
        if self.module is None:
            raise ImportError("no module named star_engine")
        return self.module


def source(name: str, /, *hooks: Callable[..., Any], **manifest: Any) -> Source:
    """A plugin of the test."""
    module = types.ModuleType(name)
    module.plugin = Plugin(**{"name": name, "version": "1", "title": name, "api": (1, 0), **manifest})  # type: ignore[attr-defined]
    for hook in hooks:
        setattr(module, hook.__name__, hookimpl(hook))
    return Source(name, module)


def loaded(*sources: Source, **chosen: Any) -> Loaded:
    """What is loaded of the sources."""
    return load(discover(sources, **chosen))


def names(result: Loaded) -> list[str]:
    """The plugins in load order."""
    return [plugin.name for plugin in result.plugins]


def reasons(result: Loaded) -> dict[str, str]:
    """Why plugins could not be loaded."""
    return {problem.plugin: problem.reason for problem in result.problems}


def checks(*found: str) -> Callable[[], list[HealthCheck]]:
    """A hook that registers health checks."""

    def register_health_checks() -> list[HealthCheck]:
        return [HealthCheck(name, lambda: None) for name in found]

    return register_health_checks


def test_a_plugin_comes_after_what_it_requires() -> None:
    result = loaded(source("a", requires=("c",)), source("b"), source("c", requires=("d",)), source("d"))
    assert names(result) == ["b", "d", "c", "a"]
    assert result.problems == ()


def test_requirements_that_are_not_met_are_named() -> None:
    result = loaded(source("a", requires=("b",)), source("b", requires=("nothing",)), source("c"))
    assert names(result) == ["c"]
    assert reasons(result) == {
        "a": "it requires b, which cannot be loaded either",
        "b": "it requires nothing, not installed or not loaded",
    }


def test_plugins_that_require_each_other_are_named_with_the_circle() -> None:
    result = loaded(source("a", requires=("b",)), source("b", requires=("a",)), source("c", requires=("a",)))
    assert names(result) == []
    assert reasons(result)["a"] == "it requires itself in a circle: a -> b -> a"
    assert reasons(result)["c"] == "it requires a, which cannot be loaded either"


@pytest.mark.parametrize("api", [(API_VERSION[0] + 1, 0), (API_VERSION[0], API_VERSION[1] + 1), (0, 9)])
def test_another_api_version_is_refused(api: tuple[int, int]) -> None:
    result = loaded(source("late", api=api), source("fine"))
    assert names(result) == ["fine"]
    assert reasons(result)["late"].startswith(f"it was written for plugin API {api[0]}.{api[1]}; this is ")


def test_what_cannot_be_imported_is_named() -> None:
    nameless = source("other")
    nameless.name = "mine"
    bare = Source("bare", types.ModuleType("bare"))
    result = loaded(Source("broken", None), nameless, bare, source("fine"))
    assert names(result) == ["fine"]
    assert "no module named star_engine" in reasons(result)["broken"]
    assert reasons(result)["mine"] == "its manifest is named 'other', its entry point 'mine'"
    assert "AttributeError" in reasons(result)["bare"]


def test_two_of_one_name_are_told() -> None:
    result = loaded(source("a"), source("a"))
    assert names(result) == ["a"]
    assert reasons(result) == {"a": "another installed package has a plugin of the same name"}
    two = [source("a"), source("a")]
    for found, package in zip(two, ("tablewright-stars", "tablewright-suns"), strict=True):
        found.dist = Package(package)  # type: ignore[attr-defined]
    whose = "tablewright-suns, left out, and tablewright-stars"
    assert reasons(loaded(*two))["a"] == f"another installed package has a plugin of the same name: {whose}"


def test_a_plugin_comes_after_what_it_wants_and_does_without_it() -> None:
    assert names(loaded(source("a", wants=("c",)), source("b"), source("c"))) == ["b", "c", "a"]
    assert names(loaded(source("a", wants=("c",)), source("b"))) == ["a", "b"]
    assert names(loaded(source("a", wants=("c",)), source("b"), source("c"), never=("c",))) == ["a", "b"]
    assert names(loaded(source("a", wants=("c",)), source("c", requires=("nothing",)))) == ["a"]


def test_a_plugin_comes_before_those_it_names() -> None:
    assert names(loaded(source("a"), source("b"), source("c", before=("a", "nothing")))) == ["b", "c", "a"]


def test_wishes_that_contradict_each_other_keep_nobody_out() -> None:
    circle = [source("a", wants=("b",)), source("b", wants=("a",)), source("c", before=("c",), wants=("c",))]
    assert names(loaded(*circle)) == ["c", "a", "b"]
    assert names(loaded(source("a", wants=("b",)), source("b", requires=("a",)))) == ["a", "b"]
    assert loaded(*reversed(circle)).plugins == loaded(*circle).plugins


def test_a_hook_of_a_plugin_that_is_only_wanted_may_be_missing() -> None:
    def register_stars() -> list[str]:
        return ["sun"]

    sun = source("sun", wants=("sky",))
    sun.module.register_stars = hookimpl(register_stars, optionalhook=True)  # type: ignore[union-attr]
    assert names(loaded(sun)) == ["sun"]


def served(name: str, *paths: str) -> Callable[[], list[Blueprint]]:
    """A hook that serves addresses."""
    blueprint = Blueprint(name, name, url_prefix="/api")
    for number, path in enumerate(paths):
        blueprint.operation("GET", path, id=f"{name}_{number}", summary="", description="")(lambda **values: None)

    def register_blueprints() -> list[Blueprint]:
        return [blueprint]

    return register_blueprints


def test_two_plugins_at_one_address_are_both_named() -> None:
    one, two = served("one", "/stars/<int:star_id>/", "/suns/"), served("two", "/moons/", "/stars/<int:number>/")
    result = loaded(source("a", one), source("b", two), source("c", served("three", "/stars/")))
    assert names(result) == ["a", "c"]
    assert result.problems == (Problem("b", "the route GET /api/stars/<>/ is already served by a", "a"),)


def of_the_house(found: Source) -> Source:
    """The same as if it came with the product."""
    found.dist = Package("tablewright")  # type: ignore[attr-defined]
    return found


def test_what_comes_with_the_product_stays_whoever_is_first() -> None:
    """Loaded in the order of their names, a stranger's field type would take a built-in one's place."""
    texts = [source("acme", checks("text")), of_the_house(source("text_field", checks("text")))]
    result = loaded(*texts)
    assert names(result) == ["text_field"]
    reason = "health_checks: 'text' is already provided by text_field"
    assert result.problems == (Problem("acme", reason, "text_field"),)
    one, two = served("one", "/stars/"), served("two", "/stars/")
    result = loaded(source("acme", one), of_the_house(source("stars", two)), source("moon", requires=("acme",)))
    assert names(result) == ["stars"]
    assert result.problems[0] == Problem("acme", "the route GET /api/stars/ is already served by stars", "stars")
    specs = RegistrySpec("skies", "register_health_checks", key=lambda found: str(found.name))
    result = loaded(source("acme", registries=(specs,)), of_the_house(source("sky", registries=(specs,))))
    assert names(result) == ["sky"] and reasons(result)["acme"] == "the registry 'skies' is already opened by sky"


def test_of_two_of_one_name_the_product_s_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    twin = source("stars", checks("theirs"))
    twin.dist = Package("acme-stars")  # type: ignore[attr-defined]
    ours = of_the_house(source("stars", checks("ours")))
    monkeypatch.setattr(discovery, "entry_points", lambda group: [twin, ours])
    result = load(discover(installed()))
    assert list(result.registries["health_checks"]) == ["ours"]
    assert "another installed package has a plugin of the same name" in reasons(result)["stars"]


def test_what_the_platform_has_cannot_be_provided_again() -> None:
    own = {"health_checks": ["disk"], "routes": ["GET /api/suns/"]}
    sources = [source("a", checks("disk")), source("b", checks("glass")), source("c", served("sky", "/suns/"))]
    result = load(discover(sources), taken=lambda: own)
    assert names(result) == ["b"]
    assert [(found.plugin, found.other) for found in result.problems] == [("a", PLATFORM), ("c", PLATFORM)]


def test_nothing_of_the_house_clashes_with_the_platform() -> None:
    own = contributions.taken()
    result = load(discover(installed()), taken=lambda: own)
    assert result.problems == ()
    assert {"GET /api/workspaces/", "POST /api/user/"} <= set(own["routes"])
    assert {"workspace.read", "serve"} <= {*own["operations"], *own["commands"]}


def test_two_that_open_one_registry_or_give_one_operation_are_both_named() -> None:
    def register_operations() -> list[Operation]:
        return [Operation("stars.give", "EDITOR")]

    result = loaded(source("a", register_operations), source("b", register_operations))
    assert result.problems == (Problem("b", "operations: 'stars.give' is already provided by a", "a"),)


def test_settings_choose() -> None:
    sources = [source("a"), source("b"), source("c")]
    assert names(loaded(*sources, only=("a", "b"))) == ["a", "b"]
    assert names(loaded(*sources, only=("a", "b"), never=("a",))) == ["b"]
    assert unknown_names(sources, ["a", "z"]) == ["z"]


def test_a_hook_that_does_not_exist_is_refused() -> None:
    def register_heath_checks() -> list[HealthCheck]:
        return []

    result = loaded(source("typo", register_heath_checks), source("fine", checks("good")))
    assert reasons(result) == {"typo": "there is no hook called register_heath_checks"}
    assert list(result.registries["health_checks"]) == ["good"]


def test_a_hook_with_other_arguments_is_refused() -> None:
    def register_health_checks(app: Any) -> list[HealthCheck]:
        return []

    assert "its hooks do not fit" in reasons(loaded(source("odd", register_health_checks)))["odd"]


def test_a_hook_that_fails_takes_only_its_plugin_and_those_that_require_it_along() -> None:
    def register_health_checks() -> list[HealthCheck]:
        raise RuntimeError("no licence\nfile")

    result = loaded(
        source("a", register_health_checks), source("b", checks("of b"), requires=("a",)), source("c", checks("of c"))
    )
    assert names(result) == ["c"]
    assert reasons(result) == {
        "a": "register_health_checks failed: RuntimeError: no licence file",
        "b": "it requires a, not installed or not loaded",
    }
    assert list(result.registries["health_checks"]) == ["of c"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["a text"], "it is no HealthCheck"),
        ([HealthCheck], "it is a class; give one of it, HealthCheck()"),
        ([Operation("stars.give", "EDITOR")], "it is no HealthCheck"),
        ([None], "it is no HealthCheck"),
        (None, "TypeError: 'NoneType' object is not iterable"),
        (7, "TypeError: 'int' object is not iterable"),
        (HealthCheck("one", lambda: None), "TypeError: 'HealthCheck' object is not iterable"),
    ],
)
def test_what_does_not_belong_there_is_refused(given: Any, why: str) -> None:
    def register_health_checks() -> Any:
        return given

    result = loaded(source("odd", register_health_checks), source("fine", checks("good")))
    assert names(result) == ["fine"]
    assert why in reasons(result)["odd"]


class Rage(BaseException):
    """What no `except Exception` catches."""


@pytest.mark.parametrize("raised", [SystemExit(3), Rage("no"), GeneratorExit(), RuntimeError("no")])
def test_whatever_a_hook_raises_names_its_plugin(raised: BaseException) -> None:
    def register_health_checks() -> list[HealthCheck]:
        raise raised

    result = loaded(source("wild", register_health_checks), source("fine", checks("good")))
    assert names(result) == ["fine"]
    assert reasons(result)["wild"].startswith(f"register_health_checks failed: {type(raised).__name__}")


@pytest.mark.parametrize("raised", [SystemExit(3), Rage("no"), SyntaxError("no")])
def test_whatever_an_import_raises_names_its_plugin(raised: BaseException) -> None:
    class Raising(Source):
        def load(self) -> ModuleType:
            raise raised

    result = loaded(Raising("wild", None), source("fine"))
    assert names(result) == ["fine"]
    assert reasons(result)["wild"].startswith(f"importing it failed: {type(raised).__name__}")


def test_ctrl_c_ends_the_start() -> None:
    def register_health_checks() -> list[HealthCheck]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loaded(source("slow", register_health_checks))


def test_a_registry_is_frozen_and_knows_who_provided_an_entry() -> None:
    result = loaded(source("a", checks("one")), source("b", checks("two", "three")), source("c", checks("one")))
    registry = result.registries["health_checks"]
    assert {name: registry.provider(name) for name in registry} == {"one": "a", "two": "b", "three": "b"}
    assert reasons(result) == {"c": "health_checks: 'one' is already provided by a"}
    assert registry.get("nothing") is None
    with pytest.raises(TypeError):
        registry._entries["four"] = registry._entries["one"]  # type: ignore[index]


def test_plugins_open_registries_for_others() -> None:
    specs = types.ModuleType("specs")
    exec(
        "from pluggy import HookspecMarker\n@HookspecMarker('tablewright')\ndef register_stars():\n    '''Stars.'''\n",
        specs.__dict__,
    )
    spec = RegistrySpec("stars", "register_stars", key=str)

    def register_stars() -> list[str]:
        return ["sun"]

    sky = source("sky", hookspecs=specs, registries=(spec,))
    result = loaded(sky, source("sun", register_stars, requires=("sky",)))
    assert (result.registries["stars"]["sun"], result.registries["stars"].provider("sun")) == ("sun", "sun")
    again = loaded(sky, source("twin", registries=(spec,)))
    assert reasons(again)["twin"] == "the registry 'stars' is already opened by sky"


@pytest.mark.parametrize(
    "manifest",
    [
        {"name": "Capital"},
        {"name": "x" * 64},
        {"name": 'quo"te'},
        {"name": "core"},
        {"name": "ws_12"},
        {"name": "pg_stars"},
        {"api": "1.0"},
        {"requires": "database"},
        {"wants": "database"},
        {"before": ["database"]},
    ],
)
def test_a_manifest_that_is_wrong_says_so(manifest: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Plugin(**{"name": "a", "version": "1", "title": "A", "api": (1, 0), **manifest})
