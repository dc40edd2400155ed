"""HTTP operations of exports."""

from __future__ import annotations

from typing import Any

from plugin_api.http import Blueprint, json_body
from plugins.exporter import service
from plugins.exporter.schemas import ExportAnswer, StartExport

tables = Blueprint(
    "exports",
    __name__,
    url_prefix="/api/database/export",
    description="Files of the rows of tables and views",
)
blueprints: list[Blueprint] = [tables]

WRONG_REQUESTS = (
    "ERROR_REQUEST_BODY_VALIDATION",
    "ERROR_TABLE_ONLY_EXPORT_UNSUPPORTED",
    "ERROR_VIEW_UNSUPPORTED_FOR_EXPORT_TYPE",
    "ERROR_VIEW_NOT_IN_TABLE",
    "ERROR_FILTER_FIELD_NOT_FOUND",
    "ERROR_VIEW_FILTER_TYPE_DOES_NOT_EXIST",
    "ERROR_VIEW_FILTER_TYPE_UNSUPPORTED_FIELD",
    "ERROR_ORDER_BY_FIELD_NOT_FOUND",
    "ERROR_ORDER_BY_FIELD_NOT_POSSIBLE",
)


@tables.operation(
    "POST",
    "/table/<int:table_id>/",
    id="export_table",
    summary="Export a table or a view",
    description="Starts a job that writes the rows of a table, or those a view of it shows, into a file. "
    "`exporter_type` is the kind of file; each kind has settings of its own, such as `csv_column_separator`. Read the "
    "export until its state is `finished`; its `url` is where the file is, for an hour. An export of yours that has "
    "not ended is cancelled.",
    body=StartExport,
    response=ExportAnswer,
    errors=("ERROR_USER_NOT_IN_GROUP", "ERROR_TABLE_DOES_NOT_EXIST", "ERROR_VIEW_DOES_NOT_EXIST", *WRONG_REQUESTS),
    streamed=True,
)
def export_table(table_id: int) -> dict[str, Any]:
    """Start an export."""
    return service.start_export(table_id, json_body())


@tables.operation(
    "GET",
    "/<int:job_id>/",
    id="get_export_job",
    summary="Read an export",
    description="How far one of your exports is and, once it is finished, where the file is. Why one failed is told "
    "by the job of the same id.",
    response=ExportAnswer,
    errors=("ERROR_EXPORT_JOB_DOES_NOT_EXIST",),
)
def get_export_job(job_id: int) -> dict[str, Any]:
    """An export."""
    return service.read_export(job_id)
