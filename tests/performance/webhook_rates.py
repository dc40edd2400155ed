"""Webhooks: deliveries a second, how long after a change they come, and whether slow receivers hold up others.

    python -m tests.performance.webhook_rates [--events 500] [--slow 12]

Starts the whole product on embedded servers. A table's rows are changed one after the other, first without a webhook,
then with one, then while as many others call receivers that take four seconds for each answer. It prints the changes
a second a single writer makes, and how long after the answer to a change its delivery came (median and longest).
Last, changes are made faster than they can be delivered, which shows the rate of deliveries.
"""

from __future__ import annotations

import argparse
import json
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from tests.docs.conftest import running_product

_SLOW_SECONDS = 4.0


class Receiver:
    """Notes when the value of a row came first."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.came: dict[str, float] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            """Hands deliveries to the receiver around it."""

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.came.setdefault(body["items"][0]["Value"], time.perf_counter())
                time.sleep(seconds)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


class Client:
    """Somebody with a table of four rows."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=f"{url}/api/", timeout=60)
        account = {"name": "Ann", "email": "ann@example.com", "password": "a long password", "authenticate": True}
        self.http.headers["Authorization"] = f"JWT {self.send('POST', 'user/', account)['token']}"
        workspace = self.send("POST", "workspaces/", {"name": "W"})["id"]
        application = {"name": "D", "type": "database"}
        database = self.send("POST", f"applications/workspace/{workspace}/", application)["id"]
        body = {"name": "T", "data": [["Value"], *([""] for _ in range(4))], "first_row_header": True}
        self.table = self.send("POST", f"database/tables/database/{database}/", body)["id"]

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to a request that must succeed."""
        answer = self.http.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def hook(self, receiver: Receiver) -> None:
        """A webhook for changes of rows."""
        body = {"name": "H", "url": receiver.url, "include_all_events": False, "events": ["rows.updated"]}
        self.send("POST", f"database/webhooks/table/{self.table}/", body)

    def change(self, row_id: int, value: str) -> float:
        """Change a row; when the answer was there."""
        self.send("PATCH", f"database/rows/table/{self.table}/{row_id}/?user_field_names=true", {"Value": value})
        return time.perf_counter()


def alone(client: Client, events: int, name: str, receiver: Receiver | None) -> None:
    """One writer, and how long after its changes they were told."""
    begun = time.perf_counter()
    answered = {f"{name} {n}": client.change(n % 4 + 1, f"{name} {n}") for n in range(events)}
    rate = events / (time.perf_counter() - begun)
    print(f"{name}: {rate:.0f} changes a second by one writer", end="")
    if receiver is not None:
        while len([value for value in answered if value in receiver.came]) < events:
            time.sleep(0.05)
        delays = [max(0.0, receiver.came[value] - moment) for value, moment in answered.items()]
        print(f"; told after {statistics.median(delays):.3f} s, {max(delays):.2f} s at the longest", end="")
    print()


def burst(client: Client, events: int, receiver: Receiver) -> None:
    """Four writers; the rate at which deliveries came."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: client.change(n % 4 + 1, f"burst {n}"), range(events)))
    written = time.perf_counter()
    values = [f"burst {n}" for n in range(events)]
    while any(value not in receiver.came for value in values):
        time.sleep(0.05)
    moments = sorted(receiver.came[value] for value in values)
    rate = events / (moments[-1] - moments[0])
    print(f"burst: {rate:.0f} deliveries a second to one receiver, the last {moments[-1] - written:.1f} s after all")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=500)
    parser.add_argument("--slow", type=int, default=12)
    given = parser.parse_args()
    with running_product(TABLEWRIGHT_ALLOW_PRIVATE_ADDRESSES="127.0.0.0/8") as product:
        client, quick = Client(product.url), Receiver()
        alone(client, given.events, "without a webhook", None)
        client.hook(quick)
        alone(client, given.events, "with a webhook", quick)
        burst(client, given.events, quick)
        slow = [Receiver(_SLOW_SECONDS) for _ in range(given.slow)]
        for receiver in slow:
            client.hook(receiver)
        alone(client, given.events, f"beside {given.slow} slow ones", quick)


if __name__ == "__main__":
    main()
