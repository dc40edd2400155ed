"""`tablewright test`: every check of a checkout in order, with a summary; or pytest alone, on servers of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.runtime.embedded import temporary_servers
from core.runtime.errors import StartError
from core.settings import Settings

_ON_ALL_PROCESSORS = ("-n", "auto", "--dist", "loadfile")
_MARK = Path("pyproject.toml")
_SUITE = "CONFORMANCE_DIR"


@dataclass(frozen=True)
class Step:
    """One check: a program that exits with 0 when all is well."""

    name: str
    argv: Sequence[str]


def _module(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", name, *arguments]


# import-linter has no module to run: its program's function is called.
_LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"

STATIC = (
    Step("style", _module("ruff", "check", ".")),
    Step("format", _module("ruff", "format", "--check", ".")),
    Step("types", _module("mypy")),
    Step("imports", [sys.executable, "-c", _LINT_IMPORTS]),
)


def run_checks(pytest_arguments: Sequence[str]) -> int:
    """Run pytest with the arguments, or all steps without any; answers the exit code."""
    if not (_MARK.exists() and Path("tests").is_dir()):
        raise StartError("`tablewright test` checks a checkout: run it in the folder that has tests/.")
    steps = [Step("pytest", _module("pytest", *(pytest_arguments or _ON_ALL_PROCESSORS)))]
    if not pytest_arguments:
        steps = [*STATIC, *steps, *_conformance()]
    settings = Settings.load()
    with temporary_servers(settings.postgres_bin) as servers:
        urls = {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
        return _run_all(steps, {**os.environ, **urls})


def _conformance() -> list[Step]:
    """The recorded behaviour, where the recordings are at hand: they are no part of this project."""
    if not os.environ.get(_SUITE):
        print(f"The recorded behaviour is not replayed: {_SUITE} does not name the folder of the suite.")
        return []
    return [Step("conformance", _module("tests.conformance.ratchet"))]


def _run_all(steps: Sequence[Step], env: Mapping[str, str]) -> int:
    """Run every step, also after one that fails: one run shows all there is to mend."""
    results = [(step, *_run(step, env)) for step in steps]
    print("\nSummary")
    for step, code, seconds in results:
        print(f"  {'ok' if code == 0 else 'FAILED':<8}{step.name:<12}{seconds:7.1f} s")
    return 0 if all(code == 0 for _, code, _ in results) else 1


def _run(step: Step, env: Mapping[str, str]) -> tuple[int, float]:
    print(f"\n== {step.name}", flush=True)
    started = time.monotonic()
    code = subprocess.run(step.argv, env=dict(env), check=False).returncode
    return code, time.monotonic() - started
