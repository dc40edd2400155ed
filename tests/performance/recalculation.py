"""Recalculating a large table: how long it takes, how often it tells how far it is, and how long readers wait.

    DATABASE_URL=postgresql://... REDIS_URL=redis://... python -m tests.performance.recalculation [--rows 1000000]

Starts a web process and a worker on a database of their own and drops that at the end. A formula is added to a table,
then changed. Meanwhile a reader asks for pages over HTTP and one asks PostgreSQL itself for rows; their longest waits
are compared with those of the same readers while nothing happens.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.performance.formulas_ratio import filled
from tests.performance.rows_ratio import Client, database, full_name, sign_up, web


@contextmanager
def worker(url: str) -> Iterator[None]:
    """A worker process."""
    program = str(Path(sys.executable).with_name("tablewright"))
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DATABASE_URL": url, "TABLEWRIGHT_DATA_DIR": folder}
        log = (Path(folder) / "log").open("wb")
        process = subprocess.Popen([program, "worker"], env=environment, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)
            log.close()


class Reader(threading.Thread):
    """Reads again and again and notes how long each time took."""

    def __init__(self, read: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.read, self.took, self.going = read, [0.0], True
        self.start()

    def run(self) -> None:
        """Read until told to stop."""
        while self.going:
            begun = time.perf_counter()
            self.read()
            self.took.append(time.perf_counter() - begun)
            time.sleep(0.005)

    def stop(self) -> list[float]:
        """Stop; how long each time took, in seconds, the longest last."""
        self.going = False
        self.join()
        return sorted(self.took)


def waits(took: list[float]) -> str:
    """The longest ones."""
    return f"longest {took[-1] * 1000:.0f} ms, 99 % within {took[int(len(took) * 0.99)] * 1000:.0f} ms"


@contextmanager
def readers(what: str, address: str, url: str, client: Client, table: int, stored: str) -> Iterator[None]:
    """Reads over HTTP and in the database while the block runs; prints what they waited."""
    other = Client(address)
    other.headers["Authorization"] = client.headers["Authorization"]
    with psycopg.connect(url, autocommit=True) as driver:
        rows = f"SELECT * FROM {stored} LIMIT 20"
        found = [
            ("a page over HTTP", Reader(lambda: other.json("GET", f"/api/database/rows/table/{table}/?size=20"))),
            ("rows in the database", Reader(lambda: driver.execute(rows, prepare=False).fetchall())),
        ]
        try:
            yield
        finally:
            for name, reader in found:
                print(f"  {what}: {name}: {waits(reader.stop())}", flush=True)


def follow(client: Client, table: int, begun: float) -> None:
    """Watch the job of a table until it ends."""
    seen: list[float] = []
    while True:
        jobs = client.json("GET", "/api/jobs/")["jobs"]
        job = next(one for one in jobs if one["type"] == "recalculate_fields" and one["table_id"] == table)
        seen.append(job["progress_percentage"])
        if job["state"] in ("finished", "failed", "cancelled"):
            took, steps = time.perf_counter() - begun, len(set(seen))
            print(f"  job {job['state']} after {took:.1f} s; {steps} different percentages")
            return
        time.sleep(0.25)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    with (
        database(os.environ["DATABASE_URL"]) as url,
        web(url) as address,
        worker(url),
        psycopg.connect(url, autocommit=True) as driver,
    ):
        client = Client(address)
        table, stored = filled(client, driver, sign_up(client), options.rows)
        driver.execute("INSERT INTO database.row_count (table_id, change) VALUES (%s, %s)", [table, options.rows - 1])
        assert full_name(driver, table) == stored
        with readers("while nothing happens", address, url, client, table, stored):
            time.sleep(5)
        fields = f"/api/database/fields/table/{table}/"
        body: dict[str, Any] = {"name": "F", "type": "formula", "formula": "concat(upper(field('Name')), '!')"}
        with readers("while a formula is added", address, url, client, table, stored):
            begun = time.perf_counter()
            field = client.json("POST", fields, body)["id"]
            print(f"adding it was answered after {(time.perf_counter() - begun) * 1000:.0f} ms")
            follow(client, table, begun)
        with readers("while it is changed", address, url, client, table, stored):
            begun = time.perf_counter()
            client.json("PATCH", f"/api/database/fields/{field}/", {"formula": "field('Number') * 2"})
            print(f"changing it was answered after {(time.perf_counter() - begun) * 1000:.0f} ms")
            follow(client, table, begun)
        number = next(one["id"] for one in client.json("GET", fields) if one["name"] == "Number")
        query = f"SELECT count(*) FROM {stored} WHERE field_{field} IS DISTINCT FROM coalesce(field_{number}, 0) * 2"
        print(f"wrong values: {driver.execute(query).fetchone()[0]}")  # type: ignore[index]


if __name__ == "__main__":
    main()
