"""Restarts while the product runs: how a running `serve` is asked for one, and how it tells what came of it."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core.runtime.errors import StartError
from core.runtime.processes import is_running, wait_until

RESTART = signal.SIGUSR1
"""Asks `serve` to replace its web process and its worker."""

_FILE = "restart"
_DONE = "done"
_SECONDS = 300.0


@contextmanager
def reported(data_dir: Path) -> Iterator[Callable[[str], None]]:
    """Write how the restart in the block went, unless it is called with a problem."""
    problems: list[str] = []
    yield problems.append
    aside = data_dir / f"{_FILE}.{os.getpid()}"
    aside.write_text(problems[0] if problems else _DONE)
    aside.replace(data_dir / _FILE)


def restart(data_dir: Path) -> None:
    """Have the `serve` on a data folder replace its processes, and wait for that. StartError when it does not."""
    pid, report = _running(data_dir), data_dir / _FILE
    report.unlink(missing_ok=True)
    os.kill(pid, RESTART)
    if not wait_until(lambda: report.exists() or not is_running(pid), _SECONDS):
        raise StartError(f"Process {pid} does not tell whether it restarted; its log may.")
    said = report.read_text() if report.exists() else "`tablewright serve` has ended."
    if said != _DONE:
        raise StartError(f"Not restarted: {said}")


def _running(data_dir: Path) -> int:
    """The process id of the `serve` that holds the folder's lock."""
    try:
        with (data_dir / "lock").open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        pass
    except BlockingIOError:
        return int((data_dir / "lock").read_text())
    raise StartError(f"No `tablewright serve` runs on {data_dir}. Name its data folder with --data-dir.")
