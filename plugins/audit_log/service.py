"""What people read of the log: permission, filters, order, and entries as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import paging
from plugin_api.orders import sorts_of
from plugins.audit_log import kinds, people, store
from plugins.audit_log.models import Entry
from plugins.audit_log.operations import require_reader, require_staff
from plugins.audit_log.store import SORT_KEYS, Wanted

_FILTERS = ("workspace_id", "user_id", "action_type", "from_timestamp", "to_timestamp", "search")

Json = dict[str, Any]


def entries(query: Mapping[str, Any]) -> Json:
    """A page of the entries."""
    require_reader(query["workspace_id"])
    window, sorts = paging.window_or_page(), query["sorts"]
    order = sorts_of([] if sorts is None else sorts.split(","), SORT_KEYS, once=True)
    wanted = Wanted(**{name: query[name] for name in _FILTERS})
    total, found = store.page(wanted, order, window.limit, window.offset)
    return window.answer(total, [entry_json(entry) for entry in found])


def entry_json(entry: Entry) -> Json:
    """An entry as the API shows it."""
    return {
        "id": entry.id,
        "action_type": entry.action_type,
        "user": with_id(entry.user_email, entry.user_id),
        "workspace": with_id(entry.workspace_name, entry.workspace_id),
        "type": kinds.words(entry.action_type, entry.command),
        "description": entry.description,
        "timestamp": entry.created_on,
        "ip_address": entry.ip_address,
    }


def with_id(name: str | None, number: int | None) -> str:
    """A user or workspace as entries name them."""
    return "" if number is None else f"{name or ''} ({number})".strip()


def users(query: Mapping[str, Any]) -> Json:
    """A page of the users entries may be of."""
    require_reader(query["workspace_id"])
    window = paging.window_or_page()
    return window.answer(*people.users(query["workspace_id"], query["search"], window.limit, window.offset))


def workspaces(query: Mapping[str, Any]) -> Json:
    """A page of the workspaces entries may be of."""
    require_staff()
    window = paging.window_or_page()
    return window.answer(*people.workspaces(query["search"], window.limit, window.offset))


def action_types(query: Mapping[str, Any]) -> Json:
    """The types of actions of the API."""
    require_reader(query["workspace_id"])
    found = kinds.of_the_api(query["search"], query["workspace_id"] is not None)
    shown = [{"id": name, "value": words} for name, words in found]
    return {"count": len(shown), "next": None, "previous": None, "results": shown}
