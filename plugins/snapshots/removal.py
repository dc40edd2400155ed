"""Removing snapshots for good: those that were deleted, are too old, were not finished, or have lost their application.

Each is removed in a transaction of its own, with all it consists of; what fails is tried again the next time.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import OperationalError

from plugin_api import jobs
from plugin_api.applications import Applications
from plugin_api.db import begin
from plugin_api.periodic import PeriodicTask
from plugin_api.platform import service
from plugin_api.settings import setting
from plugins.snapshots.models import Snapshot
from plugins.snapshots.service import RESTORE, TAKE

log = structlog.get_logger(__name__)

_SECONDS = 20.0


def remove_snapshots() -> None:
    """Remove all that are to go, the oldest first."""
    with begin() as unit:
        ids = list(unit.session.scalars(sa.select(Snapshot.id).where(_may_go()).order_by(Snapshot.id)))
    for snapshot_id in ids:
        try:
            _remove(snapshot_id)
        except (OperationalError, LookupError) as error:
            log.warning("a snapshot could not be removed; trying later", snapshot=snapshot_id, reason=str(error))


def _may_go() -> sa.ColumnElement[bool]:
    days = setting("snapshot_keep_days")
    old = Snapshot.created_on < sa.func.now() - timedelta(days=days) if days else sa.false()
    return sa.or_(Snapshot.deleted_on.is_not(None), Snapshot.application_id.is_(None), ~Snapshot.ready, old)


def _remove(snapshot_id: int) -> None:
    """Remove a snapshot unless a job is at work with it."""
    with begin() as unit:
        unit.connection.execute(sa.text("SET LOCAL lock_timeout = '2s'"))
        chosen = sa.select(Snapshot).where(Snapshot.id == snapshot_id, _may_go()).with_for_update(skip_locked=True)
        row = unit.session.scalar(chosen)
        if row is None or any(jobs.unfinished(one, snapshot_id=row.id) for one in (TAKE, RESTORE)):
            return
        if row.copy_id is not None:
            service(Applications).remove_copy(row.copy_id)
        unit.session.execute(sa.delete(Snapshot).where(Snapshot.id == row.id))


REMOVE_SNAPSHOTS = PeriodicTask("remove-snapshots", _SECONDS, remove_snapshots)
