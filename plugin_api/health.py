"""Health checks: what a plugin contributes to the full health report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class HealthCheck:
    """A check of a real part. `run` raises an exception whose text says what is wrong."""

    name: str
    run: Callable[[], None]
