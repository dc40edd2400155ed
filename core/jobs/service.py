"""Starting, finding and cancelling the acting user's jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
import structlog

from core.db.models import Job
from core.jobs.live import LiveJobs, Progress
from core.jobs.queue import enqueue
from core.jobs.states import CANCELLED, ENDED, FINISHED, PENDING
from core.jobs.types import JobTypes
from plugin_api import context
from plugin_api.db import after_commit, begin, session
from plugin_api.errors import ApiError, body_invalid, does_not_exist, problem
from plugin_api.jobs import JobData, JobType
from plugin_api.schemas import Schema

log = structlog.get_logger(__name__)

_LISTED = 200
_KEPT = ("request_id", "client_session_id", "undo_group_id", "websocket_id", "user_session", "ip_address")


class JobService:
    """Jobs of the acting user."""

    def __init__(self, types: JobTypes, live: LiveJobs) -> None:
        self._types = types
        self._live = live

    def start(self, type_name: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Create a job, queue it after the commit, answer its JSON. 400 when one of the type is running."""
        kind = self._types.usable(type_name)
        user_id = context.actor().user_id if kind.anonymous else context.user_id()
        if not kind.parallel and user_id is not None:
            self._make_way(kind, user_id)
        running = context.current()
        kept = {name: getattr(running, name) for name in _KEPT}
        job = Job(type=type_name, user_id=user_id, state=PENDING, params=dict(params), result={}, context=kept)
        job.progress_percentage, job.human_readable_error = 0, ""  # type: ignore[assignment]
        session().add(job)
        session().flush()
        job_id = job.id
        after_commit(lambda: enqueue(job_id))
        return self._json(job, None)

    def _make_way(self, kind: JobType, user_id: int) -> None:
        """One running job of a type a user. Two starts at the same moment wait for each other here."""
        key = f"job:{kind.type}:{user_id}"
        session().execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(key, 0))))
        unfinished = sa.select(Job).where(Job.user_id == user_id, Job.type == kind.type, Job.state.not_in(ENDED))
        for job in session().scalars(unfinished.with_for_update()).all():
            if not kind.latest_only:
                detail = f"A job of the type {kind.type} is running for you already. Wait for its end or cancel it."
                raise ApiError("ERROR_MAX_JOB_COUNT_EXCEEDED", 400, detail)
            self._cancel(job)

    def unfinished(self, type_name: str, params: Mapping[str, Any]) -> bool:
        """Whether a job of the type that has these params waits or runs."""
        chosen = sa.exists().where(Job.type == type_name, Job.params.contains(params), Job.state.not_in(ENDED))
        return bool(session().scalar(sa.select(chosen)))

    def body_of(self, type_name: str) -> Schema:
        """The schema of what clients give to start a job of the type; 400 for one they cannot start."""
        if type_name not in self._types.requestable():
            raise body_invalid({"type": [problem("invalid_choice", f'"{type_name[:100]}" is not a valid choice.')]})
        body = self._types.usable(type_name).body
        assert body is not None
        return body()

    def request(self, type_name: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Start a job whose body a client sent to `POST /api/jobs/`."""
        return self.start(type_name, self._types.usable(type_name).requested(values))

    def json(self, job_id: int) -> dict[str, Any]:
        """The job's JSON; 404 when it is not the acting user's."""
        return self._jsons([self._own(job_id)])[0]

    def listed(self, filters: Sequence[sa.ColumnElement[bool]]) -> list[dict[str, Any]]:
        """The acting user's newest jobs that pass the filters, latest first."""
        hidden = Job.type.not_in(self._types.unlisted())
        query = sa.select(Job).where(Job.user_id == context.user_id(), hidden, *filters).order_by(Job.id.desc())
        return self._jsons(session().scalars(query.limit(_LISTED)).all())

    def own(self, type_name: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The acting user's newest finished jobs of the type with these params, latest first."""
        chosen = sa.and_(Job.type == type_name, Job.params.contains(params), Job.state == FINISHED)
        query = sa.select(Job).where(Job.user_id == context.user_id(), chosen).order_by(Job.id.desc())
        return self._jsons(session().scalars(query.limit(_LISTED)).all())

    def cancel(self, job_id: int) -> dict[str, Any]:
        """Cancel a job: one that waits ends at once, one that runs at its next report of progress."""
        return self.cancel_found(self._own(job_id, lock=True))

    def cancel_found(self, job: Job) -> dict[str, Any]:
        """Cancel a job that was found and locked."""
        if job.state in ENDED:
            detail = f"The job has ended already: it is {job.state}."
            raise ApiError("ERROR_JOB_NOT_CANCELLABLE", 400, detail)
        progress = self._live.progress_of([job.id]).get(job.id)
        self._cancel(job)
        return self._json(job, progress)

    def find(self, job_id: int, type_name: str) -> JobData | None:
        """A job of a type, whoever started it."""
        job = session().scalar(sa.select(Job).where(Job.id == job_id, Job.type == type_name))
        if job is None:
            return None
        live = None if job.state in ENDED else self._live.progress_of([job_id]).get(job_id)
        percentage = float(job.progress_percentage) if live is None else live.percentage
        state = job.state if live is None else live.state
        moments = (job.created_on, job.updated_on)
        return JobData(job.id, job.type, job.user_id, state, percentage, job.params, job.result, *moments)

    def _cancel(self, job: Job) -> None:
        job_id, waited = job.id, job.state == PENDING
        job.state = CANCELLED
        job.updated_on = sa.func.now()
        session().flush()
        after_commit(lambda: self._live.cancel(job_id))
        if waited:
            name, params = job.type, dict(job.params)
            after_commit(lambda: clean_up(self._types, job_id, name, params, finished=False))

    def _own(self, job_id: int, lock: bool = False) -> Job:
        query = sa.select(Job).where(Job.id == job_id, Job.user_id == context.user_id())
        found = session().scalar(query.with_for_update() if lock else query)
        if found is None:
            raise does_not_exist("job")
        return found

    def _jsons(self, jobs: Sequence[Job]) -> list[dict[str, Any]]:
        live = self._live.progress_of([job.id for job in jobs if job.state not in ENDED])
        return [self._json(job, live.get(job.id)) for job in jobs]

    def _json(self, job: Job, live: Progress | None) -> dict[str, Any]:
        percentage = float(job.progress_percentage) if live is None else live.percentage
        state = job.state if live is None or job.state in ENDED else live.state
        kind = self._types.get(job.type)
        return {
            "id": job.id,
            "type": job.type,
            "progress_percentage": int(percentage),
            "state": state,
            "human_readable_error": job.human_readable_error,
            **(kind.serialize(job.params, job.result) if kind else {}),
        }


def clean_up(types: JobTypes, job_id: int, type_name: str, params: Mapping[str, Any], finished: bool) -> None:
    """Let the type remove what the ended job left behind; a failure is logged and tried again when it is forgotten."""
    kind = types.get(type_name)
    if kind is None:
        return
    try:
        with begin():
            if not finished:
                kind.discard(params)
            kind.clean_up(params)
    except Exception:  # noqa: BLE001 - the job has ended as it did, whatever its cleaning meets
        log.exception("cleaning up after a job failed", job_id=job_id, job_type=type_name)
