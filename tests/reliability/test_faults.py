"""Parts that are killed under a load of writers: what was acknowledged is there, once, and the service goes on.

    ./tablewright test tests/reliability/test_faults.py -s

prints what each fault cost: how long nobody was answered, and how long it took from the part's return.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import redis

from core.runtime.processes import is_running, wait_until
from core.runtime.restarts import RESTART
from tests.docs.conftest import Product, running_product
from tests.reliability.load import Client, Load, all_rows, differences, load, new_table, rows_path, sign_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc"),
]
WRITERS = 20
_BACK_SECONDS = 30.0  # five are wanted; what a busy machine needs is printed, not asserted


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """The whole product with servers of its own."""
    with running_product(TABLEWRIGHT_ACCESS_TOKEN_MINUTES="60", TABLEWRIGHT_JOB_SWEEP_SECONDS="2") as running:
        yield running


@pytest.fixture(scope="module")
def token(product: Product) -> str:
    """The access token of all clients."""
    return sign_in(product.url)


class Editor:
    """Somebody with a row who changes it before the fault and undoes that after it."""

    def __init__(self, url: str, token: str) -> None:
        self.client = Client(url, token)
        self.table = new_table(self.client)
        self.row = self._call("POST", "", {"Name": "Row", "Value": "first"})["id"]
        self._call("PATCH", f"{self.row}/", {"Value": "second"})

    def _call(self, method: str, rest: str, body: Any = None) -> Any:
        return self.client.call(method, rows_path(self.table, rest), body)

    def replay(self, way: str) -> str:
        """Undo or redo; answers the row's value after that."""
        answer = self.client.call("PATCH", f"user/{way}/", {"scopes": {}})
        assert answer["result_code"] == "SUCCESS", answer
        return str(self._call("GET", f"{self.row}/")["Value"])

    def history(self) -> int:
        """How many changes of the row are remembered."""
        return int(self.client.call("GET", f"database/rows/table/{self.table}/{self.row}/history/")["count"])


def _connect(product: Product) -> psycopg.Connection[Any]:
    return psycopg.connect(f"postgresql://tablewright@/tablewright?host={product.data_dir}/postgres/run")


def _database_answers(product: Product) -> bool:
    try:
        _connect(product).close()
    except psycopg.OperationalError:
        return False
    return True


def _redis_answers(product: Product) -> bool:
    try:
        with redis.Redis(unix_socket_path=str(product.data_dir / "valkey" / "valkey.sock")) as cache:
            return bool(cache.ping())
    except redis.RedisError:
        return False


def _runs(word: str) -> Callable[[Product], bool]:
    return lambda product: _pid(product, word) is not None


def _pid(product: Product, word: str) -> int | None:
    try:
        return product.pid_of(word)
    except StopIteration:
        return None


def _kill(product: Product, word: str, is_back: Callable[[Product], bool]) -> float:
    """Kill a part; answers when it was back."""
    pid = product.pid_of(word)
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: _pid(product, word) not in (None, pid) and is_back(product), _BACK_SECONDS), (
        product.output
    )
    return time.monotonic()


FAULTS = {
    "web": (" web ", _runs(" web ")),
    "worker": (" worker ", _runs(" worker ")),
    "postgres": ("bin/postgres", _database_answers),
    "valkey": ("valkey-server", _redis_answers),
}
MAY_FAIL = {
    # Requests under way are lost with their process; the supervisor holds the socket, so nobody is refused.
    "web": {"RemoteProtocolError", "ReadError", "WriteError"},
    "worker": set[str](),
    "postgres": {"503 ERROR_DATABASE_UNAVAILABLE"},
    "valkey": set[str](),
}


@pytest.fixture
def editor(product: Product, token: str) -> Iterator[Editor]:
    """Somebody who changed a row before the fault."""
    made = Editor(product.url, token)
    yield made
    made.client.http.close()


@pytest.fixture
def admin(product: Product, token: str) -> Iterator[Client]:
    """The same account in a client session of its own."""
    made = Client(product.url, token)
    yield made
    made.http.close()


@pytest.mark.parametrize("part", list(FAULTS))
def test_a_killed_part_loses_nothing_that_was_acknowledged(
    product: Product, token: str, editor: Editor, admin: Client, part: str
) -> None:
    table = new_table(admin)
    with load(product.url, token, table, WRITERS) as running:
        assert wait_until(lambda: running.acknowledged > 5 * WRITERS, _BACK_SECONDS)
        killed = time.monotonic()
        back = _kill(product, *FAULTS[part])
        assert wait_until(lambda: running.first_done_after(back) is not None, _BACK_SECONDS), running.failures
        enough = running.acknowledged + 5 * WRITERS
        assert wait_until(lambda: running.acknowledged > enough, _BACK_SECONDS), running.failures
    _tell(part, running, killed, back)
    assert set(running.failures) <= MAY_FAIL[part]
    assert differences(running, all_rows(admin, table)) == []
    recorded, logged = _recorded_and_logged(product, table)
    assert logged == recorded >= running.acknowledged
    assert (editor.replay("undo"), editor.replay("redo")) == ("first", "second")
    assert editor.history() == 4
    assert wait_until(lambda: _is_healthy(admin), _BACK_SECONDS), _report(admin)
    assert _jobs_run(admin)


