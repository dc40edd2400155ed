"""A plugin whose every part fails, with what people entered in the texts of its errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import fields as mf

from plugin_api import Plugin, hookimpl, jobs
from plugin_api.events import Event, EventHandler
from plugin_api.http import Blueprint
from plugin_api.jobs import JobRun, JobType
from plugin_api.schemas import Schema

plugin = Plugin(name="careless", version="1.0", title="Careless", api=(1, 0))
blueprint = Blueprint("careless", __name__, url_prefix="/api/careless", description="What fails.")


class Body(Schema):
    """Something entered."""

    value = mf.String()


class CarelessJob(JobType):
    """Fails unexpectedly."""

    type = "careless"
    parallel = True

    def run(self, job: JobRun) -> None:
        """Fail while another error is handled."""
        _fail(job.params["value"])


@blueprint.operation("POST", "/<int:number>/", id="careless", summary="Fails.", description="Fails.", body=Body)
def fail(number: int, body: dict[str, Any]) -> None:
    """A route that fails."""
    _fail(body["value"])


@blueprint.operation("POST", "/job/", id="careless_job", summary="Fails.", description="Fails later.", body=Body)
def start(body: dict[str, Any]) -> dict[str, Any]:
    """A route that starts a job that fails."""
    return jobs.start("careless", value=body["value"])


def _fail(value: str) -> None:
    try:
        int(value)
    except ValueError as error:
        raise RuntimeError(f"what to do with {value}?") from error


def _handle(events: Sequence[Event]) -> None:
    raise LookupError(f"nobody knows {events[0].payload}")


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The routes."""
    return [blueprint]


@hookimpl
def register_job_types() -> list[JobType]:
    """The job."""
    return [CarelessJob()]


@hookimpl
def register_event_handlers() -> list[EventHandler]:
    """The handler."""
    return [EventHandler("careless", _handle, ("rows_created",))]
