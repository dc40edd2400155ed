"""Redis: the cache, the queue and the messages between processes."""

from __future__ import annotations

import hashlib
from typing import Any

import redis

from core.cache.patience import Patience, PatientRedis


def connect(redis_url: str) -> redis.Redis:
    """A client with a small pool; short timeouts, so that a Redis that hangs does not hang requests."""
    client: Any = PatientRedis.from_url(redis_url, socket_timeout=2, socket_connect_timeout=2, max_connections=50)
    client.patience = Patience()
    return client  # type: ignore[no-any-return]


def namespace(database_url: str) -> str:
    """A short word for one instance: those that share a Redis keep their keys apart with it."""
    return hashlib.sha256(database_url.encode()).hexdigest()[:12]
