"""Two hundred readers of a table that twenty writers change: each is told all, in the order of the commits, once."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from core.runtime.processes import wait_until
from tests.docs.conftest import Product, running_product
from tests.reliability.load import Client, new_table, rows_path, sign_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc"),
]
READERS, WRITERS, SHARED, CHANGES = 200, 20, 5, 25


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """The whole product with servers of its own."""
    with running_product(TABLEWRIGHT_ACCESS_TOKEN_MINUTES="60") as running:
        yield running


@dataclass(frozen=True)
class Change:
    """A value that was written: between which moments it was committed."""

    value: str
    begun: float
    done: float


class Readers:
    """Sockets that have the table open, in a thread of their own, and what each was told."""

    def __init__(self, url: str, token: str, table: int) -> None:
        self.told: list[list[dict[str, Any]]] = [[] for _ in range(READERS)]
        self._address = f"ws{url.removeprefix('http')}/ws/core/?jwt_token={token}"
        self._page = json.dumps({"page": "table", "table_id": table})
        self._ready, self._loop = threading.Event(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._read_all(),))
        self._thread.start()
        assert self._ready.wait(60)

    async def _read_all(self) -> None:
        self._stopped = asyncio.Event()
        sockets = [await self._open() for _ in range(READERS)]
        tasks = [asyncio.create_task(self._read(*pair)) for pair in zip(sockets, self.told, strict=True)]
        self._ready.set()
        await self._stopped.wait()
        for socket in sockets:
            await socket.close()
        await asyncio.gather(*tasks)

    async def _open(self) -> ClientConnection:
        socket = await connect(self._address, max_size=None, ping_interval=None, compression=None, open_timeout=30)
        await socket.recv()
        await socket.send(self._page)
        assert json.loads(await socket.recv())["type"] == "page_add"
        return socket

    async def _read(self, socket: ClientConnection, told: list[dict[str, Any]]) -> None:
        async for text in socket:
            told.append(json.loads(text))

    def stop(self) -> None:
        """Leave."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()
        self._loop.close()


@contextmanager
def reading(url: str, token: str, table: int) -> Iterator[Readers]:
    """Readers for a block."""
    readers = Readers(url, token, table)
    try:
        yield readers
    finally:
        readers.stop()


@dataclass
class Writer:
    """Makes rows, and changes rows that all writers change."""

    client: Client
    table: int
    number: int
    shared: list[int]
    changes: list[Change] = field(default_factory=list)

    def work(self) -> None:
        """All changes, one after the other."""
        for turn in range(CHANGES):
            value, begun = f"{self.number}-{turn}", time.monotonic()
            if turn % 2:
                self.client.call("POST", rows_path(self.table), {"Name": "new", "Value": value})
            else:
                row_id = self.shared[(self.number + turn) % SHARED]
                self.client.call("PATCH", rows_path(self.table, f"{row_id}/"), {"Value": value})
            self.changes.append(Change(value, begun, time.monotonic()))
        self.client.http.close()


def _values(told: list[dict[str, Any]], key: str) -> list[str]:
    """What was written, in the order it was told in."""
    return [row[key] for message in told for row in message["rows"]]


def _assert_commit_order(order: list[str], changes: dict[str, Change]) -> None:
    """None comes after one that was begun when it was done already."""
    latest = float("-inf")
    for value in order:
        assert changes[value].done >= latest, value
        latest = max(latest, changes[value].begun)


def _assert_chains(told: list[dict[str, Any]], key: str, shared: list[int]) -> None:
    """Each change of a row begins with what the one before it left."""
    now = dict.fromkeys(shared, "first")
    for message in told:
        if message["type"] == "rows_updated":
            (before,), (after,) = message["rows_before_update"], message["rows"]
            assert before[key] == now[before["id"]]
            now[after["id"]] = after[key]


@pytest.mark.parametrize("killed", ["nothing", "worker", "valkey"])
def test_every_reader_is_told_every_change_in_order_and_once(product: Product, killed: str) -> None:
    token = sign_in(product.url)
    client = Client(product.url, token)
    table = new_table(client)
    items = [{"Name": "shared", "Value": "first"} for _ in range(SHARED)]
    made = client.call("POST", rows_path(table, "batch/"), {"items": items})["items"]
    fields = client.call("GET", f"database/fields/table/{table}/")
    key = next(f"field_{found['id']}" for found in fields if found["name"] == "Value")
    shared = [row["id"] for row in made]
    client.http.close()
    time.sleep(1)  # the rows made until now are told before the readers come
    writers = [Writer(Client(product.url, token), table, number, shared) for number in range(WRITERS)]
    with reading(product.url, token, table) as readers:
        threads = [threading.Thread(target=writer.work) for writer in writers]
        for thread in threads:
            thread.start()
        if killed != "nothing":
            assert wait_until(lambda: len(readers.told[0]) > WRITERS * CHANGES // 4, 60)
            os.kill(product.pid_of(killed), signal.SIGKILL)
        for thread in threads:
            thread.join()
        wait_until(lambda: all(len(told) >= WRITERS * CHANGES for told in readers.told), 60)
        time.sleep(0.5)  # what comes twice would come now
    changes = {change.value: change for writer in writers for change in writer.changes}
    first = readers.told[0]
    order = _values(first, key)
    assert sorted(order) == sorted(changes)
    assert all(told == first for told in readers.told)
    _assert_commit_order(order, changes)
    _assert_chains(first, key, shared)
