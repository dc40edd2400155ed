"""Claims: a PostgreSQL advisory lock for each running job, all held by one connection that dies with the worker."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError

log = structlog.get_logger(__name__)

NAMESPACE = 0x7477
"""The upper bits of the lock of a job, which keep it apart from other advisory locks."""

_BITS = 40


def lock_key(job_id: int) -> int:
    """The advisory lock of a job."""
    return (NAMESPACE << _BITS) | job_id


_KEY_IN_PG_LOCKS = "((l.classid::bigint << 32) | l.objid::bigint)"

UNCLAIMED = sa.text(
    "NOT EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    f" AND {_KEY_IN_PG_LOCKS} = (({NAMESPACE}::bigint << {_BITS}) | core.job.id))"
)
"""True of a row of core.job that no process is running."""


class Claims:
    """The jobs this process runs. Its connection also writes what must not wait for a job's own transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._lock = threading.RLock()
        self._connection: sa.Connection | None = None
        self._held: set[int] = set()

    def take(self, job_id: int) -> bool:
        """Claim a job; False when it is running, here or elsewhere."""
        with self._lock:
            if job_id in self._held:
                return False
            taken = self.write("SELECT pg_try_advisory_lock(:key)", {"key": lock_key(job_id)})[0][0]
            if taken:
                self._held.add(job_id)
            return bool(taken)

    def release(self, job_id: int) -> None:
        """Give a claim back."""
        with self._lock:
            self._held.discard(job_id)
            self.write("SELECT pg_advisory_unlock(:key)", {"key": lock_key(job_id)})

    def write(self, statement: str, parameters: Mapping[str, Any]) -> Sequence[Any]:
        """Run a statement outside of all transactions, on a new connection if the old one was lost; its rows."""
        with self._lock:
            try:
                return self._execute(statement, parameters)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                log.warning("the connection that holds the claims was lost; claiming again")
            self._reconnect()
            return self._execute(statement, parameters)

    def _execute(self, statement: str, parameters: Mapping[str, Any]) -> Sequence[Any]:
        if self._connection is None:
            connection = self._engine.connect()
            self._connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        return self._connection.execute(sa.text(statement), parameters).all()

    def _reconnect(self) -> None:
        """Take the locks again. One that another worker has by now is told by the job's number of attempts."""
        self._drop()
        for job_id in self._held:
            self._execute("SELECT pg_try_advisory_lock(:key)", {"key": lock_key(job_id)})

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Give all claims back by closing the connection."""
        with self._lock:
            self._held.clear()
            self._drop()
        self._engine.dispose()
