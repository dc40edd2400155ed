"""Redis: the cache, the queue and the messages between processes."""

from __future__ import annotations

import redis


def connect(redis_url: str) -> redis.Redis:
    """A client with a small pool; short timeouts, so that a Redis that hangs does not hang requests."""
    return redis.Redis.from_url(redis_url, socket_timeout=5, socket_connect_timeout=2, max_connections=50)
