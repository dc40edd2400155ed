"""The SQLAlchemy engine: one small pool a process, and a check for dead connections without a round trip.

Work that only reads does without transactions. A connection stays in that mode, or out of it, until somebody takes it
from the pool who needs the other one: to switch it there and back, as isolation levels do, takes longer than a
statement takes to be sent.
"""

from __future__ import annotations

import select
import threading
from typing import Any

import sqlalchemy as sa
from psycopg import _queries
from sqlalchemy import event, exc

# The driver keeps what it parsed of the last 128 statements, but not of longer ones than this: those of pages are.
_queries.MAX_CACHED_STATEMENT_LENGTH = 64 * 1024


_taker = threading.local()


def driver_url(database_url: str) -> sa.URL:
    """The URL with the psycopg 3 driver, whatever of the usual forms it was given in."""
    url = sa.make_url(database_url.replace("postgres://", "postgresql://", 1))
    return url.set(drivername="postgresql+psycopg")


def make_engine(database_url: str, pool_size: int, **more: Any) -> sa.Engine:
    """An engine with at most `pool_size` connections; a request waits up to 30 s for one. `more`: libpq's settings."""
    fixed = {"prepare_threshold": 5, "application_name": "tablewright", "options": "-c timezone=UTC"}
    engine = sa.create_engine(
        driver_url(database_url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=30,
        pool_use_lifo=True,
        hide_parameters=True,  # the texts of errors end up in logs
        skip_autocommit_rollback=True,
        connect_args={**fixed, **more},
    )
    event.listen(engine, "checkout", _prepare)
    return engine


def connect_for_statements(engine: sa.Engine) -> sa.Connection:
    """A connection on which each statement is a transaction of its own."""
    _taker.wants_statements = True
    try:
        return engine.connect()
    finally:
        _taker.wants_statements = False


def _prepare(connection: Any, record: Any, proxy: Any) -> None:
    """Refuse a connection that is dead, and have the others in the mode that is wanted."""
    # An idle connection with something to read was closed by the server: the pool takes another one.
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN | select.POLLHUP | select.POLLERR)
    if poll.poll(0):
        raise exc.DisconnectionError
    wanted = getattr(_taker, "wants_statements", False)
    if connection.autocommit is not wanted:
        connection.autocommit = wanted
