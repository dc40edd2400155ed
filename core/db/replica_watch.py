"""The watch of a process over read replicas: every second it finds out which of them are well, and near enough."""

from __future__ import annotations

import threading
import time
from collections import deque

import redis
import sqlalchemy as sa
import structlog
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy.exc import SQLAlchemyError

from core.db.replicas import Replica, Replicas, replayed
from core.db.written import IDENTITY

log = structlog.get_logger(__name__)

_SECONDS = 1.0
_REMEMBERED = 60
_LAG_SECONDS = 1.0
"""What a replica may be behind. Requests wait much less than that; so long they should not even try."""


class Watch:
    """Looks after the replicas in a thread that is started with the first unit of work that may use one."""

    def __init__(self, replicas: Replicas, primary: sa.Engine) -> None:
        self._replicas = replicas
        self._primary = primary.execution_options(isolation_level="AUTOCOMMIT")
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._places: deque[tuple[float, int]] = deque(maxlen=_REMEMBERED)

    def start(self) -> None:
        """Watch from now on, as long as the process lives."""
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="replicas", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                self.look()
            except Exception:  # noqa: BLE001 - the watch outlives whatever happens; the primary answers meanwhile
                log.exception("the watch over the read replicas failed")
            time.sleep(_SECONDS)

    def look(self) -> None:
        """Look at all once."""
        self._renew()
        place = self._replicas.written.furthest()
        if place is not None:
            self._places.append((time.monotonic(), place))
        for replica in self._replicas.all:
            problem = self._problem(replica)
            if problem is None:
                replica.take_in()
            else:
                replica.leave_out(problem)

    def _renew(self) -> None:
        """Note where the primary is: Redis may have lost it, and not all that writes tells us."""
        try:
            with self._primary.connect() as connection:
                self._replicas.written.renew(connection)
        except (SQLAlchemyError, redis.RedisError) as error:
            # Without the primary nothing new is written: replicas go on answering.
            log.warning("the primary's place in its log is not known", problem=str(error).partition("\n")[0])

    def _problem(self, replica: Replica) -> str | None:
        try:
            with replica.engine.connect() as connection:
                identity = int(connection.exec_driver_sql(IDENTITY).scalar_one())
                reached = replayed(connection)
        except SQLAlchemyError as error:
            return str(error).partition("\n")[0]
        if reached is None:
            return "it is not a replica: it takes writes itself"
        if self._replicas.written.identity not in (None, identity):
            return "it is a replica of another database"
        replica.lag_seconds = self._lag(reached)
        return f"it is {replica.lag_seconds:.0f} s behind" if replica.lag_seconds > _LAG_SECONDS else None

    def _lag(self, reached: int) -> float:
        """How long ago the primary was at a place the replica has not reached yet, as far as is remembered."""
        behind = next((when for when, place in self._places if place > reached), None)
        return 0.0 if behind is None else time.monotonic() - behind


def figures(replicas: Replicas) -> list[GaugeMetricFamily]:
    """What metrics tell of the replicas, as this process sees them."""
    up = GaugeMetricFamily("tablewright_replica_up", "Whether a read replica answers: 1 or 0.", labels=["replica"])
    lag = GaugeMetricFamily("tablewright_replica_lag_seconds", "How far it is behind.", labels=["replica"])
    for replica in replicas.all:
        up.add_metric([replica.name], int(replica.problem is None))
        lag.add_metric([replica.name], replica.lag_seconds)
    return [up, lag]
