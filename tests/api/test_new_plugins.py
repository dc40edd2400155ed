"""`tablewright plugin new --kind ...`: a package of every kind is found, passes its own tests, ruff and mypy."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import psycopg
import pytest
from click.testing import CliRunner, Result

from core.plugin_system import skeleton
from core.plugin_system.commands import plugin
from core.settings import Settings
from tests.installed import ROOT, install, run_program

pytestmark = pytest.mark.slow

KINDS = list(skeleton.kinds())
WANTED = (
    "field view application element route filter webhook permission job data-sync notification template sign-in "
    "event-handler periodic-task decorator ai-model command health-check admin-section"
)
LONGEST = "name_of_forty_characters_for_a_plugin_ab"


def _name(kind: str) -> str:
    return f"my_{kind.replace('-', '_')}"


def _tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package of each kind, where their metadata is as an editable install leaves it."""
    made = tmp_path_factory.mktemp("plugins")
    for kind in KINDS:
        skeleton.write(_name(kind), made, kind)
        install(made, _name(kind), f"tablewright_{_name(kind)}")
    return made


def _packages(folder: Path) -> list[Path]:
    return sorted(folder.glob("tablewright-*"))


def _path(folder: Path) -> str:
    """What an editable install puts onto the path."""
    return os.pathsep.join([str(folder), *map(str, _packages(folder)), str(ROOT)])


@pytest.fixture(scope="module")
def tested(folder: Path, settings: Settings) -> dict[str, list[str]]:
    """The tests of all packages, run at once: by kind, what became of each."""
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "plugin_api.testing", "-p", "no:cacheprovider"]
    env = {**os.environ, "PYTHONPATH": _path(folder), "DATABASE_URL": settings.database_url}
    env["REDIS_URL"] = settings.redis_url
    tests = [str(package / "tests") for package in _packages(folder)]
    done = subprocess.run(
        [*command, "-c", os.devnull, "--import-mode=importlib", f"--rootdir={folder}", f"--junitxml={report}", *tests],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert report.exists(), done.stdout + done.stderr
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for case in ElementTree.parse(report).iter("testcase"):
        module = str(case.get("classname")).rpartition(".")[2]
        kind = next(kind for kind in KINDS if module == f"test_{_name(kind)}")
        problems = [problem.get("message") or "" for problem in case if problem.tag in ("failure", "error", "skipped")]
        found[kind].append(f"{case.get('name')}: {'; '.join(problems) or 'passed'}")
    return found


@pytest.fixture(scope="module")
def listed(folder: Path, settings: Settings) -> Iterator[str]:
    """What `tablewright plugin list` says of them. The tables that one of them has are removed."""
    urls = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    try:
        same = run_program(
            folder, "plugin", "revision", _name("application"), "nothing", PYTHONPATH=_path(folder), **urls
        )
        assert "are as its models declare them" in same.stdout, same.stdout + same.stderr
        shown = run_program(folder, "plugin", "list", PYTHONPATH=_path(folder), **urls)
        assert shown.returncode == 0, shown.stderr
        yield shown.stdout
    finally:
        with psycopg.connect(settings.database_url) as connection:
            connection.execute(f"DROP SCHEMA IF EXISTS {_name('application')} CASCADE")
            connection.execute("DELETE FROM core.migration WHERE version_num LIKE %s", [f"{_name('application')}%"])


def test_there_is_a_kind_for_every_frequent_registry() -> None:
    assert set(KINDS) >= set(WANTED.split())


@pytest.mark.parametrize("kind", KINDS)
def test_a_package_is_small_and_can_be_installed(folder: Path, kind: str) -> None:
    package = folder / f"tablewright-{_name(kind).replace('_', '-')}"
    files = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert len(files) <= 5
    project = tomllib.loads((package / "pyproject.toml").read_text())
    assert project["project"]["name"] == package.name
    module = project["project"]["entry-points"]["tablewright.plugins"][_name(kind)]
    assert (package / module).is_dir() or (package / f"{module}.py").is_file()
    tables = project["tool"]["setuptools"]
    for name in tables.get("packages", ()):
        assert (package / name.replace(".", "/") / "__init__.py").is_file()
    assert module in [*tables.get("packages", ()), *tables.get("py-modules", ())]


@pytest.mark.parametrize("kind", KINDS)
def test_its_own_tests_pass(tested: dict[str, list[str]], kind: str) -> None:
    assert tested[kind]
    assert [case for case in tested[kind] if not case.endswith(": passed")] == []


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_found(listed: str, kind: str) -> None:
    (line,) = [line for line in listed.splitlines() if line.split()[0] == _name(kind)]
    assert line.split()[:3] == [_name(kind), "0.1.0", "on"], line


@pytest.mark.usefixtures("listed")
def test_they_are_tidy(folder: Path) -> None:
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [_tool("ruff"), *command, "--no-cache", *_packages(folder)], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout


def test_they_are_typed(folder: Path) -> None:
    """With the project's own settings for what they import, so that its cache is of use."""
    modules = [f"{prefix}{_name(kind)}" for kind in KINDS for prefix in ("tablewright_", "test_")]
    strict = [*modules, *(f"{module}.*" for module in modules)]
    ours = (ROOT / "pyproject.toml").read_text()
    settings = ours[ours.index("[tool.mypy]") : ours.index("[tool.pytest")]
    (folder / "mypy.toml").write_text(f"{settings}\n[[tool.mypy.overrides]]\nmodule = {strict}\nstrict = true\n")
    files = [str(file) for package in _packages(folder) for file in package.rglob("*.py")]
    env = {**os.environ, "MYPYPATH": _path(folder)}
    command = [_tool("mypy"), "--config-file", str(folder / "mypy.toml"), *files]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_any_name_makes_good_python(tmp_path: Path, kind: str) -> None:
    for name in ("a", LONGEST):
        made = skeleton.write(name, tmp_path, kind)
        for file in made.rglob("*.py"):
            compile(file.read_text(), str(file), "exec")
        texts = [file for file in made.rglob("*") if file.suffix in (".py", ".toml", ".md")]
        assert not [file for file in texts if "{" in file.name or "{{" in file.read_text()]


@pytest.mark.parametrize(
    "name", ["Stars", "1st", "class", "a-b", "x" * 41, "a_", "a__b", "_a", "", "ä", "pg_x", "core", "text_field"]
)
def test_names_no_plugin_can_have_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be a plugin's name|is installed already"):
        skeleton.write(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def _new(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(plugin, ["new", *arguments, "--folder", str(folder)])


def test_a_kind_there_is_not_is_refused_with_those_there_are(tmp_path: Path) -> None:
    refused = _new(tmp_path, "stars", "--kind", "gadget")
    assert refused.exit_code == 1
    assert "no plugins of the kind 'gadget'; choose one of field, view, application" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_existing_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "tablewright-stars").mkdir()
    refused = _new(tmp_path, "stars")
    assert refused.exit_code == 1 and "is there already" in refused.stderr
    assert list((tmp_path / "tablewright-stars").iterdir()) == []


def test_the_command_says_what_comes_next(tmp_path: Path) -> None:
    made = _new(tmp_path, "stars", "--kind", "job")
    assert made.exit_code == 0
    assert made.output == (
        f"Made {tmp_path}/tablewright-stars. Next: cd {tmp_path}/tablewright-stars && pip install -e ."
        " && tablewright plugin test\n"
    )
