"""A plugin that tells, from within each worker process, which plugins it takes for switched on, and since when."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable

import orjson
import redis

from plugin_api import Plugin, hookimpl
from plugin_api.background import BackgroundWork
from plugin_api.states import is_enabled

TOLD, WATCHED = "probe:told", "probe:watched"

plugin = Plugin(name="probe", version="1.0", title="Probe", api=(1, 0))


def _watch(stop: threading.Event) -> None:
    """Look a hundred times a second, for as long as the worker runs."""
    seen: dict[str, bool] = {}
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as cache:
        while not stop.wait(0.01):
            for name in _watched(cache):
                now = is_enabled(name)
                if seen.get(name) is not now:
                    seen[name] = now
                    cache.rpush(TOLD, orjson.dumps([os.getpid(), name, now, time.time()]))


def _watched(cache: redis.Redis) -> Iterable[str]:
    return orjson.loads(cache.get(WATCHED) or b"[]")  # type: ignore[no-any-return,arg-type]


@hookimpl
def register_background_work() -> list[BackgroundWork]:
    """Watching."""
    return [BackgroundWork("watch-switches", _watch)]
