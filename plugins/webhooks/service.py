"""Webhooks of a table: listing, making, changing, deleting and trying them, with permission and action."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from plugin_api import actions
from plugin_api.db import connection, session, unit_of_work
from plugin_api.errors import ApiError
from plugin_api.platform import registry
from plugin_api.settings import setting
from plugins.database.context import TableContext, table_context
from plugins.database.models import Field
from plugins.database.shape import latest_shape
from plugins.views.models import View
from plugins.webhooks import calls, models, operations, queue, store, watching
from plugins.webhooks.sending import envelope
from plugins.webhooks.signature import new_secret
from plugins.webhooks.types import WebhookEventType

_PLAIN = ("name", "url", "request_method", "use_user_field_names", "include_all_events")
_WAKING = {"url", "headers", "request_method", "active"}


def list_webhooks(table_id: int) -> list[dict[str, Any]]:
    """The webhooks of a table."""
    where = table_context(table_id, operations.LIST)
    return store.shown(store.of_table(where.id))


def read_webhook(webhook_id: int) -> dict[str, Any]:
    """One webhook."""
    return store.shown([store.find(webhook_id, operations.READ).hook])[0]


def create_webhook(table_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Add a webhook to a table; `body` is a checked one."""
    where = table_context(table_id, operations.CREATE)
    if store.count_locked(where.id) >= setting("webhooks_per_table"):
        most = setting("webhooks_per_table")
        raise ApiError("ERROR_TABLE_WEBHOOK_MAX_LIMIT_EXCEEDED", 400, f"A table has at most {most} webhooks.")
    config = _config(where, body["include_all_events"], body["events"], body.get("event_config", ()))
    hook = models.Webhook(
        table_id=where.id,
        **{name: body[name] for name in _PLAIN},
        headers=store.hidden_headers(body["headers"]),
        secret=store.hidden_secret(body.get("signing_secret") or new_secret()),
        event_config=config,
    )
    session().add(hook)
    session().flush()
    session().add(models.Queue(webhook_id=hook.id))
    _watch(where, [], hook)
    _record("create_webhook", where, hook)
    session().flush()
    session().refresh(hook)
    return store.shown([hook])[0]


def update_webhook(webhook_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change a webhook."""
    found = store.find(webhook_id, operations.UPDATE, lock=True)
    hook, watched, was_active = found.hook, _views(found.hook), found.hook.active
    everything = body.get("include_all_events", hook.include_all_events)
    wanted = body.get("events", [one["event_type"] for one in hook.event_config])
    limits = body.get("event_config", hook.event_config)
    hook.event_config = _config(found.table, everything, wanted, limits, check="event_config" in body)
    for name in (*_PLAIN, "active"):
        if name in body:
            setattr(hook, name, body[name])
    if "headers" in body:
        hook.headers = store.hidden_headers(body["headers"])
    if "signing_secret" in body:
        hook.secret = store.hidden_secret(body["signing_secret"])
    hook.updated_on = sa.func.now()
    _switch(hook, was_active, body)
    session().flush()
    _watch(found.table, watched if was_active else [], hook)
    _record("update_webhook", found.table, hook)
    session().refresh(hook)
    return store.shown([hook])[0]


def _switch(hook: models.Webhook, was_active: bool, body: Mapping[str, Any]) -> None:
    """One that is switched off throws away what waits; one that may work again now is tried now."""
    if not hook.active:
        queue.empty(hook.id)
    elif not was_active:
        hook.failed_triggers = 0
    if _WAKING & body.keys():
        state = models.Queue
        due = sa.and_(state.webhook_id == hook.id, state.due_on > sa.func.now())
        connection().execute(sa.update(state).where(due).values(due_on=sa.func.now()))


def delete_webhook(webhook_id: int) -> None:
    """Delete a webhook; what waits for it is not sent."""
    found = store.find(webhook_id, operations.DELETE, lock=True)
    watched = _views(found.hook)
    _record("delete_webhook", found.table, found.hook)
    session().delete(found.hook)
    session().flush()
    watching.forget_unwatched(watched)


def _config(
    where: TableContext,
    everything: bool,
    wanted: Iterable[str],
    limits: Iterable[Mapping[str, Any]],
    check: bool = True,
) -> list[dict[str, Any]]:
    """The events a webhook wants, with their limits. 400 for fields and views that are not the table's."""
    given = {one["event_type"]: one for one in map(_renamed, limits)}
    if check:
        _check(where, [id_ for one in given.values() for id_ in one["fields"]], Field, "FIELD")
        _check(where, [id_ for one in given.values() for id_ in one["views"]], View, "VIEW")
    names = [] if everything else list(dict.fromkeys(wanted))
    return [_limited(name, given.get(name, {})) for name in names]


def _renamed(limit: Mapping[str, Any]) -> dict[str, Any]:
    fields = limit.get("fields_", limit.get("fields", ()))
    return {"event_type": limit["event_type"], "fields": list(fields), "views": list(limit.get("views", ()))}


def _limited(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    kind: WebhookEventType | None = registry("webhook_event_types").get(name)
    kept: dict[str, Any] = {"event_type": name}
    if kind is not None and kind.has_fields:
        kept["fields"] = list(dict.fromkeys(given.get("fields", ())))
    if kind is not None and kind.has_views:
        kept["views"] = list(dict.fromkeys(given.get("views", ())))
    return kept


def _check(where: TableContext, ids: Sequence[int], model: Any, word: str) -> None:
    if not ids:
        return
    query = sa.select(model.id).where(model.table_id == where.id, model.trashed_on.is_(None), model.id.in_(set(ids)))
    strangers = set(ids) - set(session().scalars(query))
    if strangers:
        code = f"ERROR_TABLE_WEBHOOK_EVENT_CONFIG_{word}_NOT_IN_TABLE"
        raise ApiError(code, 400, f"The {word.lower()} {min(strangers)} is not one of this table.")


def _views(hook: models.Webhook) -> list[int]:
    return [view_id for one in hook.event_config for view_id in one.get("views", ())]


def _watch(where: TableContext, before: Sequence[int], hook: models.Webhook) -> None:
    """Begin to watch views this webhook now wants to know of, stop with those nobody does."""
    now = _views(hook) if hook.active else []
    new = [view_id for view_id in now if view_id not in before]
    if new:
        watching.begin_watching(latest_shape(where.id), where.id, new)
    watching.forget_unwatched([view_id for view_id in before if view_id not in now])


def _record(type_name: str, where: TableContext, hook: models.Webhook) -> None:
    named = {"table_id": where.id, "table_name": where.name, "database_id": where.application_id}
    params = {**named, "webhook_id": hook.id, "webhook_name": hook.name, "webhook_url": hook.url}
    actions.record(type_name, scope=f"table{where.id}", workspace_id=where.workspace_id, params=params)


def test_call(table_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Send an example now, and answer what came of it."""
    where = table_context(table_id, operations.TEST)
    kind: WebhookEventType = registry("webhook_event_types")[body["event_type"]]
    payload = orjson.dumps(kind.example(where, body["use_user_field_names"])).decode()
    content = calls.body_of(envelope(where, None, kind.type, uuid.uuid4()), payload)
    call = calls.Call(body["request_method"], body["url"], str(uuid.uuid4()), kind.type, content, body["headers"])
    unit_of_work().commit()  # the receiver is not waited for with a transaction open
    outcome = calls.make(call, hide=False)
    return {
        "request": outcome.request,
        "response": outcome.response or outcome.error,
        "status_code": outcome.status,
        "is_unreachable": outcome.status is None,
    }
