"""Periodic work: files of imports nobody needs any more, and the kept numbers of rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from plugin_api.periodic import PeriodicTask
from plugin_api.platform import service
from plugin_api.storage import Storage
from plugins.database.engine import places
from plugins.database.fields import backups, beside
from plugins.database.fields.recalculation import work_off_abandoned
from plugins.database.rows.history import FORGET_HISTORY
from plugins.database.search import upkeep as search
from plugins.database.tables.payload import FOLDER, day_of

_KEPT_DAYS = 3


def forget_files() -> None:
    """Delete files of imports that a crash left behind: those of jobs that ended are deleted with the job's end."""
    storage, oldest = service(Storage), day_of(datetime.now(UTC) - timedelta(days=_KEPT_DAYS))
    for name in list(storage.names(f"{FOLDER}/")):
        if name.split("/")[1] < oldest:
            storage.delete(name)


PERIODIC_TASKS = [
    PeriodicTask("forget-import-files", 3600.0, forget_files),
    PeriodicTask("join-row-counts", 60.0, places.join_changes),
    PeriodicTask("count-rows-anew", 30.0, places.count_anew),
    PeriodicTask("recalculate-fields", 60.0, work_off_abandoned),
    *search.PERIODIC_TASKS,
    *FORGET_HISTORY,
    PeriodicTask("forget-field-backups", 3600.0, backups.forget_old),
    PeriodicTask("remove-prepared-columns", 300.0, beside.forget_left),
]
