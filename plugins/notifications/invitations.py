"""Notifications of invitations to workspaces: to the invited, and back to who invited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection
from plugin_api.events import Event, EventHandler
from plugins.notifications.notify import notify
from plugins.notifications.store import PERSON
from plugins.notifications.types import Notice, NotificationType, Told

CREATED = "workspace_invitation_created"
ACCEPTED = "workspace_invitation_accepted"
REJECTED = "workspace_invitation_rejected"

_ANSWERS = {"group_invitation_accepted": ACCEPTED, "group_invitation_rejected": REJECTED}
_SENT, _WITHDRAWN = "group_invitation_updated_or_created", "group_invitation_deleted"


class InvitationCreated(NotificationType):
    """Somebody is invited. The invitation itself was mailed. Data: invitation_id, invited_to_workspace_id, ..._name."""

    type = CREATED
    mailed = False

    def title(self, told: Told) -> str:
        """Who invites to what."""
        return f'{told.sender} invited you to the workspace "{told.data["invited_to_workspace_name"]}"'


class InvitationAccepted(NotificationType):
    """Somebody came. The data of the invitation."""

    type = ACCEPTED

    def title(self, told: Told) -> str:
        """Who came where."""
        return f'{told.sender} joined the workspace "{told.data["invited_to_workspace_name"]}"'


class InvitationRejected(NotificationType):
    """Somebody did not want to come. The data of the invitation."""

    type = REJECTED

    def title(self, told: Told) -> str:
        """Who turned down what."""
        return f'{told.sender} turned down to join the workspace "{told.data["invited_to_workspace_name"]}"'


def _tell(events: Sequence[Event]) -> None:
    """Notify of a batch of events; an invitation that was answered or withdrawn counts as read by the invited."""
    invited = _accounts([event for event in events if event.type == _SENT])
    notices = []
    for event in events:
        invitation = event.payload["invitation"]
        if event.type == _SENT:
            sender, whom = event.payload["invited_by_id"], invited.get(invitation["email"])
            notices.append(_notice(CREATED, invitation, sender, whom, None))
        elif event.type in _ANSWERS:
            whom, workspace_id = event.payload["invited_by_id"], invitation["workspace"]
            notices.append(_notice(_ANSWERS[event.type], invitation, event.user_id, whom, workspace_id))
    notify([notice for notice in notices if notice is not None])
    _count_as_read([event for event in events if event.type != _SENT])


def _notice(
    kind: str, invitation: Mapping[str, Any], sender_id: int | None, whom: int | None, workspace_id: int | None
) -> Notice | None:
    if whom is None or whom == sender_id:
        return None
    data = {
        "invitation_id": invitation["id"],
        "invited_to_workspace_id": invitation["workspace"],
        "invited_to_workspace_name": invitation["workspace_name"],
    }
    return Notice(kind, str(invitation["id"]), data, [whom], sender_id, workspace_id)


def _accounts(events: Sequence[Event]) -> dict[str, int]:
    """The accounts of the invited addresses: one query."""
    addresses = [event.payload["invitation"]["email"] for event in events]
    if not addresses:
        return {}
    query = sa.select(PERSON.c.email, PERSON.c.id).where(PERSON.c.email.in_(addresses))
    return {row.email: row.id for row in connection().execute(query)}


_READ = """
    UPDATE notifications.recipient r SET read = true FROM notifications.notification n
    WHERE n.id = r.notification_id AND n.type = %(type)s AND n.key = ANY(%(keys)s) AND NOT r.read
"""


def _count_as_read(events: Sequence[Event]) -> None:
    keys = [str(event.payload["invitation"]["id"]) for event in events]
    if keys:
        connection().exec_driver_sql(_READ, {"type": CREATED, "keys": keys})


HANDLER = EventHandler("invitation_notifications", _tell, (_SENT, _WITHDRAWN, *_ANSWERS))
TYPES: list[NotificationType] = [InvitationCreated(), InvitationAccepted(), InvitationRejected()]
