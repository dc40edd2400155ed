"""Reads on a real streaming replica: what it answers, and that nobody ever sees less than was there."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from core.runtime.embedded import temporary_folder
from core.runtime.processes import wait_until
from tests.reliability.load import Client, new_table, rows_path, sign_in
from tests.replicated import Replicated, replicated
from tests.several import Process, processes

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc"),
]
TOKEN = "a token of the metrics"
SETTINGS = {
    "TABLEWRIGHT_SECRET_KEY": "a secret of at least 32 characters for tests",
    "TABLEWRIGHT_METRICS_TOKEN": TOKEN,
    "TABLEWRIGHT_ACCESS_TOKEN_MINUTES": "60",
    "TABLEWRIGHT_READ_WAIT_MILLISECONDS": "500",
}


@dataclass
class Product:
    """A web process and a worker on a primary with a replica, and somebody with a table."""

    servers: Replicated
    web: Process
    client: Client
    table: int

    def reads(self) -> dict[str, float]:
        """How many reads were answered by whom."""
        found = {"primary": 0.0, "replica": 0.0}
        for line in self.metrics():
            if line.startswith("tablewright_reads_total"):
                found[line.partition('source="')[2].partition('"')[0]] = float(line.rpartition(" ")[2])
        return found

    def metrics(self) -> list[str]:
        """The metrics' lines."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return httpx.get(f"{self.web.url}/metrics", headers=headers, timeout=30).raise_for_status().text.splitlines()

    def is_used(self) -> bool:
        """Whether a read goes to the replica."""
        before = self.reads()["replica"]
        self.client.call("GET", rows_path(self.table))
        return self.reads()["replica"] > before

    def readiness(self) -> str:
        """What a load balancer is told."""
        return httpx.get(f"{self.web.url}/api/_health/ready/", timeout=30).raise_for_status().text


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """The product with a replica."""
    with replicated() as servers, temporary_folder() as folder:
        urls = {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
        urls["TABLEWRIGHT_READ_DATABASE_URLS"] = servers.replica_url
        with processes(folder, 1, 1, **urls, **SETTINGS) as (web, _):
            client = Client(web.url, sign_in(web.url))
            yield Product(servers, web, client, new_table(client))
            client.http.close()


@pytest.fixture(autouse=True)
def replica_is_used(product: Product) -> None:
    """Each test begins with a replica that answers."""
    assert wait_until(product.is_used, 30), product.readiness()


def names(product: Product) -> list[str]:
    """The rows as they are read."""
    return [row["Name"] for row in product.client.call("GET", f"{rows_path(product.table)}&size=200")["results"]]


def test_reads_go_to_the_replica_and_writes_to_the_primary(product: Product) -> None:
    servers, marker = product.servers, f".table_{product.table} AS t"
    row = product.client.call("POST", rows_path(product.table), {"Name": "seen"})
    before = {name: servers.statements(name, marker) for name in ("postgres", "standby")}
    for _ in range(20):
        assert product.client.call("GET", rows_path(product.table, f"{row['id']}/"))["Name"] == "seen"
    assert servers.statements("standby", marker) >= before["standby"] + 20
    assert servers.statements("postgres", marker) == before["postgres"]
    assert servers.statements("standby", "UPDATE") == 0


def test_users_see_what_they_wrote_while_the_replica_follows(product: Product) -> None:
    row = product.client.call("POST", rows_path(product.table), {"Name": "0"})
    path, before = rows_path(product.table, f"{row['id']}/"), product.reads()
    for n in range(100):
        product.client.call("PATCH", path, {"Name": str(n)})
        assert product.client.call("GET", path)["Name"] == str(n)
    assert product.reads()["replica"] > before["replica"]


def test_users_see_what_they_wrote_while_the_replica_stands_still(product: Product) -> None:
    product.servers.pause()
    try:
        product.client.call("POST", rows_path(product.table), {"Name": "while it stands still"})
        assert "while it stands still" in names(product)
        before = product.reads()
        assert "while it stands still" in names(product)
        assert product.reads()["replica"] == before["replica"]
        assert wait_until(lambda: "s behind" in product.readiness(), 30)
        assert product.readiness().startswith("OK")
    finally:
        product.servers.go_on()
    assert wait_until(product.is_used, 30)
    assert product.readiness() == "OK"


def test_who_is_told_of_a_change_reads_it(product: Product) -> None:
    client = product.client
    address = f"ws{product.web.url.removeprefix('http')}/ws/core/?jwt_token={sign_in(product.web.url)}"
    with connect(address, open_timeout=30) as socket:
        socket.recv(30)
        socket.send(json.dumps({"page": "table", "table_id": product.table}))
        assert json.loads(socket.recv(30))["type"] == "page_add"
        for n in range(30):
            client.call("POST", rows_path(product.table), {"Name": f"told {n}"})
            told = json.loads(socket.recv(30))
            assert told["type"] == "rows_created"
            row = client.call("GET", rows_path(product.table, f"{told['rows'][0]['id']}/"))
            assert row["Name"] == f"told {n}"


def test_what_reading_makes_is_made_on_the_primary(product: Product) -> None:
    """A view has options for fields since somebody first looked at them."""
    view = product.client.call("POST", f"database/views/table/{product.table}/", {"name": "V", "type": "grid"})
    before = product.reads()["replica"]
    options = product.client.call("GET", f"database/views/{view['id']}/field-options/")["field_options"]
    assert len(options) == 2
    assert product.reads()["replica"] > before


def test_access_that_was_taken_away_is_gone_at_once(product: Product) -> None:
    """The replica still has the membership, and is not believed."""
    url, owner = product.web.url, product.client
    account = {"name": "Bob", "email": "bob@example.com", "password": "a long password", "authenticate": True}
    signed_up = httpx.post(f"{url}/api/user/", json=account, timeout=30).raise_for_status().json()
    workspace = owner.call("GET", "workspaces/")[-1]["id"]
    invitation = {"email": account["email"], "permissions": "MEMBER", "base_url": f"{url}/invitation"}
    owner.call("POST", f"workspaces/invitations/workspace/{workspace}/", invitation)
    guest = Client(url, signed_up["token"])
    invited = guest.call("GET", "user/dashboard/")["workspace_invitations"][0]["id"]
    guest.call("POST", f"workspaces/invitations/{invited}/accept/")
    assert guest.call("GET", rows_path(product.table))["results"] is not None
    member = next(m for m in owner.call("GET", f"workspaces/users/workspace/{workspace}/") if m["name"] == "Bob")
    product.servers.pause()
    try:
        owner.call("DELETE", f"workspaces/users/{member['id']}/")
        answer = guest.http.get(rows_path(product.table))
        assert (answer.status_code, answer.json()["error"]) == (400, "ERROR_USER_NOT_IN_GROUP")
    finally:
        product.servers.go_on()
        guest.http.close()


def test_no_request_fails_when_the_replica_dies(product: Product) -> None:
    stop, failures, done = threading.Event(), list[str](), list[int]()

    def read() -> None:
        client = httpx.Client(base_url=product.client.http.base_url, headers=product.client.http.headers, timeout=30)
        with client:
            while not stop.is_set():
                answer = client.get(rows_path(product.table))
                (done.append(1) if answer.is_success else failures.append(answer.text))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        assert wait_until(lambda: len(done) > 100, 30)
        product.servers.kill()
        reached = len(done)
        assert wait_until(lambda: len(done) > reached + 100, 30)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert failures == []
    assert "read replica" in product.readiness()
    assert any(line.startswith("tablewright_replica_up{") and line.endswith(" 0.0") for line in product.metrics())
    product.servers.start()
    assert wait_until(product.is_used, 30), product.readiness()
