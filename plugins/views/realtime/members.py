"""What is told of views and their parts to members: on the page of the table, of personal views to their owners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.events import Event
from plugin_api.realtime import Audience, Message, RealtimeMessages, Recheck, Told, Users
from plugins.database.realtime.pages import table_page
from plugins.views import models
from plugins.views.ownership import PERSONAL_VIEW
from plugins.views.parts import PARTS
from plugins.views.realtime.pages import view_scope

_VIEW = ("view_created", "view_updated", "view_deleted")
_OPTIONS, _ORDER = "view_field_options_updated", "views_reordered"
_OF_PARTS = {f"view_{name}_{done}": (name, done) for name in PARTS for done in ("created", "updated", "deleted")}


def _messages(event: Event) -> Iterator[Told]:
    told = event.payload
    if event.type in ("view_updated", "view_deleted"):  # whether and where it is shared, its password, whose it is
        yield Recheck(scopes=(view_scope(told["view_id"]),))
    if event.type == _ORDER:
        yield from _of_order(event)
        return
    readers = _readers(told)
    if readers is not None:
        yield Message({"type": event.type, **_body(event)}, readers)


def _body(event: Event) -> dict[str, Any]:
    told = event.payload
    if event.type in _OF_PARTS:
        return _of_part(told, *_OF_PARTS[event.type])
    if event.type == _OPTIONS:
        return {"view_id": told["view_id"], "field_options": told["field_options"]}
    if event.type == "view_deleted":
        return {"table_id": told["table_id"], "view_id": told["view_id"]}
    if event.type == "view_created":
        return {"view": told["view"]}
    return {"view_id": told["view_id"], "view": told["view"]}


def _of_part(told: Mapping[str, Any], name: str, done: str) -> dict[str, Any]:
    """A filter is told of under `view_filter`, and so on."""
    key, part = f"view_{name}", told[name]
    body: dict[str, Any] = {key: part}
    if done != "created":
        body[f"{key}_id"] = part["id"]
    if done == "deleted":
        body["view_id"] = told["view_id"]
    return body


def _readers(told: Mapping[str, Any]) -> Audience | None:
    """Everybody who has the table open; of a personal view its owner, None when it has none any more."""
    if "view" in told:
        whose = (told["view"]["ownership_type"], told["view"]["owned_by_id"])
    else:
        view = models.View
        query = sa.select(view.ownership_type, view.owned_by_id).where(view.id == told["view_id"])
        row = session().execute(query).first()
        whose = (row.ownership_type, row.owned_by_id) if row else (PERSONAL_VIEW, None)
    if whose[0] != PERSONAL_VIEW:
        return table_page(told["table_id"])
    return None if whose[1] is None else Users([whose[1]])


def _of_order(event: Event) -> Iterator[Told]:
    """All are told of the places of views all see, and who ordered them of all."""
    told, view = event.payload, models.View
    personal = sa.select(view.id).where(view.table_id == told["table_id"], view.ownership_type == PERSONAL_VIEW)
    own = set(session().scalars(personal))
    body = {"type": _ORDER, "table_id": told["table_id"]}
    yield Message(
        {**body, "order": [found for found in told["order"] if found not in own]}, table_page(told["table_id"])
    )
    if own.intersection(told["order"]) and event.user_id is not None:
        yield Message({**body, "order": told["order"]}, Users([event.user_id]))


VIEW_MESSAGES = RealtimeMessages("views", (*_VIEW, _OPTIONS, _ORDER, *_OF_PARTS), _messages)
