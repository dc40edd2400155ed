"""How long importing takes, as a multiple of a bare COPY of the same values, and how much memory it needs.

    DATABASE_URL=postgresql://... python -m tests.performance.import_ratio [--rows 100000] [--rounds 5]

Works in a database of its own on that server and drops it at the end. The import is the job a worker runs, from
the file with the rows to the commit; the floor is one COPY, by the same driver, of text that is ready to be sent.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import psycopg

import app as composition
from core.settings import Settings
from plugin_api.context import Actor, acting_as
from plugin_api.db import begin, connection
from plugin_api.platform import service
from plugin_api.storage import Storage
from plugins.database.engine.bulk import copy_texts
from plugins.database.fields.store import NewField
from plugins.database.rows.prepare import batch
from plugins.database.shape import latest_shape
from plugins.database.tables.imports import check, copy_column, importable
from plugins.database.tables.jobs import FileImportJob
from plugins.database.tables.payload import DATA, Upload, frames, read_batches
from plugins.database.tables.scanner import ObjectScanner
from plugins.database.tables.store import insert_table

TEXTS = [("text", {})] * 16
MIXED: list[tuple[str, dict[str, Any]]] = [
    *[("text", {})] * 5,
    ("long_text", {}),
    *[("number", {})] * 2,
    *[("number", {"number_decimal_places": 2, "number_negative": True})] * 2,
    *[("boolean", {})] * 2,
    ("date", {}),
    ("date", {"date_include_time": True}),
    ("email", {}),
    ("single_select", {}),
]
PROFILES = {"16 text fields": TEXTS, "16 fields of 8 types": MIXED}
OPTIONS = ("new", "open", "waiting", "done")


@dataclass
class Bench:
    """A table to import into, in a database of its own."""

    url: str
    folder: Path
    user_id: int = 0
    workspace_id: int = 0
    database_id: int = 0
    files: dict[int, str] = field(default_factory=dict)

    def compose(self) -> None:
        """Start the product in this process, without anything that serves."""
        settings = Settings.load({}, database_url=self.url, redis_url="redis://127.0.0.1:1/0", data_dir=self.folder)
        composition.migrate(settings)
        composition.compose(settings, 2)

    def fill(self) -> None:
        """A user, a workspace and a database."""
        with begin():
            run = connection().exec_driver_sql
            sql = "INSERT INTO core.user (email, name, password) VALUES ('a@example.com', 'A', '') RETURNING id"
            self.user_id = run(sql).scalar_one()
            sql = "INSERT INTO core.workspace (name) VALUES ('W') RETURNING id"
            self.workspace_id = run(sql).scalar_one()
            sql = "INSERT INTO core.membership (workspace_id, user_id, permissions) VALUES (%s, %s, 'ADMIN')"
            run(sql, (self.workspace_id, self.user_id))
            sql = "INSERT INTO core.application (workspace_id, type, name) VALUES (%s, 'database', 'D') RETURNING id"
            self.database_id = run(sql, (self.workspace_id,)).scalar_one()

    def new_table(self, profile: list[tuple[str, dict[str, Any]]]) -> int:
        """A table with the profile's fields and no rows."""
        options = [{"value": name, "color": "blue"} for name in OPTIONS]
        fields = [
            NewField(f"Field {n}", kind, wanted, options if kind == "single_select" else (), n == 0)
            for n, (kind, wanted) in enumerate(profile)
        ]
        with begin():
            return insert_table(self.database_id, self.workspace_id, "T", fields)[0].id

    def upload(self, profile: list[tuple[str, dict[str, Any]]], rows: int) -> Upload:
        """The file a request with that many rows leaves."""
        upload = Upload(f"imports/{uuid.uuid4().hex}")
        scanner = ObjectScanner(_Body(profile, rows), [DATA], orjson.loads)  # type: ignore[arg-type]
        service(Storage).write(upload.file, frames(scanner, upload, None))
        return upload

    def run_job(self, table_id: int, upload: Upload) -> float:
        """Import; answers the seconds."""
        params = {
            "table_id": table_id,
            "file": upload.file,
            "rows": upload.rows,
            "width": upload.width,
            "keys": [],
            "skipped": [],
        }
        started = time.perf_counter()
        with acting_as(Actor("user", self.user_id)), begin():
            FileImportJob().run(_Run(params))
        return time.perf_counter() - started

    def bare_copy(self, table_id: int, upload: Upload) -> float:
        """COPY the same values into the table, already in the form COPY reads; answers the seconds."""
        with acting_as(Actor("user", self.user_id)), begin():
            shape = latest_shape(table_id)
            fields = importable(shape)
            order, chunks = 0, []
            for rows in read_batches(upload.file, DATA):
                checked = check(shape, fields, rows, batch(importing=True))
                assert not checked.problems, checked.problems
                columns = [
                    copy_texts(values, copy_column(shape, target).array)
                    for target, values in zip(fields, checked.columns, strict=True)
                ]
                numbers = map(str, range(order + 1, order + len(rows) + 1))
                order += len(rows)
                lines = map("\t".join, zip(numbers, *columns, strict=True))
                chunks.append(("\n".join(lines) + "\n").encode())
        names = ", ".join(f'"{name}"' for name in ["order", *(found.column for found in fields)])
        with psycopg.connect(self.url) as floor:
            started = time.perf_counter()
            with floor.cursor().copy(f"COPY {shape.full_name} ({names}) FROM STDIN") as copy:
                for chunk in chunks:
                    copy.write(chunk)
            floor.commit()
            return time.perf_counter() - started


