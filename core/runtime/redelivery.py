"""Tasks of a worker that ended without finishing them: given back at a stop, taken back after a crash."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from celery import Celery
from celery.worker import state

log = structlog.get_logger(__name__)

# A stop waits so long for running tasks, then gives them back to the queue for another worker. Less than the ten
# seconds container engines wait before they kill: a killed worker's tasks are only found after a long time.
_FINISH_SECONDS = 8.0


def limit_shutdown(**_: object) -> None:
    """A receiver of `worker_shutting_down`."""
    threading.Thread(target=_give_back_and_exit, name="give-back", daemon=True).start()


def _give_back_and_exit() -> None:
    """End the process when tasks take too long to finish; threads cannot be ended otherwise."""
    time.sleep(_FINISH_SECONDS)
    for request in list(state.reserved_requests):
        if not request.acknowledged:
            message = request.message
            log.warning("task given back to the queue", task=request.name, id=request.id)
            message.channel.qos.restore_by_tag(message.delivery_tag, leftmost=True)
    os._exit(0)


@contextmanager
def only_worker(app: Celery, data_dir: Path) -> Iterator[None]:
    """For the worker beside an embedded Redis: wait until an earlier one has ended, and take back what it had begun."""
    with open(os.open(data_dir / "worker.lock", os.O_RDWR | os.O_CREAT, 0o600), "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _take_back(app)
        yield


def _take_back(app: Celery) -> None:
    with app.connection_for_write() as connection:
        channel = connection.default_channel
        tags = channel.client.hkeys(channel.unacked_key)
        for tag in tags:
            channel.qos.restore_by_tag(tag.decode(), leftmost=True)
    if tags:
        log.warning("tasks of an earlier worker taken back", number=len(tags))
