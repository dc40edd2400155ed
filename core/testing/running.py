"""The running product, in this process: its users, its jobs and events, its mails, its database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from flask import Flask

from core.accounts.state import UserStates
from core.actions.outbox import Drainer, switched_on
from core.cli.composition import Composition
from core.db.engine import make_engine
from core.jobs.claims import Claims
from core.jobs.live import LiveJobs
from core.jobs.runner import Runner
from core.jobs.types import JobTypes
from core.mail.backends import Console
from core.mail.message import Message
from core.mail.service import Mailer
from core.runtime.embedded import Servers, temporary_folder
from core.settings import Settings
from core.testing.database import migrated
from core.testing.servers import kept_servers
from plugin_api.db import UnitsOfWork
from plugin_api.mail import Mail
from plugin_api.platform import provide, registry, service
from plugin_api.states import is_enabled

if TYPE_CHECKING:
    from core.testing.listening import Listening, Server
    from core.testing.pages import AdminPage

T = TypeVar("T")

_PASSWORD = "a password of tests"
_ATTEMPTS = 3
_NO_SERVERS = Servers("postgresql://", "redis://")
"""Which plugins there are is known without any."""


class SeenBy:
    """The instance as one user sees it, or a visitor; implements `plugin_api.testing.Instance`."""

    def __init__(self, app: Flask, token: str = "", email: str = "") -> None:
        self._client = app.test_client()
        self._headers = {"Authorization": f"JWT {token}"} if token else {}
        self.token, self.email = token, email

    def call(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any]:
        """Send a request with a JSON body; answers the status and the JSON of the answer, None when it has none."""
        sent = {**self._headers, **(headers or {})}
        answer = self._client.open(path, method=method, headers=sent, **({} if body is None else {"json": body}))
        return answer.status_code, answer.get_json(silent=True)

    def run_job(self, job_id: int) -> None:
        """Do what a worker does with a job."""
        engine = make_engine(service(Settings).database_url, 1)
        with closing(Claims(engine)) as claims:
            users = service(UserStates)
            Runner(service(UnitsOfWork), service(JobTypes), service(LiveJobs), claims, users, _ATTEMPTS).run(job_id)
        engine.dispose()


class _Mailbox(Console):
    """Keeps mails instead of sending them."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def deliver(self, message: Message) -> None:
        """Keep it."""
        self.messages.append(message)


class RunningProduct:
    """The product with all plugins that are installed; implements `plugin_api.testing.Running`."""

    def __init__(self, app: Flask, composition: Composition) -> None:
        self._app, self._composition = app, composition
        self._mailbox = _Mailbox()
        provide(Mail, Mailer(service(Settings), self._mailbox))
        self._administrator = self.new_user()  # the first user is staff

    def administrator(self) -> SeenBy:
        """As its first user sees it."""
        return self._administrator

    def new_user(self) -> SeenBy:
        """As a user sees it who has just signed up."""
        email = f"{uuid4().hex[:12]}@example.com"
        body = {"name": "Ada", "email": email, "password": _PASSWORD, "authenticate": True}
        status, answer = self.visitor().call("POST", "/api/user/", body)
        if status != 200:
            raise RuntimeError(f"nobody can sign up: {answer}")
        return SeenBy(self._app, answer["access_token"], email)

    def visitor(self) -> SeenBy:
        """As somebody sees it who is not signed in."""
        return SeenBy(self._app)

    def admin_page(self) -> AdminPage:
        """The page for administrators, in the browser of the first user."""
        from core.testing.pages import AdminPage

        return AdminPage(self._app.test_client(), self._administrator.email, _PASSWORD)

    def deliver(self) -> None:
        """Hand all events that were committed to the handlers of plugins, as workers do."""
        drainer = Drainer(service(UnitsOfWork), registry("event_handlers").values(), switched_on(is_enabled))
        while drainer.drain():
            pass

    def mails(self) -> list[Message]:
        """The mails that were sent since this was asked the last time."""
        found, self._mailbox.messages = self._mailbox.messages, []
        return found

    def listen(self, instance: SeenBy) -> AbstractContextManager[Listening]:
        """A socket on which a user, or a visitor, is told what happens."""
        from core.testing.listening import listening

        return listening(self._server, instance.token)

    @cached_property
    def _server(self) -> Server:
        from core.testing.listening import Server

        return Server(self._app, self._composition.websocket_handler)

    def stop(self) -> None:
        """End what runs beside the tests."""
        if "_server" in vars(self):
            self._server.stop()


@contextmanager
def running(composition: Composition) -> Iterator[RunningProduct]:
    """The product on a new database on the servers of DATABASE_URL and REDIS_URL, or on embedded ones."""
    with ExitStack() as stack:
        folder = stack.enter_context(temporary_folder())
        branches = _meanwhile(lambda: composition.branches(_settings(_NO_SERVERS, folder)))
        settings = _settings(_given() or stack.enter_context(kept_servers()), folder)

        def migrate(url: str) -> Mapping[str, str]:
            return composition.migrate(replace(settings, database_url=url))

        database_url = stack.enter_context(migrated(settings.database_url, branches(), migrate))
        product = RunningProduct(composition.web_app(replace(settings, database_url=database_url)), composition)
        stack.callback(product.stop)
        yield product


def _meanwhile(work: Callable[[], T]) -> Callable[[], T]:
    """Do the work in a thread; what is answered waits for its end. Reading code goes on while servers start."""
    pool = ThreadPoolExecutor(1)
    result = pool.submit(work).result
    pool.shutdown(wait=False)
    return result


def _given() -> Servers | None:
    database_url, redis_url = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
    return Servers(database_url, redis_url) if database_url and redis_url else None


def _settings(servers: Servers, folder: Path) -> Settings:
    return Settings.load(
        {},
        database_url=servers.database_url,
        redis_url=servers.redis_url,
        data_dir=folder,
        secret_key="a secret of at least 32 characters for tests",
        public_url="http://127.0.0.1:3000",
    )
