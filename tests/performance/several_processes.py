"""How much more several web processes answer than one, behind nginx, on one PostgreSQL, one Redis and one object store.

    python -m tests.performance.several_processes [--web 3] [--connections 32] [--seconds 10]

Starts one web process and a worker behind nginx, lets so many clients list a page of 100 rows for so long, then the
same with `--web` processes and as many workers: requests a second, median and 99th percentile. On a machine whose
processors are all at work with one process there is nothing to be gained; it prints how many there are.
"""

from __future__ import annotations

import argparse
import os
import statistics
import threading
import time

from core.runtime.embedded import temporary_folder
from tests.object_store import object_store
from tests.proxied import nginx
from tests.reliability.load import Client, new_table, rows_path, sign_in
from tests.several import processes, roomy_servers

SETTINGS = {
    "TABLEWRIGHT_SECRET_KEY": "a secret of at least 32 characters for measuring",
    "TABLEWRIGHT_ACCESS_TOKEN_MINUTES": "60",
}
_ROWS = 1000


def measured(url: str, token: str, table: int, connections: int, seconds: float) -> list[float]:
    """How long each request took."""
    took: list[float] = []
    end = time.monotonic() + seconds

    def read() -> None:
        client = Client(url, token)
        while (begun := time.monotonic()) < end:
            client.call("GET", f"{rows_path(table)}&size=100")
            took.append(time.monotonic() - begun)
        client.http.close()

    threads = [threading.Thread(target=read) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def filled(url: str, token: str) -> int:
    """A table with rows."""
    client = Client(url, token)
    table = new_table(client)
    for first in range(0, _ROWS, 200):
        items = [{"Name": f"row {n}", "Value": "x" * 40} for n in range(first, first + 200)]
        client.call("POST", rows_path(table, "batch/"), {"items": items})
    client.http.close()
    return table


def one(web: int, connections: int, seconds: float) -> None:
    """Measure with so many web processes, and print it."""
    with roomy_servers() as servers, object_store() as store, temporary_folder() as folder:
        urls = {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
        with (
            processes(folder, web, web, **urls, **store, **SETTINGS) as made,
            nginx(folder / "nginx", [process.port for process in made[:web]]) as proxy,
        ):
            token = sign_in(proxy.url)
            table = filled(proxy.url, token)
            measured(proxy.url, token, table, connections, 2.0)
            took = sorted(measured(proxy.url, token, table, connections, seconds))
    median, slow = statistics.median(took) * 1000, took[len(took) * 99 // 100] * 1000
    print(f"| {web} | {len(took) / seconds:.0f} | {median:.0f} | {slow:.0f} |", flush=True)


def main() -> None:
    """Measure with one and with several."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--web", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    print(f"{os.cpu_count()} processors, {given.connections} connections, pages of 100 rows\n")
    print("| web processes | requests a second | median ms | 99th percentile ms |\n|---|---|---|---|")
    for web in (1, given.web):
        one(web, given.connections, given.seconds)


if __name__ == "__main__":
    main()
