"""The queues in the database: claiming one, its next delivery, what becomes of it. One worker at a time has a queue."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from plugin_api import events
from plugin_api.applications import Applications
from plugin_api.db import connection, session
from plugin_api.platform import service
from plugin_api.settings import setting
from plugins.database.models import Table
from plugins.webhooks import models
from plugins.webhooks.calls import Call, Outcome

_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 300.0
HELD_PAUSE = 30.0
"""Seconds between looks at a queue of which nothing may be sent at the moment: its table is in the trash."""
SLOW_SECONDS = 1.0
"""From how many seconds on a receiver is called slow."""
SLICE_SECONDS = 1.5
"""After so long a queue is given back, so that others get their turn."""
_SPARE_SECONDS = 3.0
DEACTIVATED = "webhook_deactivated"
"""The event, and the notification, that a webhook was switched off."""

_CLAIM = sa.text(
    """
    WITH slow AS (
      SELECT webhook_id FROM webhooks.queue
      WHERE slow AND due_on <= now() AND coalesce(claimed_until < now(), true)
      ORDER BY due_on LIMIT :slow FOR NO KEY UPDATE SKIP LOCKED
    ), quick AS (
      SELECT webhook_id FROM webhooks.queue
      WHERE NOT slow AND due_on <= now() AND coalesce(claimed_until < now(), true)
      ORDER BY due_on LIMIT :free FOR NO KEY UPDATE SKIP LOCKED
    ), chosen AS (
      SELECT webhook_id FROM (SELECT 0 AS lane, * FROM quick UNION ALL SELECT 1, * FROM slow) c
      ORDER BY lane LIMIT :free
    )
    UPDATE webhooks.queue q SET claim = gen_random_uuid(), claimed_until = now() + make_interval(secs => :lease)
    FROM chosen WHERE q.webhook_id = chosen.webhook_id RETURNING q.webhook_id, q.claim, q.slow
    """
)
_IS_HELD = sa.text("SELECT 1 FROM webhooks.queue WHERE webhook_id = :webhook_id AND claim = :claim")
_LOCK = sa.text(f"{_IS_HELD.text} FOR NO KEY UPDATE SKIP LOCKED")
_RELEASE = sa.text(
    """
    UPDATE webhooks.queue SET claim = NULL, claimed_until = NULL, slow = :slow, due_on = CASE
      WHEN EXISTS (SELECT 1 FROM webhooks.delivery d WHERE d.webhook_id = :webhook_id)
      THEN now() + make_interval(secs => :pause) END
    WHERE webhook_id = :webhook_id AND claim = :claim
    """
)
_LOG = sa.text(
    """
    INSERT INTO webhooks.call AS c (webhook_id, delivery, event_id, event_type, called_time, called_url, request,
      response, response_status, error)
    VALUES (:webhook_id, :delivery, :event_id, :event_type, now(), :called_url, :request, :response, :status, :error)
    ON CONFLICT (delivery) DO UPDATE SET called_time = now(), called_url = excluded.called_url,
      request = excluded.request, response = excluded.response, response_status = excluded.response_status,
      error = excluded.error
    """
)
_TRIM = sa.text(
    """
    DELETE FROM webhooks.call WHERE webhook_id = :webhook_id AND id IN (
      SELECT id FROM webhooks.call WHERE webhook_id = :webhook_id ORDER BY called_time DESC, id DESC OFFSET :kept)
    """
)


@dataclass(frozen=True)
class Claim:
    """A queue this worker has until it gives it back, or its time is over. `since` is when, on this process's clock."""

    webhook_id: int
    claim: uuid.UUID
    slow: bool
    since: float

    def is_held(self) -> bool:
        """Whether nobody else can have it yet."""
        return time.monotonic() - self.since < lease_seconds()

    def may_send(self) -> bool:
        """Whether a call that begins now is over before the time is."""
        return time.monotonic() - self.since < SLICE_SECONDS + _SPARE_SECONDS / 2

    @property
    def key(self) -> dict[str, Any]:
        """The parameters of statements about it."""
        return {"webhook_id": self.webhook_id, "claim": self.claim}


def lease_seconds() -> float:
    """How long a claim holds. Nothing is sent after it: a call begins in time, and none takes longer than its limit."""
    return SLICE_SECONDS + float(setting("webhook_timeout_seconds")) + _SPARE_SECONDS


def claim(free: int, slow: int) -> list[Claim]:
    """Claim queues that are due, `free` at most, of slow receivers at most `slow`."""
    since = time.monotonic()
    given = {"free": free, "slow": min(slow, free), "lease": lease_seconds()}
    return [Claim(row.webhook_id, row.claim, row.slow, since) for row in connection().execute(_CLAIM, given)]


