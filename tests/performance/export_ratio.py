"""How long an export takes, as a multiple of a bare COPY of the same table, and how much memory its worker needs.

    python -m tests.performance.export_ratio [--rows 100000] [--rounds 7] [--no-memory]

Works on the servers of DATABASE_URL and REDIS_URL, else on embedded ones; starts a web process and a worker on a
database of their own and drops that at the end. An export is measured as a client sees it, from the request that
starts it to the answer that it is finished, asked for every 10 ms. The floor is `COPY table TO STDOUT`, by the same
driver, into a file. Each round measures both, one after the other, so that the ratio holds on a noisy machine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.performance.rows_ratio import Client, _address, database, full_name, sign_up

BOUND = 3
OPTIONS = [{"value": name, "color": "blue"} for name in ("new", "open", "waiting", "done")]
FIELDS: list[tuple[str, dict[str, Any], str]] = [
    *[("text", {}, "'amber basin ' || n")] * 5,
    ("long_text", {}, "'cedar, delta ember \"fjord\" grove harbor island ' || n"),
    *[("number", {}, "n % 10000")] * 2,
    *[("number", {"number_decimal_places": 2, "number_negative": True}, "n * 1.25")] * 2,
    *[("boolean", {}, "n % 3 = 0")] * 2,
    ("date", {}, "date '2020-01-01' + n % 2000"),
    ("date", {"date_include_time": True}, "timestamptz '2020-01-01 12:30Z' + n * interval '1 minute'"),
    ("url", {}, "'https://example.com/' || n"),
    ("email", {}, "'someone.' || n || '@example.com'"),
    ("phone_number", {}, "'+31 10 ' || n"),
    ("single_select", {"select_options": OPTIONS}, "{option} + n % 4"),
    ("rating", {}, "n % 6"),
]
"""With the primary field, a text, these are 20; each with SQL for the value of the row n."""


@contextmanager
def processes(url: str) -> Iterator[tuple[str, int]]:
    """A web process and a worker on the same folder; where the one serves, and the other's process id."""
    program = str(Path(sys.executable).with_name("tablewright"))
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DATABASE_URL": url, "TABLEWRIGHT_DATA_DIR": folder}
        subprocess.run([program, "migrate"], env=environment, check=True, capture_output=True)
        logs = Path(folder, "web.log"), Path(folder, "worker.log")
        with (
            started([program, "web", "--port", "0"], environment, logs[0]) as web,
            started([program, "worker"], environment, logs[1]) as worker,
        ):
            yield _address(web, logs[0]), worker.pid