def test_a_broken_backend_of_the_database_loses_nothing(product: Product, token: str, admin: Client) -> None:
    """PostgreSQL ends all its sessions when one of its processes is killed, and begins anew."""
    table = new_table(admin)
    with load(product.url, token, table, WRITERS) as running:
        assert wait_until(lambda: running.acknowledged > 5 * WRITERS, _BACK_SECONDS)
        killed = time.monotonic()
        backend = next(pid for pid, line in product.descendants().items() if "tablewright tablewright [local]" in line)
        os.kill(backend, signal.SIGKILL)
        enough = running.acknowledged + 5 * WRITERS
        assert wait_until(lambda: running.acknowledged > enough, _BACK_SECONDS), running.failures
    _tell("one session of postgres", running, killed, killed)
    assert set(running.failures) <= MAY_FAIL["postgres"]
    assert differences(running, all_rows(admin, table)) == []


def test_a_redis_that_hangs_stops_nobody(product: Product, token: str, admin: Client) -> None:
    table = new_table(admin)
    valkey = product.pid_of("valkey-server")
    with load(product.url, token, table, WRITERS) as running:
        assert wait_until(lambda: running.acknowledged > 5 * WRITERS, _BACK_SECONDS)
        frozen = time.monotonic()
        os.kill(valkey, signal.SIGSTOP)
        try:
            enough = running.acknowledged + 20 * WRITERS
            assert wait_until(lambda: running.acknowledged > enough, _BACK_SECONDS), running.failures
        finally:
            os.kill(valkey, signal.SIGCONT)
        going = time.monotonic()
        assert wait_until(lambda: running.first_done_after(going) is not None, _BACK_SECONDS)
    _tell("valkey, frozen", running, frozen, going)
    assert not running.failures
    assert differences(running, all_rows(admin, table)) == []
    assert _jobs_run(admin)


def test_a_restart_fails_no_request(product: Product, token: str, admin: Client) -> None:
    table = new_table(admin)
    before = product.pid_of(" web ")
    with load(product.url, token, table, WRITERS) as running:
        assert wait_until(lambda: running.acknowledged > 5 * WRITERS, _BACK_SECONDS)
        begun = time.monotonic()
        os.kill(product.process.pid, RESTART)
        assert wait_until(lambda: not is_running(before), 3 * _BACK_SECONDS), product.output
        ended = time.monotonic()
        enough = running.acknowledged + 5 * WRITERS
        assert wait_until(lambda: running.acknowledged > enough, _BACK_SECONDS), running.failures
    _tell("restart", running, begun, ended)
    assert not running.failures
    assert differences(running, all_rows(admin, table)) == []
    assert _jobs_run(admin)


def _recorded_and_logged(product: Product, table: int) -> tuple[int, int]:
    """How many changes of rows were recorded, and how many are in the audit log."""
    recorded = "SELECT count(*) FROM core.action WHERE scope = %s"
    logged = "SELECT count(*) FROM audit_log.entry WHERE description LIKE %s AND action_type LIKE '%%row%%'"
    with _connect(product) as connection:
        found = connection.execute(f"SELECT ({recorded}), ({logged})", [f"table{table}", f"% ({table})"]).fetchone()
    assert found is not None
    return int(found[0]), int(found[1])


def _tell(part: str, running: Load, killed: float, back: float) -> None:
    answered = running.first_done_after(back)
    assert answered is not None
    failed = ", ".join(f"{number} {what}" for what, number in running.failures.items()) or "none failed"
    print(
        f"\n{part}: back {back - killed:.1f} s after it was killed, the next write {answered - back:.2f} s later; "
        f"without any answer for {running.outage():.1f} s; {running.acknowledged} writes acknowledged; {failed}"
    )


def _report(client: Client) -> Any:
    return client.call("GET", "_health/full/")


def _is_healthy(client: Client) -> bool:
    try:
        return bool(_report(client)["passing"])
    except httpx.TransportError:
        return False


def _jobs_run(client: Client) -> bool:
    """Whether a job that is started now finishes."""
    application = client.call("GET", "applications/")[0]["id"]
    job = client.call("POST", f"applications/{application}/duplicate/async/")["id"]
    states = lambda: client.call("GET", f"jobs/{job}/")["state"]  # noqa: E731
    return wait_until(lambda: states() in ("finished", "failed"), _BACK_SECONDS) and states() == "finished"
