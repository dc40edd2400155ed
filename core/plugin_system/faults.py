"""Which plugins failed and which were slow: named in the log and in metrics, kept a day for administrators."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson
import redis
import structlog
from sqlalchemy.exc import DBAPIError

from core.db.unit_of_work import RETRYABLE
from core.plugin_system.survival import survived
from plugin_api import metrics
from plugin_api.db import UnitsOfWork
from plugin_api.errors import ApiError, TryAgain
from plugin_api.platform import NotRunning, plugin_of, registry, service

T = TypeVar("T")

log = structlog.get_logger(__name__)

_KEPT_SECONDS = 24 * 3600
_LONGEST = 300
FAILED, SLOW = "failures", "slow"
_FAILURES = metrics.counter("plugin_failures", "What plugins failed at.", "plugin", "what")
_SLOW = metrics.counter("plugin_slow_calls", "Calls of plugins that took longer than the setting.", "plugin", "what")


class Faults:
    """Notes failures and slow calls (`plugin_api.calls.Calls`). Counts of all processes come together in Redis."""

    def __init__(self, cache: redis.Redis, namespace: str, slow_ms: int) -> None:
        self._cache = cache
        self._key = f"tablewright:{namespace}:plugins:faults"
        self._slow_seconds = slow_ms / 1000

    def failed(self, plugin: str, what: str, error: BaseException) -> None:
        """A plugin failed at something."""
        log.error("a plugin failed", plugin=plugin, what=what, raised_in=raised_in(error), exc_info=error)
        self.noted(plugin, what, error)

    def noted(self, plugin: str, what: str, error: BaseException) -> None:
        """The same, of what is in the log already."""
        said = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST]
        _FAILURES.labels(plugin, what).inc()
        self._note(FAILED, plugin, what, said)

    def took(self, plugin: str, what: str, seconds: float, allowed: float = 1.0) -> None:
        """A call ended; it was slow when it took longer than the setting, as many times as are `allowed`."""
        if seconds <= self._slow_seconds * allowed:
            return
        milliseconds = round(seconds * 1000)
        log.warning("a plugin is slow", plugin=plugin, what=what, milliseconds=milliseconds)
        _SLOW.labels(plugin, what).inc()
        self._note(SLOW, plugin, what, f"{milliseconds} ms")

    @contextmanager
    def watched(self, plugin: str, what: str) -> Iterator[None]:
        """Note how the block ends."""
        begun = time.perf_counter()
        try:
            with survived():
                yield
        except Exception as error:
            if not _is_excused(error):
                self.failed(plugin, what, error)
            raise
        finally:
            self.took(plugin, what, time.perf_counter() - begun)

    def attempt(self, plugin: str, what: str, work: Callable[[], T], otherwise: T) -> T:
        """What `work` answers, else `otherwise`."""
        try:
            with self.watched(plugin, what), _apart():
                return work()
        except Exception as error:  # noqa: BLE001 - it was noted, and the others go on
            if _is_excused(error):
                raise
            return otherwise

    def known(self) -> Mapping[str, dict[str, list[dict[str, Any]]]]:
        """What was noted within a day, by plugin: what failed and what was slow, how often and how at last."""
        try:
            counts: Any = self._cache.hgetall(f"{self._key}:counts")
            last: Any = self._cache.hgetall(self._key)
        except redis.RedisError:
            log.warning("Redis does not answer; what plugins failed at is not known")
            return {}
        found: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for name, value in sorted(last.items()):
            kind, plugin, what = orjson.loads(name)
            entry = {"what": what, "count": int(counts.get(name, 1)), **orjson.loads(value)}
            found.setdefault(plugin, {FAILED: [], SLOW: []})[kind].append(entry)
        return found

    def _note(self, kind: str, plugin: str, what: str, last: str) -> None:
        name = orjson.dumps([kind, plugin, what])
        value = orjson.dumps({"last": last, "last_on": datetime.now(UTC)}, option=orjson.OPT_UTC_Z)
        try:
            with self._cache.pipeline() as together:
                together.hset(self._key, name, value)
                together.hincrby(f"{self._key}:counts", name, 1)
                together.expire(self._key, _KEPT_SECONDS)
                together.expire(f"{self._key}:counts", _KEPT_SECONDS)
                together.execute()
        except redis.RedisError:
            log.warning("Redis does not answer; the log alone says what a plugin failed at")


def _is_excused(error: Exception) -> bool:
    """Whether an error is a refusal, or something that whoever opened the transaction deals with."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None)
        return bool(error.connection_invalidated) or state in RETRYABLE or _on_replica()
    return isinstance(error, ApiError | TryAgain)


def _on_replica() -> bool:
    """Whether a replica was asked: what it could not do is done again where it can be."""
    try:
        return getattr(service(UnitsOfWork).current(), "replica", None) is not None
    except LookupError:
        return False


def _apart() -> AbstractContextManager[None]:
    """A savepoint, where there is a transaction that an error of PostgreSQL would break."""
    try:
        unit = service(UnitsOfWork).current()
    except LookupError:
        return nullcontext()
    return nullcontext() if getattr(unit, "reading", False) else unit.savepoint()


def raised_in(error: BaseException) -> str | None:
    """The plugin in whose code an error was raised: the innermost of the traceback that is one's."""
    found, place = None, error.__traceback__
    while place is not None:
        found = plugin_of(place.tb_frame.f_globals.get("__name__", "")) or found
        place = place.tb_next
    return found


def provider(registry_name: str, key: str) -> str | None:
    """The plugin that registered something; None for the platform's own."""
    try:
        return registry(registry_name).provider(key)
    except (KeyError, NotRunning):
        return None


def silent(registry_name: str, key: str, seconds: float) -> None:
    """Note that something a plugin registered has not come to an end, nor told how far it is, for so long."""
    plugin = provider(registry_name, key)
    if plugin is not None:
        service(Faults).took(plugin, f"{registry_name} {key}", seconds)


def failed(registry_name: str, key: str, error: BaseException) -> None:
    """Note that something a plugin registered failed; what the platform registers by itself is nobody's fault."""
    plugin = provider(registry_name, key)
    if plugin is not None:
        service(Faults).failed(plugin, f"{registry_name} {key}", error)
