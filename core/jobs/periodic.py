"""The periodic tasks: the core's own and the plugins', all run by one Celery task."""

from __future__ import annotations

from typing import Any

import structlog

from core.actions import upkeep as actions
from core.jobs.sweep import Sweep
from core.plugin_system import faults
from core.plugin_system.state import PluginStates
from core.plugin_system.survival import survived
from core.settings import Settings
from core.storage.local import LocalStorage
from core.storage.s3 import S3Storage
from core.trash.removal import remove_due
from plugin_api.periodic import PeriodicTask
from plugin_api.platform import registry, service
from plugin_api.storage import Storage

log = structlog.get_logger(__name__)

RUN_PERIODIC = "tablewright.run_periodic"
_HOUR = 3600.0
_UNFINISHED_HOURS = 24


def forget_old_jobs() -> None:
    """Delete jobs that ended some days ago."""
    service(Sweep).forget(service(Settings).job_keep_days)


def remove_trash() -> None:
    """Remove for good what was emptied from the trash, or has been there long enough."""
    remove_due()


def forget_unfinished_files() -> None:
    """Remove parts of files that processes left behind when they were killed."""
    storage = service(Storage)
    if isinstance(storage, LocalStorage | S3Storage):
        storage.forget_unfinished(_UNFINISHED_HOURS)


PERIODIC: list[PeriodicTask] = [
    PeriodicTask("forget-old-jobs", _HOUR, forget_old_jobs),
    PeriodicTask("forget-old-actions", _HOUR, actions.forget_old),
    PeriodicTask("remove-trash", 60.0, remove_trash),
    PeriodicTask("forget-unfinished-files", _HOUR, forget_unfinished_files),
]
"""The core's own; each area adds its tasks here."""


def schedule() -> dict[str, Any]:
    """The entries of Celery's schedule."""
    tasks = [*PERIODIC, *registry("periodic_tasks").values()]
    return {task.name: {"task": RUN_PERIODIC, "schedule": task.seconds, "args": (task.name,)} for task in tasks}


def _run_plugged(name: str) -> None:
    try:
        with survived():
            registry("periodic_tasks")[name].run()
    except Exception as error:
        faults.failed("periodic_tasks", name, error)
        raise


def run_periodic(name: str) -> None:
    """Run the task called `name`, unless its plugin is switched off or was removed since it was sent."""
    own = {task.name: task for task in PERIODIC}
    plugged = registry("periodic_tasks")
    if name in own:
        own[name].run()
    elif name in plugged and service(PluginStates).is_enabled(plugged.provider(name)):
        _run_plugged(name)
    else:
        log.info("a periodic task is not there or switched off", task=name)
