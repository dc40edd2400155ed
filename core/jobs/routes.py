"""HTTP operations of jobs."""

from __future__ import annotations

from typing import Any

from core.jobs.schemas import JobAnswer, JobList, ListQuery, NewJob
from core.jobs.service import JobService
from plugin_api.http import Blueprint, load_value
from plugin_api.jobs import Jobs
from plugin_api.platform import service

blueprint = Blueprint("jobs", __name__, url_prefix="/api/jobs", description="Long work in the background")
blueprints: list[Blueprint] = [blueprint]

_NOT_THERE = "ERROR_JOB_DOES_NOT_EXIST"


def _jobs() -> JobService:
    found: Any = service(Jobs)
    return found  # type: ignore[no-any-return]


@blueprint.operation(
    "GET",
    "/",
    id="list_job",
    summary="List your jobs",
    description="Your own jobs, latest first, at most 200. `states` and `job_ids` choose among them.",
    query=ListQuery,
    response=JobList,
    errors=["ERROR_QUERY_PARAMETER_VALIDATION"],
)
def list_jobs(query: list[Any]) -> dict[str, Any]:
    """The user's jobs."""
    return {"jobs": _jobs().listed(query)}


@blueprint.operation(
    "POST",
    "/",
    id="create_job",
    summary="Start a job",
    description="Starts a job of one of the types that can be started here, and answers it for polling. "
    "One job of a type runs at a time for a user.",
    body=NewJob,
    response=JobAnswer,
    errors=["ERROR_REQUEST_BODY_VALIDATION", "ERROR_USER_NOT_IN_GROUP", "ERROR_MAX_JOB_COUNT_EXCEEDED"],
)
def create_job(body: dict[str, Any]) -> dict[str, Any]:
    """Start a job."""
    jobs, name = _jobs(), body["type"]
    return jobs.request(name, load_value(jobs.body_of(name), body))


@blueprint.operation(
    "GET",
    "/<int:job_id>/",
    id="get_job",
    summary="Read a job",
    description="How far one of your jobs is, and, once it has ended, what came of it.",
    response=JobAnswer,
    errors=[_NOT_THERE],
)
def get_job(job_id: int) -> dict[str, Any]:
    """A job of the user."""
    return _jobs().json(job_id)


@blueprint.operation(
    "POST",
    "/<int:job_id>/cancel/",
    id="cancel_job",
    summary="Cancel a job",
    description="Cancels one of your jobs that has not ended. Nothing of what it did is kept; its worker notices "
    "within a moment.",
    response=JobAnswer,
    errors=[_NOT_THERE, "ERROR_JOB_NOT_CANCELLABLE"],
)
def cancel_job(job_id: int) -> dict[str, Any]:
    """Cancel a job of the user."""
    return _jobs().cancel(job_id)
