"""The instance in the hands of administrators (`plugin_api.administration.Instance`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.db.models import Job, User, Workspace
from core.health import checks
from core.instance import values
from core.jobs.live import LiveJobs, Progress
from core.jobs.service import JobService
from core.jobs.states import ENDED, PENDING
from core.plugin_system import admin
from core.plugin_system.loading import Loaded
from core.trash.service import TrashCan
from core.workspaces.service import tell_deleted
from core.workspaces.store import find
from plugin_api import actions
from plugin_api.administration import JobEntry
from plugin_api.db import session
from plugin_api.errors import does_not_exist
from plugin_api.http import load_value
from plugin_api.paging import counted
from plugin_api.platform import service
from plugin_api.trash import Trash, TrashItem

RUNNING = "running"


class AdministeredInstance:
    """What the core knows of itself, for pages and plugins."""

    def health(self) -> Mapping[str, str]:
        """The full report's checks."""
        return checks.run_all()

    def plugins(self) -> list[dict[str, Any]]:
        """The loaded plugins."""
        return admin.plugins()

    def problems(self) -> list[dict[str, str | None]]:
        """Those that could not be loaded."""
        return admin.problems()

    def switch_plugin(self, name: str, enabled: bool) -> None:
        """Switch one."""
        admin.switch(name, enabled)

    def settings(self) -> dict[str, Any]:
        """The settings."""
        return values.values()

    def change_settings(self, given: Mapping[str, Any]) -> None:
        """Check and change some."""
        schema = values.InstanceValues(partial=True)
        values.change_and_record(load_value(schema, given))

    def jobs(self, states: Sequence[str], limit: int, offset: int) -> tuple[int, list[JobEntry]]:
        """Jobs of all users: two queries."""
        query = sa.select(Job, User.email).outerjoin(User, User.id == Job.user_id).where(_in_states(states))
        total, rows = counted(query, [Job.id.desc()], limit, offset)
        live = service(LiveJobs).progress_of([job.id for job, _ in rows if job.state not in ENDED])
        return total, [_entry(job, email, live.get(job.id)) for job, email in rows]

    def cancel_job(self, job_id: int) -> None:
        """Cancel one, whoever started it."""
        job = session().scalar(sa.select(Job).where(Job.id == job_id).with_for_update())
        if job is None:
            raise does_not_exist("job")
        service(JobService).cancel_found(job)
        actions.record("cancel_job_of_user", scope="root", workspace_id=None, params={"job": job_id, "type": job.type})

    def delete_workspace(self, workspace_id: int) -> None:
        """Take it out of everybody's sight; a worker removes it for good."""
        found = find(workspace_id, lock=True)
        session().execute(sa.update(Workspace).where(Workspace.id == workspace_id).values(trashed_on=sa.func.now()))
        trash = service(Trash)
        assert isinstance(trash, TrashCan)
        trash.put(TrashItem("workspace", workspace_id, workspace_id, found.name), emptied=True)
        params = {"workspace_id": workspace_id, "workspace_name": found.name}
        actions.record("delete_group", scope="root", workspace_id=workspace_id, params=params)
        tell_deleted(found)

    def instance_id(self) -> str:
        """Made when it is first asked for."""
        return values.instance_id()

    def features(self) -> Collection[str]:
        """What the manifests name."""
        return {plugin.feature for plugin in service(Loaded).plugins if plugin.feature}


def _in_states(states: Sequence[str]) -> sa.ColumnElement[bool]:
    """A job that runs is in a state its type has words for."""
    named = Job.state.in_(states)
    return sa.or_(named, Job.state.not_in((*ENDED, PENDING))) if RUNNING in states else named


def _entry(job: Job, email: str | None, live: Progress | None) -> JobEntry:
    ended = job.state in ENDED
    return JobEntry(
        id=job.id,
        type=job.type,
        user=email,
        state=job.state if live is None or ended else live.state,
        percentage=float(job.progress_percentage) if live is None else live.percentage,
        error=job.human_readable_error,
        problem=job.error,
        created_on=job.created_on,
        updated_on=job.updated_on,
        ended=ended,
    )
