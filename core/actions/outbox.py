"""The outbox: events written with their change, told to the handlers by one worker at a time, in order."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import redis
import sqlalchemy as sa
import structlog

from core.db.models import OutboxEvent
from plugin_api import context
from plugin_api.db import UnitsOfWork, unit_of_work
from plugin_api.events import Event, EventHandler

log = structlog.get_logger(__name__)

CHANNEL = "tablewright:outbox"
_LOCK = 7_236_311_905
_BATCH = 500
_MAX_ATTEMPTS = 5


class Outbox:
    """Writes events; a committed one wakes the worker that drains them."""

    def __init__(self, cache: redis.Redis) -> None:
        self._cache = cache

    def emit(self, type_name: str, payload: Mapping[str, Any], workspace_id: int | None) -> None:
        """Write an event with the commit of the running unit of work."""
        running, unit = context.current(), unit_of_work()
        unit.ledger(
            OutboxEvent.__table__,  # type: ignore[arg-type]
            {
                "type": type_name,
                "workspace_id": workspace_id,
                "user_id": running.actor.user_id,
                "websocket_id": running.websocket_id,
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
    """Hands committed events to the handlers. At least once each; a handler that keeps failing is passed over."""

    def __init__(self, units: UnitsOfWork, handlers: Sequence[EventHandler]) -> None:
        self._units = units
        self._handlers = handlers

    def drain(self) -> int:
        """Tell one batch; answers how many events were told. Another drainer at work means 0."""
        with self._units.begin() as unit:
            if not unit.session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_LOCK))):
                return 0
            rows = unit.session.scalars(sa.select(OutboxEvent).order_by(OutboxEvent.id).limit(_BATCH)).all()
            if not rows:
                return 0
            failed = self._tell([_event(row) for row in rows])
            if failed and rows[0].attempts + 1 < _MAX_ATTEMPTS:
                ids = [row.id for row in rows]
                statement = sa.update(OutboxEvent).where(OutboxEvent.id.in_(ids))
                unit.session.execute(statement.values(attempts=OutboxEvent.attempts + 1))
                return 0
            unit.session.execute(sa.delete(OutboxEvent).where(OutboxEvent.id.in_([row.id for row in rows])))
            return len(rows)

    def _tell(self, events: Sequence[Event]) -> bool:
        failed = False
        for handler in self._handlers:
            wanted = [event for event in events if not handler.types or event.type in handler.types]
            try:
                if wanted:
                    handler.handle(wanted)
            except Exception:  # noqa: BLE001 - a handler must not keep events from the others; it is tried again
                log.exception("an event handler failed", handler=handler.type)
                failed = True
        return failed


def _event(row: OutboxEvent) -> Event:
    return Event(row.type, row.payload, row.workspace_id, row.user_id, row.websocket_id, row.id)


def run_drainer(drainer: Drainer, cache: redis.Redis, stop: threading.Event) -> None:
    """Drain whenever an event is announced and once a second anyway, until `stop` is set."""
    listener: Any = None
    while not stop.is_set():
        try:
            if listener is None:
                listener = cache.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
                listener.subscribe(CHANNEL)
            while drainer.drain():
                pass
            listener.get_message(timeout=1.0)
        except Exception:  # noqa: BLE001 - the drainer outlives restarts of Redis and PostgreSQL
            log.exception("draining the outbox failed; trying again in a second")
            listener = None
            stop.wait(1.0)
