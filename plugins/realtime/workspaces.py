"""What users are told of their workspaces, of the people in them, and of invitations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.events import Event
from plugin_api.people import EMAIL
from plugin_api.realtime import Audience, Members, Message, RealtimeMessages, Users

LIST_USERS, LIST_INVITATIONS = "workspace.list_workspace_users", "workspace.list_invitations"

Payload = Mapping[str, Any]


def _with(told: Payload, *keys: str) -> dict[str, Any]:
    return {key: told[key] for key in keys}


def _of_workspace(event: Event) -> Iterator[tuple[dict[str, Any], Audience]]:
    told = event.payload
    body = _with(told, "workspace_id", "workspace")
    if event.type == "group_created":
        yield body, Users([event.user_id] if event.user_id else [])
    elif event.type == "group_deleted":
        yield body, Users(told["member_ids"])
    else:
        yield body, Members(told["workspace_id"])


def _of_order(event: Event) -> Iterator[tuple[dict[str, Any], Audience]]:
    yield _with(event.payload, "workspace_ids"), Users([event.payload["user_id"]])


def _of_member(event: Event) -> Iterator[tuple[dict[str, Any], Audience]]:
    """The one it is about is told in any case, even of having gone."""
    told = event.payload
    body = _with(told, "id", "workspace_id", "group_user")
    yield body, Users([told["user_id"]])
    yield body, Members(told["workspace_id"], LIST_USERS, but=[told["user_id"]])


def _of_invitation(event: Event) -> Iterator[tuple[dict[str, Any], Audience]]:
    """Those who may see the invitations are told, and who was invited, if there is such an account."""
    invitation = event.payload["invitation"]
    invited = _user_with(invitation["email"])
    yield {"invitation": invitation}, Users([invited] if invited else [])
    if event.workspace_id is not None:
        but = [invited] if invited else []
        yield {"invitation": invitation}, Members(event.workspace_id, LIST_INVITATIONS, but=but)


def _user_with(email: str) -> int | None:
    found: int | None = session().scalar(sa.select(EMAIL.c.id).where(EMAIL.c.email == email.lower()))
    return found


def _of_user(event: Event) -> Iterator[tuple[dict[str, Any], Audience]]:
    keys = ("user_id",) if event.type == "user_permanently_deleted" else ("user",)
    if event.workspace_id is not None:
        yield _with(event.payload, *keys), Members(event.workspace_id)


_SOURCES: dict[str, Callable[[Event], Iterator[tuple[dict[str, Any], Audience]]]] = {
    **dict.fromkeys(("group_created", "group_updated", "group_deleted", "group_restored"), _of_workspace),
    "groups_reordered": _of_order,
    **dict.fromkeys(("group_user_added", "group_user_updated", "group_user_deleted"), _of_member),
    **dict.fromkeys(
        (
            "group_invitation_updated_or_created",
            "group_invitation_deleted",
            "group_invitation_accepted",
            "group_invitation_rejected",
        ),
        _of_invitation,
    ),
    **dict.fromkeys(("user_updated", "user_deleted", "user_restored", "user_permanently_deleted"), _of_user),
}


def _messages(event: Event) -> Iterator[Message]:
    for body, to in _SOURCES[event.type](event):
        yield Message({"type": event.type, **body}, to)
    if event.type == "group_user_updated":
        changed = {"type": "permissions_updated", "workspace_id": event.payload["workspace_id"]}
        yield Message(changed, Users([event.payload["user_id"]]), to_sender=True)


WORKSPACE_MESSAGES = RealtimeMessages("workspaces", tuple(_SOURCES), _messages)
