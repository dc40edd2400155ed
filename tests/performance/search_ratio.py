"""How long searches of a large table take with the index and without, and what the index costs writers.

    DATABASE_URL=postgresql://... REDIS_URL=redis://... python -m tests.performance.search_ratio [--rows 1000000]

Starts a web process and, to build the index, a worker on a database of their own and drops that at the end.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from typing import Any

import psycopg

from tests.performance.formulas_ratio import filled, timed
from tests.performance.recalculation import worker
from tests.performance.rows_ratio import Client, database, sign_up, web

TEXTS = ("row number 77777", "99999", "no such text")


def search(client: Client, table: int, text: str) -> float:
    """How long a search takes, in milliseconds."""
    path = f"/api/database/rows/table/{table}/?search={text.replace(' ', '%20')}&size=20"
    return statistics.median(timed(lambda: client.call("GET", path)) for _ in range(5))


def write(client: Client, table: int, field: int) -> float:
    """How long a batch of 200 takes, in milliseconds."""
    rows = [{"id": n, f"field_{field}": f"row number {n}"} for n in range(1, 201)]
    path = f"/api/database/rows/table/{table}/batch/"
    return statistics.median(timed(lambda: client.json("PATCH", path, {"items": rows})) for _ in range(10))


def wait_for_index(driver: psycopg.Connection[Any]) -> None:
    """Until the worker has built it."""
    begun = time.perf_counter()
    ready = "SELECT count(*) FROM database.search_index WHERE state = 'ready'"
    while driver.execute(ready).fetchone() != (1,):
        time.sleep(0.5)
        if time.perf_counter() - begun > 900:
            raise SystemExit("no index after 15 minutes")
    print(f"index built {time.perf_counter() - begun:.0f} s after the worker was started")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    with (
        database(os.environ["DATABASE_URL"]) as url,
        web(url) as address,
        psycopg.connect(url, autocommit=True) as driver,
    ):
        client = Client(address)
        table, _ = filled(client, driver, sign_up(client), options.rows)
        driver.execute("INSERT INTO database.row_count (table_id, change) VALUES (%s, %s)", [table, options.rows - 1])
        name = next(f["id"] for f in client.json("GET", f"/api/database/fields/table/{table}/") if f["name"] == "Name")
        before = {text: search(client, table, text) for text in TEXTS}
        written = write(client, table, name)
        with worker(url):
            wait_for_index(driver)
        for text in TEXTS:
            now = search(client, table, text)
            print(f"{text!r}: {before[text]:.0f} ms without, {now:.1f} ms with the index: {before[text] / now:.0f} x")
        print(f"200 rows changed: {written:.0f} ms without, {write(client, table, name):.0f} ms with the index")


if __name__ == "__main__":
    main()
