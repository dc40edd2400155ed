"""Periodic tasks: small work a worker does again and again, such as forgetting what is old."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class PeriodicTask:
    """`run` is called about every `seconds`, by one worker, outside of a unit of work; it opens those it needs."""

    name: str
    seconds: float
    run: Callable[[], None]
