"""Stored webhooks: finding them with the user's access, and as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
import sqlalchemy as sa

from plugin_api import context
from plugin_api.applications import Applications
from plugin_api.db import connection, session
from plugin_api.errors import does_not_exist
from plugin_api.permissions import Access, require
from plugin_api.platform import registry, service
from plugin_api.secrets import SecretLost, decrypt, encrypt
from plugin_api.settings import setting
from plugins.database.context import TableContext
from plugins.database.models import Table
from plugins.webhooks import models
from plugins.webhooks.sending import HEADERS, SECRET
from plugins.webhooks.types import WebhookEventType

_SHOWN = (
    "created_on",
    "updated_on",
    "use_user_field_names",
    "url",
    "request_method",
    "name",
    "include_all_events",
    "failed_triggers",
    "active",
)
_OF_CALL = (
    "id",
    "event_id",
    "event_type",
    "called_time",
    "called_url",
    "request",
    "response",
    "response_status",
    "error",
)


@dataclass(frozen=True)
class Found:
    """A webhook that exists, and its table with what the acting user is there."""

    hook: models.Webhook
    table: TableContext


@cache
def _query() -> sa.Select[Any]:
    reachable = service(Applications).reachable().subquery()
    named = ("id", "name", "order", "version", "application_id", "workspace_id")
    columns = [getattr(Table, name).label(f"table_{name}") for name in named]
    return (
        sa.select(models.Webhook, *columns, reachable.c.role)
        .join(Table, Table.id == models.Webhook.table_id)
        .join(reachable, reachable.c.id == Table.application_id)
        .where(models.Webhook.id == sa.bindparam("webhook_id"), Table.trashed_on.is_(None))
    )


def find(webhook_id: int, operation: str, lock: bool = False) -> Found:
    """A webhook, 404 when it is not there; refused unless the acting user may do the operation. One query."""
    query = _query().with_for_update(of=models.Webhook, key_share=True) if lock else _query()
    given = {"webhook_id": webhook_id, "acting_user_id": context.actor().user_id}
    row = session().execute(query.execution_options(populate_existing=True), given).first()
    if row is None:
        raise does_not_exist("table_webhook")
    scopes = (("database_table", row.table_id), ("application", row.table_application_id))
    access = Access(row.table_workspace_id, row.role, scopes)
    require(operation, access)
    place = (row.table_version, row.table_application_id, row.table_workspace_id)
    return Found(row.Webhook, TableContext(row.table_id, row.table_name, row.table_order, *place, access))


def of_table(table_id: int) -> Sequence[models.Webhook]:
    """The webhooks of a table, the oldest first."""
    query = sa.select(models.Webhook).where(models.Webhook.table_id == table_id).order_by(models.Webhook.id)
    return session().scalars(query.execution_options(populate_existing=True)).all()


def count_locked(table_id: int) -> int:
    """How many webhooks a table has; nobody else adds one until this transaction ends."""
    key = f"webhooks.table.{table_id}"
    session().execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(key, 0))))
    count = sa.select(sa.func.count()).select_from(models.Webhook).where(models.Webhook.table_id == table_id)
    return session().scalar(count) or 0


def shown(hooks: Sequence[models.Webhook]) -> list[dict[str, Any]]:
    """Webhooks as the API shows them: one query for their calls."""
    calls = _calls([hook.id for hook in hooks])
    most = setting("webhook_log_entries")
    return [_json(hook, calls.get(hook.id, [])[:most]) for hook in hooks]


def _calls(webhook_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    if not webhook_ids:
        return {}
    call, found = models.Call, dict[int, list[dict[str, Any]]]()
    columns = [getattr(call, name) for name in ("webhook_id", *_OF_CALL)]
    query = (
        sa.select(*columns).where(call.webhook_id.in_(webhook_ids)).order_by(call.called_time.desc(), call.id.desc())
    )
    for row in connection().execute(query):
        found.setdefault(row.webhook_id, []).append({name: getattr(row, name) for name in _OF_CALL})
    return found


def _json(hook: models.Webhook, calls: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": hook.id,
        "events": [one["event_type"] for one in hook.event_config],
        "event_config": [_config(one) for one in hook.event_config],
        "headers": headers_of(hook),
        "calls": calls,
        **{name: getattr(hook, name) for name in _SHOWN},
        "signing_secret": _decrypted(hook.secret, SECRET),
    }


def _config(one: Mapping[str, Any]) -> dict[str, Any]:
    """The limits of a kind of event, with the keys it can have."""
    kind: WebhookEventType | None = registry("webhook_event_types").get(one["event_type"])
    keys = [key for key, has in (("fields", kind and kind.has_fields), ("views", kind and kind.has_views)) if has]
    return {"event_type": one["event_type"], **{key: one.get(key, []) for key in keys}}


def headers_of(hook: models.Webhook) -> dict[str, str]:
    """The headers of a webhook; none when the instance's key is another one by now."""
    found: dict[str, str] = orjson.loads(_decrypted(hook.headers, HEADERS) or "{}")
    return found


def _decrypted(text: str, purpose: str) -> str:
    try:
        return decrypt(text, purpose)
    except SecretLost:
        return ""


def hidden_headers(headers: Mapping[str, str]) -> str:
    """Headers as they are stored."""
    return encrypt(orjson.dumps(dict(headers)).decode(), HEADERS)


def hidden_secret(secret: str) -> str:
    """A secret as it is stored."""
    return encrypt(secret, SECRET)
