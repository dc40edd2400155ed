"""The product's own processes as the supervisor runs them: web and worker, started with the same program."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from core.runtime.processes import RETIRE, Program
from core.settings import Settings

HEALTH_PATH = "/api/_health/"
_STOPS = ((signal.SIGTERM, 20.0),)
# Of the web process: what it takes for its longest requests; of the worker: it gives long jobs back.
_WEB_RETIREMENT = (RETIRE, 90.0)
_WORKER_RETIREMENT = (signal.SIGTERM, 20.0)


def own_program() -> list[str]:
    """The command that started this process, without its arguments."""
    return [sys.executable, os.path.abspath(sys.argv[0])]


def environment(settings: Settings) -> dict[str, str]:
    """Our environment with the settings that were given on the command line or found out since."""
    return {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "TABLEWRIGHT_DATA_DIR": str(settings.data_dir),
        "TABLEWRIGHT_HOST": settings.host,
        "TABLEWRIGHT_PORT": str(settings.port),
        "PYTHONUNBUFFERED": "1",
    }


class Web:
    """The web process, on a socket the supervisor holds: while it is started again, clients wait."""

    name = "web"

    def __init__(self, settings: Settings, sock: socket.socket) -> None:
        self._settings, self._socket = settings, sock

    def prepare(self) -> Program:
        """The program to run."""
        fd = self._socket.fileno()
        program = _program(self._settings, ["web", "--supervised", "--socket-fd", str(fd)], [fd])
        return replace(program, retirement=_WEB_RETIREMENT)

    def is_ready(self, pid: int) -> bool:
        """Whether it answers to a request for its health."""
        family, address = self._socket.family, self._socket.getsockname()
        anywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}
        with socket.socket(family) as client:
            client.settimeout(1)
            try:
                client.connect((anywhere.get(address[0], address[0]), *address[1:]))
                client.sendall(f"GET {HEALTH_PATH} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
                return client.recv(64).split(b" ")[1:2] == [b"200"]
            except OSError:
                return False


class Worker:
    """The worker process."""

    name = "worker"

    def __init__(self, settings: Settings, only: bool) -> None:
        self._settings, self._only = settings, only

    def prepare(self) -> Program:
        """The program to run."""
        program = _program(self._settings, ["worker", "--supervised", *(["--only"] if self._only else [])], [])
        return replace(program, retirement=_WORKER_RETIREMENT)

    def is_ready(self, pid: int) -> bool:
        """It takes its work from the queue when it can: nobody waits for it."""
        return True


def _program(settings: Settings, arguments: Sequence[str], fds: Sequence[int]) -> Program:
    return Program(
        argv=[*own_program(), *arguments],
        env=environment(settings),
        cwd=Path.cwd(),
        stops=_STOPS,
        lifeline=True,
        pass_fds=fds,
        tells_ready=True,
    )
