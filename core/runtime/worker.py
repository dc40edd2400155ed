"""The worker process: Celery with a pool of threads, and the scheduler of periodic tasks."""

from __future__ import annotations

import gc
import socket
import warnings
from contextlib import nullcontext

import structlog
from celery import Celery, signals
from celery.platforms import SecurityWarning

from core.runtime.beat import start_beat
from core.runtime.redelivery import limit_shutdown, only_worker
from core.settings import Settings

log = structlog.get_logger(__name__)


def run_worker(settings: Settings, app: Celery, only: bool = False) -> int:
    """Work until SIGINT or SIGTERM; answers the exit code. `only`: no other worker uses this Redis."""
    with only_worker(app, settings.data_dir) if only else nullcontext():
        return _run(settings, app)


def _run(settings: Settings, app: Celery) -> int:
    app.conf.update(worker_redirect_stdouts=False)
    # Celery warns of root because of pickled tasks; ours are JSON, and running as root is documented.
    warnings.simplefilter("ignore", SecurityWarning)
    signals.setup_logging.connect(_keep_our_logging)
    signals.worker_ready.connect(_tell_ready)
    signals.worker_shutting_down.connect(limit_shutdown)
    worker = app.Worker(
        hostname=f"worker@{socket.gethostname()}",
        pool="threads",
        concurrency=settings.worker_threads,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    beat = start_beat(app, settings.redis_url)
    gc.collect()
    gc.freeze()
    try:
        worker.start()
    finally:
        if beat is not None:
            beat.stop()
    return int(worker.exitcode or 0)


def _keep_our_logging(**_: object) -> None:
    """A receiver of `setup_logging` keeps Celery from setting up logging its own way."""


def _tell_ready(**_: object) -> None:
    log.info("worker ready")
