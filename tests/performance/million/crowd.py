"""Many at once: what a page costs in processor time at 32 connections, and fifty people reading while ten write."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg

from tests.performance.million.data import Table, page_sql
from tests.performance.million.instance import Instance, cpu_seconds, postmaster
from tests.performance.million.report import Report

CONNECTIONS = 32
READERS, WRITERS = 50, 10
_SECONDS = 10.0
_OTHERS = 20
"""Connections that the product, the server itself and this program may have beside."""


def throughput(product: Instance, table: Table, report: Report) -> None:
    """Pages of 100 rows a second and core: through the product, and by the bare driver in threads of this process."""
    path, floor = f"/api/database/rows/table/{table.id}/?size=100", page_sql(product, table)
    server = postmaster(product.driver)
    clients = [product.another_client() for _ in range(CONNECTIONS)]
    # Per core it makes no difference to the floor how many wait, and the server may not take as many.
    free = int(product.scalar("SHOW max_connections")) - _OTHERS
    drivers = [psycopg.connect(product.url, autocommit=True) for _ in range(min(CONNECTIONS, free))]

    def spent_by_product() -> float:
        return cpu_seconds(product.web_pid) + cpu_seconds(server)

    def spent_by_driver() -> float:
        return time.process_time() + cpu_seconds(server)

    ours = _rate([lambda c=c: c.call("GET", path) for c in clients], spent_by_product)  # type: ignore[misc]
    bare = _rate([lambda d=d: d.execute(floor).fetchone() for d in drivers], spent_by_driver)  # type: ignore[misc]
    for driver in drivers:
        driver.close()
    shown = [f"{per_core:.0f} a core, {rate:.0f} a second" for per_core, rate in (ours, bare)]
    share = ours[0] / bare[0] * 100
    case = f"pages of 100 rows at {CONNECTIONS} connections, share of the bare rate not reached"
    report.add(case, shown[0], shown[1], 100 - share, 40, "%")


def _rate(calls: list[Callable[[], Any]], spent: Callable[[], float]) -> tuple[float, float]:
    """How often the calls are made, by a thread each: per core that was spent, and per second."""
    over, counts = threading.Event(), [0] * len(calls)

    def work(n: int) -> None:
        while not over.is_set():
            calls[n]()
            counts[n] += 1

    threads = [threading.Thread(target=work, args=(n,), daemon=True) for n in range(len(calls))]
    begun, before = time.perf_counter(), spent()
    for thread in threads:
        thread.start()
    time.sleep(_SECONDS)
    cores, took = spent() - before, time.perf_counter() - begun
    made = sum(counts)
    over.set()
    for thread in threads:
        thread.join()
    return made / cores, made / took


def people(product: Instance, table: Table, report: Report, seconds: float) -> None:
    """Fifty people who look at pages and ten who change cells, each with a second's thought in between."""
    took: dict[str, list[float]] = {"read": [], "write": []}
    errors: list[str] = []
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_person, args=(product, table, kind, n, until, took, errors), daemon=True)
        for kind, size in (("read", READERS), ("write", WRITERS))
        for n in range(size)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        print(f"  {len(errors)} errors, the first: {errors[0]}", flush=True)
    report.add(f"{READERS} readers and {WRITERS} writers for {seconds:.0f} s: errors", "", "", len(errors), 0, "")
    for kind, times in took.items():
        found = sorted(times)
        median, late = found[len(found) // 2], found[int(len(found) * 0.99)]
        case = f"the same: 99 % of {len(found)} {kind}s against their median"
        report.add(case, f"{late:.1f} ms", f"{median:.1f} ms (median)", late / median, 5)


def _person(
    product: Instance, table: Table, kind: str, n: int, until: float, took: dict[str, list[float]], errors: list[str]
) -> None:
    client, chance = product.another_client(), random.Random(n)
    text = table.first("text")
    try:
        while time.monotonic() < until:
            time.sleep(chance.uniform(0.5, 1.5))
            row, page = chance.randint(1, table.rows), chance.randint(1, table.rows // 100)
            begun = time.perf_counter()
            if kind == "read":
                client.call("GET", f"/api/database/rows/table/{table.id}/?size=100&page={page}")
            else:
                client.json("PATCH", f"/api/database/rows/table/{table.id}/{row}/", {text: f"written {begun}"})
            took[kind].append((time.perf_counter() - begun) * 1000)
    except (OSError, SystemExit) as error:
        errors.append(f"{kind}: {error}")
