"""Websockets: what idle connections cost, how soon changes are told, and how fast they reach many readers.

    python -m tests.performance.websockets [--idle 2000] [--readers 200] [--writers 20] [--seconds 10]

Starts the whole product on embedded servers. First somebody changes a row again and again while one socket has the
table open: how long after the answer to a change its message came (median, longest), which may be before the answer.
Then so many sockets that do nothing are connected: the memory of the web process before and after (resident set).
Last, writers change one table while all readers have it open: changes a second, messages a second, and how long after
the answer the last reader had the message.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import statistics
import threading
import time
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.docs.conftest import running_product
from tests.reliability.load import Client, load, new_table, rows_path, sign_in

_CHANGES = 50


def resident_mb(pid: int) -> float:
    """The resident set of a process."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def opened(url: str, token: str, table: int | None) -> ClientConnection:
    """A signed-in socket, with the table open if there is one."""
    address = f"ws{url.removeprefix('http')}/ws/core/?jwt_token={token}"
    socket = await connect(address, ping_interval=None, max_size=None, compression=None, open_timeout=60)
    assert json.loads(await socket.recv())["success"]
    if table is not None:
        await socket.send(json.dumps({"page": "table", "table_id": table}))
        assert json.loads(await socket.recv())["type"] == "page_add"
    return socket


class Readers:
    """Sockets in a thread of their own; `came` has, by the value of a row, when each reader had been told of it."""

    def __init__(self, url: str, token: str, table: int | None, number: int) -> None:
        self.came: dict[str, list[float]] = {}
        self.messages = 0
        self._url, self._token, self._table, self._number = url, token, table, number
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._read(),))
        self._thread.start()
        assert self._ready.wait(300)

    async def _read(self) -> None:
        self._stopped = asyncio.Event()
        sockets = []
        for start in range(0, self._number, 50):
            wanted = range(start, min(start + 50, self._number))
            sockets += await asyncio.gather(*(opened(self._url, self._token, self._table) for _ in wanted))
        tasks = [asyncio.create_task(self._note(socket)) for socket in sockets]
        self._ready.set()
        await self._stopped.wait()
        await asyncio.gather(*(socket.close() for socket in sockets))
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _note(self, socket: ClientConnection) -> None:
        async for text in socket:
            now = time.perf_counter()
            self.messages += 1
            for row in json.loads(text).get("rows", ()):
                for value in row.values():
                    if isinstance(value, str):
                        self.came.setdefault(value, []).append(now)

    def stop(self) -> None:
        """Leave."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()
        self._loop.close()


def latency(client: Client, url: str, token: str, table: int) -> None:
    """One socket, one change after the other."""
    row = client.call("POST", rows_path(table), {"Name": "row", "Value": "first"})["id"]
    readers, late = Readers(url, token, table, 1), []
    for number in range(_CHANGES):
        value = f"value {number}"
        client.call("PATCH", rows_path(table, f"{row}/"), {"Value": value})
        answered = time.perf_counter()
        while value not in readers.came:
            time.sleep(0.001)
        late.append(1000 * (readers.came[value][0] - answered))
        time.sleep(0.05)
    readers.stop()
    print(f"told after the answer to a change: {statistics.median(late):.1f} ms, longest {max(late):.1f} ms")


def idle(url: str, token: str, pid: int, number: int) -> None:
    """Sockets that do nothing."""
    before = resident_mb(pid)
    readers = Readers(url, token, None, number)
    time.sleep(2)
    after = resident_mb(pid)
    print(f"{number} idle sockets: web process {before:.0f} MB before, {after:.0f} MB after: {after - before:.0f} MB")
    readers.stop()


def crowd(url: str, token: str, table: int, arguments: Any) -> None:
    """Many readers and writers."""
    readers = Readers(url, token, table, arguments.readers)
    begun = time.perf_counter()
    with load(url, token, table, arguments.writers) as running:
        time.sleep(arguments.seconds)
        seconds, told = time.perf_counter() - begun, readers.messages
        changes = running.acknowledged
    ended = time.perf_counter()
    while readers.messages < running.acknowledged * arguments.readers and time.perf_counter() - ended < 60:
        time.sleep(0.02)
    behind = time.perf_counter() - ended
    print(f"{arguments.writers} writers: {changes / seconds:.0f} changes a second")
    print(
        f"{arguments.readers} readers: {told / seconds:.0f} messages a second; all told {behind:.2f} s after the last"
    )
    print(f"{readers.messages} messages, {running.acknowledged * arguments.readers} were expected")
    readers.stop()


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("idle", 2000), ("readers", 200), ("writers", 20), ("seconds", 10)):
        parser.add_argument(f"--{name}", type=int, default=default)
    arguments = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with running_product(TABLEWRIGHT_ACCESS_TOKEN_MINUTES="60") as product:
        token = sign_in(product.url)
        client = Client(product.url, token)
        table = new_table(client)
        latency(client, product.url, token, table)
        idle(product.url, token, product.pid_of(" web "), arguments.idle)
        crowd(product.url, token, table, arguments)


if __name__ == "__main__":
    main()
