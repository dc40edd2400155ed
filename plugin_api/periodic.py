"""Periodic tasks: small work a worker does again and again, such as forgetting what is old."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from plugin_api.db import begin, connection


@dataclass(frozen=True)
class PeriodicTask:
    """`run` is called about every `seconds`, by one worker, outside of a unit of work; it opens those it needs."""

    name: str
    seconds: float
    run: Callable[[], None]


def forget(statement: str, days: int, most: int) -> None:
    """Delete what is older than so many days (0: nothing), some at a time, each time in a transaction of its own.

    statement: a DELETE of the oldest, `%(most)s` of them at most, of those older than `%(days)s` days.
    """
    while days and _forget_some(statement, days, most) == most:
        pass


def _forget_some(statement: str, days: int, most: int) -> int:
    with begin():
        return connection().exec_driver_sql(statement, {"days": days, "most": most}).rowcount
