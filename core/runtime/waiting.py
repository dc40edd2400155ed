"""Waiting for the database and Redis of the settings: in a set of containers they may come up after us."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from core.runtime.errors import StartError
from core.settings import Settings

log = logging.getLogger(__name__)

_SECONDS = 60.0


def wait_for_servers(settings: Settings) -> None:
    """Wait until those that are named answer; StartError with the reason when they do not, or refuse us."""
    if settings.database_url:
        _wait("DATABASE_URL", lambda: _database_problem(settings.database_url))
    if settings.redis_url:
        _wait("REDIS_URL", lambda: _redis_problem(settings.redis_url))


def _wait(variable: str, problem: Callable[[], tuple[str, bool] | None]) -> None:
    """`problem` answers the trouble in words and whether it may pass."""
    deadline, told = time.monotonic() + _SECONDS, False
    while found := problem():
        text, may_pass = found
        if not may_pass or time.monotonic() > deadline:
            raise StartError(f"{variable}: {text}")
        if not told:
            log.warning("waiting for the server of %s: %s", variable, text)
            told = True
        time.sleep(0.3)


def _database_problem(url: str) -> tuple[str, bool] | None:
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        text = str(error).strip()
        # What the server itself says is final, but for its starting up.
        return text, "FATAL" not in text or "starting up" in text or "shutting down" in text
    return None


def _redis_problem(url: str) -> tuple[str, bool] | None:
    import redis

    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
            client.ping()
    except (redis.AuthenticationError, redis.ResponseError) as error:
        return str(error), False
    except redis.RedisError as error:
        return str(error), True
    return None
