"""Jobs: long work with progress, cancel and clean failure, run by workers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

from plugin_api.platform import service
from plugin_api.schemas import Schema

BodyClass = type[Schema]


class JobFailed(Exception):
    """Ends a job as failed with a message people can read."""


class JobCancelled(Exception):
    """Raised by JobRun.progress once somebody cancelled the job; let it pass."""


class JobRun(Protocol):
    """A job while it runs. The run is inside a unit of work and acts as the user who started the job."""

    id: int
    params: dict[str, Any]

    def progress(self, percentage: float, state: str = "") -> None:
        """Report 0 to 100 and what is going on. Cheap; call it per chunk. Raises JobCancelled when cancelled.

        `state` is shown to clients until the job ends; it may not be a word for a job's begin or end.
        """

    def result(self, values: Mapping[str, Any]) -> None:
        """Keep values that `JobType.serialize` shows; written with the run's commit."""


class JobType(ABC):
    """A kind of job. One at a time a user unless `parallel`.

    latest_only: the user's earlier job of the type is cancelled where a second one would be refused.
    listed: whether the user's list of jobs has it. anonymous: whether visitors may start it; their jobs are nobody's.
    body: what clients give that start it through `POST /api/jobs/`; None when they cannot start it there.
    """

    type: ClassVar[str]
    parallel: ClassVar[bool] = False
    latest_only: ClassVar[bool] = False
    listed: ClassVar[bool] = True
    anonymous: ClassVar[bool] = False
    body: ClassVar[BodyClass | None] = None

    def requested(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Check a start through `POST /api/jobs/`: what the acting user may do, what there is. Answers the params."""
        return dict(values)

    @abstractmethod
    def run(self, job: JobRun) -> None:
        """Do the work. Raise JobFailed for failures people should understand; an ApiError's detail is shown too.

        A run that is lost with its worker is rolled back and started again from its beginning; only a job that
        commits in steps (`unit_of_work().commit()`) must find out how far it came.
        """

    def serialize(self, params: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
        """The keys this type adds to a job's JSON."""
        return {}

    def discard(self, params: Mapping[str, Any]) -> None:
        """Remove what runs made outside of the database, such as files, since the job failed or was cancelled.

        Runs whose worker was killed may have made it, too. Called before `clean_up`; may be called more than once.
        """

    def clean_up(self, params: Mapping[str, Any]) -> None:
        """Remove what the job left behind (payload files), whatever its end. May be called more than once."""


@dataclass(frozen=True)
class JobData:
    """What is known of a job; of a running one, as of now. `progress_percentage` is 0 to 100."""

    id: int
    type: str
    user_id: int | None
    state: str
    progress_percentage: float
    params: Mapping[str, Any]
    result: Mapping[str, Any]
    created_on: datetime
    updated_on: datetime


class Jobs(Protocol):
    """The service that starts and lists jobs."""

    def start(self, type_name: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Create a job for the acting user, queue it after the commit, answer its JSON.

        Raises ApiError ERROR_MAX_JOB_COUNT_EXCEEDED when the user already runs one of the type.
        """

    def unfinished(self, type_name: str, params: Mapping[str, Any]) -> bool:
        """Whether a job of the type that has these params, among others, waits or runs, whoever started it."""

    def json(self, job_id: int) -> dict[str, Any]:
        """A job's JSON; 404 ERROR_JOB_DOES_NOT_EXIST when it is not the acting user's."""

    def own(self, type_name: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The acting user's finished jobs of the type with these params, among others, as JSON, latest first."""

    def find(self, job_id: int, type_name: str) -> JobData | None:
        """A job of the type, whoever started it; None when there is none."""


def start(type_name: str, **params: Any) -> dict[str, Any]:
    """Start a job as the acting user; answers its JSON for the client to poll."""
    return service(Jobs).start(type_name, params)


def unfinished(type_name: str, **params: Any) -> bool:
    """Whether a job of the type with these params, among others, waits or runs, whoever started it.

    Lock what the job is about before: nobody else can start one then between this and your `start`.
    """
    return service(Jobs).unfinished(type_name, params)


def own(type_name: str, **params: Any) -> list[dict[str, Any]]:
    """The acting user's finished jobs of a type with these params, among others, as JSON, latest first."""
    return service(Jobs).own(type_name, params)


def find(job_id: int, type_name: str) -> JobData | None:
    """A job of a type, whoever started it: check whose it is."""
    return service(Jobs).find(job_id, type_name)
