"""Restarts under clients that never rest: no request fails, no task is lost, and what does not start is not used."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import redis

from core.runtime.processes import is_running, wait_until
from tests.reliability.conftest import Served, environment

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc"),
]
Serve = Callable[..., Served]
_PAUSE = 0.01  # leaves the processors to the processes that start


class Hammer:
    """Clients that write and write and retry nothing: some keep their connection, some make a new one."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.acknowledged = 0
        self.problems: list[str] = []
        self.processes: set[str] = set()
        self._lock = threading.Lock()

    def _one(self, client: httpx.Client) -> None:
        try:
            client.post(f"{self.url}/add").raise_for_status()
            answered = client.get(f"{self.url}/pid").raise_for_status().text
        except httpx.HTTPError as error:
            with self._lock:
                self.problems.append(repr(error))
            return
        with self._lock:
            self.acknowledged += 1
            self.processes.add(answered)

    def keeping(self, stop: threading.Event) -> None:
        """Write on connections that are kept."""
        with httpx.Client(timeout=30) as client:
            while not stop.is_set():
                self._one(client)
                stop.wait(_PAUSE)

    def connecting(self, stop: threading.Event) -> None:
        """Write with a new connection each time."""
        while not stop.is_set():
            with httpx.Client(timeout=30) as client:
                self._one(client)
            stop.wait(_PAUSE)


@contextmanager
def hammering(url: str, clients: int = 3) -> Iterator[Hammer]:
    """Clients of both kinds at work for the time of the block."""
    hammer, stop = Hammer(url), threading.Event()
    works = [hammer.keeping, hammer.connecting] * clients
    threads = [threading.Thread(target=work, args=(stop,)) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield hammer
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def restart(served: Served) -> subprocess.CompletedProcess[str]:
    """Run `tablewright restart`."""
    argv = [*served.program, "restart", "--data-dir", str(served.data_dir)]
    return subprocess.run(argv, env=environment(), capture_output=True, text=True, timeout=60, check=False)


def test_no_request_fails_while_web_and_worker_are_replaced(serve: Serve) -> None:
    served = serve().wait_ready()
    before = served.pid_of(" web "), served.pid_of(" worker ")
    slow: list[str] = []
    with hammering(served.url) as hammer:
        asking = threading.Thread(target=lambda: slow.append(served.get("/slow")))
        asking.start()
        time.sleep(0.3)
        done = restart(served)
        assert (done.returncode, done.stdout) == (0, "Web and worker were replaced.\n"), served.output
        asking.join()
        assert wait_until(lambda: not any(map(is_running, before)), 30)
    assert hammer.problems == []
    assert slow == ["begun,done"]
    assert len(hammer.processes) == 2
    assert int(served.get("/count")) == hammer.acknowledged
    assert "ended" not in served.output  # nothing was started again because it had failed
    served.post("/work/0.0")
    assert wait_until(lambda: int(served.get("/count")) == hammer.acknowledged + 1, 30)


def test_an_idle_connection_is_let_go_and_holds_nothing_up(serve: Serve) -> None:
    served = serve().wait_ready()
    web = served.pid_of(" web ")
    with httpx.Client(base_url=served.url) as client:
        client.get("/pid")
        assert restart(served).returncode == 0
        answer = client.get("/pid")  # on the same connection, or a new one when that was idle for too long
        assert answer.text != str(web) or answer.headers["connection"] == "close"
        assert client.get("/pid").text != str(web)
    assert wait_until(lambda: not is_running(web), 30)


def test_tasks_under_way_are_taken_up_by_the_next_worker(serve: Serve, data_dir: Path) -> None:
    served = serve().wait_ready()
    served.post("/work/60.0")
    begun = lambda: _number(data_dir, "begun")  # noqa: E731
    assert wait_until(lambda: begun() == 1, 30)
    assert restart(served).returncode == 0
    assert wait_until(lambda: begun() == 2, 40), served.output
    assert "task given back to the queue" in served.output


def _number(data_dir: Path, name: str) -> int:
    with redis.Redis(unix_socket_path=str(data_dir / "valkey" / "valkey.sock")) as cache:
        return int(cache.get(name) or 0)


def test_what_does_not_start_does_not_take_the_place_of_what_runs(serve: Serve, data_dir: Path) -> None:
    broken = data_dir.parent / "broken"
    served = serve(WEB_FAILS_WITH=str(broken)).wait_ready()
    web = served.get("/pid")
    broken.touch()
    with hammering(served.url, clients=1) as hammer:
        done = restart(served)
    assert done.returncode == 1
    assert done.stderr == "tablewright: Not restarted: the new web does not start; the one before goes on\n"
    assert hammer.problems == []
    assert served.get("/pid") == web
    broken.unlink()
    assert restart(served).returncode == 0
    assert served.get("/pid") != web


def test_a_stop_in_the_middle_of_a_restart_stops_all(serve: Serve) -> None:
    served = serve().wait_ready()
    below = served.descendants()
    os.kill(served.process.pid, signal.SIGUSR1)
    assert wait_until(lambda: len(served.descendants()) > len(below), 10)
    assert served.stop() == 0


def test_restart_needs_a_running_product(data_dir: Path) -> None:
    argv = [*Served.program, "restart", "--data-dir", str(data_dir)]
    done = subprocess.run(argv, env=environment(), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert (
        done.stderr
        == f"tablewright: No `tablewright serve` runs on {data_dir}. Name its data folder with --data-dir.\n"
    )
