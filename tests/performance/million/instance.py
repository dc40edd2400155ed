"""The product under measurement: a web process and a worker on a database of their own, and what they use."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.performance.export_ratio import servers, started
from tests.performance.rows_ratio import Client, _address, sign_up

_TICKS = os.sysconf("SC_CLK_TCK")
_SETTINGS = {
    "TABLEWRIGHT_ACCESS_TOKEN_MINUTES": "600",  # one token for the whole run
    "TABLEWRIGHT_MAX_BATCH_ROWS": "5000",
}


@dataclass
class Instance:
    """A running product. `driver` is a connection of the bare driver to its database, for the floors."""

    url: str
    address: str
    web_pid: int
    worker_pid: int
    driver: psycopg.Connection[Any]
    client: Client
    database_id: int = 0
    peaks: dict[str, float] = field(default_factory=dict)

    def another_client(self) -> Client:
        """One more connection of the same user."""
        made = Client(self.address)
        made.headers["Authorization"] = self.client.headers["Authorization"]
        return made

    def scalar(self, query: str, parameters: Any = None) -> Any:
        """The single value a statement answers."""
        row = self.driver.execute(query, parameters).fetchone()
        assert row is not None
        return row[0]

    def wait_for(self, job: dict[str, Any], seconds: float = 3600) -> dict[str, Any]:
        """Wait until a job has ended well; answers it."""
        until = time.perf_counter() + seconds
        while job["state"] not in ("finished", "failed", "cancelled"):
            if time.perf_counter() > until:
                raise SystemExit(f"job {job['id']} does not end: {job}")
            time.sleep(0.05)
            job = self.client.json("GET", f"/api/jobs/{job['id']}/")
        if job["state"] != "finished":
            raise SystemExit(f"job {job['id']} is {job['state']}: {job}")
        return job


@contextmanager
def instance() -> Iterator[Instance]:
    """Start the product on the servers of DATABASE_URL and REDIS_URL, else on embedded ones."""
    program = str(Path(sys.executable).with_name("tablewright"))
    with servers() as url, tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **_SETTINGS, "DATABASE_URL": url, "TABLEWRIGHT_DATA_DIR": folder}
        subprocess.run([program, "migrate"], env=environment, check=True, capture_output=True)
        log = Path(folder, "web.log")
        with (
            started([program, "web", "--port", "0"], environment, log) as web,
            started([program, "worker"], environment, Path(folder, "worker.log")) as worker,
            psycopg.connect(url, autocommit=True) as driver,
        ):
            address = _address(web, log)
            client = Client(address)
            made = Instance(url, address, web.pid, worker.pid, driver, client)
            made.database_id = sign_up(client)
            with watching(made):
                yield made


@contextmanager
def watching(product: Instance) -> Iterator[None]:
    """Note the most memory and connections the processes use while the block runs."""
    over = threading.Event()
    thread = threading.Thread(target=_watch, args=(product, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _watch(product: Instance, over: threading.Event) -> None:
    counted = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND application_name LIKE 'tablewright%'"
    )
    with psycopg.connect(product.url, autocommit=True) as own:
        while not over.wait(0.5):
            row = own.execute(counted).fetchone()
            now = {"web MB": memory(product.web_pid), "worker MB": memory(product.worker_pid)}
            now["connections"] = float(row[0]) if row else 0.0
            for name, value in now.items():
                product.peaks[name] = max(product.peaks.get(name, 0.0), value)


def memory(pid: int) -> float:
    """The memory, in MB, that a process and its children hold now."""
    return sum(_resident(one) for one in (pid, *children(pid)))


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in found.read_text().split()] if found.exists() else []


def postmaster(driver: psycopg.Connection[Any]) -> int:
    """The process id of the PostgreSQL server, which must be on this machine."""
    row = driver.execute("SELECT pg_backend_pid()").fetchone()
    assert row is not None
    status = Path(f"/proc/{row[0]}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("PPid"))


def cpu_seconds(pid: int) -> float:
    """The processor time a process and its children have used, those that have ended included."""
    return sum(_cpu(one) for one in (pid, *children(pid)))


def _cpu(pid: int) -> float:
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    values = stat.read_text().rpartition(")")[2].split()
    return sum(map(int, values[11:15])) / _TICKS
