"""The Celery tasks that run jobs and periodic tasks."""

from __future__ import annotations

from celery import shared_task

from core.jobs import periodic
from core.jobs.queue import RUN_JOB
from core.jobs.runner import Runner
from plugin_api.platform import service


@shared_task(name=RUN_JOB)  # type: ignore[untyped-decorator]
def run_job(job_id: int) -> None:
    """Run a job."""
    service(Runner).run(job_id)


@shared_task(name=periodic.RUN_PERIODIC)  # type: ignore[untyped-decorator]
def run_periodic(name: str) -> None:
    """Run a periodic task."""
    periodic.run_periodic(name)
