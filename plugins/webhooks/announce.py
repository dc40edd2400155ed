"""From committed events to the queues of the webhooks that want to know of them. Runs where the outbox is drained."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from plugin_api.db import after_commit, connection, session
from plugin_api.events import Event
from plugin_api.platform import registry
from plugin_api.states import is_enabled
from plugins.database.models import Field, Table
from plugins.webhooks import dispatch, models
from plugins.webhooks.types import Outgoing, Subscriber, WebhookEventType

_PUT = sa.text(
    """
    INSERT INTO webhooks.delivery (webhook_id, event_id, event_type, payload, pending, request_id)
    SELECT webhook_id, event_id, event_type, payload, pending, request_id
    FROM ROWS FROM (
      json_to_recordset(CAST(:rows AS json))
      AS (webhook_id bigint, event_id uuid, event_type text, payload text, pending jsonb, request_id text)
    ) WITH ORDINALITY AS d(webhook_id, event_id, event_type, payload, pending, request_id, place)
    ORDER BY place
    """
)
_WAKE = sa.text(
    """
    WITH idle AS (
      SELECT webhook_id FROM webhooks.queue WHERE webhook_id = ANY(:ids) ORDER BY webhook_id FOR NO KEY UPDATE
    )
    UPDATE webhooks.queue q SET due_on = now() FROM idle WHERE q.webhook_id = idle.webhook_id AND q.due_on IS NULL
    """
)


def announce(events: Sequence[Event]) -> None:
    """Queue what webhooks are to be told of a batch of events: one query when their tables have none."""
    told = [event for event in events if "table_id" in event.payload]
    hooks = _active({event.payload["table_id"] for event in told})
    if not hooks:
        return
    names, found = _Names({hook.table_id for hook in hooks}), []
    for kind in _kinds():
        wanted = [event for event in told if event.type in kind.events]
        if wanted:
            found += [(one, kind.type) for one in kind.outgoing(wanted, _subscribers(kind, hooks), names)]
    put(sorted(found, key=lambda pair: pair[0].order), {event.id: event.request_id for event in told})


def _kinds() -> list[WebhookEventType]:
    kinds = registry("webhook_event_types")
    return [kinds[name] for name in kinds if is_enabled(kinds.provider(name))]


def _active(table_ids: set[int]) -> Sequence[models.Webhook]:
    """The active webhooks of tables that are not in the trash."""
    if not table_ids:
        return []
    hook = models.Webhook
    query = sa.select(hook).join(Table, Table.id == hook.table_id).where(Table.trashed_on.is_(None), hook.active)
    chosen = query.where(hook.table_id.in_(table_ids)).order_by(hook.id)
    return session().scalars(chosen.execution_options(populate_existing=True)).all()


def _subscribers(kind: WebhookEventType, hooks: Sequence[models.Webhook]) -> dict[int, list[Subscriber]]:
    found: dict[int, list[Subscriber]] = {}
    for hook in hooks:
        config = wanted_config(kind, hook)
        if config is not None:
            fields, views = frozenset(config.get("fields", ())), frozenset(config.get("views", ()))
            subscriber = Subscriber(hook.id, hook.table_id, hook.use_user_field_names, fields, views)
            found.setdefault(hook.table_id, []).append(subscriber)
    return found


def wanted_config(kind: WebhookEventType, hook: models.Webhook) -> Mapping[str, Any] | None:
    """How a webhook limits a kind of event; None when it does not want it."""
    if hook.include_all_events:
        return {} if kind.always else None
    return next((one for one in hook.event_config if one["event_type"] == kind.type), None)


class _Names:
    """The names of fields, read once. Fields in the trash have one too: events may still tell of them."""

    def __init__(self, table_ids: set[int]) -> None:
        self._table_ids = table_ids
        self._names: dict[int, dict[str, str]] | None = None

    def named(self, table_id: int, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Rows keyed by names."""
        if self._names is None:
            self._names = self._read()
        known = self._names.get(table_id, {})
        return [{known.get(key, key): value for key, value in row.items()} for row in rows]

    def _read(self) -> dict[int, dict[str, str]]:
        found: dict[int, dict[str, str]] = {}
        taken: set[tuple[int, str]] = set()
        query = sa.select(Field.table_id, Field.id, Field.name).where(Field.table_id.in_(self._table_ids))
        for table_id, field_id, name in connection().execute(query.order_by(Field.trashed_on.is_not(None), Field.id)):
            if (table_id, name) not in taken:
                taken.add((table_id, name))
                found.setdefault(table_id, {})[f"field_{field_id}"] = name
        return found


def put(found: Sequence[tuple[Outgoing, str]], requests: Mapping[int, str]) -> None:
    """Queue events, in order; all webhooks know the same event by the same id. Two statements.

    requests: the requests they came of, by the ids of the committed events.
    """
    if not found:
        return
    ids: dict[tuple[int, int, str], str] = {}
    texts: dict[int, str] = {}
    rows = [
        {
            "webhook_id": one.webhook_id,
            "event_id": ids.setdefault((one.order, one.part, event_type), str(uuid.uuid4())),
            "event_type": event_type,
            "payload": None if one.payload is None else _text(texts, one.payload),
            "pending": one.pending,
            "request_id": requests.get(one.order) or None,
        }
        for one, event_type in found
    ]
    connection().execute(_PUT, {"rows": orjson.dumps(rows).decode()})
    connection().execute(_WAKE, {"ids": sorted({one.webhook_id for one, _ in found})})
    after_commit(dispatch.wake)


def _text(texts: dict[int, str], payload: Any) -> str:
    """The JSON text of a payload; webhooks share them, so each is written once."""
    if id(payload) not in texts:
        texts[id(payload)] = orjson.dumps(payload).decode()
    return texts[id(payload)]
