"""Broadcasts: one notification for everybody who has an account, whatever their number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from plugin_api import actions, context, events
from plugin_api.actions import ActionType
from plugin_api.db import begin, connection, session
from plugin_api.errors import does_not_exist
from plugin_api.periodic import PeriodicTask
from plugins.notifications.models import Notification
from plugins.notifications.types import NotificationType, Told

ANNOUNCEMENT, UPGRADE = "announcement", "baserow_version_upgrade"

_MAIL = """
    INSERT INTO notifications.recipient (user_id, notification_id, mail_due)
    SELECT id, %(id)s, true FROM core."user" WHERE is_active AND NOT to_be_deleted
"""


class Announcement(NotificationType):
    """What an administrator tells everybody. Data: title, text and url, the last two null when there is none."""

    type = ANNOUNCEMENT

    def title(self, told: Told) -> str:
        """The title."""
        return str(told.data["title"])

    def text(self, told: Told) -> str:
        """The text, and where to read more."""
        return "\n\n".join(str(told.data[key]) for key in ("text", "url") if told.data.get(key))


class VersionUpgrade(NotificationType):
    """The instance runs a new version. Data: version, release_notes_url."""

    type = UPGRADE
    mailed = False

    def title(self, told: Told) -> str:
        """The version."""
        return f"Tablewright {told.data['version']} is running now"


def announce(title: str, text: str | None, url: str | None, mail: bool) -> dict[str, Any]:
    """Tell everybody something; `mail`: also by mail, as often as each wants mails. Answers it."""
    data = {"title": title, "text": text, "url": url}
    notification_id = broadcast(ANNOUNCEMENT, uuid4().hex, data, context.actor().user_id)
    assert notification_id is not None
    if mail:
        connection().exec_driver_sql(_MAIL, {"id": notification_id})
    actions.record("announce", scope="root", workspace_id=None, params={"title": title, "mail": mail})
    return one(notification_id)


def broadcast(
    kind: str, key: str, data: Mapping[str, Any], sender_id: int | None = None, since: datetime | None = None
) -> int | None:
    """Make a broadcast, for those who joined before it (or `since`); None when it was made before."""
    row: dict[str, Any] = {"type": kind, "key": key, "data": data, "sender_id": sender_id, "broadcast": True}
    row |= {} if since is None else {"created_on": since}
    made = insert(Notification).values(**row).on_conflict_do_nothing().returning(Notification.id)
    notification_id = session().scalar(made)
    if notification_id is not None:
        events.emit("broadcast_notification_created", {"notification_id": notification_id})
    return notification_id


def announcements() -> list[dict[str, Any]]:
    """The announcements of administrators, the latest first."""
    chosen = sa.select(Notification).where(Notification.broadcast, Notification.type == ANNOUNCEMENT)
    return [_json(found) for found in session().scalars(chosen.order_by(Notification.id.desc()).limit(100))]


def one(notification_id: int) -> dict[str, Any]:
    """An announcement; 404 when there is none."""
    return _json(_find(notification_id))


def _find(notification_id: int) -> Notification:
    found = session().get(Notification, notification_id)
    if found is None or found.type != ANNOUNCEMENT:
        raise does_not_exist("notification")
    return found


def withdraw(notification_id: int) -> None:
    """Take an announcement out of everybody's list."""
    found = _find(notification_id)
    session().delete(found)
    actions.record("withdraw_announcement", scope="root", workspace_id=None, params={"title": found.data["title"]})


def _json(found: Notification) -> dict[str, Any]:
    return {"id": found.id, "created_on": found.created_on, **found.data}


def tell_of_upgrade() -> None:
    """Tell everybody once of each version that runs; the first one of an instance is news to nobody."""
    running = version("tablewright")
    with begin():
        before = session().scalar(sa.select(sa.func.count()).where(Notification.type == UPGRADE))
        data = {"version": running, "release_notes_url": None}
        broadcast(UPGRADE, running, data, since=None if before else datetime(1970, 1, 1, tzinfo=UTC))


TELL_OF_UPGRADE = PeriodicTask("tell-of-upgrade", 300.0, tell_of_upgrade)
TYPES: list[NotificationType] = [Announcement(), VersionUpgrade()]
ACTION_TYPES = [
    ActionType("announce", 'Announced to everybody: "%(title)s"'),
    ActionType("withdraw_announcement", 'Announcement withdrawn: "%(title)s"'),
]
