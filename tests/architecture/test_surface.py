"""plugin_api keeps its promises: its surface changes only with its version, and it is typed where it is installed."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from plugin_api import API_VERSION
from tests.architecture import surface

VERSION = ".".join(map(str, API_VERSION))


def facts(tmp_path: Path, source: str) -> list[str]:
    """The surface of a package with one module."""
    package = tmp_path / "api"
    package.mkdir(exist_ok=True)
    (package / "stars.py").write_text(source)
    return surface.surface(package)


def test_the_surface_is_the_one_that_is_kept_for_its_version() -> None:
    found = surface.differences(surface.kept(VERSION), surface.surface(surface.ROOT / "plugin_api"))
    assert not found, "plugin_api has changed; see docs/plugins/versions.md, then: python -m tests.architecture.surface"


def test_the_surface_may_have_its_version() -> None:
    assert surface.refusal(surface.surface(surface.ROOT / "plugin_api"), API_VERSION) == ""


def test_a_change_without_another_version_is_refused() -> None:
    released = surface.kept(surface.RELEASED)
    assert surface.refusal(released, (1, 0)) == ""
    grown = [*released, "plugin_api.fields.shine: def -> None"]
    assert "must be 1.1 at least" in surface.refusal(grown, (1, 0)) and surface.refusal(grown, (1, 1)) == ""
    without = [fact for fact in released if not fact.startswith("plugin_api.fields.FieldType.clean")]
    for version in ((1, 0), (1, 9)):
        refused = surface.refusal(without, version)
        assert "must be 2.0 at least" in refused and "plugin_api.fields.FieldType.clean: def -> Any" in refused
    assert surface.refusal(without, (2, 0)) == ""


def test_what_is_judged_harmless_went_since_the_release() -> None:
    gone = set(surface.kept(surface.RELEASED)) - set(surface.surface(surface.ROOT / "plugin_api"))
    assert set(surface.judged()) <= gone


_BEFORE = """
import os
class Star:
    size: int = 1
    def shine(self, much): ...
    def _hidden(self): ...
def far(a, b=1, *, c=2): ...
"""


@pytest.mark.parametrize(
    ("change", "breaks"),
    [
        (("", ""), False),
        (("import os", "import sys"), False),
        (("_hidden(self)", "_hidden(self, more)"), False),
        (("def far(a, b=1,", "def far(a, b=1, d=3,"), False),
        (("c=2", "c=2, d=3"), False),
        (("size: int = 1", "size: int = 1\n    color: str = 'red'"), False),
        (("class Star", "def near(a): ...\nclass Star"), False),
        (("def far(a, b=1,", "def far(a, d, b=1,"), True),
        (("c=2", "c=2, d"), True),
        (("shine(self, much)", "shine(self, much, more)"), True),
        (("shine(self, much)", "shine(self)"), True),
        (("size: int = 1", "size: str = '1'"), True),
        (("class Star", "class Sun"), True),
        (("def far", "def near"), True),
    ],
)
def test_changes_that_break_plugins_are_told_from_others(tmp_path: Path, change: tuple[str, str], breaks: bool) -> None:
    before, after = facts(tmp_path, _BEFORE), facts(tmp_path, _BEFORE.replace(*change))
    assert bool(surface.breaking(before, after)) == breaks
    assert (before != after) or not breaks


def test_the_command_writes_only_what_its_version_allows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package, kept = tmp_path / "plugin_api", tmp_path / "kept"
    kept.mkdir()
    (kept / "harmless.txt").write_text("")
    monkeypatch.setattr(surface, "ROOT", tmp_path)
    monkeypatch.setattr(surface, "KEPT", kept)
    package.mkdir()
    (package / "stars.py").write_text("def far(a): ...\n")
    (kept / "1.0.txt").write_text("\n".join([*surface.surface(package), "plugin_api.stars.near: def -> ?"]))
    assert surface.main(["--write"]) == 1 and not (kept / f"{VERSION}.txt").exists()
    (kept / "1.0.txt").write_text("module plugin_api.stars\n")
    assert surface.main(["--write"]) == 0 and "far(0 a)" in (kept / f"{VERSION}.txt").read_text()
    (package / "stars.py").write_text("def far(a, b): ...\n")
    assert surface.main([]) == 1


_STRANGER = """
from plugin_api.fields import FieldType

class StarField(FieldType):
    type = "star"

def size(kind: FieldType) -> int:
    return kind.type
"""


@pytest.mark.slow
def test_a_stranger_s_type_checker_sees_the_types(tmp_path: Path) -> None:
    """Where packages are installed, mypy believes none that has no py.typed: it would find no fault."""
    environment = tmp_path / "environment"
    venv.create(environment, symlinks=True, with_pip=False)
    (site,) = environment.glob("lib/python*/site-packages")
    setup = [sys.executable, "-c", "from setuptools import setup; setup()", "-q"]
    folders = ["egg_info", "-e", str(tmp_path), "build_py", "--build-lib", str(site)]
    subprocess.run([*setup, *folders], cwd=surface.ROOT, check=True, capture_output=True, timeout=120)
    assert (site / "plugin_api" / "py.typed").exists()
    (tmp_path / "stranger.py").write_text(_STRANGER)
    options = ["--python-executable", str(environment / "bin" / "python"), "--ignore-missing-imports"]
    command = [sys.executable, "-m", "mypy", *options, "--cache-dir", str(tmp_path / "cache"), "stranger.py"]
    alone = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "MYPYPATH")}
    done = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True, timeout=240)
    assert 'got "str", expected "int"' in done.stdout and "Found 1 error" in done.stdout, done.stdout + done.stderr
