"""How long syncing from PostgreSQL takes, as a multiple of a bare INSERT ... SELECT, and how much memory it needs.

    python -m tests.performance.data_sync_ratio [--rows 100000] [--rounds 5]

Works on DATABASE_URL, else on a server of its own, in databases that are dropped at the end. A sync is the job a
worker runs, from the question to the source until the commit. Floors, on the same data in one database: INSERT ...
SELECT into a table with the same columns and primary key; for changes an UPDATE of the rows that differ.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import conninfo

from core.runtime.embedded import temporary_servers
from plugin_api.context import Actor, acting_as
from plugin_api.db import begin
from plugins.data_sync import service
from plugins.data_sync.job import SyncJob
from tests.performance.import_ratio import Bench
from tests.performance.rows_ratio import database
from tests.synced import Tunnel

PASSWORD = "bench"
KEYS = ["id", "name", "notes", "price", "size", "ok", "day", "seen"]
SOURCE = """
    CREATE TABLE source (
        id int PRIMARY KEY, name varchar(80), notes text, price numeric(12,2), size int, ok bool, day date,
        seen timestamptz
    );
    INSERT INTO source SELECT n, 'name number ' || n, 'some longer notes about the row ' || n || ' of them all',
        n * 1.25, n % 1000, n % 2 = 0, date '2024-01-01' + n % 365, timestamptz '2024-01-01Z' + n * interval '1 minute'
    FROM generate_series(1, {rows}) n;
    ANALYZE source
"""
CHANGE = "UPDATE source SET name = name || 'x', price = price + 1 WHERE id % 100 = {round}"


class _Run:
    """Stands for a job that runs."""

    def __init__(self, data_sync_id: int) -> None:
        self.id, self.params = 1, {"data_sync_id": data_sync_id}

    def progress(self, percentage: float, state: str = "") -> None:
        """Nobody looks."""

    def result(self, values: Any) -> None:
        """Nobody looks."""


@contextmanager
def tunnel(url: str) -> Iterator[int]:
    """A port that leads to the server, carried by a process of its own; the server's own port where it has one."""
    with psycopg.connect(url) as probe:
        host, port = probe.info.host, probe.info.port
    command = [sys.executable, "-m", "tests.performance.data_sync_ratio", "--tunnel", host, str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def carry(host: str, port: int) -> None:
    """Be that process."""
    print(Tunnel(f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port)).port, flush=True)
    time.sleep(3600)


def settings_of(url: str, port: int) -> dict[str, Any]:
    """How the source is reached."""
    given = conninfo.conninfo_to_dict(url)
    return {
        "postgresql_host": "127.0.0.1",
        "postgresql_port": port,
        "postgresql_username": given.get("user"),
        "postgresql_password": given.get("password") or PASSWORD,
        "postgresql_database": given.get("dbname"),
        "postgresql_schema": "public",
        "postgresql_table": "source",
        "postgresql_sslmode": "prefer",
    }


def new_sync(bench: Bench, settings: dict[str, Any]) -> int:
    """A synced table without rows."""
    body = {"type": "postgresql", "settings": settings, "table_name": "T", "synced_properties": KEYS}
    with acting_as(Actor("user", bench.user_id)), begin():
        made = service.create(bench.database_id, {**body, "auto_add_new_properties": False})
    return int(made["data_sync"]["id"])


def sync(bench: Bench, data_sync_id: int) -> float:
    """Sync; answers the seconds."""
    started = time.perf_counter()
    with acting_as(Actor("user", bench.user_id)), begin():
        SyncJob().run(_Run(data_sync_id))
    return time.perf_counter() - started


def timed(driver: psycopg.Connection[Any], statement: str) -> float:
    """Run a statement and commit; answers the seconds."""
    started = time.perf_counter()
    driver.execute(statement)
    driver.commit()
    return time.perf_counter() - started


