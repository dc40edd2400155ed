"""Stored notifications of a user: a page of them, what is unread, marking and clearing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugins.notifications.models import Notification, Recipient

PERSON = sa.table(
    "user", sa.column("id", sa.BigInteger), sa.column("name", sa.Text), sa.column("email", sa.Text), schema="core"
)


def _mine(user_id: int, workspace_id: int) -> sa.ColumnElement[bool]:
    """What stands in a user's list in a workspace: that of the workspace, and what belongs to none."""
    here = sa.or_(Recipient.workspace_id == workspace_id, Recipient.workspace_id.is_(None))
    return sa.and_(Recipient.user_id == user_id, here)


_SHOWN = (
    sa.select(
        Notification,
        Recipient.read,
        PERSON.c.id.label("sender"),
        PERSON.c.name.label("sender_name"),
        PERSON.c.email.label("sender_email"),
    )
    .join(Recipient, Recipient.notification_id == Notification.id)
    .outerjoin(PERSON, PERSON.c.id == Notification.sender_id)
)


def page(user_id: int, workspace_id: int, limit: int, offset: int) -> tuple[int, list[dict[str, Any]]]:
    """How many there are, and a window of them, the latest first: two queries."""
    mine = _mine(user_id, workspace_id)
    total = session().scalar(sa.select(sa.func.count()).select_from(Recipient).where(mine)) or 0
    chosen = _SHOWN.where(mine).order_by(Recipient.notification_id.desc()).limit(limit).offset(offset)
    return total, [_json(row) for row in session().execute(chosen)]


def one(user_id: int, workspace_id: int, notification_id: int) -> dict[str, Any] | None:
    """One of the user's notifications as the API shows it."""
    chosen = _SHOWN.where(_mine(user_id, workspace_id), Recipient.notification_id == notification_id)
    row = session().execute(chosen).first()
    return None if row is None else _json(row)


def _json(row: Any) -> dict[str, Any]:
    found: Notification = row.Notification
    sender = {"id": row.sender, "username": row.sender_email, "first_name": row.sender_name}
    return {
        "id": found.id,
        "type": found.type,
        "sender": sender if row.sender is not None else None,
        "workspace": {"id": found.workspace_id} if found.workspace_id is not None else None,
        "created_on": found.created_on,
        "read": row.read,
        "data": found.data,
    }


def mark(user_id: int, workspace_id: int, read: bool, notification_id: int | None = None) -> list[int]:
    """Mark one notification, or all, as read or unread; answers the ids of those that were not so before."""
    update = sa.update(Recipient).where(_mine(user_id, workspace_id), Recipient.read != read)
    if notification_id is not None:
        update = update.where(Recipient.notification_id == notification_id)
    changed = update.values(read=read).returning(Recipient.notification_id)
    return list(session().scalars(changed.execution_options(synchronize_session=False)))


def clear(user_id: int, workspace_id: int) -> None:
    """Remove all notifications from the user's list."""
    mine = sa.delete(Recipient).where(_mine(user_id, workspace_id))
    session().execute(mine.execution_options(synchronize_session=False))


def unread(user_id: int, workspace_ids: Sequence[int]) -> Mapping[int, int]:
    """The number of unread notifications of each workspace: one query."""
    wanted = Recipient.workspace_id == sa.any_(sa.cast(list(workspace_ids), sa.ARRAY(sa.BigInteger)))
    query = sa.select(Recipient.workspace_id, sa.func.count()).where(
        Recipient.user_id == user_id, ~Recipient.read, wanted
    )
    found = {row[0]: row[1] for row in session().execute(query.group_by(Recipient.workspace_id))}
    return {workspace_id: found.get(workspace_id, 0) for workspace_id in workspace_ids}


def unread_of_no_workspace(user_id: int) -> int:
    """The number of unread notifications that stand in every workspace."""
    query = sa.select(sa.func.count()).select_from(Recipient)
    mine = query.where(Recipient.user_id == user_id, ~Recipient.read, Recipient.workspace_id.is_(None))
    return session().scalar(mine) or 0
