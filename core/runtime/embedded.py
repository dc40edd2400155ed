"""The embedded servers for tests and tools: PostgreSQL and Valkey in a folder, for as long as a block runs."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.runtime import folders, processes
from core.runtime.errors import StartError
from core.runtime.postgres import Postgres
from core.runtime.processes import Program
from core.runtime.valkey import Valkey

_READY_SECONDS = 60.0
_ATTEMPTS = 5


@dataclass(frozen=True)
class Servers:
    """Where the embedded servers are reached."""

    database_url: str
    redis_url: str


class Server(Protocol):
    """An embedded server."""

    name: str

    def prepare(self) -> Program:
        """Make what is missing, stop what an earlier run left, and answer the program to run."""

    def is_ready(self, pid: int) -> bool:
        """Whether the server with this process id takes connections."""

    @property
    def url(self) -> str:
        """The address for clients; known after `prepare`."""


@contextmanager
def servers(data_dir: Path, postgres_bin: str = "", durable: bool = True) -> Iterator[Servers]:
    """Run PostgreSQL and Valkey in `data_dir`. Enter it in a thread that lives as long as they must."""
    with ExitStack() as stack:
        folder = stack.enter_context(folders.locked(data_dir))
        postgres, valkey = Postgres(folder, postgres_bin, durable), Valkey(folder)
        for server in (postgres, valkey):
            stack.enter_context(running(server, folder / f"{server.name}.log"))
        yield Servers(postgres.url, valkey.url)


@contextmanager
def temporary_servers(postgres_bin: str = "") -> Iterator[Servers]:
    """Run PostgreSQL and Valkey on data that is thrown away at the end: quicker, and it leaves nothing behind."""
    with temporary_folder() as folder, servers(folder, postgres_bin, durable=False) as found:
        yield found


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A new folder under the temporary one, which PostgreSQL's account gets through when we are root."""
    with tempfile.TemporaryDirectory(prefix="tablewright-", ignore_cleanup_errors=True) as name:
        if os.geteuid() == 0:
            os.chmod(name, 0o711)
        yield Path(name)


@contextmanager
def running(server: Server, log_file: Path) -> Iterator[int]:
    """Run one server, its output in `log_file`; the value is its process id."""
    program, process = _start(server, log_file)
    try:
        yield process.pid
    finally:
        processes.stop(process, program.stops)


def _start(server: Server, log_file: Path) -> tuple[Program, subprocess.Popen[bytes]]:
    """Start the server, several times if need be: after a crash its last processes may still be ending."""
    for attempt in range(_ATTEMPTS):
        time.sleep(0.5 * attempt)
        program = server.prepare()
        with log_file.open("ab") as output:
            process = processes.launch(program, output)
        if _becomes_ready(server, process):
            return program, process
        processes.stop(process, program.stops)
    last = "\n".join(log_file.read_text(errors="replace").splitlines()[-10:])
    raise StartError(f"{server.name} does not start. The end of {log_file}:\n{last}")


def _becomes_ready(server: Server, process: subprocess.Popen[bytes]) -> bool:
    processes.wait_until(lambda: process.poll() is not None or server.is_ready(process.pid), _READY_SECONDS)
    return process.poll() is None and server.is_ready(process.pid)
