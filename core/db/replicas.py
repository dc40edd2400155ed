"""Read replicas: connections to those that have everything committed so far, and which of them are left out."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

from core.db.engine import connect_for_statements, make_engine
from core.db.written import Written
from plugin_api import metrics

log = structlog.get_logger(__name__)

READS = metrics.counter("reads", "Units of work that only read, by who answered: primary or replica.", "source")
_REPLAYED = """
    SELECT CASE WHEN pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint END"""
_KNOWN = "replayed"
_PAUSE_SECONDS = 0.002
# A machine that vanished answers nothing, not even that it is gone: TCP finds out within a few seconds.
_IMPATIENT = {
    "connect_timeout": 2,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 4000,
}


class Replica:
    """One replica. `problem` says why it is left out; None while it answers."""

    def __init__(self, url: str, pool_size: int) -> None:
        self.name = name_of(url)
        self.engine = make_engine(url, pool_size, **_IMPATIENT)
        self.problem: str | None = "not asked yet"
        self.lag_seconds = 0.0

    def connection(self, place: int, until: float) -> sa.Connection | None:
        """A connection on which everything up to this place is there; None when that is not so by then."""
        connection = connect_for_statements(self.engine)
        try:
            if _has(connection, place, until):
                return connection
        except BaseException:
            connection.close()
            raise
        connection.close()
        return None

    def leave_out(self, problem: str) -> None:
        """Do not ask it until the watch finds it well."""
        if self.problem is None:
            log.warning("a read replica is left out", replica=self.name, problem=problem)
        self.problem = problem

    def take_in(self) -> None:
        """Ask it again."""
        if self.problem is not None:
            log.info("a read replica answers", replica=self.name)
        self.problem = None


def name_of(url: str) -> str:
    """How a replica is called: host and port of its address, never its password."""
    found = sa.make_url(url.replace("postgres://", "postgresql://", 1))
    host = found.host or str(found.query.get("host", "local"))
    port = found.port or found.query.get("port")
    return f"{host}:{port}" if port else host


def replayed(connection: sa.Connection) -> int | None:
    """How far a replica has replayed the log; None when it is a replica no more."""
    found: int | None = connection.exec_driver_sql(_REPLAYED).scalar_one()
    return found


def _has(connection: sa.Connection, place: int, until: float) -> bool:
    """Whether the server behind a connection has replayed so far. What a connection has seen it never loses."""
    while connection.info.get(_KNOWN, -1) < place:
        reached = replayed(connection)
        if reached is None:
            return False
        connection.info[_KNOWN] = reached
        if reached < place:
            if time.monotonic() >= until:
                return False
            time.sleep(_PAUSE_SECONDS)
    return True


class Replicas:
    """All replicas of the settings, used in turn."""

    def __init__(self, urls: Sequence[str], pool_size: int, written: Written, wait_milliseconds: int) -> None:
        self.all = [Replica(url, pool_size) for url in urls]
        self.written = written
        self.start_watch: Callable[[], None] = lambda: None
        self._wait = wait_milliseconds / 1000
        self._turn = itertools.count()

    def connection(self) -> tuple[Replica, sa.Connection] | None:
        """A connection to a replica that has everything committed until now; None when the primary has to answer."""
        self.start_watch()
        well = [replica for replica in self.all if replica.problem is None]
        place = self.written.furthest() if well else None
        if place is None:
            return None
        first, until = next(self._turn) % len(well), time.monotonic() + self._wait
        for replica in [*well[first:], *well[:first]]:
            try:
                connection = replica.connection(place, until)
            except (DBAPIError, NoneFree) as error:
                replica.leave_out(str(error).partition("\n")[0])
            else:
                if connection is not None:
                    return replica, connection
        return None
