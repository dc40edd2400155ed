"""Counting in Redis what may only be done so often."""

from __future__ import annotations

import hashlib

import redis
import structlog

from core.cache import namespace

log = structlog.get_logger(__name__)


class RedisLimits:
    """Counts with keys that vanish by themselves. Where Redis does not answer, nothing is counted or refused."""

    def __init__(self, cache: redis.Redis, database_url: str) -> None:
        self._cache = cache
        self._prefix = f"tablewright:limits:{namespace(database_url)}:"

    def count(self, what: str, seconds: int) -> tuple[int, int]:
        """Count one more; see `plugin_api.limits`."""
        key = self._prefix + hashlib.sha256(what.encode()).hexdigest()
        try:
            with self._cache.pipeline() as pipe:
                pipe.set(key, 0, ex=seconds, nx=True)
                pipe.incr(key)
                pipe.ttl(key)
                _, number, left = pipe.execute()
        except redis.RedisError:
            log.warning("Redis does not answer; what is limited is not counted")
            return 0, seconds
        return int(number), max(int(left), 1)
