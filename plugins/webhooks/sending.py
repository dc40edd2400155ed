"""Working off a queue: one delivery after the other, each tried until it arrives or is given up."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
import structlog

from plugin_api.db import begin, connection, session
from plugin_api.permissions import Access
from plugin_api.platform import registry
from plugin_api.secrets import SecretLost, decrypt
from plugin_api.settings import setting
from plugins.database.context import TableContext
from plugins.webhooks import models, queue
from plugins.webhooks.calls import Call, Outcome, body_of, make
from plugins.webhooks.queue import Claim
from plugins.webhooks.types import WebhookEventType

log = structlog.get_logger(__name__)

HEADERS, SECRET = "webhooks.headers", "webhooks.secret"
"""What the encryption of headers and secrets is for."""
_RELEASE_SECONDS = 0.02
_connections = threading.BoundedSemaphore(3)


@dataclass(frozen=True)
class _Step:
    """A delivery that is ready to be sent, as it is stored."""

    delivery: models.Delivery
    call: Call
    failed_before: int


def work_off(held: Claim, stop: threading.Event) -> None:
    """Send what is in a queue, in order, for a while; then give it back."""
    slow, pause = held.slow, 0.0
    with _connected():
        step, pause = _next(held)
    while step is not None and held.may_send():
        outcome = make(step.call)
        slow = outcome.seconds > queue.SLOW_SECONDS
        with _of_request(step.delivery), _connected():
            pause = _record(step, outcome)
            over = pause or stop.is_set() or time.monotonic() - held.since > queue.SLICE_SECONDS
            step, pause = (None, pause) if over else _next(held)
    while not _released(held, pause, slow) and held.is_held():
        time.sleep(_RELEASE_SECONDS)


@contextmanager
def _of_request(delivery: models.Delivery) -> Iterator[None]:
    """What is logged meanwhile names the request the delivery came of."""
    with structlog.contextvars.bound_contextvars(request_id=delivery.request_id):
        yield


def _released(held: Claim, pause: float, slow: bool) -> bool:
    with _connected():
        return queue.release(held, pause, slow)


@contextmanager
def _connected() -> Iterator[None]:
    """A unit of work; only some at a time, so that senders leave connections to others."""
    with _connections, begin():
        yield


def _next(held: Claim) -> tuple[_Step | None, float]:
    """The next delivery to send; None, and how long to wait with the next look, when there is none."""
    while (row := queue.next_delivery(held.webhook_id)) is not None:
        delivery, hook = row.Delivery, row.Webhook
        table = _table(row)
        if delivery.payload is None and not _make_page(delivery, table, hook.use_user_field_names):
            queue.delivered(delivery.id, None)
            session().expunge(delivery)
            continue
        body = body_of(_envelope(delivery, table), delivery.payload)
        return _Step(delivery, _call(delivery, hook, body), hook.failed_triggers), 0.0
    # An empty queue is due at once when something was put into it meanwhile.
    return None, 0.0 if queue.may_be_told(held.webhook_id) else queue.HELD_PAUSE


def _table(row: Any) -> TableContext:
    access = Access(row.table_workspace_id)
    place = (row.table_application_id, row.table_workspace_id, access)
    return TableContext(row.table_id, row.table_name, row.table_order, row.table_version, *place)


def _make_page(delivery: models.Delivery, table: TableContext, names: bool) -> bool:
    """Make the payload of an event that is told in pages, and keep it: every try sends the same. False for nothing."""
    kind: WebhookEventType | None = registry("webhook_event_types").get(delivery.event_type)
    page = None if kind is None or delivery.pending is None else kind.page(delivery.pending, table, names)
    if page is None:
        return False
    part = {} if page.rest is None and delivery.page == 1 else {"batch_id": delivery.page}
    delivery.payload = orjson.dumps({**page.payload, **part}).decode()
    delivery.pending = None if page.rest is None else dict(page.rest)
    session().flush()
    return True


def _envelope(delivery: models.Delivery, table: TableContext) -> dict[str, Any]:
    return envelope(table, delivery.webhook_id, delivery.event_type, delivery.event_id)


def envelope(table: TableContext, webhook_id: int | None, event_type: str, event_id: uuid.UUID) -> dict[str, Any]:
    """The keys all events have."""
    return {
        "table_id": table.id,
        "database_id": table.application_id,
        "workspace_id": table.workspace_id,
        "webhook_id": webhook_id,
        "event_id": event_id,
        "event_type": event_type,
    }


def _call(delivery: models.Delivery, hook: models.Webhook, body: bytes) -> Call:
    headers = orjson.loads(_readable(hook, hook.headers, HEADERS) or "{}")
    secret = _readable(hook, hook.secret, SECRET)
    return Call(hook.request_method, hook.url, str(delivery.uid), delivery.event_type, body, headers, secret)


def _readable(hook: models.Webhook, encrypted: str, purpose: str) -> str:
    """What was encrypted; nothing when the instance's key is another one by now."""
    try:
        return decrypt(encrypted, purpose)
    except SecretLost:
        log.warning("what a webhook keeps secret cannot be read any more", webhook_id=hook.id, what=purpose)
        return ""


def _record(step: _Step, outcome: Outcome) -> float:
    """Keep what came of a call; answers the seconds until the same delivery is tried again, else 0."""
    delivery, attempts = step.delivery, step.delivery.attempts + 1
    tell = log.warning if not outcome.good else log.info if setting("access_log") else log.debug
    what = {"webhook_id": delivery.webhook_id, "event_type": delivery.event_type, "attempt": attempts}
    tell("a webhook was called", **what, status=outcome.status, ms=round(outcome.seconds * 1000, 1))
    again = not outcome.good and attempts < setting("webhook_attempts")
    there = queue.try_again(delivery.id, attempts) if again else queue.delivered(delivery.id, delivery.pending)
    if not there:
        return 0.0  # the webhook was deleted or switched off meanwhile
    queue.log_call(delivery.webhook_id, step.call, delivery.event_id, outcome)
    if again:
        return queue.pause_after(attempts)
    if not outcome.good:
        _give_up(delivery.webhook_id)
    elif step.failed_before:
        hook = models.Webhook
        connection().execute(sa.update(hook).where(hook.id == delivery.webhook_id).values(failed_triggers=0))
    return 0.0


def _give_up(webhook_id: int) -> None:
    if queue.count_failure(webhook_id):
        log.warning("a webhook was switched off: its receiver failed too often", webhook_id=webhook_id)
