"""What is told of running jobs through Redis: how far they are, and that they are to stop. PostgreSQL is the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson
import redis
import structlog

log = structlog.get_logger(__name__)

_SECONDS = 3600


class Progress(NamedTuple):
    """How far a job is, and what it says it does."""

    percentage: float
    state: str


class LiveJobs:
    """Progress and cancel flags by job id. Without Redis there is just less to tell."""

    def __init__(self, cache: redis.Redis, namespace: str) -> None:
        self._cache = cache
        # Instances may share a Redis: their jobs' ids must not meet.
        self._prefix = f"tablewright:{namespace}:job:"

    def report(self, job_id: int, progress: Progress) -> bool:
        """Publish progress; answers whether somebody cancelled the job."""
        try:
            pipe = self._cache.pipeline(transaction=False)
            pipe.set(self._key(job_id), orjson.dumps(list(progress)), ex=_SECONDS)
            pipe.exists(self._flag(job_id))
            return bool(pipe.execute()[1])
        except redis.RedisError:
            log.warning("Redis does not answer; progress is seen with a delay", job_id=job_id)
            return False

    def progress_of(self, job_ids: Sequence[int]) -> Mapping[int, Progress]:
        """The published progress of the jobs that have one."""
        if not job_ids:
            return {}
        try:
            values: Any = self._cache.mget([self._key(job_id) for job_id in job_ids])
        except redis.RedisError:
            log.warning("Redis does not answer; jobs are shown as the database knows them")
            return {}
        return {job_id: Progress(*orjson.loads(v)) for job_id, v in zip(job_ids, values, strict=True) if v}

    def cancel(self, job_id: int) -> None:
        """Ask the run of a job to stop at its next report."""
        try:
            self._cache.set(self._flag(job_id), b"1", ex=_SECONDS)
        except redis.RedisError:
            log.warning("Redis does not answer; the job sees within a second that it was cancelled", job_id=job_id)

    def forget(self, job_id: int) -> None:
        """Remove what was published of a job that ended."""
        try:
            self._cache.delete(self._key(job_id), self._flag(job_id))
        except redis.RedisError:
            log.warning("Redis does not answer; a job's progress expires by itself", job_id=job_id)

    def first_to_queue(self, job_id: int, seconds: int) -> bool:
        """Whether nobody else put the job into the queue again within `seconds`."""
        return bool(self._cache.set(f"{self._prefix}{job_id}:queued", b"1", nx=True, ex=seconds))

    def _key(self, job_id: int) -> str:
        return f"{self._prefix}{job_id}"

    def _flag(self, job_id: int) -> str:
        return f"{self._prefix}{job_id}:cancel"
