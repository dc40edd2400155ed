"""Changing the shape of a table: one change at a time, and never a long wait behind a busy table."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from plugin_api.db import connection, savepoint
from plugin_api.errors import ApiError

T = TypeVar("T")

_WAIT_MS = 80
_TRIES = 50
PATIENT = 1500
"""Tries of changes that took long to prepare: a vacuum of a large table, which nobody else waits for, may end first."""
_PAUSE = 0.1  # seconds
_VACUUM_ENDS_MS = 3000
"""PostgreSQL ends a vacuum of its own for somebody who waited for a second (`deadlock_timeout`)."""
_WEAKLY_LOCKED = sa.text(
    "SELECT DISTINCT n.nspname, c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
    " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE l.locktype = 'relation' AND l.granted"
    " AND l.mode = 'ShareUpdateExclusiveLock' AND l.pid <> pg_backend_pid()"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_LOCK_NOT_AVAILABLE = "55P03"
_TOO_MANY_COLUMNS = "54011"


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's code of a database error; "" for other errors."""
    return str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")


def change_shape(change: Callable[[], T], tries: int = _TRIES) -> T:
    """Run DDL that waits shortly for its locks, again and again; 409 when the table stays busy.

    Waiting for an exclusive lock makes every reader wait behind it, so many short waits are better than a long one.
    """
    for _ in range(tries):
        try:
            with savepoint():
                connection().execute(sa.text(f"SET LOCAL lock_timeout = {_WAIT_MS}"))
                changed = change()
                connection().execute(sa.text("SET LOCAL lock_timeout TO DEFAULT"))
                return changed
        except DBAPIError as error:
            _translate(error)
            _end_vacuum(error.statement or "")
            time.sleep(_PAUSE)
    raise ApiError("ERROR_TABLE_BUSY", 409, "The table is busy with another operation. Try again in a moment.")


def _end_vacuum(statement: str) -> None:
    """Take the lock of a vacuum of a table the statement names, for which neither readers nor writers wait.

    Whoever waits for it long enough makes PostgreSQL end its own vacuum, which short waits never do; once it is ours no
    other one begins before the change is made.
    """
    tables = [f'"{row.nspname}"."{row.relname}"' for row in connection().execute(_WEAKLY_LOCKED)]
    for table in tables:
        if table in statement:
            try:
                with savepoint():
                    connection().execute(sa.text(f"SET LOCAL lock_timeout = {_VACUUM_ENDS_MS}"))
                    connection().execute(sa.text(f"LOCK TABLE {table} IN SHARE UPDATE EXCLUSIVE MODE"))
                    connection().execute(sa.text("SET LOCAL lock_timeout TO DEFAULT"))
            except DBAPIError as error:
                _translate(error)


def _translate(error: DBAPIError) -> None:
    """Raise on unless it is a lock that was not free."""
    if sqlstate(error) == _TOO_MANY_COLUMNS:
        raise ApiError("ERROR_MAX_FIELD_COUNT_EXCEEDED", 400, "The table cannot have more columns.") from error
    if sqlstate(error) != _LOCK_NOT_AVAILABLE:
        raise error
