"""A Redis client that loses patience once for all: while Redis hangs, only one caller at a time waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis
from redis.client import Pipeline

_PAUSE_SECONDS = 2.0


class Patience:
    """Whether Redis is worth asking. After a time-out it is left alone for a while, then one caller tries."""

    def __init__(self, pause: float = _PAUSE_SECONDS) -> None:
        self._pause = pause
        self._lock = threading.Lock()
        self._ask_again_at: float | None = None

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Ask in the block; redis.ConnectionError at once while Redis is left alone."""
        trying = self._ask_again_at is not None
        if trying:
            self._be_first()
        try:
            yield
        except redis.TimeoutError:
            self._ask_again_at = time.monotonic() + self._pause
            raise
        if trying:
            self._ask_again_at = None

    def _be_first(self) -> None:
        """Let one caller through when the pause is over, and make the others wait for another one."""
        with self._lock:
            due = self._ask_again_at
            if due is not None and time.monotonic() < due:
                raise redis.ConnectionError("Redis did not answer in time a moment ago; it is asked again soon")
            if due is not None:
                self._ask_again_at = time.monotonic() + self._pause


class PatientRedis(redis.Redis):
    """Redis for requests. Subscriptions have connections and time limits of their own and are not concerned."""

    patience: Patience

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command and answer what came back."""
        with self.patience.asking():
            return super().execute_command(*args, **options)  # type: ignore[no-untyped-call]

    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> Pipeline:
        """Several commands at once."""
        made = PatientPipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)
        made.patience = self.patience
        return made


class PatientPipeline(Pipeline):
    """Several commands at once, of a patient client."""

    patience: Patience

    def execute(self, raise_on_error: bool = True) -> list[Any]:
        """Send the commands and answer what came back."""
        with self.patience.asking():
            return super().execute(raise_on_error)