def release(held: Claim, pause: float, slow: bool) -> bool:
    """Give a queue back; if there is something in it, it is due after a pause. False while something is put into it.

    The lock comes first, so that the look into the queue sees all that was put into it before. It is not waited for:
    whoever waits has a connection that those who hold the lock may need.
    """
    if connection().execute(_LOCK, held.key).first() is None:
        return connection().execute(_IS_HELD, held.key).first() is None
    connection().execute(_RELEASE, {**held.key, "pause": pause, "slow": slow})
    connection().execute(_TRIM, {"webhook_id": held.webhook_id, "kept": setting("webhook_log_entries")})
    return True


@cache
def _next() -> sa.Select[Any]:
    """A statement to build once: building it takes longer than running it."""
    hook, delivery = models.Webhook, models.Delivery
    reachable = service(Applications).reachable().subquery()
    table = [Table.id, Table.name, Table.order, Table.version, Table.application_id, Table.workspace_id]
    query: Any = (
        sa.select(delivery, hook, *(column.label(f"table_{column.key}") for column in table))
        .join(hook, hook.id == delivery.webhook_id)
        .join(Table, Table.id == hook.table_id)
        .join(reachable, reachable.c.id == Table.application_id)
        .where(delivery.webhook_id == sa.bindparam("webhook_id"), hook.active, Table.trashed_on.is_(None))
        .order_by(delivery.id)
        .limit(1)
    )
    return query  # type: ignore[no-any-return]


def next_delivery(webhook_id: int) -> Any:
    """The first delivery of a queue with its webhook and table; None when there is nothing that may be sent."""
    return session().execute(_next(), {"webhook_id": webhook_id, "acting_user_id": None}).first()


def may_be_told(webhook_id: int) -> bool:
    """Whether a webhook is active and its table, database and workspace are not in the trash."""
    hook = models.Webhook
    reachable = service(Applications).reachable().subquery()
    query = sa.select(hook.id).join(Table, Table.id == hook.table_id)
    query = query.join(reachable, reachable.c.id == Table.application_id)
    query = query.where(hook.id == webhook_id, hook.active, Table.trashed_on.is_(None))
    return session().execute(query, {"acting_user_id": None}).first() is not None


def pause_after(attempts: int) -> float:
    """Seconds to wait after so many failed attempts."""
    return float(min(_FIRST_PAUSE * 2 ** (attempts - 1), _LONGEST_PAUSE))


def log_call(webhook_id: int, call: Call, event_id: uuid.UUID, outcome: Outcome) -> None:
    """Remember the latest call of a delivery. Old ones are forgotten when the queue is given back."""
    row = {
        "webhook_id": webhook_id,
        "delivery": uuid.UUID(call.delivery),
        "event_id": event_id,
        "event_type": call.event_type,
        "called_url": call.url,
        "request": outcome.request,
        "response": outcome.response,
        "status": outcome.status,
        "error": outcome.error,
    }
    connection().execute(_LOG, row)


def delivered(delivery_id: int, rest: Mapping[str, Any] | None) -> bool:
    """Take a delivery out of its queue; if it has further pages, the next one takes its place. False if it was gone."""
    if rest is None:
        gone = sa.delete(models.Delivery).where(models.Delivery.id == delivery_id)
        return connection().execute(gone).rowcount == 1
    again = {"uid": sa.func.gen_random_uuid(), "payload": None, "pending": rest, "attempts": 0}
    statement = sa.update(models.Delivery).where(models.Delivery.id == delivery_id)
    return connection().execute(statement.values(page=models.Delivery.page + 1, **again)).rowcount == 1


def try_again(delivery_id: int, attempts: int) -> bool:
    """Note how often a delivery was tried. False if it was gone."""
    statement = sa.update(models.Delivery).where(models.Delivery.id == delivery_id).values(attempts=attempts)
    return connection().execute(statement).rowcount == 1


def count_failure(webhook_id: int) -> bool:
    """Note that a delivery was given up; True when that was one too many and the webhook is off now."""
    hook = models.Webhook
    most = setting("webhook_failures")
    statement = sa.update(hook).where(hook.id == webhook_id)
    values = {"failed_triggers": hook.failed_triggers + 1, "active": hook.failed_triggers + 1 < most}
    found = connection().execute(statement.values(**values).returning(hook.active, hook.name, hook.table_id)).first()
    if found is None or found.active:
        return False
    empty(webhook_id)
    events.emit(DEACTIVATED, {"webhook_id": webhook_id, "webhook_name": found.name, "table_id": found.table_id})
    return True


def empty(webhook_id: int) -> None:
    """Throw away what waits for a webhook."""
    connection().execute(sa.delete(models.Delivery).where(models.Delivery.webhook_id == webhook_id))
