"""A worker that is killed in the middle of a thousand deliveries: every event arrives, those of each row in order."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from core.runtime.processes import wait_until
from tests.docs.conftest import Product, running_product

EVENTS, ROWS, WRITERS = 1_000, 20, 4


class Receiver:
    """Notes each delivery: its id, the event's id, and the values of its rows."""

    def __init__(self) -> None:
        self.came: list[tuple[float, str, str, list[tuple[int, str]]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            """Hands deliveries to the receiver around it."""

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                rows = [(row["id"], row["Value"]) for row in body["items"]]
                outer.came.append((time.monotonic(), self.headers["Webhook-Id"], body["event_id"], rows))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def values(self, row_id: int) -> list[int]:
        """The values that came for a row, each when it came first."""
        found = [int(value) for _, _, _, rows in list(self.came) for one, value in rows if one == row_id]
        return list(dict.fromkeys(found))

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on this machine."""
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def product() -> Iterator[Product]:
    """The whole product, which may call this machine."""
    with running_product(TABLEWRIGHT_ALLOW_PRIVATE_ADDRESSES="127.0.0.0/8") as running:
        yield running


class Client:
    """Somebody who just signed up, with a table of rows whose Value is changed."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=f"{url}/api/", timeout=60)
        account = {"name": "Ann", "email": "ann@example.com", "password": "a long password", "authenticate": True}
        self.http.headers["Authorization"] = f"JWT {self.post('user/', account)['token']}"
        workspace = self.post("workspaces/", {"name": "W"})["id"]
        database = self.post(f"applications/workspace/{workspace}/", {"name": "D", "type": "database"})["id"]
        data = [["Value"], *([str(-1)] for _ in range(ROWS))]
        body = {"name": "T", "data": data, "first_row_header": True}
        self.table = self.post(f"database/tables/database/{database}/", body)["id"]

    def post(self, path: str, body: Any) -> Any:
        """The answer to a POST."""
        answer = self.http.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def change(self, row_id: int, value: int) -> None:
        """Change a row."""
        path = f"database/rows/table/{self.table}/{row_id}/?user_field_names=true"
        answer = self.http.patch(path, json={"Value": str(value)})
        assert answer.is_success, answer.text


def test_a_killed_worker_loses_no_delivery_and_no_order(product: Product, receiver: Receiver) -> None:
    client = Client(product.url)
    hook = {"name": "H", "url": receiver.url, "include_all_events": False, "events": ["rows.updated"]}
    client.post(f"database/webhooks/table/{client.table}/", hook)
    per_row = EVENTS // ROWS

    def write(rows: range) -> None:
        for value in range(per_row):
            for row_id in rows:
                client.change(row_id, value)

    begun = time.monotonic()
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, range(first, ROWS + 1, WRITERS)) for first in range(1, WRITERS + 1)]
        assert wait_until(lambda: len(receiver.came) >= EVENTS // 3, 60)
        os.kill(product.pid_of("worker"), signal.SIGKILL)
        for writer in writers:
            writer.result()
    complete = lambda: all(len(receiver.values(row)) == per_row for row in range(1, ROWS + 1))  # noqa: E731
    assert wait_until(complete, 90), {row: len(receiver.values(row)) for row in range(1, ROWS + 1)}
    seconds = time.monotonic() - begun
    client.http.close()

    assert all(receiver.values(row) == list(range(per_row)) for row in range(1, ROWS + 1))
    deliveries = Counter(delivery for _, delivery, _, _ in receiver.came)
    assert len(deliveries) == EVENTS  # what came twice came under the same id
    repeated = sum(deliveries.values()) - EVENTS
    assert repeated <= 1  # at most the one in flight when it was killed
    events = {event for _, _, event, _ in receiver.came}
    assert len(events) == EVENTS
    print(f"{EVENTS} events in {seconds:.1f} s with a kill in between, {repeated} of them twice")
