"""HTTP operations of snapshots."""

from __future__ import annotations

from typing import Any

from marshmallow import fields as mf

from plugin_api.http import Blueprint
from plugin_api.schemas import Schema, Str
from plugins.snapshots import service

MAX_NAME = 160

blueprint = Blueprint(
    "snapshots", __name__, url_prefix="/api/snapshots", description="Applications as they were at one moment"
)

_OUTSIDER, _LIMIT = "ERROR_USER_NOT_IN_GROUP", "ERROR_SNAPSHOT_OPERATION_LIMIT_EXCEEDED"
_UNSUPPORTED = "ERROR_APPLICATION_OPERATION_NOT_SUPPORTED"
_NO_APPLICATION, _NO_SNAPSHOT = "ERROR_APPLICATION_DOES_NOT_EXIST", "ERROR_SNAPSHOT_DOES_NOT_EXIST"
_BUSY = ("ERROR_SNAPSHOT_IS_BEING_RESTORED", "ERROR_SNAPSHOT_IS_BEING_DELETED")


class NewSnapshot(Schema):
    """A snapshot to take."""

    name = Str(required=True, max_length=MAX_NAME, metadata={"description": "Unique among those of the application."})


class Taker(Schema):
    """Who took a snapshot."""

    username = mf.String(metadata={"description": "Their e-mail address."})


class SnapshotAnswer(Schema):
    """A snapshot."""

    id = mf.Integer()
    name = mf.String()
    snapshot_from_application = mf.Integer(metadata={"description": "The application it was taken of."})
    created_at = mf.DateTime()
    created_by = mf.Nested(Taker, allow_none=True)


class SnapshotJob(Schema):
    """A job that takes or restores a snapshot; read by its id it also shows the `snapshot`."""

    id = mf.Integer()
    type = mf.String()
    progress_percentage = mf.Integer(metadata={"description": "0 to 100."})
    state = mf.String()
    human_readable_error = mf.String()


@blueprint.operation(
    "GET",
    "/application/<int:application_id>/",
    id="list_snapshots",
    summary="List the snapshots of an application",
    description="The snapshots that were taken of an application, latest first. They go into the trash and come back "
    "with it. Only admins of the workspace see them.",
    response=SnapshotAnswer(many=True),
    errors=(_OUTSIDER, _NO_APPLICATION),
)
def list_snapshots(application_id: int) -> list[dict[str, Any]]:
    """The snapshots of an application."""
    return service.list_snapshots(application_id)


@blueprint.operation(
    "POST",
    "/application/<int:application_id>/",
    id="create_snapshot",
    summary="Take a snapshot of an application",
    description="Starts a job that keeps the application as it is at one moment, with all that is in it. Others may go "
    "on working meanwhile. Poll the job; when it is finished the snapshot is listed.",
    body=NewSnapshot,
    response=SnapshotJob,
    status=202,
    errors=(
        _OUTSIDER,
        "ERROR_MAXIMUM_SNAPSHOTS_REACHED",
        _UNSUPPORTED,
        "ERROR_SNAPSHOT_IS_BEING_CREATED",
        "ERROR_SNAPSHOT_NAME_NOT_UNIQUE",
        _LIMIT,
        _NO_APPLICATION,
    ),
)
def create_snapshot(application_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Start taking a snapshot."""
    return service.start_taking(application_id, body["name"])


@blueprint.operation(
    "POST",
    "/<int:snapshot_id>/restore/",
    id="restore_snapshot",
    summary="Restore a snapshot",
    description="Starts a job that makes a new application of a snapshot, named like it. What the application has "
    "become since stays as it is, and so does the snapshot.",
    response=SnapshotJob,
    errors=(_OUTSIDER, _UNSUPPORTED, *_BUSY, _LIMIT, _NO_SNAPSHOT),
)
def restore_snapshot(snapshot_id: int) -> dict[str, Any]:
    """Start restoring a snapshot."""
    return service.start_restoring(snapshot_id)


@blueprint.operation(
    "DELETE",
    "/<int:snapshot_id>/",
    id="delete_snapshot",
    summary="Delete a snapshot",
    description="Deletes a snapshot for good. Applications that were restored from it stay.",
    status=204,
    errors=(_OUTSIDER, *_BUSY, _NO_SNAPSHOT),
)
def delete_snapshot(snapshot_id: int) -> None:
    """Delete a snapshot."""
    service.delete(snapshot_id)
