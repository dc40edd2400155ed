"""The job that syncs a table: ask the source while nothing is open, then store all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

import sqlalchemy as sa

from plugin_api import context
from plugin_api.db import savepoint, session, unit_of_work
from plugin_api.errors import ApiError, TryAgain
from plugin_api.jobs import JobCancelled, JobFailed, JobRun, JobType
from plugins.data_sync import fields, operations, periodic, store
from plugins.data_sync.actions import SYNCED
from plugins.data_sync.kinds import DataSyncType, Property, Settings, SyncError
from plugins.data_sync.merge import Merge
from plugins.data_sync.models import DataSync
from plugins.data_sync.service import tell_of_table
from plugins.data_sync.spool import fetched
from plugins.data_sync.staging import Staging
from plugins.data_sync.told import tell
from plugins.database import models
from plugins.database.context import TableContext
from plugins.database.fields import service as field_service
from plugins.database.shape import latest_shape

_ASKED, _READ, _STAGED = 10.0, 60.0, 80.0


class SyncJob(JobType):
    """Syncs a table. One at a time a table; when it fails, all rows stay as they were."""

    type = SYNCED
    parallel = True

    def run(self, job: JobRun) -> None:
        """Sync. Why a periodic one failed is kept with the data sync, since nobody waits for its end."""
        with context.changed(client_session_id=None):
            try:
                _Sync(job).run()
            except (JobCancelled, TryAgain):
                raise
            except (SyncError, ApiError) as error:
                message = str(error.detail) if isinstance(error, ApiError) else str(error)
                self._note_failure(job, message)
                raise JobFailed(message) from error
            except Exception:
                self._note_failure(job, "The sync failed unexpectedly. The log of this instance says more.")
                raise

    def _note_failure(self, job: JobRun, message: str) -> None:
        if job.params.get("periodic"):
            periodic.note_failure(job.params["data_sync_id"], message)

    def serialize(self, params: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
        """The data sync as it was when the job began and, at the end, as it is then."""
        return {"data_sync": result.get("data_sync", params["data_sync"])}


class _Sync:
    """One run of the job."""

    def __init__(self, job: JobRun) -> None:
        self._job, self._id = job, int(job.params["data_sync_id"])

    def run(self) -> None:
        sync, _ = store.find(self._id, operations.SYNC)
        kind, settings = store.usable_type(sync.type), store.kept(sync).opened()
        keys = [synced.key for synced in store.synced_properties([sync.id])[sync.id]]
        adds = sync.auto_add_new_properties
        unit_of_work().commit()  # nothing is held in the database while another server takes its time
        properties = {found.key: found for found in kind.properties(settings)}
        self._progress(_ASKED)
        keys = [key for key in keys if key in properties]
        keys += [key for key, found in properties.items() if key not in keys and (adds or found.unique)]
        _require_unique(properties, keys)
        with fetched(kind, settings, keys, self._fetching) as file:
            self._progress(_READ)
            with savepoint():  # so that a failure can be noted: nothing of this is locked any more then
                self._store(kind, settings, [properties[key] for key in keys], set(properties), file)

    def _progress(self, percentage: float) -> None:
        """Report and let go of the job's row, so that the job can be cancelled meanwhile."""
        self._job.progress(percentage)
        unit_of_work().commit()

    def _fetching(self, done: float) -> None:
        self._progress(_ASKED + (_READ - _ASKED) * min(max(done, 0.0), 1.0))

    def _store(
        self, kind: DataSyncType, settings: Settings, properties: Sequence[Property], there: set[str], file: BinaryIO
    ) -> None:
        """Stage the rows and merge them, in one transaction."""
        sync, where = store.find(self._id, operations.SYNC)
        _align(sync, where, properties, there)
        _keep_shape(where)
        synced = {found.key: found for found in store.synced_properties([sync.id])[sync.id]}
        shape = latest_shape(where.id)
        by_key = {
            found.key: shape.by_id.get(synced[found.key].field_id) if found.key in synced else None
            for found in properties
        }
        unique = [field for found in properties if found.unique and (field := by_key[found.key]) is not None]
        staging = Staging(shape, by_key, unique)
        staging.fill(kind, settings, file)
        self._job.progress(_STAGED)
        merged = Merge(where, staging).run()
        tell(sync, where, merged)
        self._finish(sync, where)

    def _finish(self, sync: DataSync, where: TableContext) -> None:
        sync.last_sync, sync.last_error, sync.failures = sa.func.now(), None, 0
        session().flush()
        session().refresh(sync)
        self._job.result({"data_sync": store.brief_json(sync)})
        tell_of_table(where)


def _require_unique(properties: Mapping[str, Property], keys: Sequence[str]) -> None:
    if not any(properties[key].unique for key in keys):
        raise SyncError("The source has nothing any more that tells its rows apart. Choose another source.")


def _keep_shape(where: TableContext) -> None:
    """Nobody changes the table's fields until the commit."""
    table = models.Table
    session().execute(sa.select(table.version).where(table.id == where.id).with_for_update(read=True))


def _align(sync: DataSync, where: TableContext, properties: Sequence[Property], there: set[str]) -> None:
    """Bring the fields in line with the source: new properties, other types, and those it no longer has."""
    synced = {found.key: found for found in store.synced_properties([sync.id])[sync.id]}
    rows = {key: field_service.existing(found.field_id) for key, found in synced.items()}
    new = [found for found in properties if found.key not in synced and (found.unique or sync.auto_add_new_properties)]
    other = [found for found in properties if found.key in synced and fields.differs(*rows[found.key], found)]
    gone = [found for key, found in synced.items() if key not in there]
    if new or other or gone:
        field_service.lock_shape(where)
    for found in new:
        fields.add(sync, where, found)
    for found in other:
        fields.adapt(where, synced[found.key], found)
    for one in gone:
        if one.unique_primary:
            raise SyncError(f'The source no longer has "{one.key}", by which its rows were recognised.')
        fields.put_into_trash(where, one)
