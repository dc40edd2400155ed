"""The jobs that take snapshots and restore them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from plugin_api.applications import Applications
from plugin_api.db import session, unit_of_work
from plugin_api.errors import does_not_exist
from plugin_api.jobs import JobRun, JobType
from plugin_api.platform import service
from plugins.snapshots import operations, store
from plugins.snapshots.models import Snapshot
from plugins.snapshots.service import RESTORE, TAKE, record

KEPT_BY = "snapshot"


class _OfSnapshot(JobType):
    """A job about a snapshot."""

    def serialize(self, params: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
        """The snapshot as it was at the start."""
        return {"snapshot": params.get("snapshot")}


class TakeSnapshotJob(_OfSnapshot):
    """Copies an application, in two transactions: the copy as of one moment, then the word that it is there."""

    type = TAKE

    def run(self, job: JobRun) -> None:
        """The permission is checked again, since time has passed; a run that was lost after the copy needs no other."""
        found = store.find(job.params["snapshot_id"], operations.CREATE)
        job.progress(5)
        if found.copy_id is None:
            copy = service(Applications).keep_copy(found.application_id, found.name, KEPT_BY)
            store.change(found.id, copy_id=copy.id)
            unit_of_work().commit()
        job.progress(95)
        store.change(found.id, ready=True)
        record(operations.CREATED, found)

    def clean_up(self, params: Mapping[str, Any]) -> None:
        """What was not finished is removed."""
        unfinished = sa.and_(Snapshot.id == params["snapshot_id"], ~Snapshot.ready, Snapshot.deleted_on.is_(None))
        session().execute(sa.update(Snapshot).where(unfinished).values(deleted_on=sa.func.now()))


class RestoreSnapshotJob(_OfSnapshot):
    """Makes an application of a snapshot, in one transaction."""

    type = RESTORE

    def run(self, job: JobRun) -> None:
        """The application is named like the snapshot."""
        found = store.find(job.params["snapshot_id"], operations.RESTORE)
        if found.copy_id is None or not found.ready or found.deleted_on is not None:
            raise does_not_exist("snapshot")
        job.progress(5)
        made = service(Applications).release_copy(found.copy_id, found.name)
        job.progress(95)
        record(operations.RESTORED, found, restored_application_id=made.id, restored_application_name=made.name)


job_types: list[JobType] = [TakeSnapshotJob(), RestoreSnapshotJob()]
