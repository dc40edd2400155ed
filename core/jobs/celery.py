"""The Celery application: broker options that survive crashes, the task that runs jobs, the periodic tasks."""

from __future__ import annotations

from celery import Celery

from core.settings import Settings

_REDELIVER_SECONDS = 30


def make_celery(settings: Settings) -> Celery:
    """A Celery app on the settings' Redis: late acknowledgement, redelivery soon after a worker's death."""
    app = Celery("tablewright", broker=settings.redis_url)
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_default_queue="tablewright",
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "visibility_timeout": 3600,
            "unacked_restore_interval": _REDELIVER_SECONDS,
            "unacked_restore_throttle": _REDELIVER_SECONDS,
        },
        timezone="UTC",
    )
    return app
