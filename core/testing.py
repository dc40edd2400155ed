"""The product for tests of plugins: in this process, which does the jobs too, on a database that is thrown away."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import sqlalchemy as sa
from flask import Flask

from core.accounts.state import UserStates
from core.cli.composition import Composition
from core.db.engine import make_engine
from core.jobs.claims import Claims
from core.jobs.live import LiveJobs
from core.jobs.runner import Runner
from core.jobs.types import JobTypes
from core.runtime.embedded import Servers, temporary_folder, temporary_servers
from core.settings import Settings
from plugin_api.db import UnitsOfWork
from plugin_api.platform import service

_PASSWORD = "a password of tests"
_ATTEMPTS = 3


class SeenBy:
    """The instance as one user sees it, or a visitor; implements `plugin_api.testing.Instance`."""

    def __init__(self, app: Flask, token: str = "") -> None:
        self._client = app.test_client()
        self._headers = {"Authorization": f"JWT {token}"} if token else {}

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


class RunningProduct:
    """The product with all plugins that are installed; implements `plugin_api.testing.Running`."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._administrator = self.new_user()  # the first user is staff

    def administrator(self) -> SeenBy:
        """As its first user sees it."""
        return self._administrator

    def new_user(self) -> SeenBy:
        """As a user sees it who has just signed up."""
        body = {"name": "Ada", "email": f"{uuid4().hex[:12]}@example.com", "password": _PASSWORD, "authenticate": True}
        status, answer = self.visitor().call("POST", "/api/user/", body)
        if status != 200:
            raise RuntimeError(f"nobody can sign up: {answer}")
        return SeenBy(self._app, answer["access_token"])

    def visitor(self) -> SeenBy:
        """As somebody sees it who is not signed in."""
        return SeenBy(self._app)


@contextmanager
def running(composition: Composition) -> Iterator[RunningProduct]:
    """The product on a new database on the servers of DATABASE_URL and REDIS_URL, or on embedded ones."""
    with ExitStack() as stack:
        servers = _given() or stack.enter_context(temporary_servers())
        folder = stack.enter_context(temporary_folder())
        database_url = stack.enter_context(_database(servers.database_url))
        settings = _settings(database_url, servers.redis_url, folder)
        composition.migrate(settings)
        yield RunningProduct(composition.web_app(settings))


def _given() -> Servers | None:
    database_url, redis_url = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
    return Servers(database_url, redis_url) if database_url and redis_url else None


def _settings(database_url: str, redis_url: str, folder: Path) -> Settings:
    return Settings.load(
        {},
        database_url=database_url,
        redis_url=redis_url,
        data_dir=folder,
        secret_key="a secret of at least 32 characters for tests",
        public_url="http://127.0.0.1:3000",
    )


@contextmanager
def _database(url: str) -> Iterator[str]:
    """A database of its own on the server, for the block."""
    name = f"tests_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield sa.make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
