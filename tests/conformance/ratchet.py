"""Replays recorded behaviour against the running product; what passed once must pass for ever.

    CONFORMANCE_DIR=... python -m tests.conformance.ratchet              the listed scenarios; fails when one fails
    CONFORMANCE_DIR=... python -m tests.conformance.ratchet --grow       all scenarios; adds to the list what passes
    ... --only data_ --base-url http://127.0.0.1:8000                    a part, on a server that runs already

`passing.txt` beside this file lists the scenarios that pass. Without --base-url the product is started with all its
parts (web, worker, embedded PostgreSQL and Redis) in a folder of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from core.runtime.embedded import temporary_folder

PASSING = Path(__file__).with_name("passing.txt")
PUBLIC_URL = "http://127.0.0.1:3000"
"""The address of the web front end that the recordings were made with; links in mails and answers begin with it."""

_READY = re.compile(r"web ready +url=(http://\S+).*is ready:", re.DOTALL)
"""The last line tells the public address, the one before it where the web process listens."""

_START_SECONDS = 120
_ALONE = ("core_settings", "core_workspace_export")
"""Modules that change settings of the whole instance for a moment."""


def listed() -> set[str]:
    """The scenarios that passed once."""
    return {line for line in PASSING.read_text().splitlines() if line and not line.startswith("#")}


def write_list(names: set[str]) -> None:
    """Keep the list."""
    head = "# Scenarios that pass. One that stops passing fails the build; the list only grows."
    PASSING.write_text("\n".join([head, *sorted(names)]) + "\n")


@contextmanager
def served() -> Iterator[str]:
    """The whole product, fresh; where it serves."""
    settings = ("TABLEWRIGHT_", "DATABASE_URL", "REDIS_URL")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(settings)}
    with temporary_folder() as folder:
        log = folder / "served.log"
        command = [str(Path(sys.executable).with_name("tablewright")), "serve", "--port", "0"]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, "--data-dir", str(folder / "data")],
                env={**clean, "TABLEWRIGHT_PUBLIC_URL": PUBLIC_URL},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        try:
            yield _wait_ready(process, log)
        finally:
            process.terminate()
            process.wait(60)


def _wait_ready(process: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(_START_SECONDS * 10):
        if found := _READY.search(log.read_text(errors="replace")):
            return found[1]
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"The product did not start:\n{log.read_text(errors='replace')}")


def replay(suite: Path, base_url: str, prefixes: Sequence[str]) -> dict[str, bool]:
    """Run the scenarios whose names start with one of `prefixes`; whether each passes. Tells which listed ones fail."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        command = [sys.executable, str(suite / "run"), "--base-url", base_url, "--show", "3", "--json", report.name]
        for prefix in prefixes:
            command += ["--only", prefix]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        written = Path(report.name).read_text()
    if not written:
        raise SystemExit(f"The suite broke off with exit code {done.returncode}:\n{done.stdout[-2000:]}")
    results = json.loads(written)
    passed = {name: found["matched"] == found["steps"] and not found["stopped"] for name, found in results.items()}
    for name in sorted(listed()):
        if passed.get(name) is False:
            print(_about(done.stdout, name), flush=True)
    return passed


def _about(output: str, name: str) -> str:
    """What the suite printed about one scenario."""
    lines = output.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("FAIL") and line.split()[-1] == name)
    end = next((n for n in range(start + 1, len(lines)) if not lines[n].startswith(" ")), len(lines))
    return "\n".join(lines[start:end])


def modules(suite: Path) -> list[str]:
    """The names of the suite's modules; those that change the whole instance come last."""
    names = [path.stem for path in sorted((suite / "golden").glob("*.json"))]
    return sorted(names, key=lambda name: name in _ALONE)


def chosen(suite: Path, options: argparse.Namespace) -> list[str]:
    """Prefixes of the names of the scenarios to run."""
    known = modules(suite)
    if options.only:
        return [f"{name}/" for name in known if name.startswith(tuple(options.only))]
    needed = {name.partition("/")[0] for name in listed()}
    return [f"{name}/" for name in known if options.grow or name in needed]


def verdict(before: set[str], passed: dict[str, bool], ran: Sequence[str], grow: bool) -> int:
    """Print what changed, keep what is new when asked to; answers the exit code."""
    wanted = {name for name in before if name.startswith(tuple(ran))}
    lost = sorted(name for name in wanted if not passed.get(name))
    new = sorted(name for name, ok in passed.items() if ok and name not in before)
    if grow and new:
        write_list(before | set(new))
    for name in lost:
        print(f"LOST  {name}")
    for name in new:
        print(f"{'added' if grow else 'new, not in the list (run with --grow)'}  {name}")
    print(f"conformance: {len(wanted) - len(lost)} of {len(wanted)} listed scenarios pass, {len(new)} new")
    return 1 if lost else 0


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--grow", action="store_true", help="run all scenarios and add those that pass to the list")
    parser.add_argument("--only", action="append", help="modules whose names begin so")
    parser.add_argument("--base-url", help="a running server instead of one of our own")
    options = parser.parse_args()
    suite = Path(os.environ["CONFORMANCE_DIR"])
    prefixes = chosen(suite, options)
    passed: dict[str, bool] = {}
    with nullcontext(options.base_url) if options.base_url else served() as base_url:
        for prefix in prefixes:
            passed |= replay(suite, base_url, [prefix])
    return verdict(listed(), passed, prefixes, options.grow)


if __name__ == "__main__":
    sys.exit(main())
