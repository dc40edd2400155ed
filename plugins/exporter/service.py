"""Starting exports and telling how far they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import context, features, jobs
from plugin_api.errors import does_not_exist
from plugin_api.http import load_value
from plugin_api.jobs import JobData
from plugin_api.schemas import MAX_INT
from plugins.database.shape import shape_of
from plugins.exporter.files import files
from plugins.exporter.jobs import ExportJob
from plugins.exporter.schemas import ExporterChoice, body_of, exporter_of
from plugins.exporter.sources import Source, member_source, query_of, require_exportable

_WANTED = {"fields_": "fields", "filters": "filters", "order_by": "order_by"}
_MINE = {*_WANTED, "exporter_type", "view_id"}
_ENDED = ("finished", "failed", "cancelled")


def start_export(table_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Start the export of a table, or of the view the body names; answers it for polling."""
    loaded = checked_body(body)
    source = member_source(table_id, loaded["view_id"])
    return export_json(started(ExportJob.type, source, loaded))


def checked_body(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body as the exporter it names wants it; 400 for what it is not."""
    exporter = exporter_of(load_value(ExporterChoice(), body)["exporter_type"])
    loaded: dict[str, Any] = load_value(body_of(type(exporter))(), body)
    return loaded


def started(job_type: str, source: Source, loaded: Mapping[str, Any], **further: Any) -> JobData:
    """A job for the export, once it is sure that all it asks for is there."""
    features.require("exporter_types", loaded["exporter_type"])
    require_exportable(source, exporter_of(loaded["exporter_type"]))
    wanted = {name: loaded[key] for key, name in _WANTED.items()}
    query_of(source, shape_of(source.table), wanted)
    params = {
        "table_id": source.table.id,
        "view_id": source.view.view.id if source.view else None,
        "exporter_type": loaded["exporter_type"],
        "wanted": wanted,
        "options": {key: value for key, value in loaded.items() if key not in _MINE},
        "secret": files.new_secret(),
        **further,
    }
    job = jobs.find(jobs.start(job_type, **params)["id"], job_type)
    assert job is not None
    return job


def read_export(job_id: int) -> dict[str, Any]:
    """An export of the acting user."""
    job = jobs.find(job_id, ExportJob.type) if job_id <= MAX_INT else None
    if job is None or job.user_id != context.user_id():
        raise does_not_exist("export_job")
    return export_json(job)


def export_json(job: JobData) -> dict[str, Any]:
    """An export as the API shows it."""
    file = job.result.get("file") if job.state == "finished" else None
    there = file is not None and files.is_there(file)
    state = _state(job.state, there)
    return {
        "id": job.id,
        "table": job.params["table_id"],
        "view": job.params["view_id"],
        "exporter_type": job.params["exporter_type"],
        "state": state,
        "status": state,
        "exported_file_name": file if there else None,
        "created_at": job.created_on,
        "progress_percentage": job.progress_percentage,
        "url": files.address(file) if file is not None and there else None,
    }


def _state(state: str, there: bool) -> str:
    """A job's state in the words of exports."""
    if state == "finished":
        return state if there else "expired"
    return state if state in ("pending", *_ENDED) else "exporting"
