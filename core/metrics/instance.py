"""Figures of the whole instance, asked of the database and Redis when somebody looks; web processes tell them."""

from __future__ import annotations

from collections.abc import Iterator

import redis
import sqlalchemy as sa
import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from core.db.models import Job, OutboxEvent
from core.db.replica_watch import figures
from core.db.unit_of_work import SqlUnitsOfWork
from core.jobs.companion import HEARTBEAT
from core.jobs.queue import QUEUE
from plugin_api.db import UnitsOfWork
from plugin_api.platform import service

log = structlog.get_logger(__name__)

_AGE = sa.func.coalesce(sa.func.extract("epoch", sa.func.now() - sa.func.min(OutboxEvent.created_on)), 0)


class InstanceFigures(Collector):
    """Jobs, the queue, events that wait, workers. What does not answer is left out, and `up` says so."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures as they are now."""
        up = GaugeMetricFamily("tablewright_up", "Whether a part answers: 1 or 0.", labels=["part"])
        for part, ask in (("database", self._of_database), ("redis", self._of_redis)):
            try:
                yield from ask()
                up.add_metric([part], 1)
            except (sa.exc.DBAPIError, redis.RedisError) as error:
                log.warning("metrics are incomplete", part=part, problem=str(error).partition("\n")[0])
                up.add_metric([part], 0)
        yield up
        replicas = service(SqlUnitsOfWork).replicas
        if replicas is not None:
            yield from figures(replicas)

    def _of_database(self) -> list[GaugeMetricFamily]:
        with service(UnitsOfWork).begin() as unit:
            counted = sa.select(Job.type, Job.state, sa.func.count()).group_by(Job.type, Job.state)
            rows = unit.session.execute(counted).all()
            waiting, age = unit.session.execute(sa.select(sa.func.count(), _AGE).select_from(OutboxEvent)).one()
        jobs = GaugeMetricFamily("tablewright_jobs", "Jobs that are remembered.", labels=["type", "state"])
        for kind, state, number in rows:
            jobs.add_metric([kind, state], number)
        return [
            jobs,
            GaugeMetricFamily("tablewright_events_waiting", "Events handlers were not told yet.", value=waiting),
            GaugeMetricFamily("tablewright_events_oldest_seconds", "How long the oldest waits.", value=float(age)),
        ]

    def _of_redis(self) -> list[GaugeMetricFamily]:
        cache = service(redis.Redis)
        length, workers = int(cache.llen(QUEUE)), sum(1 for _ in cache.scan_iter(f"{HEARTBEAT}*", count=1000))
        return [
            GaugeMetricFamily("tablewright_queue_length", "Tasks that wait for a worker.", value=length),
            GaugeMetricFamily("tablewright_workers", "Workers that gave a sign of life.", value=workers),
        ]
