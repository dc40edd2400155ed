"""What runs beside the jobs in each worker: telling events, looking for lost jobs, a sign of life."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import redis
import structlog
from celery import Celery, bootsteps

from core.actions.outbox import Drainer, run_drainer
from core.jobs.sweep import Sweep
from core.plugin_system import faults
from core.plugin_system.survival import survived
from plugin_api.background import BackgroundWork
from plugin_api.platform import registry

log = structlog.get_logger(__name__)

HEARTBEAT = "tablewright:worker:"
_BEAT_SECONDS = 5.0
_ALIVE_SECONDS = 20


def heartbeat_key() -> str:
    """This worker's sign of life; expires soon after the worker ends."""
    return f"{HEARTBEAT}{socket.gethostname()}:{os.getpid()}"


class Companion:
    """The threads of a worker process that run no jobs."""

    def __init__(
        self,
        drainer: Drainer,
        sweep: Sweep,
        cache: redis.Redis,
        sweep_seconds: float,
        plugged: Iterable[BackgroundWork] = (),
        wanted: Callable[[BackgroundWork], bool] = lambda work: True,
        tell_of_silent: Callable[[], None] = lambda: None,
    ) -> None:
        self._drainer, self._sweep, self._cache = drainer, sweep, cache
        self._tell_of_silent = tell_of_silent
        self._plugged, self._wanted = list(plugged), wanted
        self._sweep_seconds = sweep_seconds
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start the threads."""
        drain = lambda: run_drainer(self._drainer, self._cache, self._stop)  # noqa: E731
        works: dict[str, Callable[[], None]] = {"events": drain, "care": self._care}
        works |= {work.name: partial(self._go_on, work) for work in self._plugged}
        self._threads = [threading.Thread(target=work, name=name, daemon=True) for name, work in works.items()]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop the threads; waits for what they are at."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=5.0)
        self._quietly("removing the sign of life", lambda: self._cache.delete(heartbeat_key()))

    def _care(self) -> None:
        beat_at = sweep_at = float("-inf")
        while not self._stop.is_set():
            now = time.monotonic()
            if now - beat_at >= _BEAT_SECONDS:
                beat_at = now
                self._quietly("the sign of life", lambda: self._cache.set(heartbeat_key(), b"1", ex=_ALIVE_SECONDS))
                self._quietly("looking for silent jobs", self._tell_of_silent)
            if now - sweep_at >= self._sweep_seconds:
                sweep_at = now
                self._quietly("looking for lost jobs", self._sweep.lost)
            self._stop.wait(min(1.0, self._sweep_seconds))

    def _go_on(self, work: BackgroundWork) -> None:
        """A plugin's work, again and again while the plugin is switched on."""
        while not self._stop.is_set():
            try:
                if self._wanted(work):
                    with survived():
                        work.run(self._stop)
                    continue
            except Exception as error:  # noqa: BLE001 - it outlives restarts of servers, and its own mistakes
                log.exception("background work failed; it goes on in a second", work=work.name)
                faults.failed("background_work", work.name, error)
            self._stop.wait(1.0)

    def _quietly(self, what: str, work: Callable[[], Any]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - it outlives restarts of Redis and PostgreSQL
            log.warning("a worker's housekeeping failed; it is tried again", what=what, problem=str(error))


def switched_on(is_enabled: Callable[[str], bool]) -> Callable[[BackgroundWork], bool]:
    """Whether the plugin of a background work is switched on."""
    return lambda work: is_enabled(registry("background_work").provider(work.name))


def attach(app: Celery, companion: Companion) -> None:
    """Start and stop the companion with the worker of `app`."""

    class Step(bootsteps.StartStopStep):  # type: ignore[misc]
        """A part of the worker, started with it."""

        def start(self, worker: Any) -> None:
            """With the worker."""
            companion.start()

        def stop(self, worker: Any) -> None:
            """Before the worker ends."""
            companion.stop()

    app.steps["worker"].add(Step)
