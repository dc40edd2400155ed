"""Stored notifications of a user: a page of them, what is unread, marking and clearing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from plugin_api.db import session
from plugins.notifications.models import Notification, Recipient

PERSON = sa.table(
    "user",
    sa.column("id", sa.BigInteger),
    sa.column("name", sa.Text),
    sa.column("email", sa.Text),
    sa.column("date_joined", sa.DateTime(timezone=True)),
    schema="core",
)


def _mine(user_id: int, workspace_id: int) -> sa.ColumnElement[bool]:
    """What stands in a user's list in a workspace: that of the workspace, and what belongs to none."""
    here = sa.or_(Recipient.workspace_id == workspace_id, Recipient.workspace_id.is_(None))
    return sa.and_(Recipient.user_id == user_id, ~Recipient.cleared, here)


def _untouched(user_id: int) -> sa.Select[Any]:
    """The ids of broadcasts since the user joined with which they did nothing yet: nothing is kept of those."""
    joined = sa.select(PERSON.c.date_joined).where(PERSON.c.id == user_id).scalar_subquery()
    touched = sa.exists().where(Recipient.user_id == user_id, Recipient.notification_id == Notification.id)
    return sa.select(Notification.id).where(Notification.broadcast, Notification.created_on >= joined, ~touched)


def _listed(user_id: int, workspace_id: int) -> sa.Subquery:
    """Ids of what stands in the list, and whether each was read."""
    own = sa.select(Recipient.notification_id.label("id"), Recipient.read).where(_mine(user_id, workspace_id))
    return sa.union_all(own, _untouched(user_id).add_columns(sa.false().label("read"))).subquery("listed")


def _shown(listed: sa.Subquery) -> sa.Select[Any]:
    sender = (PERSON.c.id.label("sender"), PERSON.c.name.label("sender_name"), PERSON.c.email.label("sender_email"))
    joined = sa.select(Notification, listed.c.read, *sender).join(listed, listed.c.id == Notification.id)
    return joined.outerjoin(PERSON, PERSON.c.id == Notification.sender_id)


def page(user_id: int, workspace_id: int, limit: int, offset: int) -> tuple[int, list[dict[str, Any]]]:
    """How many there are, and a window of them, the latest first: two queries."""
    listed = _listed(user_id, workspace_id)
    total = session().scalar(sa.select(sa.func.count()).select_from(listed)) or 0
    chosen = _shown(listed).order_by(listed.c.id.desc()).limit(limit).offset(offset)
    return total, [_json(row) for row in session().execute(chosen)]


def one(user_id: int, workspace_id: int, notification_id: int) -> dict[str, Any] | None:
    """One of the user's notifications as the API shows it."""
    listed = _listed(user_id, workspace_id)
    row = session().execute(_shown(listed).where(listed.c.id == notification_id)).first()
    return None if row is None else _json(row)


def new(notification_id: int) -> dict[str, Any] | None:
    """One as the API shows it to those who did not read it; None when it is gone."""
    listed = sa.select(sa.literal(notification_id).label("id"), sa.false().label("read")).subquery("listed")
    row = session().execute(_shown(listed)).first()
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
    done = list(session().scalars(changed.execution_options(synchronize_session=False)))
    return [*done, *_touch(user_id, notification_id)] if read else done


def _touch(user_id: int, notification_id: int | None, cleared: bool = False) -> list[int]:
    """Keep that the user read, or cleared, broadcasts they did nothing with before; answers their ids."""
    found = _untouched(user_id)
    if notification_id is not None:
        found = found.where(Notification.id == notification_id)
    values = (sa.literal(user_id), sa.true(), sa.false(), sa.literal(cleared))
    columns = ["notification_id", "user_id", "read", "mail_due", "cleared"]
    statement = insert(Recipient).from_select(columns, found.add_columns(*values)).on_conflict_do_nothing()
    return list(session().scalars(statement.returning(Recipient.notification_id)))


def clear(user_id: int, workspace_id: int) -> None:
    """Remove all notifications from the user's list."""
    mine, broadcasts = _mine(user_id, workspace_id), sa.select(Notification.id).where(Notification.broadcast)
    is_broadcast = Recipient.notification_id.in_(broadcasts)
    hidden = sa.update(Recipient).where(mine, is_broadcast).values(cleared=True, read=True, mail_due=False)
    for statement in (sa.delete(Recipient).where(mine, ~is_broadcast), hidden):
        session().execute(statement.execution_options(synchronize_session=False))
    _touch(user_id, None, cleared=True)


def unread(user_id: int, workspace_ids: Sequence[int]) -> Mapping[int, int]:
    """The number of unread notifications of each workspace: one query."""
    wanted = Recipient.workspace_id == sa.any_(sa.cast(list(workspace_ids), sa.ARRAY(sa.BigInteger)))
    query = sa.select(Recipient.workspace_id, sa.func.count()).where(
        Recipient.user_id == user_id, ~Recipient.read, wanted
    )
    found = {row[0]: row[1] for row in session().execute(query.group_by(Recipient.workspace_id))}
    return {workspace_id: found.get(workspace_id, 0) for workspace_id in workspace_ids}


def unread_of_no_workspace(user_id: int) -> int:
    """The number of unread notifications that stand in every workspace: one query."""
    query = sa.select(sa.func.count()).select_from(Recipient)
    mine = query.where(Recipient.user_id == user_id, ~Recipient.read, Recipient.workspace_id.is_(None))
    broadcasts = sa.select(sa.func.count()).select_from(_untouched(user_id).subquery())
    return session().scalar(sa.select(mine.scalar_subquery() + broadcasts.scalar_subquery())) or 0
