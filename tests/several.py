"""Web and worker processes of the product as several machines would run them, each on its own, for tests."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.runtime.embedded import Servers, servers, temporary_folder
from core.runtime.postgres import Postgres
from core.runtime.processes import wait_until
from tests.installed import PROGRAM
from tests.reliability.conftest import environment

_READY = {"web": re.compile(r"web ready.*?url=(http://\S+)"), "worker": re.compile(r"worker ready()")}


class Process:
    """A running `tablewright web` or `tablewright worker`."""

    def __init__(self, kind: str, log: Path, port: int = 0, **env: str) -> None:
        self.kind, self.port, self._log, self._env = kind, port, log, env
        self.start()

    def start(self) -> None:
        """Start it (again), at the port it had."""
        arguments = ["--port", str(self.port)] if self.kind == "web" else []
        with self._log.open("ab") as output:
            self._begin = output.tell()
            self.process = subprocess.Popen(
                [PROGRAM, self.kind, *arguments],
                env=environment(TABLEWRIGHT_LOG_FORMAT="text", **self._env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    @property
    def output(self) -> str:
        """What it has written since it was started."""
        return self._log.read_bytes()[self._begin :].decode()

    def wait_ready(self) -> Process:
        """Wait until it does its work."""
        assert wait_until(lambda: bool(self._ready()) or self.process.poll() is not None, 180)
        found = self._ready()
        assert found, self.output
        if self.kind == "web":
            self.port = int(found[1].rpartition(":")[2])
        return self

    def _ready(self) -> re.Match[str] | None:
        return _READY[self.kind].search(self.output)

    @property
    def url(self) -> str:
        """Where a web process serves."""
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """End it as a crash of the machine does."""
        self.process.kill()
        self.process.wait()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tell it to stop; answers its exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)


@contextmanager
def roomy_servers() -> Iterator[Servers]:
    """A PostgreSQL that takes the connections of many processes, and a Valkey."""
    with temporary_folder() as folder:
        Postgres(folder).prepare()
        (folder / "postgres" / "cluster" / "local.conf").write_text("max_connections = 100\n")
        with servers(folder, durable=False) as found:
            yield found


@contextmanager
def processes(folder: Path, web: int, workers: int, **env: str) -> Iterator[list[Process]]:
    """So many web and worker processes with these settings, each with a data folder of its own."""
    made: list[Process] = []
    try:
        for n in range(web + workers):
            kind, own = ("web" if n < web else "worker"), folder / f"data-{n}"
            made.append(Process(kind, folder / f"{kind}-{n}.log", TABLEWRIGHT_DATA_DIR=str(own), **env))
            if n == 0:
                made[0].wait_ready()  # the others need not wait for its migrations
        for process in made:
            process.wait_ready()
        yield made
    finally:
        for process in made:
            if process.process.poll() is None:
                process.process.send_signal(signal.SIGTERM)
        for process in made:
            try:
                process.process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
