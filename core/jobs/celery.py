"""The Celery application: broker options that survive crashes, the task that runs jobs, the periodic tasks."""

from __future__ import annotations

from typing import Any

from celery import Celery

from core.jobs.periodic import schedule
from core.jobs.queue import QUEUE
from core.jobs.requests import follow_requests
from core.settings import Settings

_REDELIVER_SECONDS = 30

QUEUES = {"celery": QUEUE, "export": QUEUE}
"""The queues by the names the API gives them: all work goes through one."""

TASK_MODULES = ["core.jobs.tasks", "core.mail.tasks", "core.accounts.tasks"]
"""Modules whose shared tasks a worker runs."""

SCHEDULE: dict[str, Any] = {
    "remove-deleted-accounts": {"task": "tablewright.remove_deleted_accounts", "schedule": 900.0},
    "forget-ended-tokens": {"task": "tablewright.forget_ended_tokens", "schedule": 900.0},
}
"""Periodic tasks that are Celery tasks of their own; others are in core.jobs.periodic and the plugins."""


def broker_url(redis_url: str) -> str:
    """The address as kombu writes it: it has a word of its own for a unix socket and for the database there."""
    if not redis_url.startswith("unix://"):
        return redis_url
    path, _, query = redis_url.removeprefix("unix://").partition("?")
    return f"redis+socket://{path}?{query.replace('db=', 'virtual_host=')}"


def make_celery(settings: Settings) -> Celery:
    """A Celery app on the settings' Redis, this process's default: late acknowledgement, redelivery of lost tasks."""
    app = Celery("tablewright", broker=broker_url(settings.redis_url))
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_default_queue=QUEUE,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "visibility_timeout": 3600,
            "unacked_restore_interval": _REDELIVER_SECONDS,
            "unacked_restore_throttle": _REDELIVER_SECONDS,
            # Publishing from a request must not wait for a Redis that is away or hangs.
            "socket_connect_timeout": 2,
            "socket_timeout": 5,
            "max_retries": 1,
            "interval_start": 0,
            "interval_step": 0.1,
            "interval_max": 0.1,
        },
        timezone="UTC",
        imports=TASK_MODULES,
        beat_schedule={**SCHEDULE, **schedule()},
    )
    app.set_default()
    follow_requests()
    return app
