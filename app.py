"""The composition root: settings, plugins, services, then the Flask application, the worker or a command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import core.runtime.lean  # noqa: F401 - before anything imports structlog

# isort: split
import redis
import structlog

from core import contributions
from core.accounts.administration import AdministeredAccounts
from core.accounts.authentication import JwtAuthenticator
from core.accounts.limits import RedisGuessingLimits
from core.accounts.page_sessions import CookieSessions
from core.accounts.secret import with_secret_key
from core.accounts.state import UserStates
from core.actions import ActionLog
from core.actions.outbox import Outbox
from core.actions.types import ActionTypes
from core.applications.service import ApplicationAccess
from core.cache import connect, namespace
from core.cache.broadcast import RedisBroadcast
from core.cache.limits import RedisLimits
from core.db.branches import Branch, Migrations, is_current
from core.db.engine import make_engine
from core.db.replica_watch import Watch
from core.db.replicas import Replicas
from core.db.unit_of_work import SqlUnitsOfWork
from core.db.written import Written
from core.http.authentication import HeaderAuthentication
from core.http.body import JsonBodies
from core.instance.administration import AdministeredInstance
from core.instance.features import PluginFeatures
from core.instance.settings_values import SettingsValues
from core.jobs.celery import make_celery
from core.jobs.live import LiveJobs
from core.jobs.service import JobService
from core.jobs.types import JobTypes
from core.mail.service import Mailer
from core.outbound.addresses import LOOPBACK, AddressPolicy
from core.outbound.client import GuardedClient
from core.permissions import PermissionChain
from core.permissions.managers import MANAGERS
from core.plugin_system.discovery import PRODUCT, discover, installed, unknown_names, without
from core.plugin_system.faults import Faults
from core.plugin_system.loading import Loaded, load
from core.plugin_system.state import PluginStates
from core.plugin_system.usage import packages
from core.runtime.apart import apart
from core.runtime.websockets import THREADS as WEBSOCKET_THREADS
from core.runtime.websockets import WebsocketRoutes
from core.secrets import DerivedSecrets
from core.settings import PREFIX, Settings, SettingsError
from core.sign_in.entering import ProvidedSignIn
from core.storage.chosen import storage_of
from core.storage.media import MediaAddresses
from core.trash.service import TrashCan
from core.trash.types import TrashItemTypes
from core.workspaces.reach import WorkspaceMembers
from core.workspaces.role_kinds import Kinds
from plugin_api import (
    accounts,
    actions,
    administration,
    applications,
    broadcast,
    calls,
    db,
    events,
    features,
    guessing,
    http,
    jobs,
    limits,
    mail,
    media,
    outbound,
    permissions,
    roles,
    secrets,
    sign_in,
    storage,
    trash,
    websockets,
    workspaces,
)
from plugin_api import settings as plugin_settings
from plugin_api import states as plugin_states
from plugin_api.platform import provide, provide_registries, service

if TYPE_CHECKING:
    import celery
    import click
    from flask import Flask

    from core.testing.running import RunningProduct


log = structlog.get_logger(__name__)

_NOBODY: Mapping[str, str] = {}

_ALLOWED_AT_THE_START = 10.0
"""How many times the usual a hook may take that is called once, when modules are read for the first time."""

_BACKGROUND_CONNECTIONS = 3
"""Connections of a worker for the background work of plugins; they are opened when they are needed."""


@dataclass(frozen=True)
class Platform:
    """What every process of the product is made of."""

    settings: Settings
    loaded: Loaded
    units: SqlUnitsOfWork
    cache: redis.Redis
    states: PluginStates
    queue: celery.Celery


def load_plugins(settings: Settings, with_services: bool = False, left_out: Mapping[str, str] = _NOBODY) -> Loaded:
    """Find and load the plugins the settings choose, but for some with reasons. SettingsError for unknown names."""
    sources = installed()
    for variable, names in (("PLUGINS", settings.plugins), ("DISABLED_PLUGINS", settings.disabled_plugins)):
        unknown = unknown_names(sources, names)
        if unknown:
            raise SettingsError(PREFIX + variable, f"no plugin called {', '.join(unknown)} is installed")
    found = without(discover(sources, settings.plugins, settings.disabled_plugins), left_out)
    return load(found, with_services, contributions.taken)


def compose(settings: Settings, pool_size: int, left_out: Mapping[str, str] = _NOBODY) -> Platform:
    """Provide all services in this process. `left_out`: plugins whose migrations failed, and why."""
    settings = with_secret_key(settings)
    cache = connect(settings.redis_url)
    units = _units(settings, pool_size, cache)
    engine = units.engine
    provide(Settings, settings)
    provide(redis.Redis, cache)
    provide(db.UnitsOfWork, units)
    provide(SqlUnitsOfWork, units)
    kinds_of_actions = ActionTypes(contributions.ACTION_TYPES)
    provide(ActionTypes, kinds_of_actions)
    provide(actions.Actions, ActionLog(kinds_of_actions))
    provide(TrashItemTypes, TrashItemTypes())
    provide(trash.Trash, TrashCan())
    provide(events.Events, Outbox(cache))
    provide(broadcast.Broadcast, RedisBroadcast(cache, settings.redis_url, namespace(settings.database_url)))
    provide(permissions.Permissions, PermissionChain(MANAGERS, contributions.OPERATIONS))
    users = UserStates(cache, settings.database_url)
    provide(UserStates, users)
    provide(accounts.Accounts, users)
    provide(administration.AccountAdministration, AdministeredAccounts())
    provide(administration.PageSessions, CookieSessions())
    provide(administration.Instance, AdministeredInstance())
    provide(sign_in.SignIn, ProvidedSignIn())
    provide(guessing.GuessingLimits, RedisGuessingLimits())
    provide(secrets.Secrets, DerivedSecrets(settings.secret_key))
    provide(workspaces.Workspaces, WorkspaceMembers())
    provide(roles.RoleKinds, Kinds())
    provide(http.Authentication, HeaderAuthentication({"JWT": JwtAuthenticator(users)}))
    provide(mail.Mail, Mailer(settings))
    provide(http.BodyReader, JsonBodies(settings.max_json_bytes, settings.max_body_bytes))
    own_machine = LOOPBACK if settings.serves_itself_alone else ()
    provide(outbound.Outbound, GuardedClient(AddressPolicy(settings.allow_private_addresses), own_machine))
    provide(media.Media, MediaAddresses(settings))
    provide(limits.Limits, RedisLimits(cache, settings.database_url))
    provide(storage.Storage, storage_of(settings))
    provide(applications.Applications, ApplicationAccess())
    provide(plugin_settings.InstanceSettings, SettingsValues())
    kinds, live = JobTypes(contributions.JOB_TYPES), LiveJobs(cache, namespace(settings.database_url))
    provide(JobTypes, kinds)
    provide(LiveJobs, live)
    service_of_jobs = JobService(kinds, live)
    provide(JobService, service_of_jobs)
    provide(jobs.Jobs, service_of_jobs)
    faults = Faults(cache, namespace(settings.database_url), settings.slow_hook_ms)
    provide(Faults, faults)
    provide(calls.Calls, faults)
    loaded = load_plugins(settings, with_services=True, left_out=left_out)
    for problem in loaded.problems:
        log.error("a plugin could not be loaded", plugin=problem.plugin, why=problem.reason)
    for (plugin, hook), seconds in loaded.seconds.items():
        faults.took(plugin, hook, seconds, _ALLOWED_AT_THE_START)
    provide_registries(loaded.registries)
    provide(Loaded, loaded)
    provide(Migrations, Migrations(engine, branches(loaded)))
    states = PluginStates(loaded.plugins, units, cache, namespace(settings.database_url))
    provide(PluginStates, states)
    provide(plugin_states.PluginStates, states)
    provide(features.Features, PluginFeatures(loaded.plugins))
    return Platform(settings, loaded, units, cache, states, make_celery(settings))


def _units(settings: Settings, pool_size: int, cache: redis.Redis) -> SqlUnitsOfWork:
    """Units of work on the database, and on its replicas where there are any."""
    if not settings.read_database_urls:
        return SqlUnitsOfWork(make_engine(settings.database_url, pool_size))
    # The watch over the replicas needs a connection to each server as well.
    engine = make_engine(settings.database_url, pool_size + 1)
    written = Written(cache, namespace(settings.database_url))
    replicas = Replicas(settings.read_database_urls, pool_size + 1, written, settings.read_wait_milliseconds)
    replicas.start_watch = Watch(replicas, engine).start
    return SqlUnitsOfWork(engine, replicas)


def create_app(settings: Settings, left_out: Mapping[str, str] = _NOBODY) -> Flask:
    """The WSGI application of a web process."""
    from core.http.application import build

    platform = compose(settings, settings.web_threads + WEBSOCKET_THREADS, left_out)
    routes = WebsocketRoutes()
    provide(WebsocketRoutes, routes)
    provide(websockets.Websockets, routes)
    return build(settings, contributions.blueprints(), platform.loaded.registries["blueprints"], platform.states)


def create_worker(settings: Settings, left_out: Mapping[str, str] = _NOBODY) -> celery.Celery:
    """The Celery application of a worker process."""
    from core.actions.outbox import Drainer, switched_on
    from core.jobs import companion
    from core.jobs.claims import Claims
    from core.jobs.runner import Runner
    from core.jobs.sweep import Sweep
    from core.metrics.serving import serve_beside

    platform = compose(settings, settings.worker_threads + 2 + _BACKGROUND_CONNECTIONS, left_out)
    units, cache = platform.units, platform.cache
    kinds, live, users = service(JobTypes), service(LiveJobs), service(UserStates)
    claims = Claims(make_engine(settings.database_url, 1))
    runner = Runner(units, kinds, live, claims, users, settings.job_attempts, settings.job_silent_seconds)
    provide(Runner, runner)
    sweep = Sweep(units, kinds, live, cache, settings.job_sweep_seconds)
    provide(Sweep, sweep)
    handlers = platform.loaded.registries["event_handlers"].values()
    drainer = Drainer(units, handlers, switched_on(platform.states.is_enabled), units.note)
    plugged = platform.loaded.registries["background_work"].values()
    wanted = companion.switched_on(platform.states.is_enabled)
    beside = companion.Companion(
        drainer, sweep, cache, settings.job_sweep_seconds, plugged, wanted, runner.tell_of_silent
    )
    companion.attach(platform.queue, beside)
    serve_beside(settings)
    return platform.queue


def branches(loaded: Loaded) -> list[Branch]:
    """The migrations of the loaded plugins, in load order."""
    own = {name for name, package in packages().items() if package["name"] == PRODUCT}
    chosen = [found for found in loaded.plugins if found.migrations]
    return [Branch(found.name, str(found.migrations), found.requires, found.name in own) for found in chosen]


def migrate(settings: Settings, stays: bool = False) -> Mapping[str, str]:
    """Bring the database up to date; answers why plugins could not be, by name.

    stays: this process goes on for long, so that what migrating takes is taken by another one.
    """
    found = branches(load_plugins(settings))
    if _is_current(settings, found):
        return _NOBODY
    work = partial(_upgraded, settings, found)
    return apart(work) if stays else work()


def _is_current(settings: Settings, found: Sequence[Branch]) -> bool:
    engine = make_engine(settings.database_url, 1)
    try:
        with engine.connect() as connection:
            return is_current(connection, found)
    finally:
        engine.dispose()


def _upgraded(settings: Settings, found: Sequence[Branch]) -> Mapping[str, str]:
    from core.db.migrate import upgrade

    engine = make_engine(settings.database_url, 1)
    try:
        return upgrade(engine, found).failed
    finally:
        engine.dispose()


class Composition:
    """What the command line program needs of the composition root."""

    def __init__(self) -> None:
        self._left_out: Mapping[str, str] = _NOBODY
        """What this process must do without since it migrated."""

    def web_app(self, settings: Settings) -> Flask:
        """The WSGI application."""
        return create_app(settings, self._left_out)

    async def websocket_handler(
        self, scope: websockets.Scope, receive: websockets.Receive, send: websockets.Send
    ) -> None:
        """Serves websockets beside the WSGI application."""
        await service(WebsocketRoutes)(scope, receive, send)

    def worker(self, settings: Settings) -> celery.Celery:
        """The Celery application."""
        return create_worker(settings, self._left_out)

    def migrate(self, settings: Settings, stays: bool = False) -> Mapping[str, str]:
        """Bring the database up to date; answers why plugins could not be, and leaves them out of this process."""
        self._left_out = migrate(settings, stays)
        return self._left_out

    def branches(self, settings: Settings) -> Sequence[Branch]:
        """The migrations of the plugins that the settings choose."""
        return branches(load_plugins(settings))

    def provide_services(self, settings: Settings) -> None:
        """Provide all services in this process, for a command."""
        compose(settings, 2, self._left_out)

    def commands(self) -> Sequence[click.Command]:
        """The platform's own commands beyond those that run the product."""
        return contributions.commands()

    def plugged_commands(self) -> Sequence[click.Command]:
        """Those of plugins, all of which are read for that."""
        from core.plugin_system.commands import plugged

        return plugged(_commands_of_plugins())


def _commands_of_plugins() -> Sequence[click.Command]:
    try:
        return load_plugins(Settings.load()).registries["commands"].values()
    except SettingsError as error:
        # The commands that need settings refuse them; help must be there all the same.
        log.warning("commands of plugins are left out", problem=str(error))
        return []


def running() -> AbstractContextManager[RunningProduct]:
    """The product for tests of plugins."""
    from core.testing.running import running

    return running(Composition())


def main() -> None:
    """The program `tablewright`."""
    from core.cli import run
    from core.runtime.allocator import save_memory

    save_memory()
    run(Composition())
