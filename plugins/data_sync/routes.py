"""HTTP operations of data syncs."""

from __future__ import annotations

from typing import Any

from plugin_api.http import Blueprint
from plugins.data_sync import periodic, schemas, service

syncs = Blueprint(
    "Data sync",
    __name__,
    url_prefix="/api/database/data-sync",
    description="Tables whose rows come from another system and follow it.",
)
intervals = Blueprint(
    "Periodic data sync", __name__, url_prefix="/api/data-sync", description="Tables that are synced by themselves."
)

_SYNC = ("ERROR_USER_NOT_IN_GROUP", "ERROR_DATA_SYNC_DOES_NOT_EXIST")


@syncs.operation(
    "POST",
    "/properties/",
    id="get_table_data_sync_type_properties",
    summary="List what a source has to sync",
    description="Looks at a source and answers the properties its rows have, before a table is made of them.",
    body=schemas.PropertiesBody,
    response=schemas.PropertyAnswer(many=True),
    errors=("ERROR_SYNC_ERROR",),
)
def list_properties(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The properties of a source."""
    return service.properties_of_source(body["type"], body["settings"])


@syncs.operation(
    "POST",
    "/database/<int:database_id>/",
    id="create_database_data_sync_table",
    summary="Create a synced table",
    description="Makes a table with a read-only field for each of the properties. It has no rows until it is synced.",
    body=schemas.CreateBody,
    response=schemas.SyncedTableAnswer,
    errors=(
        "ERROR_USER_NOT_IN_GROUP",
        "ERROR_APPLICATION_DOES_NOT_EXIST",
        "ERROR_SYNC_ERROR",
        "ERROR_PROPERTY_NOT_FOUND",
        "ERROR_TWO_WAY_DATA_SYNC_NOT_SUPPORTED",
    ),
)
def create(database_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Make a synced table."""
    return service.create(database_id, body)


@syncs.operation(
    "GET",
    "/<int:data_sync_id>/",
    id="get_table_data_sync",
    summary="Read a data sync",
    description="Where the rows of a table come from, with the settings of its type. Secrets are never shown.",
    response=schemas.DataSyncAnswer,
    errors=_SYNC,
)
def read(data_sync_id: int) -> dict[str, Any]:
    """A data sync."""
    return service.read(data_sync_id)


@syncs.operation(
    "PATCH",
    "/<int:data_sync_id>/",
    id="update_table_data_sync",
    summary="Change a data sync",
    description="Changes settings and which properties are synced: fields are added and, with their values, removed."
    " New fields are empty until the next sync. A secret is forgotten when the address it is sent to changes.",
    body=schemas.UpdateBody,
    response=schemas.DataSyncAnswer,
    errors=(*_SYNC, "ERROR_PROPERTY_NOT_FOUND", "ERROR_SYNC_ERROR", "ERROR_TWO_WAY_DATA_SYNC_NOT_SUPPORTED"),
)
def update(data_sync_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Change a data sync."""
    return service.update(data_sync_id, body)


@syncs.operation(
    "GET",
    "/<int:data_sync_id>/properties/",
    id="get_table_data_sync_properties",
    summary="List what a synced table's source has",
    description="The properties the source of a synced table has now, synced or not.",
    response=schemas.PropertyAnswer(many=True),
    errors=("ERROR_DATA_SYNC_DOES_NOT_EXIST", "ERROR_SYNC_ERROR", "PERMISSION_DENIED"),
)
def properties(data_sync_id: int) -> list[dict[str, Any]]:
    """The properties of a table's source."""
    return service.properties_of(data_sync_id)


@syncs.operation(
    "POST",
    "/<int:data_sync_id>/sync/async/",
    id="sync_data_sync_table_async",
    summary="Sync a table",
    description="Starts a job that brings the rows in line with the source. Rows are added, changed and removed; values"
    " of fields that are not synced stay. When it fails, all stays as it was.",
    response=schemas.SyncJobAnswer,
    status=202,
    errors=(*_SYNC, "ERROR_MAX_JOB_COUNT_EXCEEDED"),
)
def sync(data_sync_id: int) -> dict[str, Any]:
    """Start to sync a table."""
    return service.start(data_sync_id)


@intervals.operation(
    "GET",
    "/<int:data_sync_id>/periodic-interval/",
    id="get_periodic_data_sync_interval",
    summary="Read when a table is synced",
    description="When a table is synced by itself.",
    response=schemas.IntervalAnswer,
    errors=_SYNC,
)
def read_interval(data_sync_id: int) -> dict[str, Any]:
    """When a table is synced."""
    return periodic.read_interval(data_sync_id)


@intervals.operation(
    "PATCH",
    "/<int:data_sync_id>/periodic-interval/",
    id="update_periodic_data_sync_interval",
    summary="Say when a table is synced",
    description="Has a table synced every hour or day, as the user who says so. One that was stopped after failures"
    " begins again.",
    body=schemas.IntervalBody,
    response=schemas.IntervalAnswer,
    errors=_SYNC,
)
def update_interval(data_sync_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Set when a table is synced."""
    return periodic.update_interval(data_sync_id, body)
