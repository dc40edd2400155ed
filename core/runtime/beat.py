"""Periodic tasks: a scheduler in each worker process, of which one at a time, the holder of a lock in Redis, sends."""

from __future__ import annotations

import logging
from typing import Any

import redis
from celery import Celery
from celery.beat import EmbeddedService, Scheduler
from redis.exceptions import LockError
from redis.lock import Lock

log = logging.getLogger(__name__)

_LOCK = "tablewright:beat"
_LOCK_SECONDS = 20
_TICK_SECONDS = 1.0


class Beat:
    """The running scheduler of this process."""

    def __init__(self, service: Any, leadership: Lock) -> None:
        self._service, self._leadership = service, leadership

    def stop(self) -> None:
        """End it, without waiting for its sleep, and let another process take over at once."""
        self._service.service.stop(wait=False)
        try:
            if self._leadership.owned():
                self._leadership.release()
        except (LockError, redis.RedisError) as error:
            log.warning("the lock of the periodic tasks was not given back: %s", error)


def start_beat(app: Celery, redis_url: str) -> Beat | None:
    """Start sending the app's periodic tasks from a thread, if it has any."""
    if not app.conf.beat_schedule:
        return None
    lock = Lock(redis.Redis.from_url(redis_url, socket_timeout=5), _LOCK, timeout=_LOCK_SECONDS, thread_local=False)

    class OneScheduler(LeadingScheduler):
        """The scheduler with this process's lock."""

        leadership = lock

    service = EmbeddedService(app, thread=True, scheduler_cls=OneScheduler)
    service.start()
    return Beat(service, lock)


class LeadingScheduler(Scheduler):  # type: ignore[misc]
    """Sends while it holds `leadership`; keeps no file: an entry is due when its time since the start has passed."""

    leadership: Lock

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due, if it is for us; answers the seconds to sleep."""
        if not self._leads():
            return _TICK_SECONDS
        seconds: float = super().tick(*args, **kwargs)
        return min(seconds, _TICK_SECONDS)

    def _leads(self) -> bool:
        try:
            if self.leadership.owned():
                return bool(self.leadership.reacquire())
            return bool(self.leadership.acquire(blocking=False))
        except (LockError, redis.RedisError) as error:
            log.warning("periodic tasks wait: %s", error)
            return False
