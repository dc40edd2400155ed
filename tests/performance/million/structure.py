"""Changing the fields of a large table while people read it, and an instance with thousands of tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from tests.performance.million.data import Table
from tests.performance.million.instance import Instance
from tests.performance.million.report import Report, in_turns
from tests.performance.recalculation import Reader

TABLES = 5_000
_FEW = 10


@contextmanager
def reading(product: Instance, table: Table, waits: dict[str, float]) -> Iterator[None]:
    """Read a page over HTTP and rows in the database while the block runs."""
    other = product.another_client()
    page = f"/api/database/rows/table/{table.id}/?size=20"
    with psycopg.connect(product.url, autocommit=True) as driver:
        bare = f'SELECT id FROM {table.stored} WHERE trashed_on IS NULL ORDER BY "order", id LIMIT 20'
        readers = {
            "over HTTP": Reader(lambda: other.call("GET", page)),
            "in the database": Reader(lambda: driver.execute(bare, prepare=False).fetchall()),
        }
        try:
            yield
        finally:
            waits.update({name: reader.stop()[-1] * 1000 for name, reader in readers.items()})


def idle(product: Instance) -> Callable[[int], None]:
    """A function that waits until no job works on a table."""

    def wait(table_id: int) -> None:
        time.sleep(0.2)
        for job in product.client.json("GET", "/api/jobs/?states=%21finished%2C%21failed%2C%21cancelled")["jobs"]:
            if job.get("table_id") == table_id:
                product.wait_for(job)

    return wait


def fields(product: Instance, table: Table, report: Report) -> None:
    """Add a field and a formula, change types, delete: the longest a reader waits."""
    path, wait = f"/api/database/fields/table/{table.id}/", idle(product)
    made: dict[str, int] = {}

    def add(name: str, **body: Any) -> None:
        made[name] = product.client.json("POST", path, {"name": name, **body})["id"]

    def change(name: str, **body: Any) -> None:
        product.client.json("PATCH", f"/api/database/fields/{made[name]}/", body)

    def delete(name: str) -> None:
        product.client.call("DELETE", f"/api/database/fields/{made[name]}/")

    formula = "concat(field('text 1'), ' ', field('number 10'))"
    steps: list[tuple[str, Callable[[], None]]] = [
        ("add a field", lambda: add("Added", type="text")),
        ("add a formula", lambda: add("Formula", type="formula", formula=formula)),
        ("change a field from number to text", lambda: _retype(product, table, "text")),
        ("change a field from text to number", lambda: _retype(product, table, "number")),
        ("change a formula", lambda: change("Formula", formula="field('number 10') * 2")),
        ("delete a formula", lambda: delete("Formula")),
        ("delete a field", lambda: delete("Added")),
    ]
    quiet: dict[str, float] = {}
    with reading(product, table, quiet):
        time.sleep(3)
    for name, step in steps:
        waits: dict[str, float] = {}
        begun = time.perf_counter()
        with reading(product, table, waits):
            step()
            answered = time.perf_counter() - begun
            wait(table.id)
        took = time.perf_counter() - begun
        case = f"{name}: longest wait of a reader"
        shown = f"{waits['over HTTP']:.0f} ms over HTTP, {waits['in the database']:.0f} ms in the database"
        floor = f"{quiet['over HTTP']:.0f} and {quiet['in the database']:.0f} ms while nothing happens"
        report.add(case, shown, floor, max(waits.values()), 100, "ms")
        print(f"  answered after {answered:.1f} s, done after {took:.1f} s", flush=True)


def _retype(product: Instance, table: Table, kind: str) -> None:
    column = table.first("number", 1)
    product.client.json("PATCH", f"/api/database/fields/{column[6:]}/", {"type": kind})


def many_tables(product: Instance, report: Report, rounds: int) -> None:
    """List the applications and open a table, with ten tables and with thousands."""
    made = [_table(product, n) for n in range(_FEW)]
    few = _open(product, made[0], rounds)
    for n in range(_FEW, TABLES):
        _table(product, n)
    many = _open(product, made[0], rounds)
    for case, before, after in zip(("list the applications", "open a table"), few, many, strict=True):
        name = f"{TABLES} tables: {case}"
        report.add(name, f"{after:.2f} ms", f"{before:.2f} ms ({_FEW} tables)", after / before, 1.5)


def _table(product: Instance, n: int) -> int:
    """A table in a workspace of its own for each hundred."""
    if n % 100 == 0:
        workspace = product.client.json("POST", "/api/workspaces/", {"name": f"Workspace {n}"})["id"]
        body = {"name": f"Database {n}", "type": "database"}
        made = product.client.json("POST", f"/api/applications/workspace/{workspace}/", body)
        product.database_id = made["id"]
    body = {"name": f"Table {n}", "data": [["Name", "Notes"], ["a", "b"]], "first_row_header": True}
    path = f"/api/database/tables/database/{product.database_id}/"
    return int(product.client.json("POST", path, body)["id"])


def _open(product: Instance, table: int, rounds: int) -> tuple[float, float]:
    """What a browser asks for: the applications of the first workspace; the fields, views and rows of a table."""
    workspace = product.client.json("GET", "/api/workspaces/")[0]["id"]

    def listed() -> None:
        product.client.call("GET", f"/api/applications/workspace/{workspace}/")

    def opened() -> None:
        for path in ("fields/table/{}/", "views/table/{}/?include=filters,sortings", "rows/table/{}/"):
            product.client.call("GET", f"/api/database/{path.format(table)}")

    return in_turns(rounds, listed, opened)
