"""The embedded PostgreSQL: its cluster, its configuration, and how it is started and found ready."""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

from core.runtime import folders, postgres_lock
from core.runtime.errors import StartError
from core.runtime.postgres_config import write_configuration
from core.runtime.postgres_programs import SHARED_ROOT, make_shared_root, programs
from core.runtime.processes import Program
from core.runtime.system_account import Account, postgres_account

log = logging.getLogger(__name__)

DATABASE = USER = "tablewright"
_SOCKET = ".s.PGSQL.5432"
# "fast": ends sessions, checkpoints, stops. Then "immediate": as a crash, from which the next start recovers.
STOPS = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0))


class Postgres:
    """A PostgreSQL of our own in the data folder, reached over a private unix socket only."""

    name = "postgres"

    def __init__(self, data_dir: Path, programs_setting: str = "", durable: bool = True) -> None:
        self._home = data_dir / "postgres"
        self._setting = programs_setting
        self._durable = durable
        self._socket_dir: Path | None = None

    @property
    def _cluster(self) -> Path:
        return self._home / "cluster"

    def prepare(self) -> Program:
        """Make what is missing, stop what an earlier run left, and answer the program to run."""
        account = postgres_account(self._cluster)
        self._make_home(account)
        binaries = programs(self._setting, self._cluster, account)
        if not self._cluster.exists():
            self._initialise(binaries, account)
        postgres_lock.clear(self._cluster)
        self._socket_dir = folders.socket_dir(self._home.resolve() / "run", _SOCKET, account)
        postgres_lock.clear_socket(self._socket_dir / f"{_SOCKET}.lock")
        write_configuration(self._cluster, self._socket_dir, account, self._durable)
        return Program(
            argv=[str(binaries / "postgres"), "-D", str(self._cluster.resolve())],
            stops=STOPS,
            env=_environment(),
            cwd=Path("/"),  # not our working folder: the account may not be let in there
            uid=None if account.is_us else account.uid,
            gid=None if account.is_us else account.gid,
            orphan_signal=signal.SIGINT,
        )

    def locate(self) -> None:
        """Find the address of the server that another process of the product runs."""
        self._socket_dir = folders.socket_dir(self._home.resolve() / "run", _SOCKET, postgres_account(self._cluster))

    def is_ready(self, pid: int) -> bool:
        """Whether the server with this process id takes connections."""
        return postgres_lock.is_ready(self._cluster, pid)

    @property
    def url(self) -> str:
        """The address for clients; known after `prepare` or `locate`."""
        return f"postgresql://{USER}@/{DATABASE}?host={quote(str(self._socket_dir), safe='/')}"

    def _make_home(self, account: Account) -> None:
        """The private folder of the cluster; elsewhere, with a link to it, where the account does not get through."""
        if not self._home.exists() and not account.is_us and not account.can_pass(self._home.parent):
            make_shared_root()
            # A new name each time: a data folder removed and made anew must not find the old data again.
            name = f"{folders.digest(self._home)}-{secrets.token_hex(4)}"
            elsewhere = folders.private_dir(SHARED_ROOT / name, account)
            log.warning(
                "PostgreSQL runs as %s, who does not get through %s: its data is in %s",
                account.name,
                self._home.parent,
                elsewhere,
            )
            self._home.symlink_to(elsewhere)
        folders.private_dir(self._home.resolve(), account)

    def _initialise(self, binaries: Path, account: Account) -> None:
        """Make the cluster under another name first: one with the final name is complete."""
        log.info("making a new database in %s", self._cluster)
        aside = self._home.resolve() / "cluster.new"
        shutil.rmtree(aside, ignore_errors=True)
        _run(
            [binaries / "initdb", "-D", aside, "-U", USER, "--encoding=UTF8", "--locale=C", "--auth=peer"],
            account,
        )
        _run([binaries / "postgres", "--single", "-D", aside, "postgres"], account, f"CREATE DATABASE {DATABASE}\n")
        aside.rename(self._cluster.resolve())


def _environment() -> dict[str, str]:
    """What PostgreSQL needs of our environment: nothing of the PG* variables of whoever started us."""
    kept = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")
    return {"LC_ALL": "C", "TZ": "UTC", **{name: os.environ[name] for name in kept if name in os.environ}}


def _run(argv: list[object], account: Account, text: str = "") -> None:
    ids = {} if account.is_us else {"user": account.uid, "group": account.gid, "extra_groups": []}
    try:
        done = subprocess.run(
            [str(part) for part in argv],
            input=text,
            env=_environment(),
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **ids,  # type: ignore[call-overload]
        )
    except OSError as error:
        raise StartError(f"{argv[0]} does not run as {account.name}: {error.strerror}.") from None
    if done.returncode or "FATAL" in done.stdout or "ERROR" in done.stdout:
        raise StartError(f"PostgreSQL's {Path(str(argv[0])).name} failed:\n{done.stdout.strip()}")
