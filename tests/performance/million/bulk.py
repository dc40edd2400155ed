"""Moving many rows at once: importing and exporting a million."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from tests.performance.export_ratio import bare_copy, peak_memory
from tests.performance.million.data import FIELDS, Table, fill, new_table
from tests.performance.million.instance import Instance, memory
from tests.performance.million.report import Report

_CHUNK = 1 << 20


def imported(product: Instance, report: Report, rows: int) -> Table:
    """Import the rows through the API; then COPY the same into an empty table of the same kind."""
    table, bare = new_table(product, "Large", FIELDS), new_table(product, "Floor", FIELDS)
    idle = memory(product.worker_pid)
    took = fill(product, table, rows)
    grown = peak_memory(product.worker_pid)
    seconds = _copy_into(product, table, bare)
    report.add(f"import of {rows} rows of CSV", f"{took:.1f} s", f"{seconds:.1f} s (COPY)", took / seconds, 3)
    print(f"  memory of the worker: {idle:.0f} MB before, {grown:.0f} MB at most", flush=True)
    product.client.call("DELETE", f"/api/database/tables/{bare.id}/")
    product.driver.execute(f"DELETE FROM {bare.stored}")
    product.driver.execute(f"VACUUM ANALYZE {table.stored}")
    return table


def _copy_into(product: Instance, source: Table, target: Table) -> float:
    """COPY what was imported, as CSV with the values as they are stored, into another table; the seconds."""
    there = ['"order"', *(column for column, _ in source.fields)]
    here = ['"order"', *(column for column, _ in target.fields)]
    options = _options(product, source, target)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "rows")
        chosen = ", ".join(options.get(column, column) for column in there)
        bare_copy(product.driver, f"(SELECT {chosen} FROM {source.stored} ORDER BY id)", file, "FORMAT csv")
        begun = time.perf_counter()
        with (
            product.driver.transaction(),
            product.driver.cursor().copy(f"COPY {target.stored} ({', '.join(here)}) FROM STDIN (FORMAT csv)") as copy,
            file.open("rb") as lines,
        ):
            while block := lines.read(_CHUNK):
                copy.write(block)
        return time.perf_counter() - begun


def _options(product: Instance, source: Table, target: Table) -> dict[str, str]:
    """The select options of one table as those of the other that were made in the same order."""
    chosen = {}
    for (column, kind), (other, _) in zip(source.fields, target.fields, strict=True):
        if kind == "single_select":
            mine, theirs = (_first_option(product, name) for name in (column, other))
            chosen[column] = f"{column} + ({theirs - mine})"
    return chosen


def _first_option(product: Instance, column: str) -> int:
    return int(product.scalar("SELECT min(id) FROM database.select_option WHERE field_id = %s", [int(column[6:])]))


def exported(product: Instance, table: Table, report: Report) -> None:
    """Export the table as CSV, from the request to the answer that it is there; then COPY it into a file."""
    idle = memory(product.worker_pid)
    begun = time.perf_counter()
    body: dict[str, Any] = {"exporter_type": "csv"}
    job = product.client.json("POST", f"/api/database/export/table/{table.id}/", body)
    while job["state"] not in ("finished", "failed", "cancelled"):
        time.sleep(0.05)
        job = product.client.json("GET", f"/api/database/export/{job['id']}/")
    took = time.perf_counter() - begun
    if job["state"] != "finished":
        raise SystemExit(f"the export is {job['state']}")
    grown = memory(product.worker_pid)
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        bare_copy(product.driver, table.stored, Path(folder, "rows"))
        seconds = time.perf_counter() - begun
    report.add(f"export of {table.rows} rows", f"{took:.1f} s", f"{seconds:.1f} s (COPY TO)", took / seconds, 3)
    print(f"  memory of the worker: {idle:.0f} MB before, {grown:.0f} MB after", flush=True)
