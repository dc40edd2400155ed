"""A job while it runs: progress to Redis and PostgreSQL, and the moment it learns that it must stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from core.db.models import Job
from core.jobs.claims import Claims
from core.jobs.live import LiveJobs, Progress
from core.jobs.states import CANCELLED, ENDED, FINISHED, PENDING, STARTED
from plugin_api.db import session
from plugin_api.jobs import JobCancelled

_LIVE_SECONDS = 0.2
_STORED_SECONDS = 1.0
_RESERVED = {PENDING, STARTED, *ENDED} - {STARTED}
_STILL_OURS = "id = :id AND attempts = :attempt AND state NOT IN ('finished', 'failed', 'cancelled')"


class JobLost(BaseException):
    """The job is not ours any more: another worker runs it, or it is gone. Nothing may be written."""


class Run:
    """One attempt at a job; implements `plugin_api.jobs.JobRun`."""

    def __init__(self, job: Any, claims: Claims, live: LiveJobs, clock: Callable[[], float] = time.monotonic) -> None:
        self.id: int = job.id
        self.type: str = job.type
        self.params: dict[str, Any] = dict(job.params)
        self.attempt: int = job.attempts
        self.percentage = 0.0
        self.state = STARTED
        self._claims, self._live, self._clock = claims, live, clock
        self._result: dict[str, Any] = {}
        self._live_at = self._stored_at = float("-inf")
        self._heard_at, self._patience = clock(), 0.0

    def silent_seconds(self, patience: float) -> float | None:
        """How long it has not said how far it is, when that is to be told: after `patience`, twice that, and so on."""
        silent = self._clock() - self._heard_at
        if silent < max(self._patience, patience):
            return None
        self._patience = 2 * silent
        return silent

    def progress(self, percentage: float, state: str = "") -> None:
        """Report how far the job is. JobCancelled once it was cancelled."""
        if state in _RESERVED:
            raise ValueError(f"{state!r} is not a state a job may report")
        changed = bool(state) and state != self.state
        self.percentage, self.state = min(max(float(percentage), 0.0), 100.0), state or self.state
        now = self._heard_at = self._clock()
        self._patience = 0.0
        if changed or now - self._live_at >= _LIVE_SECONDS:
            self._live_at = now
            if self._live.report(self.id, Progress(self.percentage, self.state)):
                raise JobCancelled
        if changed or now - self._stored_at >= _STORED_SECONDS:
            self._stored_at = now
            self._store()

    def _store(self) -> None:
        values = {"id": self.id, "attempt": self.attempt, "percentage": self.percentage, "state": self.state}
        statement = (
            "UPDATE core.job SET progress_percentage = :percentage, state = :state, updated_on = now()"
            f" WHERE {_STILL_OURS} RETURNING id"
        )
        if not self._claims.write(statement, values):
            raise self._reason()

    def _reason(self) -> BaseException:
        """Why the job's row is not ours to write any more."""
        rows = self._claims.write(
            "SELECT state FROM core.job WHERE id = :id AND attempts = :attempt",
            {"id": self.id, "attempt": self.attempt},
        )
        return JobCancelled() if rows and rows[0].state == CANCELLED else JobLost()

    def result(self, values: Mapping[str, Any]) -> None:
        """Keep values for the job's JSON."""
        self._result.update(values)

    def begin(self) -> None:
        """Forget the results of a try that the database broke off."""
        self._result.clear()

    def finish(self) -> None:
        """Mark the job finished in the transaction of its work, so that both are committed or neither is."""
        statement = (
            sa.update(Job)
            .where(Job.id == self.id, Job.attempts == self.attempt, Job.state.not_in(ENDED))
            .values(state=FINISHED, progress_percentage=100, result=self._result, updated_on=sa.func.now())
            .returning(Job.id)
        )
        if session().execute(statement, execution_options={"synchronize_session": False}).first() is None:
            raise self._reason()
