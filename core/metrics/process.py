"""Figures of this process: its connections to the database; memory, processor and files come with the library."""

from __future__ import annotations

import sqlalchemy as sa

from plugin_api import metrics
from plugin_api.db import UnitsOfWork
from plugin_api.platform import service


def _pool() -> sa.QueuePool:
    units = service(UnitsOfWork)
    pool: sa.QueuePool = units.engine.pool  # type: ignore[attr-defined]
    return pool


IN_USE = metrics.asked(
    "database_connections_in_use", "Connections of this process at work.", lambda: _pool().checkedout()
)
MOST = metrics.asked("database_connections_most", "Connections this process may have.", lambda: _pool().size())
JOB_SECONDS = metrics.histogram(
    "job_seconds",
    "Seconds a worker spent on one attempt at a job.",
    "type",
    buckets=(0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 1800.0),
)
