"""HTTP operations of exports by visitors."""

from __future__ import annotations

from typing import Any

from plugin_api.http import USER, Blueprint, json_body
from plugins.exporter.routes import WRONG_REQUESTS
from plugins.exporter.schemas import PublicExportAnswer, StartExport
from plugins.public_export import service
from plugins.views.refusals import LOCKED

blueprint = Blueprint(
    "public_exports", __name__, url_prefix="/api/database/view", description="Files of the rows of shared views"
)


@blueprint.operation(
    "POST",
    "/<slug>/export-public-view/",
    id="export_publicly_shared_view",
    summary="Export a shared view",
    description="Starts a job that writes the rows a shared view shows into a file, with the visible fields only; the "
    "view must allow it (`allow_public_export`). The answer's `id` is a text by which the export is read. Only "
    "so many can be started within an hour.",
    body=StartExport,
    response=PublicExportAnswer,
    errors=(
        "ERROR_VIEW_DOES_NOT_EXIST",
        ("PERMISSION_DENIED", 401),
        LOCKED,
        ("ERROR_TOO_MANY_PUBLIC_EXPORTS", 429),
        *WRONG_REQUESTS,
    ),
    auth=USER,
    optional_auth=True,
    streamed=True,
)
def export_publicly_shared_view(slug: str) -> dict[str, Any]:
    """Start an export."""
    return service.start(slug, json_body())


@blueprint.operation(
    "GET",
    "/get-public-view-export/<job_id>/",
    id="get_public_view_export_job",
    summary="Read an export of a shared view",
    description="How far an export is and, once it is finished, where the file is. `job_id` is the `id` its start "
    "answered.",
    response=PublicExportAnswer,
    errors=("ERROR_EXPORT_JOB_DOES_NOT_EXIST",),
    auth=USER,
    optional_auth=True,
)
def get_public_view_export_job(job_id: str) -> dict[str, Any]:
    """An export."""
    return service.read(job_id)
