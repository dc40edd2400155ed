"""Fixtures: the small product of program.py under the real supervisor, in a data folder of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from core.runtime.embedded import temporary_folder
from core.runtime.processes import is_running, wait_until

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("program.py")
_BANNER = re.compile(r"(?:is ready: +|\"ready at )(http://[^\s\"]+)")


def environment(**extra: str) -> dict[str, str]:
    """Our environment without settings, so that the servers are embedded ones."""
    ours = ("TABLEWRIGHT_", "DATABASE_URL", "REDIS_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default", **extra}


class Served:
    """A running `serve`."""

    program: Sequence[str] = (sys.executable, str(PROGRAM))
    folder: Path | None = None
    """Where it runs; here by default."""

    def __init__(self, data_dir: Path, *arguments: str, **env: str) -> None:
        self.data_dir = data_dir
        self.log = data_dir.with_name(f"{data_dir.name}.log")
        with self.log.open("ab") as output:
            self.start = output.tell()
            self.process = subprocess.Popen(
                [*self.program, "serve", "--port", "0", "--data-dir", str(data_dir), *arguments],
                env=environment(**env),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    @property
    def output(self) -> str:
        """What it has written."""
        return self.log.read_bytes()[self.start :].decode()

    def wait_ready(self) -> Served:
        """Wait until the banner is out."""
        assert wait_until(lambda: bool(_BANNER.search(self.output)) or self.process.poll() is not None, 60)
        assert self.process.poll() is None, self.output
        return self

    @property
    def url(self) -> str:
        """Where it serves."""
        found = _BANNER.search(self.output)
        assert found, self.output
        return found[1]

    def get(self, path: str) -> str:
        """The text at `path`."""
        return httpx.get(self.url + path, timeout=30).raise_for_status().text

    def post(self, path: str) -> str:
        """The answer to an empty POST."""
        return httpx.post(self.url + path, timeout=30).raise_for_status().text

    def descendants(self) -> dict[int, str]:
        """All processes below it, with their command lines."""
        return _below(self.process.pid)

    def pid_of(self, word: str) -> int:
        """The process directly below it that has `word` in its command line."""
        return next(pid for pid, line in _children(self.process.pid).items() if word in line)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Stop it; answers its exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)


def _children(parent: int) -> dict[int, str]:
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
    return found


def _below(parent: int) -> dict[int, str]:
    found = _children(parent)
    for pid in list(found):
        found.update(_below(pid))
    return found


def assert_gone(processes: dict[int, str]) -> None:
    """All of these end, within a time."""
    left = {pid: line for pid, line in processes.items() if not wait_until(lambda pid=pid: not is_running(pid), 30)}
    assert not left


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder that PostgreSQL's account gets through, also when pytest's own folders are closed to it."""
    with temporary_folder() as folder:
        yield folder / "data"


@pytest.fixture
def serve(data_dir: Path) -> Iterator[Callable[..., Served]]:
    """A function that starts the product on the data folder; what still runs at the end is killed."""
    with ExitStack() as stack:

        def start(*arguments: str, **env: str) -> Served:
            served = Served(data_dir, *arguments, **env)
            stack.callback(_end, served)
            return served

        yield start


def _end(served: Served) -> None:
    below = served.descendants()
    if served.process.poll() is None:
        served.stop()
    assert_gone(below)
