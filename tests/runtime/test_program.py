"""The command line: help, refusals in one line, and ./tablewright, which installs it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability.conftest import PROGRAM, ROOT, environment


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the small product's program."""
    argv = [sys.executable, str(PROGRAM), *arguments]
    return subprocess.run(argv, env=environment(**env), capture_output=True, text=True, timeout=60, check=False)


def test_help_lists_all_commands() -> None:
    shown = run("--help").stdout
    for name in ("serve", "web", "worker", "migrate", "settings", "test", "version", "extra"):
        assert f"\n  {name} " in shown


def test_commands_of_the_composition() -> None:
    assert run("extra").stdout == "extra command\n"


@pytest.mark.parametrize("command", ["web", "worker", "migrate"])
def test_what_needs_servers_says_so(command: str) -> None:
    done = run(command)
    assert done.returncode == 2
    assert done.stderr.startswith("DATABASE_URL: is needed")
    assert done.stderr.count("\n") == 1


def test_unknown_settings_are_refused() -> None:
    done = run("serve", TABLEWRIGHT_PROT="80")
    assert (done.returncode, done.stderr.partition(":")[0]) == (2, "TABLEWRIGHT_PROT")


def test_settings_are_listed_without_secrets() -> None:
    shown = run("settings", TABLEWRIGHT_PORT="81", TABLEWRIGHT_SECRET_KEY="k" * 40).stdout
    assert "TABLEWRIGHT_PORT=81\n" in shown
    assert "TABLEWRIGHT_SECRET_KEY=(set)\n" in shown


def test_test_needs_a_checkout(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(PROGRAM), "test"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "checkout" in done.stderr


def test_the_script_is_readable_for_an_old_python() -> None:
    """It must get far enough to say which Python is needed."""
    ast.parse((ROOT / "tablewright").read_text(), feature_version=(3, 6))


def test_the_script_says_where_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = subprocess.run(
        [sys.executable, str(ROOT / "tablewright"), "version"],
        env=environment(TABLEWRIGHT_VENV=str(tmp_path / "file" / "venv")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "TABLEWRIGHT_VENV" in done.stderr
