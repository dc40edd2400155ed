"""What users do with snapshots: listing and deleting them, and starting the jobs that take and restore them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from plugin_api import actions, applications, context, jobs
from plugin_api.applications import ApplicationInfo, ApplicationType
from plugin_api.db import connection, session
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.permissions import require
from plugin_api.platform import registry
from plugin_api.settings import setting
from plugins.snapshots import operations, store
from plugins.snapshots.models import Snapshot
from plugins.snapshots.store import Found

TAKE, RESTORE = "create_snapshot", "restore_snapshot"
_JOB = ("id", "type", "progress_percentage", "state", "human_readable_error")


def list_snapshots(application_id: int) -> list[dict[str, Any]]:
    """The snapshots of an application, latest first."""
    _, access = applications.access(application_id)
    require(operations.LIST, access)
    return store.listed(application_id)


def start_taking(application_id: int, name: str) -> dict[str, Any]:
    """Start taking a snapshot; answers the job."""
    info, access = applications.access(application_id)
    require(operations.CREATE, access)
    _refuse_unsupported(info.type)
    _lock_workspace(info.workspace_id)
    _refuse_more(info, name)
    row = Snapshot(workspace_id=info.workspace_id, application_id=info.id, name=name, created_by_id=context.user_id())
    session().add(row)
    session().flush()
    return _start(TAKE, snapshot_id=row.id, application_id=info.id, snapshot=store.brief(row.id))


def _refuse_unsupported(type_name: str) -> None:
    kind: ApplicationType | None = registry("application_types").get(type_name)
    if kind is None or not kind.supports_snapshots:
        message = f"Applications of the type {type_name} have no snapshots."
        raise ApiError("ERROR_APPLICATION_OPERATION_NOT_SUPPORTED", 400, message)


def _lock_workspace(workspace_id: int) -> None:
    """One start in a workspace at a time, so that limits and names hold."""
    key = sa.func.hashtextextended(f"snapshots of workspace {workspace_id}", 0)
    connection().execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def _refuse_more(info: ApplicationInfo, name: str) -> None:
    there = session().execute(
        sa.select(Snapshot.application_id, Snapshot.name).where(
            Snapshot.workspace_id == info.workspace_id, Snapshot.deleted_on.is_(None)
        )
    )
    rows, most = [tuple(row) for row in there], setting("max_snapshots")
    if len(rows) >= most:
        message = f"The workspace has {len(rows)} snapshots, of {most} it may have. Delete some first."
        raise ApiError("ERROR_MAXIMUM_SNAPSHOTS_REACHED", 400, message)
    if jobs.unfinished(TAKE, application_id=info.id):
        message = "A snapshot of this application is being taken. Wait for its end."
        raise ApiError("ERROR_SNAPSHOT_IS_BEING_CREATED", 400, message)
    if (info.id, name) in rows:
        message = "The application has a snapshot of this name. Choose another name."
        raise ApiError("ERROR_SNAPSHOT_NAME_NOT_UNIQUE", 400, message)


def start_restoring(snapshot_id: int) -> dict[str, Any]:
    """Start making an application of a snapshot; answers the job."""
    found = idle(snapshot_id, operations.RESTORE)
    _refuse_unsupported(found.application_type)
    return _start(RESTORE, snapshot_id=found.id, snapshot=store.brief(found.id))


def delete(snapshot_id: int) -> None:
    """Take a snapshot out of sight; a worker removes what it consists of."""
    found = idle(snapshot_id, operations.DELETE)
    store.change(found.id, deleted_on=sa.func.now())
    record(operations.DELETED, found)


def idle(snapshot_id: int, operation: str) -> Found:
    """A snapshot with which the user may do `operation`, and nothing else is being done at the moment."""
    found = store.find(snapshot_id, operation)
    if found.deleted_on is not None:
        raise ApiError("ERROR_SNAPSHOT_IS_BEING_DELETED", 400, "The snapshot was deleted.")
    if not found.ready:
        raise does_not_exist("snapshot")
    if jobs.unfinished(RESTORE, snapshot_id=found.id):
        message = "The snapshot is being restored. Wait for the end of that."
        raise ApiError("ERROR_SNAPSHOT_IS_BEING_RESTORED", 400, message)
    return found


def _start(type_name: str, **params: Any) -> dict[str, Any]:
    """Start a job; what it is about is shown by the job itself later on."""
    try:
        job = jobs.start(type_name, **params)
    except ApiError as error:
        if error.code != "ERROR_MAX_JOB_COUNT_EXCEEDED":
            raise
        message = "You are taking or restoring another snapshot. Wait for its end or cancel that job."
        raise ApiError("ERROR_SNAPSHOT_OPERATION_LIMIT_EXCEEDED", 400, message) from error
    return {name: job[name] for name in _JOB}


def record(action: str, found: Found, **more: Any) -> None:
    """Record what was done with a snapshot."""
    params = {
        "snapshot_id": found.id,
        "snapshot_name": found.name,
        "application_id": found.application_id,
        "application_name": found.application_name,
        "application_type": found.application_type,
        **more,
    }
    scope = f"workspace{found.workspace_id}"
    actions.record(action, scope=scope, workspace_id=found.workspace_id, params=params)
