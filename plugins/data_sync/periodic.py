"""Tables that are synced by themselves: when, as whom, and what becomes of those that keep failing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from plugin_api import accounts, actions, context, events, jobs
from plugin_api.db import begin, session
from plugin_api.errors import ApiError
from plugin_api.periodic import PeriodicTask
from plugins.data_sync import operations, store
from plugins.data_sync.actions import INTERVAL_SET, SYNCED
from plugins.data_sync.models import HOURLY, MANUAL, DataSync

MOST_FAILURES = 4
"""Failures in a row after which a table is no longer synced by itself."""
DEACTIVATED = "periodic_data_sync_deactivated"
"""The event, and the notification, that a table is no longer synced by itself."""
_SECONDS = 30.0
_BATCH = 100


def read_interval(data_sync_id: int) -> dict[str, Any]:
    """When a table is synced."""
    sync, _ = store.find(data_sync_id, operations.GET)
    return _json(sync)


def update_interval(data_sync_id: int, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Set when a table is synced, from now on as the acting user."""
    sync, where = store.find(data_sync_id, operations.UPDATE, lock=True)
    sync.interval, sync.when = wanted.get("interval", sync.interval), wanted["when"]
    sync.authorized_user_id = context.user_id()
    sync.automatically_deactivated, sync.failures = False, 0
    sync.next_run = next_run(sync.interval, sync.when, datetime.now(UTC))
    session().flush()
    named = {"table_id": where.id, "table_name": where.name, "database_id": where.application_id}
    params = {**named, "data_sync_id": sync.id, "interval": sync.interval, "when": sync.when}
    actions.record(INTERVAL_SET, scope=f"table{where.id}", workspace_id=where.workspace_id, params=params)
    return _json(sync)


def _json(sync: DataSync) -> dict[str, Any]:
    return {
        "interval": sync.interval,
        "when": sync.when,
        "automatically_deactivated": sync.automatically_deactivated,
    }


def next_run(interval: str, when: str, now: datetime) -> datetime | None:
    """The next moment after `now` at which a table is due."""
    if interval == MANUAL:
        return None
    at, step = time.fromisoformat(when), timedelta(hours=1) if interval == HOURLY else timedelta(days=1)
    hour = now.hour if interval == HOURLY else at.hour
    due = now.replace(hour=hour, minute=at.minute, second=at.second, microsecond=at.microsecond)
    return due if due > now else due + step


def start_due() -> None:
    """Start a job for each table that is due, each in a transaction of its own."""
    chosen = sa.select(DataSync.id).where(DataSync.next_run <= sa.func.now()).order_by(DataSync.next_run)
    with begin() as unit:
        ids = list(unit.session.scalars(chosen.limit(_BATCH)))
    for data_sync_id in ids:
        with begin():
            _start(data_sync_id)


def _start(data_sync_id: int) -> None:
    due = sa.and_(DataSync.id == data_sync_id, DataSync.next_run <= sa.func.now())
    sync = session().scalar(sa.select(DataSync).where(due).with_for_update(skip_locked=True, key_share=True))
    if sync is None:
        return
    sync.next_run = next_run(sync.interval, sync.when, datetime.now(UTC))
    session().flush()
    who = None if sync.authorized_user_id is None else accounts.actor(sync.authorized_user_id)
    if who is None:
        _deactivate(sync, "The account that this table was synced as is not active any more. Set the interval again.")
        return
    with context.acting_as(who):
        if _may_start(sync) and not jobs.unfinished(SYNCED, data_sync_id=sync.id):
            jobs.start(SYNCED, data_sync_id=sync.id, data_sync=store.brief_json(sync), periodic=True)


def _may_start(sync: DataSync) -> bool:
    """Whether the user still may; a table in the trash waits there."""
    try:
        store.find(sync.id, operations.SYNC)
    except ApiError as error:
        if not error.code.endswith("_DOES_NOT_EXIST"):
            _deactivate(sync, f"The account that this table was synced as may not do that any more: {error.detail}")
        return False
    return True


def _deactivate(sync: DataSync, reason: str) -> None:
    sync.automatically_deactivated, sync.next_run, sync.last_error = True, None, reason
    session().flush()
    about = {"data_sync_id": sync.id, "table_id": sync.table_id, "user_id": sync.authorized_user_id}
    events.emit(DEACTIVATED, {**about, "reason": reason})


def note_failure(data_sync_id: int, message: str) -> None:
    """Keep why a periodic sync failed; after some in a row there is no further one until somebody says so."""
    with begin():
        sync = session().scalar(sa.select(DataSync).where(DataSync.id == data_sync_id).with_for_update())
        if sync is None:
            return
        sync.failures += 1
        sync.last_error = message[:10_000].replace("\0", "")
        if sync.failures >= MOST_FAILURES:
            _deactivate(sync, f"{sync.last_error} This happened {sync.failures} times in a row, so syncing stopped.")


PERIODIC_TASKS = [PeriodicTask("start-due-data-syncs", _SECONDS, start_due)]
