"""Three web processes behind nginx and three workers, on one PostgreSQL, one Redis and one object store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from core.runtime.embedded import temporary_folder
from core.runtime.processes import wait_until
from tests.object_store import bucket_client, object_store
from tests.proxied import PROGRAM, Nginx, nginx
from tests.reliability.load import Client, all_rows, differences, load, new_table, rows_path, sign_in
from tests.several import Process, processes, roomy_servers

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc"),
    pytest.mark.skipif(PROGRAM is None, reason="there is no nginx: apt-get install nginx-light"),
]
SETTINGS = {
    "TABLEWRIGHT_SECRET_KEY": "a secret of at least 32 characters for tests",
    "TABLEWRIGHT_ACCESS_TOKEN_MINUTES": "60",
    "TABLEWRIGHT_JOB_SWEEP_SECONDS": "2",
}


@dataclass
class Several:
    """The processes, what is in front of them, and who is signed in."""

    web: list[Process]
    workers: list[Process]
    proxy: Nginx
    store: dict[str, str]
    token: str
    clients: list[Client] = field(default_factory=list)
    table: int = 0

    def client(self, of: Process | None = None) -> Client:
        """A client of one web process, or of nginx."""
        self.clients.append(Client(of.url if of else self.proxy.url, self.token))
        return self.clients[-1]


@pytest.fixture(scope="module")
def several() -> Iterator[Several]:
    """All of it."""
    with roomy_servers() as servers, object_store() as store, temporary_folder() as folder:
        urls = {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
        with processes(folder, 3, 3, **urls, **store, **SETTINGS) as made:
            web, workers = made[:3], made[3:]
            with nginx(folder / "nginx", [one.port for one in web]) as proxy:
                token = sign_in(web[0].url)
                found = Several(web, workers, proxy, store, token)
                found.table = new_table(found.client(web[1]))
                yield found
                for client in found.clients:
                    client.http.close()


def test_who_signed_in_at_one_works_on_all(several: Several) -> None:
    first, second, third = map(several.client, several.web)
    row = first.call("POST", rows_path(several.table), {"Name": "made by one"})
    second.call("PATCH", rows_path(several.table, f"{row['id']}/"), {"Value": "changed by two"})
    found = third.call("GET", rows_path(several.table, f"{row['id']}/"))
    assert (found["Name"], found["Value"]) == ("made by one", "changed by two")
    assert several.client().call("GET", rows_path(several.table, f"{row['id']}/")) == found


def test_changes_at_one_are_told_to_browsers_at_another(several: Several) -> None:
    for address in (several.web[0].url, several.proxy.url):
        with connect(f"ws{address.removeprefix('http')}/ws/core/?jwt_token={several.token}", open_timeout=30) as socket:
            socket.recv(30)
            socket.send(json.dumps({"page": "table", "table_id": several.table}))
            assert json.loads(socket.recv(30))["type"] == "page_add"
            several.client(several.web[2]).call("POST", rows_path(several.table), {"Name": "told"})
            told = json.loads(socket.recv(30))
            assert (told["type"], told["rows"][0]["id"] > 0) == ("rows_created", True)


def test_a_file_uploaded_at_one_is_served_by_all(several: Several) -> None:
    content = b"a file that is kept in the object store"
    first = several.client(several.web[0])
    answer = first.http.post("user-files/upload-file/", files={"file": ("note.txt", content)}).raise_for_status().json()
    for address in [*(one.url for one in several.web), several.proxy.url]:
        served = httpx.get(f"{address}/media/user_files/{answer['name']}", timeout=30).raise_for_status()
        assert served.content == content
        part = httpx.get(served.url, headers={"Range": "bytes=2-5"}, timeout=30)
        assert (part.status_code, part.content) == (206, b"file")
    with bucket_client(several.store) as store:
        kept = store.list_objects_v2(Bucket=several.store["TABLEWRIGHT_S3_BUCKET"])
    assert any(found["Size"] == len(content) for found in kept["Contents"])


def _databases(client: Client) -> list[dict[str, Any]]:
    return [found for found in client.call("GET", "applications/") if found["type"] == "database"]


def _ended(client: Client, job: int) -> bool:
    return bool(client.call("GET", f"jobs/{job}/")["state"] in ("finished", "failed"))


def test_each_job_is_run_once(several: Several) -> None:
    client = several.client()
    before = _databases(client)
    for _ in range(3):  # one at a time is allowed
        job = client.call("POST", f"applications/{before[0]['id']}/duplicate/async/")["id"]
        assert wait_until(lambda job=job: _ended(client, job), 60)
    assert len(_databases(client)) == len(before) + 3


def test_nothing_is_lost_when_processes_are_killed(several: Several) -> None:
    client, killed = several.client(), (several.web[1], several.workers[1])
    table = new_table(client)
    database = client.call("GET", f"database/tables/{table}/")["database_id"]
    before = len(_databases(client))
    with load(several.proxy.url, several.token, table, 4) as running:
        assert wait_until(lambda: running.acknowledged > 50, 60)
        job = client.call("POST", f"applications/{database}/duplicate/async/")["id"]
        for process in killed:
            process.kill()
        reached = running.acknowledged
        assert wait_until(lambda: running.acknowledged > reached + 50, 60)
    assert differences(running, all_rows(client, table)) == []
    assert wait_until(lambda: _ended(client, job), 90)
    assert client.call("GET", f"jobs/{job}/")["state"] == "finished"
    assert len(_databases(client)) == before + 1
    for process in killed:
        process.start()
        process.wait_ready()


def test_one_after_the_other_is_replaced_without_a_failed_request(several: Several) -> None:
    client = several.client()
    table = new_table(client)
    # nginx closes connections that are idle when it reads its configuration anew, maybe just when one is used again.
    with load(several.proxy.url, several.token, table, 4, keep_alive=False) as running:
        for process in several.web:
            several.proxy.leave_out(process.port)
            assert process.stop() == 0
            process.start()
            process.wait_ready()
            several.proxy.leave_out(None)
        assert several.workers[0].stop() == 0
        reached = running.acknowledged
        assert wait_until(lambda: running.acknowledged > reached + 20, 60)
    assert running.failures == {}
    assert differences(running, all_rows(client, table)) == []
