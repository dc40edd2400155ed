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
            time.sleep(_PAUSE)
    raise ApiError("ERROR_TABLE_BUSY", 409, "The table is busy with another operation. Try again in a moment.")


def _translate(error: DBAPIError) -> None:
    """Raise on unless it is a lock that was not free."""
    if sqlstate(error) == _TOO_MANY_COLUMNS:
        raise ApiError("ERROR_MAX_FIELD_COUNT_EXCEEDED", 400, "The table cannot have more columns.") from error
    if sqlstate(error) != _LOCK_NOT_AVAILABLE:
        raise error
