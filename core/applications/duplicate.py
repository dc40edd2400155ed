"""The job that copies an application with everything in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.applications import operations, store
from core.applications.service import announce_created, plain, record, usable_type
from plugin_api import jobs
from plugin_api.jobs import JobRun, JobType
from plugin_api.permissions import require
from plugin_api.schemas import Int, Schema


class DuplicateBody(Schema):
    """What to copy."""

    application_id = Int(required=True, metadata={"description": "The application to copy."})


class DuplicateApplicationJob(JobType):
    """Copies an application next to the others of its workspace."""

    type = "duplicate_application"
    body = DuplicateBody

    def requested(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The application as it is shown now; refused unless the user may copy it."""
        found = store.find(values["application_id"])
        require(operations.DUPLICATE, found.access)
        usable_type(found.info.type)
        return {"application_id": found.info.id, "original_application": plain(store.serialize([found])[0])}

    def run(self, job: JobRun) -> None:
        """Copy it; the permission is checked again, since time has passed."""
        source = store.find(job.params["application_id"])
        require(operations.DUPLICATE, source.access)
        kind, workspace_id = usable_type(source.info.type), source.info.workspace_id
        job.progress(10)
        target = store.insert(workspace_id, kind.type, store.unused_name(workspace_id, source.info.name))
        store.copy(kind, source.info, target)
        job.progress(90)
        found = store.find(target.id)
        shown = store.serialize([found])[0]
        original = {"original_application_id": source.info.id, "original_application_name": source.info.name}
        record("duplicate_application", target, original)
        announce_created(found, shown)
        job.result({"duplicated_application": plain(shown)})

    def serialize(self, params: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
        """The original as it was at the start, the copy as it was at the end."""
        return {
            "original_application": params.get("original_application"),
            "duplicated_application": result.get("duplicated_application"),
        }


def start(application_id: int) -> dict[str, Any]:
    """Start copying an application; answers the job's JSON."""
    job = DuplicateApplicationJob()
    return jobs.start(job.type, **job.requested({"application_id": application_id}))
