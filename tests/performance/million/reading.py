"""Reading a large table: first and deep pages, counts, filters with orders, searches; tables with many fields."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import quote

from tests.performance.million.data import RARE, Table, new_table, page_sql
from tests.performance.million.instance import Instance
from tests.performance.million.report import Report, in_turns, milliseconds
from tests.performance.rows_ratio import SAMPLES

PAGE = 100
WIDE = 300


def pages(product: Instance, table: Table, report: Report, rounds: int) -> None:
    """The first page, and one far down."""
    path = f"/api/database/rows/table/{table.id}/?size={PAGE}"
    compare(product, "list of 100 rows, first page", report, rounds, path, page_sql(product, table))
    deep = table.rows * 9 // 10 // PAGE + 1
    first, far = in_turns(
        rounds,
        lambda: product.client.call("GET", path),
        lambda: product.client.call("GET", f"{path}&page={deep}"),
    )
    case = f"list of 100 rows at row {deep * PAGE - PAGE}"
    report.add(case, f"{far:.2f} ms", f"{first:.2f} ms (its first page)", far / first, 1.5)


def counts(product: Instance, table: Table, report: Report, rounds: int) -> None:
    """The rows PostgreSQL reads to answer pages that have the number of all rows in them."""
    path = f"/api/database/rows/table/{table.id}/?size={PAGE}"
    before = _read(product, table)
    for _ in range(rounds):
        answer = product.client.json("GET", path)
        if answer["count"] != table.rows:
            raise SystemExit(f"the count is {answer['count']}, not {table.rows}")
    read, shown = _read(product, table) - before, PAGE * rounds
    case = "unfiltered count with every page: rows read beside those of the page"
    report.add(case, f"{read} rows read", f"{shown} rows of {rounds} pages", max(0, read - shown), 0, "rows")


def _read(product: Instance, table: Table) -> int:
    """The rows read from the table so far. Backends that are idle tell the last of it after ten seconds."""
    query = "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relid = %s::regclass"
    time.sleep(12)
    return int(product.scalar(query, [table.stored]))


def filtered(product: Instance, table: Table, report: Report, rounds: int) -> None:
    """A view with a filter and an order, with a filter that many rows pass and one that few do."""
    grid = _grid(product, table)
    number, day = table.first("number"), table.first("date")
    _add(product, grid, "sortings", field=int(day[6:]))
    _wait_for_index(product, table, day)
    order = f"r.{day} ASC NULLS FIRST, "
    plain = f"/api/database/views/grid/{grid}/?limit={PAGE}&exclude_count=true"
    for words, kind, value, operator in (
        ("half of all", "higher_than", "50000", ">"),
        ("1 % of all", "lower_than", "1000", "<"),
    ):
        made = _add(product, grid, "filters", field=int(number[6:]), type=kind, value=value)
        _wait_for(product, (number.replace("field_", "filtered_"),))
        floor = page_sql(product, table, f"r.{number} {operator} {value}", order)
        compare(product, f"page filtered ({words}) and sorted", report, rounds, plain, floor)
        product.client.call("DELETE", f"/api/database/views/filter/{made}/")


def searched(product: Instance, table: Table, report: Report, rounds: int) -> None:
    """Searches for a rare word, whole and a part of it, against the same look-up in the index the product keeps."""
    _wait_for_search(product, table)
    schema = table.stored.partition(".")[0]
    for case, text, mode in (
        ("full-text search for a rare word", RARE, "full-text-with-compat"),
        ("substring search for a rare word", RARE[1:7], "compat"),
    ):
        path = f"/api/database/rows/table/{table.id}/?size={PAGE}&search={quote(text)}&search_mode={mode}"
        found = f"SELECT row_id FROM {schema}.search_{table.id} WHERE \"text\" LIKE '%{text}%'"
        kept = f"r.trashed_on IS NULL AND r.id IN ({found})"
        page = page_sql(product, table, f"r.id IN ({found})")
        floor = f"SELECT ({page}), (SELECT count(*) FROM {table.stored} r WHERE {kept})"
        compare(product, case, report, rounds, path, floor)


def _wait_for_search(product: Instance, table: Table, seconds: float = 1800) -> None:
    ready = "SELECT count(*) FROM database.search_index WHERE state = 'ready' AND table_id = %s"
    begun = time.perf_counter()
    while not product.scalar(ready, [table.id]):
        if time.perf_counter() - begun > seconds:
            raise SystemExit(f"no search index after {seconds:.0f} s")
        time.sleep(0.5)
    print(f"the search index was there after {time.perf_counter() - begun:.0f} s", flush=True)


def wide(product: Instance, report: Report, rounds: int) -> None:
    """100 rows of a table with 300 fields; the number of statements must be that of a small table."""
    kinds = [("text", {}), ("number", {}), ("date", {}), ("boolean", {})]
    table = new_table(product, "Wide", [kinds[n % 4] for n in range(WIDE - 1)])
    items = [{column: SAMPLES[kind](n) for column, kind in table.fields} for n in range(PAGE)]
    product.client.json("POST", f"/api/database/rows/table/{table.id}/batch/", {"items": items})
    product.driver.execute(f"ANALYZE {table.stored}")
    path = f"/api/database/rows/table/{table.id}/?size={PAGE}"
    compare(product, f"100 rows of a table with {WIDE} fields", report, rounds, path, page_sql(product, table))


def compare(product: Instance, case: str, report: Report, rounds: int, path: str, floor: str) -> None:
    """A page over HTTP against its floor, after a look at whether both answer the same."""
    ours = product.client.json("GET", path)["results"]
    bare = json.loads(product.scalar(floor) or "[]")
    if ours != bare:
        raise SystemExit(f"{case}: the floor answers other rows: {ours[:1]} and {bare[:1]}")
    slow = milliseconds(lambda: product.driver.execute(floor).fetchone()) > 500
    report.compare(
        case,
        3,
        5 if slow else rounds,
        lambda: product.client.call("GET", path),
        lambda: product.driver.execute(floor).fetchone(),
    )


def _grid(product: Instance, table: Table) -> int:
    return int(product.client.json("GET", f"/api/database/views/table/{table.id}/")[0]["id"])


def _add(product: Instance, grid: int, path: str, **body: Any) -> int:
    return int(product.client.json("POST", f"/api/database/views/{grid}/{path}/", body)["id"])


def _wait_for_index(product: Instance, table: Table, column: str, seconds: float = 600) -> None:
    """Until the worker has made the index of a sorting and told the web process of it."""
    version = 'SELECT version FROM database."table" WHERE id = %s'
    before = product.scalar(version, [table.id])
    _wait_for(product, (column.replace("field_", "sorted_"),), seconds)
    while product.scalar(version, [table.id]) == before:
        time.sleep(0.5)


def _wait_for(product: Instance, names: tuple[str, ...], seconds: float = 600) -> None:
    """Until one of these indexes is there."""
    ready = (
        "SELECT count(*) FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid WHERE relname = ANY(%s) AND indisvalid"
    )
    begun = time.perf_counter()
    while not product.scalar(ready, [list(names)]):
        if time.perf_counter() - begun > seconds:
            raise SystemExit(f"no index {' or '.join(names)} after {seconds:.0f} s")
        time.sleep(0.5)
    print(f"  the index {names[0]} was there after {time.perf_counter() - begun:.0f} s", flush=True)
