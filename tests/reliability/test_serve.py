"""`tablewright serve`: one command runs everything, and nothing is left behind or lost."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import redis

from core.runtime.processes import wait_until
from tests.reliability.conftest import Served, assert_gone

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc"),
]
Serve = Callable[..., Served]


def test_data_is_there_after_an_orderly_stop(serve: Serve) -> None:
    served = serve().wait_ready()
    assert served.post("/add") == "1"
    below = served.descendants()
    assert served.stop(signal.SIGINT) == 0
    assert_gone(below)
    again = serve().wait_ready()
    assert again.get("/count") == "1"


def _group_of(pid: int) -> int:
    """A process' group; 0 when it has ended since, as PostgreSQL's do all the time."""
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def test_children_are_in_sessions_of_their_own(serve: Serve) -> None:
    """Ctrl-C in a terminal goes to the whole group: only the supervisor must be in it."""
    served = serve().wait_ready()
    group = os.getpgid(served.process.pid)
    assert all(_group_of(pid) != group for pid in served.descendants())


def test_a_killed_supervisor_takes_its_children_along_and_loses_nothing(serve: Serve) -> None:
    served = serve().wait_ready()
    for _ in range(5):
        served.post("/add")
    below = served.descendants()
    served.process.kill()
    served.process.wait()
    assert serve().wait_ready().get("/count") == "5"
    assert_gone(below)


def test_everything_killed_at_once_loses_nothing(serve: Serve) -> None:
    served = serve().wait_ready()
    for _ in range(5):
        served.post("/add")
    below = served.descendants()
    for pid in [served.process.pid, *below]:
        with suppress(ProcessLookupError):  # some end with their parents
            os.kill(pid, signal.SIGKILL)
    served.process.wait()
    assert serve().wait_ready().get("/count") == "5"


def test_a_postgres_left_behind_is_stopped_and_its_data_kept(serve: Serve) -> None:
    served = serve().wait_ready()
    served.post("/add")
    postgres = served.pid_of("bin/postgres")
    # Stopped, it cannot follow the supervisor's end.
    os.kill(postgres, signal.SIGSTOP)
    served.process.kill()
    served.process.wait()
    again = serve()
    assert wait_until(lambda: "left behind" in again.output, 30)
    os.kill(postgres, signal.SIGCONT)
    assert again.wait_ready().get("/count") == "1"


def test_each_killed_process_is_started_again(serve: Serve) -> None:
    served = serve().wait_ready()
    served.post("/add")
    for word, path in (("bin/postgres", "/count"), ("valkey-server", "/pid"), (" web ", "/pid"), (" worker ", "/pid")):
        pid = served.pid_of(word)
        os.kill(pid, signal.SIGKILL)
        assert wait_until(lambda word=word, pid=pid: _replaced(served, word, pid), 30), served.output
        assert wait_until(lambda path=path: _answers(served, path), 30), served.output
    assert served.get("/count") == "1"
    assert "postgres ended by signal 9; it is started again" in served.output
    served.post("/work/0.0")
    assert wait_until(lambda: served.get("/count") == "2", 30)


def _replaced(served: Served, word: str, pid: int) -> bool:
    try:
        return served.pid_of(word) != pid
    except StopIteration:
        return False


def _answers(served: Served, path: str) -> bool:
    try:
        return bool(served.get(path))
    except httpx.HTTPError:
        return False


def test_while_the_web_process_is_replaced_clients_wait(serve: Serve) -> None:
    served = serve().wait_ready()
    before = served.get("/pid")
    os.kill(int(before), signal.SIGKILL)
    assert wait_until(lambda: "web ended" in served.output, 10)
    assert served.get("/pid") != before


def test_a_stop_lets_requests_finish(serve: Serve) -> None:
    served = serve().wait_ready()
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(served.get("/slow")))
    asking.start()
    time.sleep(0.7)
    assert served.stop() == 0
    asking.join()
    assert answers == ["begun,done"]


def test_a_stop_lets_short_tasks_finish(serve: Serve) -> None:
    served = serve().wait_ready()
    served.post("/work/2.0")
    time.sleep(1.0)
    assert served.stop() == 0
    assert serve().wait_ready().get("/count") == "1"


def test_a_stop_gives_long_tasks_back(serve: Serve, data_dir: Path) -> None:
    served = serve().wait_ready()
    served.post("/work/60.0")
    assert wait_until(lambda: _begun(data_dir) == 1, 30)
    assert served.stop() == 0
    assert "task given back to the queue" in served.output
    serve().wait_ready()
    assert wait_until(lambda: _begun(data_dir) == 2, 30)


def test_tasks_of_a_killed_worker_are_taken_back(serve: Serve, data_dir: Path) -> None:
    served = serve().wait_ready()
    served.post("/work/60.0")
    assert wait_until(lambda: _begun(data_dir) == 1, 30)
    os.kill(served.pid_of(" worker "), signal.SIGKILL)
    assert wait_until(lambda: _begun(data_dir) == 2, 30), served.output


def _begun(data_dir: Path) -> int:
    with redis.Redis(unix_socket_path=str(data_dir / "valkey" / "valkey.sock")) as cache:
        return int(cache.get("begun") or 0)


def test_a_process_that_always_fails_is_given_up_with_its_last_lines(serve: Serve) -> None:
    served = serve(WEB_FAILS="1")
    assert served.process.wait(60) == 1
    assert "web ended with exit code 1 and is given up" in served.output
    assert "the web process fails, as the test wants" in served.output


def test_a_second_serve_on_the_same_folder_is_refused(serve: Serve) -> None:
    first = serve().wait_ready()
    second = serve()
    assert second.process.wait(30) == 1
    assert f"in use by process {first.process.pid}" in second.output
    assert first.get("/api/_health/") == "OK"


def test_a_port_in_use_is_refused_with_the_setting(serve: Serve) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        served = serve("--port", str(taken.getsockname()[1]))
        assert served.process.wait(30) == 1
    assert "TABLEWRIGHT_PORT" in served.output
    assert "Traceback" not in served.output


def test_wrong_settings_are_refused_in_one_line(serve: Serve) -> None:
    served = serve(TABLEWRIGHT_WEB_THREADS="many")
    assert served.process.wait(30) == 2
    assert served.output == "TABLEWRIGHT_WEB_THREADS: must be a whole number, not 'many'\n"


def test_periodic_tasks_run(serve: Serve, data_dir: Path) -> None:
    serve().wait_ready()
    with redis.Redis(unix_socket_path=str(data_dir / "valkey" / "valkey.sock")) as cache:
        assert wait_until(lambda: int(cache.get("ticks") or 0) >= 3, 30)


def test_the_embedded_servers_are_private(serve: Serve, data_dir: Path) -> None:
    served = serve().wait_ready()
    listening = "".join(path.read_text() for path in Path("/proc/net").glob("tcp*"))
    inodes = {line.split()[9] for line in listening.splitlines() if line.split()[3:4] == ["0A"]}
    servers = [served.pid_of("bin/postgres"), served.pid_of("valkey-server")]
    open_sockets = {os.readlink(link) for pid in servers for link in Path(f"/proc/{pid}/fd").iterdir()}
    assert not {f"socket:[{inode}]" for inode in inodes} & open_sockets
    assert (data_dir / "postgres").stat().st_mode & 0o077 == 0
    assert (data_dir / "valkey").stat().st_mode & 0o077 == 0


def test_json_logs_are_json_only(serve: Serve) -> None:
    import json

    served = serve(TABLEWRIGHT_LOG_FORMAT="json")
    assert wait_until(lambda: "ready at http" in served.output and "worker ready" in served.output, 60)
    served.stop()
    entries = [json.loads(line) for line in served.output.splitlines()]
    assert {"serve", "web", "worker"} <= {entry["process"] for entry in entries}