def told(what: str, ours: list[float], bare: list[float], bound: str) -> None:
    """Print medians and their ratio."""
    ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
    medians = statistics.median(ours), statistics.median(bare)
    print(f"{what}: sync {medians[0]:.2f} s, bare {medians[1]:.2f} s, ratio {ratio:.2f} ({bound})", flush=True)


def measure(bench: Bench, source: str, settings: dict[str, Any], rows: int, rounds: int) -> None:
    """The first sync, and one with 1 % of the rows changed."""
    names = ", ".join(f"{name}" for name in KEYS[1:])
    mine, theirs = (", ".join(f"{alias}.{name}" for name in KEYS[1:]) for alias in "bs")
    differs = f"ROW({mine}) IS DISTINCT FROM ROW({theirs})"
    update = f"UPDATE bare b SET ({names}) = ROW({theirs}) FROM source s WHERE s.id = b.id AND {differs}"
    first: tuple[list[float], list[float]] = ([], [])
    changed: tuple[list[float], list[float]] = ([], [])
    with psycopg.connect(source) as driver:
        for number in range(rounds):
            made = new_sync(bench, settings)
            driver.execute("DROP TABLE IF EXISTS bare")
            driver.execute("CREATE TABLE bare (LIKE source INCLUDING ALL)")
            driver.commit()
            first[0].append(sync(bench, made))
            first[1].append(timed(driver, "INSERT INTO bare SELECT * FROM source"))
            timed(driver, CHANGE.format(round=number))
            changed[0].append(sync(bench, made))
            changed[1].append(timed(driver, update))
    told(f"first sync of {rows} rows x {len(KEYS)} fields", *first, "at most 5")
    told(f"sync with {rows // 100} of {rows} rows changed", *changed, "no bound")


def peak_memory(bench: Bench, settings: dict[str, Any]) -> float:
    """The most memory, in MB, of a fresh process that does nothing but sync all the rows once."""
    ids = [bench.url, str(bench.folder), bench.user_id, bench.workspace_id, bench.database_id]
    given = json.dumps({"bench": ids, "sync": new_sync(bench, settings)})
    command = [sys.executable, "-m", "tests.performance.data_sync_ratio", "--child", given]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])


def child(given: dict[str, Any]) -> None:
    """Sync in this process and print its peak memory."""
    url, folder, *ids = given["bench"]
    bench = Bench(url, Path(folder), *ids)
    bench.compose()
    sync(bench, given["sync"])
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(int(peak.split()[1]) / 1024)


def run(server: str, rows: int, rounds: int) -> None:
    """Measure on a server."""
    with ExitStack() as stack:
        url, source = stack.enter_context(database(server)), stack.enter_context(database(server))
        bench = Bench(url, Path(stack.enter_context(tempfile.TemporaryDirectory())))
        bench.compose()
        bench.fill()
        settings = settings_of(source, stack.enter_context(tunnel(source)))
        fill(source, rows)
        measure(bench, source, settings, rows, rounds)
        memory = [peak_memory(bench, settings)]
        fill(source, 4 * rows)
        memory.append(peak_memory(bench, settings))
        print(f"peak memory: {memory[0]:.0f} MB for {rows} rows, {memory[1]:.0f} MB for {4 * rows}")


def fill(source: str, rows: int) -> None:
    """Make the source's table with that many rows."""
    with psycopg.connect(source) as driver:
        driver.execute("DROP TABLE IF EXISTS source")
        for statement in SOURCE.format(rows=rows).split(";"):
            driver.execute(statement)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--tunnel", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(json.loads(options.child))
    elif options.tunnel:
        carry(options.tunnel[0], int(options.tunnel[1]))
    elif os.environ.get("DATABASE_URL"):
        run(os.environ["DATABASE_URL"], options.rows, options.rounds)
    else:
        with temporary_servers() as servers:
            run(servers.database_url, options.rows, options.rounds)


if __name__ == "__main__":
    main()
