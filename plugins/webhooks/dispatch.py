"""What works off the queues: in each worker a thread that claims those that are due, and threads that send."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import structlog

from plugin_api.db import begin
from plugin_api.settings import setting
from plugin_api.states import is_enabled
from plugins.webhooks import queue
from plugins.webhooks.queue import Claim
from plugins.webhooks.sending import work_off

log = structlog.get_logger(__name__)

_IDLE_SECONDS = 0.5
_woken = threading.Event()


def wake() -> None:
    """Something is due: look now, in this process. Others look by themselves, twice a second."""
    _woken.set()


class Dispatcher:
    """Hands queues to threads. Receivers that were slow get half of them at most: the others never wait for them."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="webhook")
        self._lock = threading.Lock()
        self._running: list[Claim] = []

    def round(self, stop: threading.Event) -> None:
        """Start on what is due, then wait for something to do."""
        with self._lock:
            free = self._threads - len(self._running)
            free_for_slow = max(self._threads // 2, 1) - sum(claim.slow for claim in self._running)
        if free > 0:
            with begin():
                found = queue.claim(free, max(free_for_slow, 0))
            for claim in found:
                self._start(claim, stop)
        _woken.wait(_IDLE_SECONDS)
        _woken.clear()

    def _start(self, claim: Claim, stop: threading.Event) -> None:
        with self._lock:
            self._running.append(claim)
        self._pool.submit(self._run, claim, stop)

    def _run(self, claim: Claim, stop: threading.Event) -> None:
        try:
            work_off(claim, stop)
        except Exception:  # noqa: BLE001 - the queue is tried again when its claim is over
            log.exception("working off the queue of a webhook failed", webhook_id=claim.webhook_id)
        finally:
            with self._lock:
                self._running.remove(claim)
            wake()

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def work(stop: threading.Event) -> None:
    """The background work of a worker: until it stops."""
    dispatcher = Dispatcher(setting("webhook_threads"))
    try:
        while not stop.is_set() and is_enabled("webhooks"):
            dispatcher.round(stop)
    finally:
        dispatcher.close()
