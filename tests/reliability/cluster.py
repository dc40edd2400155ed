"""The product as several web and worker processes on one PostgreSQL and one Valkey, with a plugin of the test."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.runtime.embedded import temporary_folder, temporary_servers
from core.runtime.processes import wait_until
from tests.installed import PROGRAM, install
from tests.reliability.conftest import environment

_ADDRESS = re.compile(r"http://[\w.]+:\d+")


@dataclass(frozen=True)
class Cluster:
    """Where the web processes are, and the Redis that all processes share."""

    urls: tuple[str, ...]
    redis_url: str
    workers: int
    logs: tuple[Path, ...]

    @property
    def output(self) -> str:
        """What all processes wrote."""
        return "\n".join(log.read_text() for log in self.logs)


@contextmanager
def cluster(plugin: Path, webs: int = 2, workers: int = 2) -> Iterator[Cluster]:
    """Run so many processes; `plugin` is the module of a plugin that is installed beside the others."""
    with temporary_servers() as servers, temporary_folder() as folder, ExitStack() as stack:
        shutil.copy(plugin, folder)
        install(folder, plugin.stem, plugin.stem)
        env = environment(
            DATABASE_URL=servers.database_url,
            REDIS_URL=servers.redis_url,
            TABLEWRIGHT_DATA_DIR=str(folder / "data"),
            TABLEWRIGHT_ACCESS_TOKEN_MINUTES="60",
        )
        known = [str(folder), env["PYTHONPATH"], os.environ.get("PYTHONPATH", "")]
        env["PYTHONPATH"] = os.pathsep.join(filter(None, known))
        subprocess.run([PROGRAM, "migrate"], env=env, check=True, capture_output=True, timeout=120)
        kinds = [("web", webs), ("worker", workers)]
        logs = [folder / f"{kind}{number}.log" for kind, wanted in kinds for number in range(wanted)]
        for log in logs:
            command = [PROGRAM, "web", "--port", "0"] if log.name.startswith("web") else [PROGRAM, "worker"]
            stack.enter_context(_running(command, env, log))
        yield Cluster(tuple(map(_address, logs[:webs])), servers.redis_url, workers, tuple(logs))


@contextmanager
def _running(command: list[str], env: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def _address(log: Path) -> str:
    assert wait_until(lambda: bool(_ADDRESS.search(log.read_text())), 60), log.read_text()
    found = _ADDRESS.search(log.read_text())
    assert found
    return found[0]
