"""Writers that retry nothing and remember what they were told, and the comparison with what is there afterwards."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

BATCH = 5
ACCOUNT = {"email": "ann@example.com", "password": "a long password"}


class Client:
    """A signed-in member in a client session, on one connection, or on a new one for each request."""

    def __init__(self, url: str, token: str, keep_alive: bool = True) -> None:
        headers = {"Authorization": f"JWT {token}", "ClientSessionId": str(uuid4())}
        limits = httpx.Limits(max_keepalive_connections=None if keep_alive else 0)
        self.http = httpx.Client(base_url=f"{url}/api/", timeout=40, headers=headers, limits=limits)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to a request that must succeed."""
        answer = self.http.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


def sign_in(url: str) -> str:
    """The access token of the one account, which is made when there is none."""
    with httpx.Client(base_url=f"{url}/api/", timeout=40) as http:
        answer = http.post("user/token-auth/", json=ACCOUNT)
        if answer.status_code == 401:
            answer = http.post("user/", json={"name": "Ann", **ACCOUNT, "authenticate": True})
        return str(answer.raise_for_status().json()["token"])


def new_table(client: Client) -> int:
    """A table with the text fields Name and Value, in a workspace of its own."""
    workspace = client.call("POST", "workspaces/", {"name": "Load"})["id"]
    database = client.call("POST", f"applications/workspace/{workspace}/", {"name": "D", "type": "database"})["id"]
    body = {"name": "T", "data": [["Name", "Value"]], "first_row_header": True}
    return int(client.call("POST", f"database/tables/database/{database}/", body)["id"])


def rows_path(table: int, rest: str = "") -> str:
    """The address of a table's rows."""
    return f"database/rows/table/{table}/{rest}?user_field_names=true"


def all_rows(client: Client, table: int) -> list[dict[str, Any]]:
    """All rows of a table."""
    found: list[dict[str, Any]] = []
    while True:
        page = len(found) // 200 + 1
        answer = client.call("GET", f"{rows_path(table)}&size=200&page={page}")
        found += answer["results"]
        if answer["next"] is None:
            assert len(found) == answer["count"]
            return found


@dataclass
class Known:
    """A row whose making was acknowledged: the values it may have, and whether it must be there."""

    name: str
    values: set[str]
    there: bool | None = True  # None: a deletion was not acknowledged


@dataclass
class Writer:
    """Makes, changes and deletes rows of its own, one request after the other, until it is told to stop."""

    client: Client
    table: int
    number: int
    known: dict[int, Known] = field(default_factory=dict)
    doubtful: list[list[str]] = field(default_factory=list)
    done: list[float] = field(default_factory=list)
    failures: list[tuple[float, str]] = field(default_factory=list)
    _turn: int = 0

    def work(self, stop: threading.Event) -> None:
        """Write until `stop` is set. After a failure it goes on with something else, a moment later."""
        turns = (self._make, self._change, self._make_batch, self._change, self._delete)
        while not stop.is_set():
            self._turn += 1
            if not turns[self._turn % len(turns)]():
                stop.wait(0.1)

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        """The answer; None when the request was not acknowledged."""
        try:
            answer = self.client.http.request(method, path, json=body)
        except httpx.TransportError as error:
            self.failures.append((time.monotonic(), type(error).__name__))
            return None
        if not answer.is_success:
            code = answer.json().get("error") if "json" in answer.headers.get("content-type", "") else answer.text
            self.failures.append((time.monotonic(), f"{answer.status_code} {code}"))
            return None
        self.done.append(time.monotonic())
        return answer.json() if answer.content else True

    def _make(self) -> bool:
        name = f"{self.number}-{self._turn}"
        return self._note([name], self._send("POST", rows_path(self.table), {"Name": name, "Value": "new"}))

    def _make_batch(self) -> bool:
        names = [f"{self.number}-{self._turn}-{n}" for n in range(BATCH)]
        body = {"items": [{"Name": name, "Value": "new"} for name in names]}
        return self._note(names, self._send("POST", rows_path(self.table, "batch/"), body))

    def _note(self, names: list[str], answer: Any) -> bool:
        if answer is None:
            self.doubtful.append(names)
            return False
        made = answer.get("items", [answer])
        assert [row["Name"] for row in made] == names
        self.known.update({row["id"]: Known(row["Name"], {"new"}) for row in made})
        return True

    def _some(self) -> int | None:
        there = [row_id for row_id, known in self.known.items() if known.there]
        return there[self._turn * 7 % len(there)] if there else None

    def _change(self) -> bool:
        row_id = self._some()
        if row_id is None:
            return True
        value = f"turn {self._turn}"
        answer = self._send("PATCH", rows_path(self.table, f"{row_id}/"), {"Value": value})
        values = self.known[row_id].values
        if answer is not None:
            values.clear()
        values.add(value)
        return answer is not None

    def _delete(self) -> bool:
        row_id = self._some()
        if row_id is None:
            return True
        answer = self._send("DELETE", rows_path(self.table, f"{row_id}/"))
        self.known[row_id].there = None if answer is None else False
        return answer is not None


class Load:
    """Writers at work."""

    def __init__(self, writers: Sequence[Writer]) -> None:
        self.writers = writers

    @property
    def acknowledged(self) -> int:
        """How many requests were acknowledged so far."""
        return sum(len(writer.done) for writer in self.writers)

    def first_done_after(self, moment: float) -> float | None:
        """When the first request after `moment` was acknowledged."""
        later = [done for writer in self.writers for done in list(writer.done) if done > moment]
        return min(later, default=None)

    @property
    def failures(self) -> Counter[str]:
        """What went wrong, and how often."""
        return Counter(what for writer in self.writers for _, what in writer.failures)

    def outage(self) -> float:
        """The longest time in which nobody was told that anything was written."""
        done = sorted(moment for writer in self.writers for moment in writer.done)
        return max((after - before for before, after in zip(done, done[1:], strict=False)), default=0.0)


@contextmanager
def load(url: str, token: str, table: int, writers: int, keep_alive: bool = True) -> Iterator[Load]:
    """Write with so many writers for the time of the block."""
    stop = threading.Event()
    running = Load([Writer(Client(url, token, keep_alive), table, number) for number in range(writers)])
    threads = [threading.Thread(target=writer.work, args=(stop,)) for writer in running.writers]
    for thread in threads:
        thread.start()
    try:
        yield running
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        for writer in running.writers:
            writer.client.http.close()


def differences(running: Load, rows: Sequence[dict[str, Any]]) -> list[str]:
    """What is there that must not be, and what is not there that must be."""
    found = {row["id"]: row for row in rows}
    names = Counter(row["Name"] for row in rows)
    problems = [f"{name} is there {number} times" for name, number in names.items() if number > 1]
    for writer in running.writers:
        for row_id, known in writer.known.items():
            problems += _wrong(row_id, known, found.get(row_id))
        for batch in writer.doubtful:
            if len({name in names for name in batch}) > 1:
                problems.append(f"half of the batch {batch} is there")
    expected = {known.name for writer in running.writers for known in writer.known.values()}
    expected |= {name for writer in running.writers for batch in writer.doubtful for name in batch}
    return [*problems, *(f"nobody made {name}" for name in names if name not in expected)]


def _wrong(row_id: int, known: Known, row: dict[str, Any] | None) -> list[str]:
    if row is None:
        return [f"{known.name} is lost, row {row_id}"] if known.there else []
    if known.there is False:
        return [f"{known.name} was deleted and is there, row {row_id}"]
    good = row["Name"] == known.name and row["Value"] in known.values
    return [] if good else [f"row {row_id} is {row}, not {known}"]
