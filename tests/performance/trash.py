"""Emptying a huge trash: how long it takes, how much memory, and how long readers wait meanwhile.

    DATABASE_URL=postgresql://... REDIS_URL=redis://... python -m tests.performance.trash [--rows 1000000]

Starts a web process on a database of its own and drops that at the end. In the trash are a table with rows that have
a history, files and links to a table that stays, and in that one a tenth as many rows, each deleted by
itself. One process empties the trash as a worker does. Meanwhile readers ask for pages of the table that stays, and
a writer changes it; their longest waits are compared with those while nothing happens.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

import app as composition
from core.settings import Settings
from core.trash.removal import remove_due
from plugins.database.rows.history import forget_removed
from tests.performance.recalculation import Reader, waits
from tests.performance.rows_ratio import Client, database, full_name, sign_up, web

FILES = 10_000
STAYING = 10_000


class Trash:
    """A table that is deleted, and one that stays with deleted rows."""

    def __init__(self, client: Client, driver: psycopg.Connection[Any], rows: int) -> None:
        self.client, self.driver, self.rows = client, driver, rows
        self.base = sign_up(client)
        self.stays, self.goes = self._table("Stays"), self._table("Goes")
        self.link = self._field("Link", "link_row", link_row_table_id=self.stays)
        self.file = self._field("Files", "file")
        self.of_stays, self.of_goes = full_name(driver, self.stays), full_name(driver, self.goes)

    def _table(self, name: str) -> int:
        body = {"name": name, "data": [["Name"]], "first_row_header": True}
        return int(self.client.json("POST", f"/api/database/tables/database/{self.base}/", body)["id"])

    def _field(self, name: str, kind: str, **options: Any) -> int:
        path = f"/api/database/fields/table/{self.goes}/"
        return int(self.client.json("POST", path, {"name": name, "type": kind, **options})["id"])

    def fill(self) -> None:
        """Put rows into both tables, with all that belongs to them."""
        run, single = self.driver.execute, self.rows // 10
        numbers = "SELECT n FROM generate_series(1, %s) n"
        run(f'INSERT INTO {self.of_stays} ("order") {numbers}', [STAYING + single])
        run(f'INSERT INTO {self.of_goes} ("order") {numbers}', [self.rows])
        file = '{"name": "a_b.txt", "size": 1, "visible_name": "a.txt"}'
        value = f"UPDATE {self.of_goes} SET field_{self.file} = jsonb_build_array(%s::jsonb) WHERE id <= %s"
        run(value, [file, FILES])
        schema = self.of_goes.partition(".")[0]
        pairs = f"INSERT INTO {schema}.link_{self.link} SELECT n, n %% {STAYING} + 1 FROM generate_series(1, %s) n"
        run(pairs, [self.rows])
        self._remember(self.goes, 1, self.rows)
        self._remember(self.stays, STAYING + 1, STAYING + single)
        self._trash_rows(single)
        run("INSERT INTO database.row_count (table_id, change) VALUES (%s, %s)", [self.stays, STAYING])
        run("VACUUM ANALYZE")

    def _remember(self, table: int, first: int, last: int) -> None:
        """A change of each row in its history."""
        self.driver.execute(
            "INSERT INTO database.row_history (table_id, row_id, user_name, action_type, before_values, after_values,"
            " fields_metadata) SELECT %s, n, 'Ann', 'update_rows', '{}', '{\"field_1\": \"a value\"}', '{}'"
            " FROM generate_series(%s::bigint, %s::bigint) n",
            [table, first, last],
        )

    def _trash_rows(self, number: int) -> None:
        trashed = f"UPDATE {self.of_stays} SET trashed_on = now() WHERE id > %s"
        self.driver.execute(trashed, [STAYING])
        self.driver.execute(
            "INSERT INTO core.trash (type, item_id, parent_id, workspace_id, application_id, name, details)"
            " SELECT 'row', n, %s, a.workspace_id, a.id, n::text, jsonb_build_object('row_ids', jsonb_build_array(n))"
            " FROM generate_series(%s::bigint, %s::bigint) n, core.application a WHERE a.id = %s",
            [self.stays, STAYING + 1, STAYING + number, self.base],
        )

    def left(self) -> dict[str, int]:
        """What of it is still stored."""
        count = lambda what: int(self.driver.execute(f"SELECT count(*) FROM {what}").fetchone()[0])  # type: ignore[index]  # noqa: E731
        return {
            "entries": count("core.trash"),
            "rows": count(self.of_stays) - STAYING,
            "history": count("database.row_history"),
            "tables": count("database.table") - 1,
        }


def remove(url: str) -> None:
    """What a worker does, in this process; prints the number of things removed and its peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.load({**os.environ, "DATABASE_URL": url, "TABLEWRIGHT_DATA_DIR": folder})
        composition.compose(settings, 2)
        before = _memory()
        removed = remove_due()
        forget_removed()
        print(f"{removed} things removed; {_memory():.0f} MB at most, {before:.0f} MB before")


def _memory() -> float:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


class Watch:
    """Readers and a writer of the table that stays, over HTTP and in the database."""

    def __init__(self, trash: Trash, address: str, url: str) -> None:
        self.driver = psycopg.connect(url, autocommit=True)
        clients = [trash.client.again(address) for _ in range(2)]
        path, bare = f"/api/database/rows/table/{trash.stays}/", f"SELECT * FROM {trash.of_stays} LIMIT 20"
        self.readers = {
            "a page over HTTP": Reader(lambda: clients[0].json("GET", f"{path}?size=20")),
            "a change over HTTP": Reader(lambda: clients[1].json("PATCH", f"{path}1/", {})),
            "rows in the database": Reader(lambda: self.driver.execute(bare, prepare=False).fetchall()),
        }

    def stop(self, what: str) -> None:
        """Print what they waited."""
        for name, reader in self.readers.items():
            print(f"  {what}: {name}: {waits(reader.stop())}", flush=True)
        self.driver.close()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--remove", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.remove:
        remove(options.remove)
        return
    with (
        database(os.environ["DATABASE_URL"]) as url,
        web(url) as address,
        psycopg.connect(url, autocommit=True) as driver,
    ):
        client = Client(address)
        trash = Trash(client, driver, options.rows)
        trash.fill()
        client = trash.client = client.again(address)  # the other connection was closed meanwhile
        client.call("DELETE", f"/api/database/tables/{trash.goes}/")
        print(f"in the trash: {trash.left()}", flush=True)
        watch = Watch(trash, address, url)
        time.sleep(5)
        watch.stop("while nothing happens")
        watch = Watch(trash, address, url)
        workspace = client.json("GET", "/api/workspaces/")[-1]["id"]
        begun = time.perf_counter()
        client.call("DELETE", f"/api/trash/workspace/{workspace}/")
        print(f"emptying was answered after {(time.perf_counter() - begun) * 1000:.0f} ms", flush=True)
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-m", "tests.performance.trash", "--remove", url], check=True)
        print(f"removing took {time.perf_counter() - begun:.1f} s")
        watch.stop("while it is removed")
        print(f"left: {trash.left()}")


if __name__ == "__main__":
    main()
