"""The checks of the full health report: each does what the product does, with short timeouts."""

from __future__ import annotations

import shutil
import uuid

import redis
import sqlalchemy as sa
import structlog
from celery import current_app

from core.db.branches import Migrations
from core.db.models import OutboxEvent
from core.db.unit_of_work import SqlUnitsOfWork
from core.health.life import life
from core.jobs.queue import QUEUE
from core.mail.backends import Smtp, backend
from core.plugin_system.loading import Loaded
from core.plugin_system.survival import survived
from core.settings import Settings
from plugin_api.db import begin
from plugin_api.health import HealthCheck
from plugin_api.platform import registry, service
from plugin_api.storage import Storage

log = structlog.get_logger(__name__)

OK = "ok"
LONG_QUEUE = 100
_WORKER_SECONDS = 2.0
_OUTBOX_SECONDS = 60
_FREE_BYTES = 500 * 1024 * 1024


class Unhealthy(Exception):
    """A part that does not work; the text says what is wrong."""


def run_all() -> dict[str, str]:
    """Every check's name with "ok" or what is wrong."""
    replicated = service(SqlUnitsOfWork).replicas is not None
    own = [check for check in OWN if replicated or check is not _REPLICAS]
    return {check.name: run(check) for check in [*own, *registry("health_checks").values()]}


def run(check: HealthCheck) -> str:
    """A check's result: "ok" or what is wrong."""
    try:
        with survived():
            check.run()
    except Exception as error:  # noqa: BLE001 - whatever goes wrong in a check is its result
        log.warning("a health check failed", check=check.name, problem=str(error))
        first = (str(error).strip().splitlines() or [""])[0]
        return first if isinstance(error, Unhealthy) else f"{type(error).__name__}: {first}"
    return OK


def queue_size(queue: str) -> int:
    """How many tasks wait in a queue."""
    return int(service(redis.Redis).llen(queue))


def known_queue_size(queue: str) -> int:
    """The same for the report: -1 when Redis does not tell."""
    try:
        return queue_size(queue)
    except redis.RedisError:
        return -1


def _database() -> None:
    with begin() as unit:
        unit.session.execute(sa.select(1))


def _migrations() -> None:
    missing = service(Migrations).pending()
    if missing:
        raise Unhealthy(f"the database lacks {', '.join(missing)}; run tablewright migrate")


def _redis() -> None:
    cache, key = service(redis.Redis), f"tablewright:health:{uuid.uuid4().hex}"
    cache.set(key, key, ex=10)
    if cache.getdel(key) != key.encode():
        raise Unhealthy("Redis does not keep what is written to it")


def _worker() -> None:
    if not current_app.control.ping(timeout=_WORKER_SECONDS, limit=1):
        raise Unhealthy("no worker answers; jobs, mails and events wait until one runs")


def _outbox() -> None:
    age = sa.func.extract("epoch", sa.func.now() - sa.func.min(OutboxEvent.created_on))
    with begin() as unit:
        oldest = unit.session.scalar(sa.select(age))
    if oldest is not None and oldest > _OUTBOX_SECONDS:
        raise Unhealthy(f"an event has waited for {int(oldest)} seconds; workers do not keep up or do not run")


def _disk() -> None:
    folder = service(Settings).data_dir
    usage = shutil.disk_usage(folder if folder.exists() else folder.parent)
    if usage.free < min(_FREE_BYTES, usage.total // 20):
        raise Unhealthy(f"only {usage.free // (1024 * 1024)} MB are free in the data folder")


def _storage() -> None:
    """A file that is written can be read and removed."""
    files, name = service(Storage), f"health/{uuid.uuid4().hex}"
    files.write(name, [name.encode()])
    try:
        with files.open(name) as file:
            if file.read() != name.encode():
                raise Unhealthy("the file storage does not keep what is written to it")
    finally:
        files.delete(name)


def _mail() -> None:
    """The mail server takes connections, and the account where there is one; nothing is sent."""
    found = backend(service(Settings))
    if isinstance(found, Smtp):
        found.check()


def _queue() -> None:
    waiting = queue_size(QUEUE)
    if waiting >= LONG_QUEUE:
        raise Unhealthy(f"{waiting} tasks wait in the queue; workers do not keep up or do not run")


def _plugins() -> None:
    """All installed plugins that the settings choose are loaded."""
    problems = service(Loaded).problems
    if problems:
        raise Unhealthy("; ".join(f"{found.plugin} was left out: {found.reason}" for found in problems))


def _replicas() -> None:
    left_out = replicas_left_out()
    if left_out:
        raise Unhealthy(left_out)


def replicas_left_out() -> str:
    """Which read replicas do not answer this process and why; the primary answers instead."""
    replicas = service(SqlUnitsOfWork).replicas
    if replicas is None:
        return ""
    left_out = [f"{one.name}: {one.problem}" for one in replicas.all if one.problem is not None]
    return "; ".join(f"read replica {found}" for found in left_out)


def unready() -> str | None:
    """Why this process should get no requests; None when it should. Without Redis the product goes on."""
    if life.stopping:
        return "stopping"
    for check in (_database, _migrations):
        try:
            check()
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in a check is its result
            log.warning("not ready", problem=str(error).partition("\n")[0])
            return str(error) if isinstance(error, Unhealthy) else "the database does not answer"
    return None


_REPLICAS = HealthCheck("replicas", _replicas)
OWN = (
    HealthCheck("database", _database),
    HealthCheck("migrations", _migrations),
    _REPLICAS,
    HealthCheck("redis", _redis),
    HealthCheck("worker", _worker),
    HealthCheck("events", _outbox),
    HealthCheck("disk", _disk),
    HealthCheck("queue", _queue),
    HealthCheck("storage", _storage),
    HealthCheck("mail", _mail),
    HealthCheck("plugins", _plugins),
)
