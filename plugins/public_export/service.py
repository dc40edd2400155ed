"""Exports of shared views: nobody's jobs, read by a text that only who started one knows."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from plugin_api import jobs, limits
from plugin_api.context import ANONYMOUS, acting_as
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.jobs import JobFailed
from plugin_api.schemas import MAX_INT, as_int
from plugin_api.secrets import digest
from plugin_api.settings import setting
from plugins.exporter.jobs import ExportJob
from plugins.exporter.service import checked_body, export_json, started
from plugins.exporter.sources import Source
from plugins.views.context import FIELD_OPTIONS, ViewContext, view_of_slug
from plugins.views.parts import FOR_ROWS
from plugins.views.sharing import shared_view

_PARTS = (*FOR_ROWS, FIELD_OPTIONS)
_PURPOSE = "public_export.job"
_SECONDS = 3600


class ExportSharedViewJob(ExportJob):
    """Exports what a shared view shows to visitors."""

    type = "export_shared_view"
    parallel = True
    latest_only = False
    anonymous = True

    def source(self, params: Mapping[str, Any]) -> Source:
        """The view, if it is still shared at the same address and may still be exported."""
        found = view_of_slug(params["slug"], _PARTS)
        if found is None or not found.view.public or not found.view.allow_public_export:
            raise JobFailed("The view is not shared any more, or its rows may not be exported any more.")
        return _source(found)


def start(slug: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Start the export of a shared view; answers it for polling."""
    loaded = checked_body(body)
    found = shared_view(slug, parts=_PARTS)
    if not found.view.allow_public_export:
        raise ApiError("PERMISSION_DENIED", 401, "The rows of this view may not be exported by visitors.")
    _refuse_flood(found.view.id)
    with acting_as(ANONYMOUS):
        job = started(ExportSharedViewJob.type, _source(found), loaded, slug=slug)
    return {**export_json(job), "id": _token(job.id)}


def _refuse_flood(view_id: int) -> None:
    """Strangers keep workers busy only so much."""
    code, detail = "ERROR_TOO_MANY_PUBLIC_EXPORTS", "This view was exported too often."
    most_of_one, most = setting("public_exports_of_address"), setting("public_exports")
    limits.refuse_flood(most_of_one, most, f"public_exports:{view_id}", _SECONDS, code, detail)


def read(token: str) -> dict[str, Any]:
    """An export, by the text its start answered."""
    job_id = as_int(token.partition(".")[0])
    known = (
        job_id is not None and 0 < job_id <= MAX_INT and hmac.compare_digest(_token(job_id).encode(), token.encode())
    )
    job = jobs.find(job_id, ExportSharedViewJob.type) if job_id is not None and known else None
    if job is None:
        raise does_not_exist("export_job")
    return {**export_json(job), "id": token}


def _source(found: ViewContext) -> Source:
    return Source(found.table, found, hides=True)


def _token(job_id: int) -> str:
    return f"{job_id}.{digest(str(job_id), _PURPOSE)}"
