"""Snapshots whose worker is killed: taken again by the next one, or failed with nothing left behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from core.runtime.embedded import temporary_servers
from core.runtime.processes import wait_until
from tests.docs.conftest import Product, running_product

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc"),
]
ROWS, WIDTH = 40_000, 5
_KEPT = "SELECT count(*) FROM core.application WHERE kept_by IS NOT NULL"
_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname LIKE 'ws\\_%'"


class Watched:
    """A running product, a client of it, and its database."""

    def __init__(self, product: Product, client: httpx.Client, database_url: str) -> None:
        self.product, self.client, self.database_url = product, client, database_url

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request that must succeed."""
        answer = self.client.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def scalar(self, sql: str, **parameters: Any) -> Any:
        """The single value a statement answers."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            row = connection.execute(sql, parameters or None).fetchone()
            return row[0] if row else None

    def state(self, job: int) -> str:
        """How far a job is."""
        return str(self.call("GET", f"/api/jobs/{job}/")["state"])

    def ended(self, job: int) -> bool:
        """Whether a job has ended."""
        return self.state(job) in ("finished", "failed")

    def database(self) -> int:
        """A database with a table that is not copied in a moment."""
        account = {"name": "Ann", "email": "ann@example.com", "password": "a long password", "authenticate": True}
        self.client.headers["Authorization"] = f"JWT {self.call('POST', '/api/user/', account)['token']}"
        workspace = self.call("POST", "/api/workspaces/", {"name": "W"})["id"]
        made = {"name": "D", "type": "database"}
        database = int(self.call("POST", f"/api/applications/workspace/{workspace}/", made)["id"])
        data = [[f"field {n}" for n in range(WIDTH)], *([f"{row} of many"] * WIDTH for row in range(ROWS))]
        body = {"name": "T", "data": data, "first_row_header": True}
        job = self.call("POST", f"/api/database/tables/database/{database}/async/", body)["id"]
        assert wait_until(lambda: self.ended(job), 120) and self.state(job) == "finished"
        return database

    def kill_while_copying(self, database: int, name: str) -> int:
        """Take a snapshot and kill the worker when it begins to copy; answers the job."""
        with psycopg.connect(self.database_url) as connection:
            table = connection.execute('SELECT id FROM database."table" WHERE application_id = %s', (database,))
            table_id = table.fetchone()[0]  # type: ignore[index]
            workspace = connection.execute("SELECT workspace_id FROM core.application WHERE id = %s", (database,))
            full_name = f'"ws_{workspace.fetchone()[0]}"."table_{table_id}"'  # type: ignore[index]
            # What waits for this lock is the copy: it begins when the lock is given back.
            connection.execute(f"LOCK TABLE {full_name} IN ACCESS EXCLUSIVE MODE")
            job = int(self.call("POST", f"/api/snapshots/application/{database}/", {"name": name})["id"])
            waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %(table)s::regclass"
            assert wait_until(lambda: self.scalar(waits, table=full_name) > 0, 60)
            connection.rollback()
        os.kill(self.product.pid_of("worker"), signal.SIGKILL)
        return job


@pytest.fixture
def watched(request: pytest.FixtureRequest) -> Iterator[Watched]:
    """The product with so many attempts at a job, on servers whose database the test looks into."""
    with temporary_servers() as servers:
        env = {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
        with (
            running_product(**env, TABLEWRIGHT_JOB_ATTEMPTS=str(request.param)) as product,
            httpx.Client(base_url=product.url, timeout=60) as client,
        ):
            yield Watched(product, client, servers.database_url)


@pytest.mark.parametrize("watched", [1], indirect=True)
def test_a_killed_worker_leaves_a_failed_job_and_nothing_else(watched: Watched) -> None:
    database = watched.database()
    tables = watched.scalar(_TABLES)
    job = watched.kill_while_copying(database, "Monday")
    assert wait_until(lambda: watched.ended(job), 120)
    ended = watched.call("GET", f"/api/jobs/{job}/")
    assert ended["state"] == "failed" and ended["human_readable_error"], ended
    assert (watched.scalar(_KEPT), watched.scalar(_TABLES)) == (0, tables)
    assert watched.call("GET", f"/api/snapshots/application/{database}/") == []
    again = watched.call("POST", f"/api/snapshots/application/{database}/", {"name": "Monday"})["id"]
    assert wait_until(lambda: watched.ended(again), 120) and watched.state(again) == "finished"
    assert watched.scalar(_KEPT) == 1


@pytest.mark.parametrize("watched", [3], indirect=True)
def test_the_next_worker_takes_it_once(watched: Watched) -> None:
    database = watched.database()
    tables = watched.scalar(_TABLES)
    job = watched.kill_while_copying(database, "Monday")
    assert wait_until(lambda: watched.ended(job), 120) and watched.state(job) == "finished"
    assert (watched.scalar(_KEPT), watched.scalar(_TABLES)) == (1, 2 * tables)
    [snapshot] = watched.call("GET", f"/api/snapshots/application/{database}/")
    restored = watched.call("POST", f"/api/snapshots/{snapshot['id']}/restore/")["id"]
    assert wait_until(lambda: watched.ended(restored), 120) and watched.state(restored) == "finished"
    table = watched.call("GET", "/api/applications/")[-1]["tables"][0]["id"]
    assert watched.call("GET", f"/api/database/rows/table/{table}/?size=1")["count"] == ROWS
