"""Jobs: long work with progress, cancel and clean failure, run by workers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from plugin_api.platform import service


class JobFailed(Exception):
    """Ends a job as failed with a message people can read."""


class JobCancelled(Exception):
    """Raised by JobRun.progress once somebody cancelled the job; let it pass."""


class JobRun(Protocol):
    """A job while it runs. The run is inside a unit of work and acts as the user who started the job."""

    id: int
    params: dict[str, Any]

    def progress(self, percentage: float, state: str = "") -> None:
        """Report 0 to 100 and what is going on. Cheap; call it per chunk. Raises JobCancelled when cancelled."""

    def result(self, values: Mapping[str, Any]) -> None:
        """Keep values that `JobType.serialize` shows; written with the run's commit."""


class JobType(ABC):
    """A kind of job. One at a time a user unless `parallel`."""

    type: ClassVar[str]
    parallel: ClassVar[bool] = False

    @abstractmethod
    def run(self, job: JobRun) -> None:
        """Do the work. Raise JobFailed for failures people should understand."""

    def serialize(self, params: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
        """The keys this type adds to a job's JSON."""
        return {}

    def clean_up(self, params: Mapping[str, Any]) -> None:
        """Remove what the job left behind (payload files), whatever its end."""


class Jobs(Protocol):
    """The service that starts and lists jobs."""

    def start(self, type_name: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Create a job for the acting user, queue it after the commit, answer its JSON.

        Raises ApiError ERROR_MAX_JOB_COUNT_EXCEEDED when the user already runs one of the type.
        """

    def json(self, job_id: int) -> dict[str, Any]:
        """A job's JSON; 404 ERROR_JOB_DOES_NOT_EXIST when it is not the acting user's."""


def start(type_name: str, **params: Any) -> dict[str, Any]:
    """Start a job as the acting user; answers its JSON for the client to poll."""
    return service(Jobs).start(type_name, params)
