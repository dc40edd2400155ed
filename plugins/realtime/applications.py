"""What members are told of the applications of their workspaces: each of what they may see in them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

import sqlalchemy as sa

from plugin_api import accounts, applications, context, workspaces
from plugin_api.applications import Applications
from plugin_api.db import session
from plugin_api.errors import ApiError
from plugin_api.events import Event
from plugin_api.permissions import require, standing_of
from plugin_api.platform import service
from plugin_api.realtime import Members, Message, RealtimeMessages, Users

READ, LIST = "application.read", "workspace.list_applications"


def _messages(event: Event) -> Iterator[Message]:
    told, workspace_id = event.payload, event.workspace_id
    if workspace_id is None:
        return
    if event.type == "applications_reordered":
        body = {"type": event.type, "workspace_id": workspace_id, "order": told["order"]}
        yield Message(body, Members(workspace_id, LIST))
        return
    application_id = told["application_id"]
    body = {"type": event.type, "application_id": application_id, "workspace_id": workspace_id}
    others = _with_other_roles(workspace_id, application_id) if "application" in told else {}
    if "application" in told:
        body["application"] = told["application"]
    but = [user_id for user_ids in others.values() for user_id in user_ids]
    yield Message(body, Members(workspace_id, READ, (("application", application_id),), but=but))
    for user_ids in others.values():
        shown = _shown_to(user_ids[0], application_id)
        if shown is not None:
            yield Message({**body, "application": shown}, Users(user_ids))


def _with_other_roles(workspace_id: int, application_id: int) -> dict[Hashable, list[int]]:
    """The members with roles at places in an application, by what they are: who is the same sees the same of it."""
    members = workspaces.members().subquery()
    query = sa.select(members.c.user_id, members.c.role).where(members.c.workspace_id == workspace_id)
    found: dict[Hashable, list[int]] = {}
    for row in session().execute(query):
        standing = standing_of(row.role)
        here = frozenset(
            (place, role) for place, role in standing.at.items() if standing.inside[place] == application_id
        )
        if here:
            found.setdefault((standing.base, here), []).append(row.user_id)
    return found


def _shown_to(user_id: int, application_id: int) -> dict[str, Any] | None:
    """An application as somebody sees it; None when they do not."""
    who = accounts.actor(user_id)
    if who is None:
        return None
    with context.acting_as(who):
        try:
            _, access = applications.access(application_id)
            require(READ, access)
            return service(Applications).shown([application_id])[0]
        except ApiError:  # closed to them, or gone by now
            return None


APPLICATION_MESSAGES = RealtimeMessages(
    "applications",
    ("application_created", "application_updated", "application_deleted", "applications_reordered"),
    _messages,
)
