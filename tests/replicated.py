"""A real streaming replica for tests: a primary of the embedded PostgreSQL, and a copy of it that follows it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from core.runtime import embedded, folders, postgres_lock
from core.runtime.postgres import DATABASE, STOPS, USER, Postgres, _environment
from core.runtime.postgres_programs import programs
from core.runtime.processes import Program, wait_until
from core.runtime.system_account import postgres_account
from core.runtime.valkey import Valkey

_SENDS = "wal_level = replica\nmax_wal_senders = 4\nfsync = off\nlog_statement = all\n"
_REPLICATION = "local replication all peer map=tablewright\n"


class Standby:
    """A replica of `primary` in a folder of its own; implements what `embedded.running` runs."""

    name = "standby"

    def __init__(self, primary: Postgres, folder: Path) -> None:
        self._primary, self._folder = primary, folder
        self._account = postgres_account(primary._cluster)
        self._programs = programs("", primary._cluster, self._account)
        self._cluster = folder / "cluster"

    def copy(self) -> None:
        """Take a base backup that says whom to follow."""
        folders.private_dir(self._folder, self._account)
        ids = {} if self._account.is_us else {"user": self._account.uid, "group": self._account.gid}
        command = [self._programs / "pg_basebackup", "-h", self._primary_sockets, "-U", USER, "-D", self._cluster]
        done = subprocess.run(
            [str(part) for part in [*command, "--write-recovery-conf", "--checkpoint=fast"]],
            env=_environment(),
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            **ids,  # type: ignore[call-overload]
        )
        assert done.returncode == 0, done.stderr

    @property
    def _primary_sockets(self) -> Path:
        assert self._primary._socket_dir is not None
        return self._primary._socket_dir

    def prepare(self) -> Program:
        """The program to run."""
        postgres_lock.clear(self._cluster)
        self._sockets = folders.socket_dir(self._folder / "run", ".s.PGSQL.5432", self._account)
        postgres_lock.clear_socket(self._sockets / ".s.PGSQL.5432.lock")
        settings = ["-c", f"unix_socket_directories={self._sockets}", "-c", "hot_standby=on"]
        return Program(
            argv=[str(self._programs / "postgres"), "-D", str(self._cluster), *settings],
            stops=STOPS,
            env=_environment(),
            cwd=Path("/"),
            uid=None if self._account.is_us else self._account.uid,
            gid=None if self._account.is_us else self._account.gid,
            orphan_signal=STOPS[0][0],
        )

    def is_ready(self, pid: int) -> bool:
        """Whether the replica takes connections."""
        lines = (self._cluster / "postmaster.pid").read_text().splitlines() if self._has_lock() else []
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() in ("ready", "standby")

    def _has_lock(self) -> bool:
        return (self._cluster / "postmaster.pid").exists()

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"postgresql://{USER}@/{DATABASE}?host={quote(str(self._sockets), safe='/')}"


class Replicated:
    """A primary, its replica and a Valkey, with what a test does to the replica."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._postgres, valkey = Postgres(folder), Valkey(folder)
        self._postgres.prepare()
        (self._postgres._cluster / "local.conf").write_text(_SENDS)
        for server in (self._postgres, valkey):
            stack.enter_context(embedded.running(server, folder / f"{server.name}.log"))
        with (self._postgres._cluster / "pg_hba.conf").open("a") as file:
            file.write(_REPLICATION)
        self.database_url, self.redis_url = self._postgres.url, valkey.url
        self.ask(self.database_url, "SELECT pg_reload_conf()")
        self._standby = Standby(self._postgres, folder / "replica")
        self._standby.copy()
        self._running = ExitStack()
        stack.callback(lambda: self._running.close())
        self.start()
        self.replica_url = self._standby.url

    def start(self) -> None:
        """Start the replica."""
        self._pid = self._running.enter_context(embedded.running(self._standby, self._log("standby")))

    def kill(self) -> None:
        """End the replica as a crash does."""
        os.kill(self._pid, signal.SIGQUIT)
        self._running.close()

    def ask(self, url: str, sql: str) -> object:
        """The one value of a query."""
        with psycopg.connect(url, autocommit=True) as connection:
            row = connection.execute(sql.encode()).fetchone()
        return row and row[0]

    def pause(self) -> None:
        """Let the replica go on receiving, but replay nothing."""
        self.ask(self.replica_url, "SELECT pg_wal_replay_pause()")
        assert wait_until(lambda: self.ask(self.replica_url, "SELECT pg_get_wal_replay_pause_state()") == "paused", 10)

    def go_on(self) -> None:
        """Replay again."""
        self.ask(self.replica_url, "SELECT pg_wal_replay_resume()")

    def statements(self, name: str, word: str) -> int:
        """How many statements with `word` in them a server (postgres or standby) has logged."""
        return self._log(name).read_text(errors="replace").count(word)

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"


@contextmanager
def replicated() -> Iterator[Replicated]:
    """A primary with a replica, thrown away at the end."""
    with embedded.temporary_folder() as folder, ExitStack() as stack:
        yield Replicated(folder, stack)
