"""PostgreSQL's lock files: whether a server is ready, and clearing what a server left behind that was killed.

The data folder is locked by us while this runs (`folders.locked`), so whatever holds the cluster is left over.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from core.runtime.errors import StartError
from core.runtime.processes import command_line, end_stranger, is_running

log = logging.getLogger(__name__)

_FILE = "postmaster.pid"
# Lines of postmaster.pid, as PostgreSQL's pidfile.h has them.
_PID, _STATUS = 0, 7


def is_ready(cluster: Path, pid: int) -> bool:
    """Whether the server with this process id has written that it is ready."""
    lines = _lines(cluster / _FILE)
    return len(lines) > _STATUS and lines[_PID] == str(pid) and lines[_STATUS].strip() == "ready"


def clear(cluster: Path) -> None:
    """Stop a server an earlier run left on this cluster, and remove a lock whose holder has ended.

    PostgreSQL takes a lock for stale only when no process has its id. After a crash the id may belong to a process
    not yet reaped, or (in a container started anew) to one of ours.
    """
    from core.runtime.postgres import STOPS

    path = cluster / _FILE
    pid = _holder(path)
    if pid is None:
        return
    if is_running(pid) and _serves(pid, cluster):
        log.warning("stopping a PostgreSQL that an earlier run left behind, process %d", pid)
        if not end_stranger(pid, STOPS):
            raise StartError(f"A PostgreSQL that an earlier run left behind, process {pid}, does not end. Stop it.")
    path.unlink(missing_ok=True)


def clear_socket(path: Path) -> None:
    """Remove the lock of a socket in our private folder: `clear` has stopped whoever held it."""
    path.unlink(missing_ok=True)


def _serves(pid: int, cluster: Path) -> bool:
    """Whether the process is a PostgreSQL on this cluster, not one that got the same id later."""
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd")) == cluster.resolve()
    except OSError:
        return str(cluster.resolve()) in command_line(pid)


def _holder(path: Path) -> int | None:
    lines = _lines(path)
    try:
        return abs(int(lines[_PID])) if lines else None
    except ValueError:
        return None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []
