"""What is told of builders: to the members who may see their pages, and to those who have a page open.

What is on pages, the plugins tell that put it there, with `open_page`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plugin_api.events import Event
from plugin_api.realtime import Members, Message, OnPage, PageScopes, PageType, RealtimeMessages, Recheck, Told
from plugins.builder import operations
from plugins.builder.context import page_context, page_scopes

_CREATED, _UPDATED, _DELETED = "page_created", "page_updated", "page_deleted"
_KEYS = {"pages_reordered": "order", "theme_updated": "properties"}


def open_page(page_id: int) -> OnPage:
    """Everybody who has a page of a builder open."""
    return OnPage("page", {"page_id": page_id})


def _admit(parameters: Mapping[str, Any]) -> PageScopes:
    found = page_context(parameters["page_id"], operations.READ_PAGE)
    return (*found.access.scopes, ("workspace", found.workspace_id))


PAGE_TYPES = [PageType("page", {"page_id": int}, _admit)]


def _messages(event: Event) -> Iterator[Told]:
    told, workspace_id = event.payload, event.workspace_id
    if workspace_id is None:
        return
    builder_id = told["builder_id"]
    if event.type in _KEYS:
        key = _KEYS[event.type]
        body = {"type": event.type, "builder_id": builder_id, key: told[key]}
        yield Message(body, Members(workspace_id, operations.LIST_PAGES, (("application", builder_id),)))
        return
    page_id = told["page_id"] if event.type == _DELETED else told["page"]["id"]
    about = {"page_id": page_id, "builder_id": builder_id} if event.type == _DELETED else {"page": told["page"]}
    readers = Members(workspace_id, operations.READ_PAGE, page_scopes(page_id, builder_id))
    yield Message({"type": event.type, **about}, readers)
    if event.type == _DELETED:
        yield Recheck(scopes=(("builder_page", page_id),))


BUILDER_MESSAGES = RealtimeMessages("builders", (_CREATED, _UPDATED, _DELETED, *_KEYS), _messages)
