"""How long archives of large tables take, and how much memory the worker needs for them: no more for more rows.

    python -m tests.performance.archive_memory [--rows 50000]

Works on the servers of DATABASE_URL and REDIS_URL, else on embedded ones, with a web process and a worker of its own
for each size. A table is exported to an archive, which is uploaded and imported into the same workspace.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import httpx
import psycopg

from tests.performance.export_ratio import FIELDS, fill, new_table, peak_memory, processes, servers
from tests.performance.rows_ratio import Client, sign_up

MOST = 1.5
"""Times the memory that four times as many rows may need."""


def ended(client: Client, job: dict[str, Any]) -> dict[str, Any]:
    """The job when it has ended well."""
    while job["state"] not in ("finished", "failed", "cancelled"):
        time.sleep(0.05)
        job = client.json("GET", f"/api/jobs/{job['id']}/")
    if job["state"] != "finished":
        raise SystemExit(f"{job['type']}: {job['state']} {job['human_readable_error']}")
    return job


def archived(address: str, client: Client, workspace: int) -> tuple[float, float, int]:
    """Export and import all of a workspace: how long both took, and the archive's size."""
    path, begun = f"/api/workspaces/{workspace}", time.perf_counter()
    job = ended(client, client.json("POST", f"{path}/export/async/", {}))
    writing = time.perf_counter() - begun
    content = httpx.get(f"{address}/media{job['url'].partition('/media')[2]}", timeout=600).content
    sent = httpx.post(
        f"{address}{path}/import/upload-file/",
        files={"file": ("a.zip", content)},
        headers={"Authorization": client.headers["Authorization"]},
        timeout=600,
    )
    begun = time.perf_counter()
    ended(client, client.json("POST", f"{path}/import/async/", {"resource_id": sent.json()["id"]}))
    return writing, time.perf_counter() - begun, len(content)


def measure(url: str, rows: int) -> float:
    """Print what so many rows take; the worker's peak memory in MB."""
    with processes(url) as (address, worker), psycopg.connect(url, autocommit=True) as driver:
        client = Client(address)
        base = sign_up(client, f"a{rows}@example.com")
        fill(client, driver, new_table(client, base), rows)
        workspace = client.json("GET", "/api/workspaces/")[-1]["id"]
        writing, reading, size = archived(address, client, workspace)
        peak = peak_memory(worker)
    print(
        f"{rows} rows x {len(FIELDS) + 1} fields: export {writing:.1f} s, import {reading:.1f} s,"
        f" archive {size / 1e6:.1f} MB, peak memory of the worker {peak:.0f} MB",
        flush=True,
    )
    return peak


def main() -> None:
    """The command. Fails when the memory grows with the rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=50_000)
    rows = parser.parse_args().rows
    with servers() as url:
        once, four = (measure(url, rows * times) for times in (1, 4))
    raise SystemExit(0 if four <= MOST * once else 1)


if __name__ == "__main__":
    main()