@dataclass
class _Run:
    params: dict[str, Any]
    id: int = 1
    values: dict[str, Any] = field(default_factory=dict)

    def progress(self, percentage: float, state: str = "") -> None:
        """Nobody looks."""

    def result(self, values: dict[str, Any]) -> None:
        """Every row must have been taken."""
        assert values["report"]["failing_row_count"] == 0, values


class _Body:
    """The text of a request, made while it is read."""

    def __init__(self, profile: list[tuple[str, dict[str, Any]]], rows: int) -> None:
        self._pieces = self._text(profile, rows)

    def read(self, size: int) -> bytes:
        """Some more text."""
        return next(self._pieces, b"")

    def _text(self, profile: list[tuple[str, dict[str, Any]]], rows: int) -> Iterator[bytes]:
        chance = random.Random(1)
        yield b'{"data": ['
        for at in range(0, rows, 1000):
            size = min(1000, rows - at)
            made = [[value(kind, options, chance) for kind, options in profile] for _ in range(size)]
            yield orjson.dumps(made)[1:-1] + (b"," if at + size < rows else b"")
        yield b"]}"


WORDS = [
    "amber",
    "basin",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "harbor",
    "island",
    "juniper",
    "kelp",
    "lagoon",
    "meadow",
]


def value(kind: str, options: dict[str, Any], chance: random.Random) -> str:
    """A value as a file has it."""
    match kind:
        case "number":
            places = options.get("number_decimal_places", 0)
            return f"{chance.uniform(0, 100_000):.{places}f}"
        case "boolean":
            return chance.choice(("true", "false"))
        case "date":
            day = f"20{chance.randint(0, 30):02}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
            return f"{day}T{chance.randint(0, 23):02}:30:00Z" if options else day
        case "email":
            return f"{chance.choice(WORDS)}.{chance.randint(1, 9999)}@example.com"
        case "single_select":
            return chance.choice(OPTIONS)
    return " ".join(chance.choices(WORDS, k=2 if kind == "text" else 8))


def measure(bench: Bench, name: str, rows: int, rounds: int) -> None:
    """Import and bare COPY in turn; print medians and their ratio."""
    profile = PROFILES[name]
    upload = bench.upload(profile, rows)
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        times[0].append(bench.run_job(bench.new_table(profile), upload))
        times[1].append(bench.bare_copy(bench.new_table(profile), upload))
    job, bare = (statistics.median(taken) for taken in times)
    ratio = statistics.median(a / b for a, b in zip(*times, strict=True))
    print(f"{rows} rows x {name}: import {job:.2f} s, bare COPY {bare:.2f} s, ratio {ratio:.2f}", flush=True)


def peak_memory(bench: Bench, name: str, rows: int) -> float:
    """The most memory, in MB, of a fresh process that does nothing but import that many rows."""
    upload, table = bench.upload(PROFILES[name], rows), bench.new_table(PROFILES[name])
    given = {
        "bench": [bench.url, str(bench.folder), bench.user_id, bench.workspace_id, bench.database_id],
        "table": table,
        "file": upload.file,
        "rows": upload.rows,
    }
    command = [sys.executable, "-m", "tests.performance.import_ratio", "--child", json.dumps(given)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])


def child(given: dict[str, Any]) -> None:
    """Import in this process and print its peak memory."""
    url, folder, *ids = given["bench"]
    bench = Bench(url, Path(folder), *ids)
    bench.compose()
    bench.run_job(given["table"], Upload(given["file"], rows=given["rows"]))
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(int(peak.split()[1]) / 1024)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-memory", action="store_true", help="leave out the memory of 1x and 4x the rows")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(json.loads(options.child))
        return
    server = os.environ["DATABASE_URL"]
    name = f"bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin, tempfile.TemporaryDirectory() as folder:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            run(Bench(f"{server.rpartition('/')[0]}/{name}", Path(folder)), options)
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(bench: Bench, options: argparse.Namespace) -> None:
    """Measure all there is to measure."""
    bench.compose()
    bench.fill()
    for name in PROFILES:
        measure(bench, name, options.rows, options.rounds)
    if options.no_memory:
        return
    for name in PROFILES:
        once, four = (peak_memory(bench, name, options.rows * times) for times in (1, 4))
        print(f"peak memory, {name}: {once:.0f} MB for {options.rows} rows, {four:.0f} MB for four times as many")


if __name__ == "__main__":
    main()
