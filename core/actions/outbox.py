"""The outbox: events written with their change, told to the handlers by one worker at a time, in order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import redis
import sqlalchemy as sa
import structlog

from core.db import locks
from core.db.models import OutboxEvent
from core.plugin_system import faults
from core.plugin_system.survival import survived
from plugin_api import context
from plugin_api.db import UnitOfWork, UnitsOfWork, unit_of_work
from plugin_api.events import Event, EventHandler, NotNow
from plugin_api.platform import registry, service

log = structlog.get_logger(__name__)

CHANNEL = "tablewright:outbox"
_BATCH = 500
_MAX_ATTEMPTS = 12
_FIRST_DELAY, _LONGEST_DELAY = 1.0, 600.0


class Outbox:
    """Writes events; a committed one wakes the worker that drains them."""

    def __init__(self, cache: redis.Redis) -> None:
        self._cache = cache

    def emit(self, type_name: str, payload: Mapping[str, Any], workspace_id: int | None) -> None:
        """Write an event with the commit of the running unit of work."""
        running, unit = context.current(), unit_of_work()
        if running.silent:
            return
        unit.ledger(
            OutboxEvent.__table__,  # type: ignore[arg-type]
            {
                "type": type_name,
                "workspace_id": workspace_id,
                "user_id": running.actor.user_id,
                "websocket_id": running.websocket_id,
                "request_id": running.request_id or None,
                "payload": dict(payload),
                "attempts": 0,
            },
        )
        unit.after_commit(self._wake)

    def _wake(self) -> None:
        try:
            self._cache.publish(CHANNEL, b"1")
        except redis.RedisError:
            log.warning("Redis does not answer; the worker finds the event by itself")


class Drainer:
    """Hands committed events to the handlers, at least once each, in order.

    An event a handler fails at waits for that handler alone, longer each time, while everything else goes on;
    after many tries it is dropped with an error in the log. When a handler says NotNow, all wait.
    """

    def __init__(
        self,
        units: UnitsOfWork,
        handlers: Sequence[EventHandler],
        wanted: Callable[[EventHandler], bool] = lambda handler: True,
        before_telling: Callable[[], None] = lambda: None,
    ) -> None:
        self._units = units
        self._handlers = sorted(handlers, key=lambda handler: not handler.urgent)
        self._wanted = wanted
        self._before_telling = before_telling

    def drain(self) -> int:
        """Tell one batch; answers how many events were taken. Another drainer at work means 0."""
        with self._units.begin() as unit:
            if not unit.session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(locks.OUTBOX))):
                return 0
            due = sa.select(OutboxEvent).where(OutboxEvent.due_on <= sa.func.now())
            rows = unit.session.scalars(due.order_by(OutboxEvent.id).limit(_BATCH)).all()
            if not rows:
                return 0
            self._before_telling()
            for handler in self._handlers:
                if self._wanted(handler):
                    self._tell(unit, handler, [row for row in rows if _is_for(row, handler)])
            unit.session.execute(sa.delete(OutboxEvent).where(OutboxEvent.id.in_([row.id for row in rows])))
            return len(rows)

    def _tell(self, unit: UnitOfWork, handler: EventHandler, rows: Sequence[OutboxEvent]) -> None:
        """Tell a handler all its events at once; when it fails, one by one, to find the ones it fails at."""
        if not rows or self._handle(unit, handler, rows, last=len(rows) == 1):
            return
        failed = rows if len(rows) == 1 else [row for row in rows if not self._handle(unit, handler, [row], last=True)]
        for row in failed:
            _postpone(unit, handler, row)

    def _handle(self, unit: UnitOfWork, handler: EventHandler, rows: Sequence[OutboxEvent], last: bool) -> bool:
        try:
            with _of_requests(rows), unit.savepoint(), _timed(handler), survived():
                handler.handle([_event(row) for row in rows])
                unit.session.flush()
        except NotNow:
            raise
        except Exception as error:  # noqa: BLE001 - a handler must not keep events from the others; it is tried again
            if last:
                what = {"handler": handler.type, "event_type": rows[0].type, "request_id": rows[0].request_id}
                log.exception("an event handler failed", **what)
                faults.failed("event_handlers", handler.type, error)
            return False
        return True


@contextmanager
def _timed(handler: EventHandler) -> Iterator[None]:
    begun, plugin = time.perf_counter(), faults.provider("event_handlers", handler.type)
    yield
    if plugin is not None:
        service(faults.Faults).took(plugin, f"event_handlers {handler.type}", time.perf_counter() - begun)


def _is_for(row: OutboxEvent, handler: EventHandler) -> bool:
    if row.handler is not None:
        return row.handler == handler.type
    return not handler.types or row.type in handler.types


def _postpone(unit: UnitOfWork, handler: EventHandler, row: OutboxEvent) -> None:
    """Keep an event for one handler, to be told again later; the row itself is deleted with its batch."""
    tries = row.attempts + 1
    if tries >= _MAX_ATTEMPTS:
        what = {"handler": handler.type, "event_type": row.type, "request_id": row.request_id}
        log.error("an event was dropped: its handler failed too often", **what)
        return
    delay = timedelta(seconds=min(_FIRST_DELAY * 2**row.attempts, _LONGEST_DELAY))
    unit.session.execute(
        sa.insert(OutboxEvent).values(
            type=row.type,
            workspace_id=row.workspace_id,
            user_id=row.user_id,
            websocket_id=row.websocket_id,
            request_id=row.request_id,
            payload=row.payload,
            created_on=row.created_on,
            attempts=tries,
            handler=handler.type,
            due_on=sa.func.now() + delay,
        )
    )


def _event(row: OutboxEvent) -> Event:
    who = (row.workspace_id, row.user_id, row.websocket_id)
    return Event(row.type, row.payload, *who, row.id, row.created_on, row.request_id or "")


@contextmanager
def _of_requests(rows: Sequence[OutboxEvent]) -> Iterator[None]:
    """What is logged, begun or mailed meanwhile belongs to the request the events came of, if it is a single one."""
    found = {row.request_id for row in rows if row.request_id}
    if len(found) != 1:
        yield
        return
    request_id = found.pop()
    with context.changed(request_id=request_id), structlog.contextvars.bound_contextvars(request_id=request_id):
        yield


def switched_on(is_enabled: Callable[[str], bool]) -> Callable[[EventHandler], bool]:
    """Whether a handler's plugin is switched on; what happens while it is off is not told to it later."""
    return lambda handler: is_enabled(registry("event_handlers").provider(handler.type))


def run_drainer(drainer: Drainer, cache: redis.Redis, stop: threading.Event) -> None:
    """Drain whenever an event is announced and once a second anyway, until `stop` is set."""
    listener: Any = None
    while not stop.is_set():
        try:
            if listener is None:
                listener = _listen(cache)
            while not stop.is_set() and drainer.drain():
                pass
            _wait(listener)
        except Exception as error:  # noqa: BLE001 - the drainer outlives restarts of Redis and PostgreSQL
            log.warning("draining the outbox failed; trying again in a second", problem=str(error))
            _close(listener)
            listener = None
            stop.wait(1.0)
    _close(listener)


def _listen(cache: redis.Redis) -> Any:
    listener: Any = cache.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
    listener.subscribe(CHANNEL)
    return listener


def _wait(listener: Any) -> None:
    """Wait for an announcement, then take all that came meanwhile: one drain is enough for them."""
    message = listener.get_message(timeout=1.0)
    while message is not None:
        message = listener.get_message(timeout=0.0)


def _close(listener: Any) -> None:
    if listener is not None:
        try:
            listener.close()
        except (redis.RedisError, OSError) as error:
            log.info("the listener's connection was lost already", problem=str(error))
