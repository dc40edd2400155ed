"""The sweep: jobs whose worker died, or that never got into the queue, are queued again; old ones are forgotten."""

from __future__ import annotations

from datetime import timedelta

import redis
import sqlalchemy as sa
import structlog

from core.db.models import Job
from core.jobs.claims import UNCLAIMED
from core.jobs.live import LiveJobs
from core.jobs.queue import QUEUE, enqueue
from core.jobs.service import clean_up
from core.jobs.states import ENDED, FINISHED, PENDING
from core.jobs.types import JobTypes
from plugin_api.db import UnitsOfWork

log = structlog.get_logger(__name__)

_BATCH = 500


class Sweep:
    """Finds lost and forgotten jobs."""

    def __init__(self, units: UnitsOfWork, types: JobTypes, live: LiveJobs, cache: redis.Redis, seconds: int) -> None:
        self._units, self._types, self._live, self._cache = units, types, live, cache
        self._seconds = seconds

    def lost(self) -> list[int]:
        """Queue lost jobs again; answers their ids. Those that wait are lost only if the queue is empty."""
        running = sa.and_(Job.state != PENDING, UNCLAIMED)
        waiting = sa.and_(Job.state == PENDING, Job.created_on < sa.func.now() - timedelta(seconds=self._seconds))
        chosen = running if self._cache.llen(QUEUE) else sa.or_(running, waiting)
        query = sa.select(Job.id).where(Job.state.not_in(ENDED), chosen).order_by(Job.id).limit(_BATCH)
        with self._units.begin() as unit:
            found = unit.session.scalars(query).all()
        again = [job_id for job_id in found if self._live.first_to_queue(job_id, self._seconds)]
        for job_id in again:
            log.warning("a job was lost; it is queued again", job_id=job_id)
            enqueue(job_id)
        return again

    def forget(self, days: int) -> int:
        """Delete jobs that ended `days` ago, and what they may have left behind; answers how many."""
        old = sa.and_(Job.state.in_(ENDED), Job.updated_on < sa.func.now() - timedelta(days=days))
        oldest = sa.select(Job.id).where(old).order_by(Job.id).limit(_BATCH)
        statement = sa.delete(Job).where(Job.id.in_(oldest)).returning(Job.id, Job.type, Job.params, Job.state)
        total = 0
        while True:
            with self._units.begin() as unit:
                options = {"synchronize_session": False}
                rows = unit.session.execute(statement, execution_options=options).all()
            for row in rows:
                clean_up(self._types, row.id, row.type, row.params, row.state == FINISHED)
            total += len(rows)
            if len(rows) < _BATCH:
                return total
