"""Deleting accounts: asked for, taken back by signing in, done after the grace time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import aliased

from core.accounts.events import tell_workspaces
from core.accounts.service import acting_user
from core.accounts.state import UserStates
from core.db import locks
from core.db.models import Membership, User, Workspace
from core.instance import values as instance
from core.mail.links import own_link
from plugin_api import actions, trash
from plugin_api.db import begin, session
from plugin_api.errors import ApiError
from plugin_api.mail import Mail
from plugin_api.platform import service
from plugin_api.trash import TrashItem

log = structlog.get_logger(__name__)

_BATCH = 100


def schedule() -> None:
    """Mark the acting user's account for deletion; refresh tokens end, signing in takes it back."""
    user = acting_user()
    if user.is_staff:
        refuse_last_staff(user.id)
    if user.to_be_deleted:
        return
    user.to_be_deleted, user.delete_requested_on = True, datetime.now(UTC)
    user.refresh_version += 1
    values = {"email": user.email, "days": _grace().days, "link": own_link("login")}
    service(Mail).send(user.email, "Your account will be deleted", "deletion_scheduled", values)
    actions.record("schedule_user_deletion", scope="root", workspace_id=None, params={"email": user.email})
    tell_workspaces("user_deleted", user)


def cancel(user: User) -> None:
    """Keep an account that was marked for deletion."""
    user.to_be_deleted, user.delete_requested_on = False, None
    service(Mail).send(user.email, "Your account stays", "deletion_cancelled", {"email": user.email})
    actions.record("cancel_user_deletion", scope="root", workspace_id=None, params={"email": user.email})
    tell_workspaces("user_restored", user)


def refuse_last_staff(user_id: int) -> None:
    """Of several staff who leave at the same time, one must stay."""
    session().execute(sa.select(sa.func.pg_advisory_xact_lock(locks.STAFF)))
    others = sa.select(User.id).where(User.is_staff, User.is_active, ~User.to_be_deleted, User.id != user_id).limit(1)
    if session().scalar(others) is None:
        detail = "You are the last administrator of this instance. Make somebody else one first."
        raise ApiError("ERROR_USER_IS_LAST_ADMIN", 400, detail)


def _grace() -> timedelta:
    return timedelta(days=int(instance.values()["account_deletion_grace_delay"]))


def remove_due() -> int:
    """Remove the accounts whose grace time is over, each in a transaction of its own; answers how many."""
    removed = 0
    for user_id in _due():
        with begin():
            removed += _remove(user_id)
    return removed


def _due() -> Iterator[int]:
    """Ids of the accounts to remove, in batches, whatever happens to each."""
    last = 0
    while True:
        with begin() as unit:
            ended = datetime.now(UTC) - _grace()
            due = sa.select(User.id).where(User.to_be_deleted, User.delete_requested_on <= ended, User.id > last)
            found = list(unit.session.scalars(due.order_by(User.id).limit(_BATCH)))
        if not found:
            return
        yield from found
        last = found[-1]


def _remove(user_id: int) -> bool:
    """Remove an account unless its owner came back in between."""
    ended = datetime.now(UTC) - _grace()
    still = sa.select(User).where(User.id == user_id, User.to_be_deleted, User.delete_requested_on <= ended)
    user = session().scalar(still.with_for_update(skip_locked=True))
    if user is None:
        return False
    email = user.email
    remove_now(user)
    service(Mail).send(email, "Your account was deleted", "account_deleted", {"email": email})
    actions.record("remove_user", scope="root", workspace_id=None, params={"email": email})
    log.info("account removed after its grace time", user=user_id)
    return True


def remove_now(user: User) -> None:
    """Remove an account; workspaces nobody else is in go to the trash."""
    tell_workspaces("user_permanently_deleted", user)
    _trash_lone_workspaces(user.id)
    session().delete(user)
    service(UserStates).changed(user.id)


def _trash_lone_workspaces(user_id: int) -> None:
    """Workspaces without another member go to the trash, which removes them for good."""
    other = aliased(Membership)
    shared = sa.exists().where(other.workspace_id == Membership.workspace_id, other.user_id != user_id)
    lone = sa.select(Membership.workspace_id).where(Membership.user_id == user_id, ~shared)
    gone = sa.update(Workspace).where(Workspace.id.in_(lone), Workspace.trashed_on.is_(None))
    for row in session().execute(gone.values(trashed_on=sa.func.now()).returning(Workspace.id, Workspace.name)).all():
        trash.put(TrashItem("workspace", row.id, row.id, row.name))
