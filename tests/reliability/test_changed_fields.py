"""A web process that is killed while it changes the type of a large table's field: the field stays as it was."""

from __future__ import annotations

import os
import signal
import threading
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
_ROWS = 500
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'core.action'::regclass"
_LEFT = "SELECT count(*) FROM database.prepared_column"


class World:
    """A running product with a table whose fields are changed as those of large ones."""

    def __init__(self, product: Product, client: httpx.Client, database_url: str) -> None:
        self.product, self.client, self.database_url = product, client, database_url
        account = {"name": "Ann", "email": "ann@example.com", "password": "a long password", "authenticate": True}
        client.headers["Authorization"] = f"JWT {self.call('POST', '/api/user/', account)['token']}"
        workspace = self.call("POST", "/api/workspaces/", {"name": "W"})["id"]
        made = {"name": "D", "type": "database"}
        database = self.call("POST", f"/api/applications/workspace/{workspace}/", made)["id"]
        data = [["Name", "Number"], *([f"row {n}", str(n)] for n in range(_ROWS))]
        body = {"name": "T", "data": data, "first_row_header": True}
        self.table = self.call("POST", f"/api/database/tables/database/{database}/", body)["id"]
        self.field = self.call("GET", f"/api/database/fields/table/{self.table}/")[1]["id"]
        self.stored = f'"ws_{workspace}"."table_{self.table}"'

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request that must succeed."""
        answer = self.client.request(method, path, json=body, timeout=60)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def scalar(self, sql: str) -> Any:
        """The single value a statement answers."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            row = connection.execute(sql).fetchone()  # type: ignore[arg-type]
            return row[0] if row else None

    def retype(self, kind: str) -> Any:
        """Change the field's type."""
        return self.call("PATCH", f"/api/database/fields/{self.field}/", {"type": kind})

    def first_value(self) -> Any:
        """The field's value in the first row."""
        path = f"/api/database/rows/table/{self.table}/?size=1"
        return self.call("GET", path)["results"][0][f"field_{self.field}"]


@pytest.fixture
def world() -> Iterator[World]:
    """The product, on servers whose database the test looks into."""
    with temporary_servers() as servers:
        env = {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
        with (
            running_product(**env, TABLEWRIGHT_LARGE_TABLE_ROWS="100") as product,
            httpx.Client(base_url=product.url, timeout=60) as client,
        ):
            yield World(product, client, servers.database_url)


def _try_to_retype(world: World) -> None:
    try:
        httpx.patch(
            f"{world.product.url}/api/database/fields/{world.field}/",
            json={"type": "number"},
            headers=world.client.headers,
            timeout=60,
        )
    except httpx.TransportError:
        return
    raise AssertionError("the process that was killed has answered")


def test_the_field_is_whole_and_can_be_changed_again(world: World) -> None:
    with psycopg.connect(world.database_url) as connection:
        connection.execute("LOCK TABLE core.action IN EXCLUSIVE MODE")  # all is done then but the commit
        request = threading.Thread(target=_try_to_retype, args=(world,))
        request.start()
        assert wait_until(lambda: world.scalar(_WAITING) > 0, 60)
        os.kill(world.product.pid_of("web"), signal.SIGKILL)
        request.join(60)
        connection.rollback()
    world.product.wait_ready()
    assert world.scalar(_LEFT) == 1
    assert world.first_value() == "0"
    world.call("PATCH", f"/api/database/rows/table/{world.table}/1/", {f"field_{world.field}": "7"})
    assert world.retype("number")["type"] == "number"
    assert (world.first_value(), world.scalar(_LEFT)) == ("7", 0)
