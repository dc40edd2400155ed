"""Putting jobs into the queue."""

from __future__ import annotations

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

QUEUE = "tablewright"
"""The queue all work goes through, as Redis knows it."""

RUN_JOB = "tablewright.run_job"


def enqueue(job_id: int) -> None:
    """Queue a committed job. When Redis does not take it, a worker's sweep finds it."""
    try:
        current_app.send_task(RUN_JOB, args=(job_id,), retry=False)
    except (OperationalError, OSError) as error:
        log.warning("the queue does not answer; a worker will find the job", job_id=job_id, problem=str(error))
