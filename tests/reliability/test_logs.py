"""What web and worker log: lines that a request's id links, and nothing that people entered or must keep secret."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.runtime.embedded import temporary_folder
from core.runtime.processes import wait_until
from tests.docs.conftest import Product
from tests.installed import ROOT, install
from tests.mail_server import MailServer

pytestmark = pytest.mark.slow
EMAIL, PASSWORD, VALUE, KEY = "planted.person@mail.example", "planted password", "planted value", "planted-key"
Json = dict[str, Any]


class Visit:
    """One who enters secrets everywhere, and names each request."""

    def __init__(self, product: Product) -> None:
        self.product, self.secrets = product, {EMAIL, PASSWORD, VALUE, KEY}
        self.http = httpx.Client(base_url=f"{product.url}/api/", timeout=40)

    def call(self, name: str, method: str, path: str, body: Any = None, status: int = 200, **more: Any) -> Any:
        """The answer to a request with the id `name`."""
        answer = self.http.request(method, path, json=body, headers={"X-Request-Id": name, **more})
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def lines(self) -> list[Json]:
        """All lines of web and worker so far."""
        found = [line for line in self.product.output.splitlines() if line.startswith("{")]
        return [json.loads(line) for line in found]

    def of(self, name: str, process: str, event: str) -> list[Json]:
        """The lines of a process about a request."""
        chosen = [line for line in self.lines() if line["process"] == process and line["event"] == event]
        return [line for line in chosen if line.get("request_id") == name]

    def wait_for(self, name: str, process: str, event: str) -> Json:
        """The first such line."""
        assert wait_until(lambda: bool(self.of(name, process, event)), 60), self.product.output
        return self.of(name, process, event)[0]


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    """A mail server that knows nobody."""
    with MailServer() as server:
        server.refusal = f"550 <{EMAIL}> is unknown here"
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def visit(mail_server: MailServer) -> Iterator[Visit]:
    """The product with a plugin that fails, and somebody who did everything there."""
    with temporary_folder() as folder:
        install(folder, "careless", "careless")
        shutil.copy(Path(__file__).parents[1] / "careless.py", folder / "careless.py")
        env = {
            "PYTHONPATH": f"{folder}:{ROOT}",
            "TABLEWRIGHT_LOG_FORMAT": "json",
            "TABLEWRIGHT_ACCESS_LOG": "true",
            "TABLEWRIGHT_MAIL_BACKEND": "smtp",
            "TABLEWRIGHT_SMTP_URL": f"smtp://{mail_server.address}",
            "TABLEWRIGHT_WEBHOOK_ATTEMPTS": "1",
        }
        product = Product(folder / "data", **env)
        try:
            visit = Visit(product.wait_ready())
            with visit.http:
                _do_everything(visit)
                yield visit
        finally:
            product.stop()


def _do_everything(visit: Visit) -> None:
    call = visit.call
    account = {"name": "Planted", "email": EMAIL, "password": PASSWORD, "authenticate": True}
    tokens = call("sign-up", "POST", "user/", account)
    visit.secrets |= {tokens["access_token"], tokens["refresh_token"]}
    call("wrong", "POST", "user/token-auth/", {"email": EMAIL, "password": f"{PASSWORD}!"}, 401)
    call("refresh", "POST", "user/token-refresh/", {"refresh_token": tokens["refresh_token"]})
    visit.http.headers["Authorization"] = f"JWT {tokens['access_token']}"
    call("lost", "GET", f"nothing/{tokens['access_token']}/?key={KEY}", status=404)
    call("reset", "POST", "user/send-reset-password-email/", _address(visit), 204)
    workspace = _workspace(visit)
    table = _table(visit, workspace)
    rows = f"database/rows/table/{table}/"
    call("bad", "POST", f"{rows}?user_field_names=true", {"Price": VALUE}, 400)
    call("search", "GET", f"{rows}?search={VALUE}")
    key = call("token", "POST", "database/tokens/", {"name": "T", "workspace": workspace})["key"]
    visit.secrets.add(key)
    call("by-token", "GET", rows, Authorization=f"Token {key}")
    call("row", "POST", f"{rows}?user_field_names=true", {"Name": VALUE})
    call("failed", "POST", "careless/7/", {"value": VALUE}, 500)
    call("job", "POST", "careless/job/", {"value": VALUE})


def _address(visit: Visit) -> Json:
    return {"email": EMAIL, "base_url": f"{visit.product.url}/reset"}


def _workspace(visit: Visit) -> int:
    return int(visit.call("workspace", "POST", "workspaces/", {"name": "W"})["id"])


def _table(visit: Visit, workspace: int) -> int:
    """A table with a webhook nobody answers at."""
    path = f"applications/workspace/{workspace}/"
    database = visit.call("database", "POST", path, {"name": "D", "type": "database"})["id"]
    table = int(visit.call("table", "POST", f"database/tables/database/{database}/", {"name": "T"})["id"])
    visit.call("field", "POST", f"database/fields/table/{table}/", {"name": "Price", "type": "number"})
    hook = {
        "name": "W",
        "url": "http://127.0.0.1:9/",
        "request_method": "POST",
        "include_all_events": True,
        "headers": {"X-Key": KEY},
    }
    visit.call("hook", "POST", f"database/webhooks/table/{table}/", hook)
    return table


def test_every_request_has_a_line_with_its_route_and_user(visit: Visit) -> None:
    line = visit.wait_for("by-token", "web", "request")
    assert (line["method"], line["status"], line["user"]) == ("GET", 200, 1)
    assert line["route"] == "/api/database/rows/table/<int:table_id>/"
    assert line["ms"] > 0 and line["level"] == "info"
    for name, status, route in (("wrong", 401, "/api/user/token-auth/"), ("lost", 404, None)):
        refused = visit.wait_for(name, "web", "request")
        assert (refused["status"], refused["route"], refused["user"]) == (status, route, None)


def test_an_unexpected_error_is_found_by_the_id_of_its_request(visit: Visit) -> None:
    error = visit.wait_for("failed", "web", "unexpected error")
    assert "careless.py" in error["exception"] and "RuntimeError: (text left out)" in error["exception"]
    assert "ValueError: (text left out)" in error["exception"]
    assert visit.wait_for("failed", "web", "request")["status"] == 500


def test_what_a_request_caused_in_the_worker_names_it(visit: Visit) -> None:
    job = visit.wait_for("job", "worker", "a job failed unexpectedly")
    assert job["job_type"] == "careless" and job["job_id"] and "careless.py" in job["exception"]
    handler = visit.wait_for("row", "worker", "an event handler failed")
    assert handler["handler"] == "careless"
    call = visit.wait_for("row", "worker", "a webhook was called")
    assert call["event_type"] == "rows.created" and call["status"] is None
    assert visit.wait_for("reset", "worker", "a mail could not be sent")["to"] == "p...@mail.example"


def test_nothing_that_was_entered_is_in_any_line(visit: Visit) -> None:
    for name, event in (("job", "a job failed unexpectedly"), ("reset", "a mail could not be sent")):
        visit.wait_for(name, "worker", event)
    text = visit.product.output
    assert len(visit.secrets) == 7
    assert [secret for secret in visit.secrets if secret in text] == []
    assert "planted" not in text.lower()
