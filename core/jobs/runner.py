"""Running one job: claimed, as the user who started it, in one unit of work, ended cleanly whatever happens."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError

from core.accounts.state import UserStates
from core.db.models import Job
from core.jobs.claims import Claims
from core.jobs.live import LiveJobs
from core.jobs.run import JobLost, Run
from core.jobs.service import clean_up
from core.jobs.states import ENDED, FAILED, FINISHED, GENERIC_ERROR, STARTED
from core.jobs.types import JobTypes
from core.metrics.process import JOB_SECONDS
from core.plugin_system import faults
from core.plugin_system.survival import survived
from plugin_api import context
from plugin_api.context import ANONYMOUS, Actor
from plugin_api.db import UnitsOfWork
from plugin_api.errors import ApiError
from plugin_api.jobs import JobCancelled, JobFailed, JobType

log = structlog.get_logger(__name__)


class Runner:
    """Runs jobs in a worker."""

    def __init__(
        self,
        units: UnitsOfWork,
        types: JobTypes,
        live: LiveJobs,
        claims: Claims,
        users: UserStates,
        attempts: int,
        silent_after: float = float("inf"),
    ) -> None:
        self._units, self._types, self._live, self._claims = units, types, live, claims
        self._users = users
        self._attempts, self._silent_after = attempts, silent_after
        self._running: dict[int, Run] = {}

    def run(self, job_id: int) -> None:
        """Run a job unless it has ended or is running; safe to call at any time and any number of times."""
        if not self._claims.take(job_id):
            log.info("the job is running already", job_id=job_id)
            return
        structlog.contextvars.bind_contextvars(job_id=job_id)
        try:
            self._run_claimed(job_id)
        finally:
            structlog.contextvars.unbind_contextvars("job_id", "request_id")
            self._running.pop(job_id, None)
            self._claims.release(job_id)

    def tell_of_silent(self) -> None:
        """Name the jobs that run and have not said for long how far they are: they cannot be cancelled either."""
        for run in list(self._running.values()):
            seconds = run.silent_seconds(self._silent_after)
            if seconds is not None:
                log.warning("a job does not say how far it is", job_id=run.id, job_type=run.type, seconds=int(seconds))
                faults.silent("job_types", run.type, seconds)

    def _run_claimed(self, job_id: int) -> None:
        job = self._begin(job_id)
        if job is None:
            return
        run = self._running[job_id] = Run(job, self._claims, self._live)
        structlog.contextvars.bind_contextvars(request_id=job.context.get("request_id"))
        try:
            with JOB_SECONDS.labels(job.type).time():
                self._attempt(job, run)
            log.info("a job is done", job_type=job.type)
        except JobLost:
            log.warning("the job was taken over by another worker or deleted", job_type=job.type)
            return
        except JobCancelled:
            log.info("the job was cancelled", job_type=job.type)
        except JobFailed as error:
            self._fail(run, str(error), str(error))
        except ApiError as error:
            self._fail(run, error.detail if isinstance(error.detail, str) else error.code, str(error))
        except DBAPIError as error:
            if error.connection_invalidated:
                log.warning("the job lost its database connection; it is run again", job_type=job.type)
                return
            self._fail_unexpectedly(run, error)
        except Exception as error:  # noqa: BLE001 - whatever a job raises, it ends as failed
            self._fail_unexpectedly(run, error)
        self._live.forget(job_id)
        clean_up(self._types, job_id, job.type, run.params, self._is_finished(job_id))

    def _begin(self, job_id: int) -> Any:
        """Mark the job as started, once more; None when it is not there or has ended."""
        statement = (
            sa.update(Job)
            .where(Job.id == job_id, Job.state.not_in(ENDED))
            .values(state=STARTED, attempts=Job.attempts + 1, updated_on=sa.func.now())
            .returning(Job.id, Job.type, Job.user_id, Job.params, Job.context, Job.attempts)
        )
        with self._units.begin() as unit:
            return unit.session.execute(statement, execution_options={"synchronize_session": False}).first()

    def _attempt(self, job: Any, run: Run) -> None:
        kind = self._usable(job)
        with context.acting_as(self._actor(job), **job.context):
            self._units.run(lambda: _work(kind, run))

    def _usable(self, job: Any) -> JobType:
        if job.attempts > self._attempts:
            raise JobFailed(f"The job was interrupted {self._attempts} times. It may need more memory than there is.")
        kind = self._types.get(job.type)
        if kind is None:
            raise JobFailed(f"No installed plugin can do a job of the type {job.type}.")
        plugin = self._types.off(job.type)
        if plugin is not None:
            raise JobFailed(f"The plugin {plugin} is switched off by the administrator.")
        return kind

    def _actor(self, job: Any) -> Actor:
        if job.user_id is None:
            return ANONYMOUS

        def read() -> Actor:
            state = self._users.get(job.user_id)
            if state is None or not state.is_active:
                raise JobFailed("The account that started the job is not active.")
            return state.actor()

        return self._units.run(read)

    def _is_finished(self, job_id: int) -> bool:
        """What is in the database counts: the word that it was committed may have been lost."""
        with self._units.begin() as unit:
            return unit.session.scalar(sa.select(Job.state).where(Job.id == job_id)) == FINISHED

    def _fail_unexpectedly(self, run: Run, error: BaseException) -> None:
        log.error("a job failed unexpectedly", job_type=run.type, exc_info=error)
        faults.failed("job_types", run.type, error)
        self._fail(run, GENERIC_ERROR, f"{type(error).__name__}: {error}")

    def _fail(self, run: Run, message: str, error: str) -> None:
        log.warning("a job failed", job_type=run.type)
        statement = (
            sa.update(Job)
            .where(Job.id == run.id, Job.attempts == run.attempt, Job.state.not_in(ENDED))
            .values(
                state=FAILED,
                human_readable_error=_storable(message),
                error=_storable(error),
                progress_percentage=run.percentage,
                updated_on=sa.func.now(),
            )
        )
        with self._units.begin() as unit:
            unit.session.execute(statement, execution_options={"synchronize_session": False})


def _work(kind: JobType, run: Run) -> None:
    run.begin()
    with survived(JobLost):
        kind.run(run)
    run.finish()


def _storable(text: str) -> str:
    """What PostgreSQL can keep of an error's text."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:10_000]