@contextmanager
def started(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process while it is needed."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def new_table(client: Client, database_id: int) -> int:
    """A table without rows."""
    made = {"name": "Bench", "data": [["text"]]}
    table = int(client.json("POST", f"/api/database/tables/database/{database_id}/", made)["id"])
    for number, (kind, options, _) in enumerate(FIELDS):
        body = {"name": f"{kind} {number}", "type": kind, **options}
        client.json("POST", f"/api/database/fields/table/{table}/", body)
    return table


def fill(client: Client, driver: psycopg.Connection[Any], table: int, rows: int) -> str:
    """Put rows into the table; its full name."""
    shown = client.json("GET", f"/api/database/fields/table/{table}/")
    values = [FIELDS[0][2], *(expression for _, _, expression in FIELDS)]
    options = [field["select_options"][0]["id"] if field.get("select_options") else 0 for field in shown]
    chosen = ", ".join(value.format(option=option) for value, option in zip(values, options, strict=True))
    names = ", ".join(f"field_{field['id']}" for field in shown)
    stored = full_name(driver, table)
    driver.execute(f'INSERT INTO {stored} ("order", {names}) SELECT n, {chosen} FROM generate_series(1, {rows}) n')
    driver.execute("INSERT INTO database.row_count (table_id, change) VALUES (%s, %s)", [table, rows])
    driver.execute(f"VACUUM ANALYZE {stored}")
    return stored


def export(client: Client, table: int, **options: Any) -> str:
    """Export the table and wait for the end; where the file is."""
    body = {"exporter_type": "csv", **options}
    job = client.json("POST", f"/api/database/export/table/{table}/", body)
    while job["state"] not in ("finished", "failed", "cancelled"):
        time.sleep(0.01)
        job = client.json("GET", f"/api/database/export/{job['id']}/")
    if job["state"] != "finished":
        raise SystemExit(f"the export is {job['state']}")
    return str(job["url"])


def bare_copy(driver: psycopg.Connection[Any], stored: str, file: Path, how: str = "FORMAT text") -> None:
    """Copy the table into a file."""
    with file.open("wb") as output, driver.cursor().copy(f"COPY {stored} TO STDOUT ({how})") as copy:
        for line in copy:
            output.write(line)


def measure(client: Client, driver: psycopg.Connection[Any], table: int, stored: str, rounds: int) -> float:
    """Export and COPY in turn; print the medians and answer the ratio."""
    times: tuple[list[float], list[float]] = ([], [])
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds + 1):
            begun = time.perf_counter()
            export(client, table)
            middle = time.perf_counter()
            bare_copy(driver, stored, Path(folder, "rows"))
            times[0].append(middle - begun)
            times[1].append(time.perf_counter() - middle)
    ours, bare = (statistics.median(spent[1:]) for spent in times)
    ratio = statistics.median(a / b for a, b in zip(times[0][1:], times[1][1:], strict=True))
    print(f"CSV in UTF-8: {ours:.2f} s, bare COPY {bare:.2f} s, ratio {ratio:.2f} (at most {BOUND})", flush=True)
    return ratio


def others(client: Client, table: int) -> None:
    """Print how long the other kinds of files take, once each."""
    kinds = [("csv", "windows-1252"), ("json", "utf-8"), ("xml", "utf-8"), ("excel", "utf-8"), ("file", "utf-8")]
    for kind, charset in kinds:
        begun = time.perf_counter()
        export(client, table, exporter_type=kind, export_charset=charset)
        print(f"{kind} in {charset}: {time.perf_counter() - begun:.2f} s", flush=True)


def peak_memory(pid: int) -> float:
    """The most memory, in MB, of a process and its children so far."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return max(_peak(one) for one in (pid, *map(int, children)))


def _peak(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


def memory(url: str, rows: int, exporter: str) -> float:
    """The peak memory of a fresh worker that exported that many rows once."""
    with processes(url) as (address, worker), psycopg.connect(url, autocommit=True) as driver:
        client = Client(address)
        email = f"m{rows}{exporter}@example.com"
        table = new_table(client, sign_up(client, email))
        fill(client, driver, table, rows)
        export(client, table, exporter_type=exporter)
        return peak_memory(worker)


@contextmanager
def servers() -> Iterator[str]:
    """The address of a database of our own."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        with database(os.environ["DATABASE_URL"]) as url:
            yield url
        return
    from core.runtime.embedded import temporary_servers

    with temporary_servers() as running:
        os.environ["REDIS_URL"] = running.redis_url
        with database(running.database_url) as url:
            yield url


def main() -> None:
    """The command. Fails when the bound is not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--no-memory", action="store_true", help="leave out the memory of 1x and 4x the rows")
    options = parser.parse_args()
    with servers() as url:
        with processes(url) as (address, _), psycopg.connect(url, autocommit=True) as driver:
            client = Client(address)
            table = new_table(client, sign_up(client))
            stored = fill(client, driver, table, options.rows)
            print(f"{options.rows} rows x {len(FIELDS) + 1} fields")
            ratio = measure(client, driver, table, stored, options.rounds)
            others(client, table)
        for exporter in () if options.no_memory else ("csv", "json", "xml", "excel"):
            once, four = (memory(url, options.rows * times, exporter) for times in (1, 4))
            print(f"peak memory of the worker, {exporter}: {once:.0f} MB, {four:.0f} MB for four times as many rows")
    raise SystemExit(0 if ratio <= BOUND else 1)


if __name__ == "__main__":
    main()
