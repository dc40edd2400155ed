"""How long reading and writing rows over HTTP takes, as a multiple of what the bare driver needs for the same.

    DATABASE_URL=postgresql://... REDIS_URL=redis://... python -m tests.performance.rows_ratio [--rounds 60]

Starts a web process on a database of its own and drops that at the end. Each round measures the product and the
floor in turns, so that the ratios hold on a noisy machine. Floors: for a list one statement that answers the same
page as the same JSON (that it is the same is checked); for a batch one multi-row INSERT of the same values, with its
commit.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

ROWS, PAGE, BATCH = 2_000, 200, 200
FIELDS: list[tuple[str, dict[str, Any]]] = [
    *[("text", {})] * 7,
    ("long_text", {}),
    *[("number", {})] * 2,
    *[("number", {"number_decimal_places": 2, "number_negative": True})] * 2,
    *[("boolean", {})] * 2,
    ("date", {}),
    ("date", {"date_include_time": True}),
    ("url", {}),
    ("email", {}),
    ("phone_number", {}),
]
_IDLE_SECONDS = 30
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)")
SAMPLES: dict[str, Callable[[int], Any]] = {
    "text": lambda n: f"text number {n}",
    "long_text": lambda n: f"a longer text about number {n}\nwith a second line",
    "number": lambda n: n,
    "boolean": lambda n: n % 2 == 0,
    "date": lambda n: f"2024-{n % 12 + 1:02}-{n % 28 + 1:02}",
    "url": lambda n: f"https://example.com/{n}",
    "email": lambda n: f"person{n}@example.com",
    "phone_number": lambda n: f"+31 6 {n:08}",
}


class Client:
    """One connection that is kept open. It does no more than it must: the ratios are of the server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._address = (str(parts.hostname), parts.port)
        self._connect()
        self._used = time.monotonic()
        self.headers = {"Host": parts.netloc, "Content-Type": "application/json"}

    def again(self, url: str) -> Client:
        """Another connection of the same user."""
        made = Client(url)
        made.headers["Authorization"] = self.headers["Authorization"]
        return made

    def _connect(self) -> None:
        self.socket = socket.create_connection(self._address, timeout=600)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _receive(self) -> bytes:
        found = self.socket.recv(1 << 20)
        if not found:
            raise SystemExit("the server closed the connection")
        return found

    def call(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """Send a request; the body of its answer, unread. The server closes connections nobody used for a minute."""
        if time.monotonic() - self._used > _IDLE_SECONDS:
            self.socket.close()
            self._connect()
        self._used = time.monotonic()
        headers = {**self.headers, "Content-Length": str(len(body or b""))}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        self.socket.sendall("\r\n".join(lines).encode() + (body or b""))
        head, data = self._head()
        length = int(_LENGTH.search(head)[1]) if _LENGTH.search(head) else 0  # type: ignore[index]
        while len(data) < length:
            data += self._receive()
        status = int(head[9:12])
        if status >= 400:
            raise SystemExit(f"{method} {path}: {status} {bytes(data[:500])!r}")
        return bytes(data)

    def _head(self) -> tuple[bytes, bytearray]:
        data = bytearray()
        while b"\r\n\r\n" not in data:
            more = self.socket.recv(1 << 20)
            if not more:
                raise SystemExit("The server closed the connection.")
            data += more
        head, _, rest = data.partition(b"\r\n\r\n")
        return bytes(head), rest

    def json(self, method: str, path: str, body: Any = None) -> Any:
        """The same with JSON."""
        return json.loads(self.call(method, path, json.dumps(body).encode() if body is not None else None) or b"null")


@contextmanager
def database(server: str) -> Iterator[str]:
    """A database of our own."""
    name = f"bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            base, _, query = server.partition("?")
            yield f"{base.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def web(url: str) -> Iterator[str]:
    """A web process; where it serves."""
    program = str(Path(sys.executable).with_name("tablewright"))
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DATABASE_URL": url, "TABLEWRIGHT_DATA_DIR": folder}
        subprocess.run([program, "migrate"], env=environment, check=True, capture_output=True)
        log = Path(folder) / "log"
        with log.open("wb") as output:
            command = [program, "web", "--port", "0"]
            process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        try:
            yield _address(process, log)
        finally:
            process.terminate()
            process.wait(30)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(300):
        found = re.search(r"http://[\w.]+:\d+", log.read_text())
        if found:
            return found[0]
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(log.read_text())


def sign_up(client: Client, email: str = "bench@example.com") -> int:
    """A user with a database; the database's id."""
    account = {"name": "Bench", "email": email, "password": "a long password"}
    client.headers["Authorization"] = (
        "JWT " + client.json("POST", "/api/user/", {**account, "authenticate": True})["token"]
    )
    workspace = client.json("POST", "/api/workspaces/", {"name": "Bench"})["id"]
    application = {"name": "Bench", "type": "database"}
    return int(client.json("POST", f"/api/applications/workspace/{workspace}/", application)["id"])


def fill(client: Client) -> tuple[int, list[tuple[str, str]]]:
    """A table with rows; its id and the columns and types of its fields."""
    made = sign_up(client)
    table = client.json("POST", f"/api/database/tables/database/{made}/", {"name": "Bench", "data": [["text"]]})["id"]
    for number, (kind, options) in enumerate(FIELDS):
        body = {"name": f"{kind} {number}", "type": kind, **options}
        client.json("POST", f"/api/database/fields/table/{table}/", body)
    shown = client.json("GET", f"/api/database/fields/table/{table}/")
    fields = [(f"field_{field['id']}", field["type"]) for field in shown]
    for start in range(0, ROWS, BATCH):
        client.call("POST", f"/api/database/rows/table/{table}/batch/", items(fields, start))
    return table, fields


def items(fields: list[tuple[str, str]], start: int) -> bytes:
    """The body of a batch."""
    rows = [{column: SAMPLES[kind](n) for column, kind in fields} for n in range(start, start + BATCH)]
    return json.dumps({"items": rows}).encode()


def compare(name: str, bound: float, rounds: int, product: Callable[[], Any], floor: Callable[[], Any]) -> None:
    """Print the median of both and their ratio."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 5):
        for call, spent in zip((product, floor), times, strict=True):
            begun = time.perf_counter()
            call()
            spent.append((time.perf_counter() - begun) * 1000)
    ours, bare = (statistics.median(spent[5:]) for spent in times)
    print(f"{name}: {ours:.2f} ms, floor {bare:.2f} ms, ratio {ours / bare:.2f} (at most {bound:g})", flush=True)


def measure(client: Client, driver: psycopg.Connection[Any], rounds: int) -> None:
    """Measure all there is to measure."""
    table, fields = fill(client)
    rows = f"/api/database/rows/table/{table}/"
    stored = full_name(driver, table)
    driver.execute(f"ANALYZE {stored}")
    page = bare_page(driver, stored, fields)
    shown = client.json("GET", f"{rows}?size={PAGE}")["results"]
    assert json.loads(driver.execute(page).fetchone()[0]) == shown  # type: ignore[index]
    compare(
        f"list of {PAGE} rows x {len(fields)} fields", 3, rounds,
        lambda: client.call("GET", f"{rows}?size={PAGE}"),
        lambda: driver.execute(page).fetchone(),
    )  # fmt: skip
    body, insert, values = items(fields, 0), *bare_insert(driver, stored, fields)
    compare(
        f"create of {BATCH} rows in a batch", 5, rounds,
        lambda: client.call("POST", f"{rows}batch/", body),
        lambda: driver.execute(insert, values),
    )  # fmt: skip
    text = fields[0][0]
    compare(
        "update of one cell (floor: one UPDATE)", 99, rounds,
        lambda: client.call("PATCH", f"{rows}1/", json.dumps({text: uuid.uuid4().hex}).encode()),
        lambda: driver.execute(f"UPDATE bare SET {text} = %s WHERE id = 1", [uuid.uuid4().hex]),
    )  # fmt: skip


def full_name(driver: psycopg.Connection[Any], table: int) -> str:
    """Where the rows of a table are."""
    query = "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables WHERE tablename = %s"
    found = driver.execute(query, [f"table_{table}"]).fetchone()
    assert found is not None
    return str(found[0])


def bare_page(driver: psycopg.Connection[Any], stored: str, fields: list[tuple[str, str]]) -> str:
    """One statement that answers a page as the API shows it."""
    columns = ["id", '"order"::text', *shown_columns(driver, stored, fields)]
    chosen = f'SELECT {", ".join(columns)} FROM {stored} WHERE trashed_on IS NULL ORDER BY {stored}."order", id'
    return f"SELECT json_agg(t)::text FROM ({chosen} LIMIT {PAGE}) t"


def shown_columns(driver: psycopg.Connection[Any], stored: str, fields: list[tuple[str, str]]) -> list[str]:
    """The columns of fields, as the API shows their values."""
    query = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND atttypid = 'timestamptz'::regtype"
    moments = {row[0] for row in driver.execute(query, [stored])}
    columns = []
    for column, kind in fields:
        if kind == "number":
            columns.append(f"{column}::text")
        elif column in moments:
            shown = f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""
            columns.append(f"{shown} AS {column}")
        else:
            columns.append(column)
    return columns


def bare_insert(driver: psycopg.Connection[Any], stored: str, fields: list[tuple[str, str]]) -> tuple[Any, list[Any]]:
    """A table with the same columns and nothing else, the multi-row INSERT of a batch, and its values."""
    names = [column for column, _ in fields]
    driver.execute(f"CREATE TABLE bare AS SELECT id, {', '.join(names)} FROM {stored}")
    driver.execute("ALTER TABLE bare ADD PRIMARY KEY (id)")
    driver.execute("ALTER TABLE bare ALTER id ADD GENERATED ALWAYS AS IDENTITY (START WITH 1000000)")
    row = f"({', '.join(['%s'] * len(names))})"
    values = [SAMPLES[kind](n) for n in range(BATCH) for _, kind in fields]
    return f"INSERT INTO bare ({', '.join(names)}) VALUES {', '.join([row] * BATCH)}", values


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    with (
        database(os.environ["DATABASE_URL"]) as url,
        web(url) as address,
        psycopg.connect(url, autocommit=True) as driver,
    ):
        measure(Client(address), driver, options.rounds)


if __name__ == "__main__":
    main()
