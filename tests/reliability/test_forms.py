"""People fill in a form while the product is killed and started again: every row they were promised is there."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.runtime.embedded import temporary_folder
from core.runtime.processes import wait_until
from tests.docs.conftest import Product
from tests.reliability.conftest import assert_gone

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc"),
]
_ENOUGH = 40


class Visitors:
    """People who fill in a form again and again, and note what they were promised."""

    def __init__(self, count: int) -> None:
        self.address, self.stop = "", threading.Event()
        self.promised: dict[str, int] = {}
        self.sent: list[str] = []
        self.strange: list[str] = []
        self._threads = [threading.Thread(target=self._fill_in, args=(n,)) for n in range(count)]

    def begin(self, address: str) -> None:
        """Let them in."""
        self.address = address
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Wait until they are gone."""
        self.stop.set()
        for thread in self._threads:
            thread.join()

    def _fill_in(self, person: int) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            name = f"{person}-{number}"
            self.sent.append(name)
            try:
                answer = httpx.post(self.address, json={self.key: name}, timeout=20)
            except httpx.HTTPError:
                self.stop.wait(0.05)
                continue  # nothing was promised
            if answer.status_code == 200:
                self.promised[name] = answer.json()["row_id"]
            elif answer.status_code not in (502, 503):
                self.strange.append(answer.text)

    key = ""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder."""
    with temporary_folder() as found:
        yield found / "data"


def _call(client: httpx.Client, method: str, path: str, body: Any = None) -> Any:
    answer = client.request(method, path, json=body)
    assert answer.is_success, answer.text
    return answer.json()


def _form(client: httpx.Client) -> tuple[int, int, str]:
    """A shared form that asks for a name: its table, its field and its slug."""
    account = {"name": "Ann", "email": "ann@example.com", "password": "a long password", "authenticate": True}
    client.headers["Authorization"] = f"JWT {_call(client, 'POST', '/api/user/', account)['token']}"
    workspace = _call(client, "POST", "/api/workspaces/", {"name": "W"})["id"]
    body: dict[str, Any] = {"name": "D", "type": "database"}
    database = _call(client, "POST", f"/api/applications/workspace/{workspace}/", body)["id"]
    body = {"name": "T", "data": [["Name"]], "first_row_header": True}
    table = _call(client, "POST", f"/api/database/tables/database/{database}/", body)["id"]
    field = _call(client, "GET", f"/api/database/fields/table/{table}/")[0]["id"]
    body = {"name": "F", "type": "form", "public": True}
    form = _call(client, "POST", f"/api/database/views/table/{table}/", body)
    asked = {"field_options": {str(field): {"enabled": True}}}
    _call(client, "PATCH", f"/api/database/views/{form['id']}/field-options/", asked)
    return table, field, form["slug"]


def _names(client: httpx.Client, table: int) -> list[tuple[str, int]]:
    found, page = [], f"/api/database/rows/table/{table}/?user_field_names=true&size=200"
    while page:
        answer = _call(client, "GET", page)
        found += [(row["Name"], row["id"]) for row in answer["results"]]
        page = answer["next"] and answer["next"].partition("//")[2].partition("/")[2]
        page = page and f"/{page}"
    return found


def test_rows_that_were_promised_outlive_everything(folder: Path) -> None:
    served = Product(folder).wait_ready()
    with httpx.Client(base_url=served.url, timeout=60) as client:
        table, field, slug = _form(client)
        token = client.headers["Authorization"]
    visitors = Visitors(4)
    visitors.key = f"field_{field}"
    visitors.begin(f"{served.url}/api/database/views/form/{slug}/submit/")
    for victim in (" web ", "bin/postgres"):
        before = len(visitors.promised)
        os.kill(served.pid_of(victim), signal.SIGKILL)
        assert wait_until(lambda before=before: len(visitors.promised) >= before + _ENOUGH, 90), served.output
    below = served.descendants()
    for pid in [served.process.pid, *below]:
        with suppress(ProcessLookupError):  # it may have ended with its parent
            os.kill(pid, signal.SIGKILL)
    served.process.wait()
    visitors.end()
    assert not visitors.strange
    again = Product(folder).wait_ready()
    try:
        with httpx.Client(base_url=again.url, timeout=60, headers={"Authorization": token}) as client:
            rows = _names(client, table)
    finally:
        left = again.descendants()
        again.stop()
        assert_gone(left)
    assert set(visitors.promised.items()) <= set(rows), "what was promised is there"
    assert max(Counter(name for name, _ in rows).values()) == 1, "nothing came twice"
    assert {name for name, _ in rows} <= set(visitors.sent)
