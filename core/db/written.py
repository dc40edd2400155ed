"""How far the primary's write-ahead log was when something was last committed, known to all processes through Redis.

A replica that has replayed that far has everything that was committed, and told to anybody, before it was asked for:
whose change it was does not matter, so a user sees their own writes, a browser sees what a message told it of, and
access that was taken away is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import redis
import sqlalchemy as sa
import structlog

log = structlog.get_logger(__name__)

_LSN = """
    SELECT pg_wal_lsn_diff(
        CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn()
        ELSE pg_current_wal_flush_lsn() END, '0/0')::bigint"""
"""What is visible to others was flushed before, unless commits do not wait for that."""
IDENTITY = "SELECT system_identifier FROM pg_control_system()"
"""The number of a cluster, which its replicas have too."""
_MEMBER = "lsn"


class Written:
    """Notes places in the log after commits, and tells the furthest."""

    def __init__(self, cache: redis.Redis, namespace: str) -> None:
        self._cache = cache
        self._namespace = namespace
        self.identity: int | None = None
        """Which database this is: a log made anew begins anew, and is noted apart. Replicas have the same number."""
        self._own = 0
        self._in_doubt = False

    def note(self, connection: sa.Connection) -> None:
        """Note where the primary is, in whatever transaction runs; raises when that cannot be told to others."""
        self._tell(self._place(connection.exec_driver_sql))

    def note_commit(self, connection: sa.Connection) -> None:
        """Note where the primary is after a commit on this connection. The commit stands: failing is only logged."""
        try:
            self._note_after(connection.connection.driver_connection)
        except Exception as error:  # noqa: BLE001 - whatever it is, the primary answers until `renew` has told it
            self._in_doubt = True
            log.error("replicas cannot be told of a change; the primary answers", problem=str(error))

    def _note_after(self, driver: Any) -> None:
        # Not by SQLAlchemy, which would begin a transaction: this is one round trip instead of three.
        before, driver.autocommit = driver.autocommit, True
        try:
            self._tell(self._place(driver.execute))
        finally:
            driver.autocommit = before

    def _place(self, execute: Callable[[str], Any]) -> int:
        if self.identity is None:
            self.identity = int(execute(IDENTITY).fetchone()[0])
        return int(execute(_LSN).fetchone()[0])

    def _tell(self, lsn: int) -> None:
        """Tell all processes, unless this one told them so or further already."""
        if lsn > self._own:
            self._cache.zadd(self._key, {_MEMBER: lsn}, gt=True)
            self._own = max(self._own, lsn)

    def renew(self, connection: sa.Connection) -> None:
        """Note where the primary is even if that was told before: Redis may have lost it, or not have been there."""
        lsn = self._place(connection.exec_driver_sql)
        self._cache.zadd(self._key, {_MEMBER: lsn}, gt=True)
        self._own, self._in_doubt = max(self._own, lsn), False

    def furthest(self) -> int | None:
        """The place a replica must have reached; None when nobody knows."""
        if self.identity is None or self._in_doubt:
            return None
        try:
            told = self._cache.zscore(self._key, _MEMBER)
        except redis.RedisError:
            return None
        return None if told is None else max(int(told), self._own)

    @property
    def _key(self) -> str:
        return f"tablewright:written:{self._namespace}:{self.identity}"
