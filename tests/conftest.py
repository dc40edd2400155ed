"""Fixtures: a database of its own for each test process, the application on it, and clients that act as users."""

from __future__ import annotations

import dataclasses
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

import app as composition
from core.mail.backends import Console
from core.mail.message import Message
from core.plugin_system.discovery import installed
from core.plugin_system.state import PluginStates
from core.settings import Settings
from plugin_api import platform
from plugin_api.actions import RecordedAction
from plugin_api.db import UnitsOfWork
from plugin_api.mail import Mail
from plugin_api.platform import provide, registry, service
from plugin_api.registry import Entry, Registry
from plugins.audit_log import recording
from tests import lab

PASSWORD = "Sup3rSecret!pw"
STAFF_EMAIL = "admin@example.com"


@pytest.fixture(scope="session")
def servers() -> Iterator[tuple[str, str]]:
    """A PostgreSQL and a Redis: the ones of DATABASE_URL and REDIS_URL, else embedded ones."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        yield os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
        return
    from core.runtime.embedded import temporary_servers

    with temporary_servers() as running:
        yield running.database_url, running.redis_url


@pytest.fixture(scope="session")
def settings(servers: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings on a fresh database, dropped at the end."""
    database_url, redis_url = servers
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    made = Settings.load(
        {},
        database_url=_with_database(database_url, name),
        redis_url=redis_url,
        data_dir=Path(tmp_path_factory.mktemp("data")),
        secret_key="a secret of at least 32 characters for tests",
        public_url="http://127.0.0.1:3000",
        disabled_plugins=_left_out(),
    )
    yield made
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _left_out() -> tuple[str, ...]:
    """All plugins but those that TESTED_PLUGINS names; none when it names none."""
    wanted = os.environ.get("TESTED_PLUGINS", "").split()
    return tuple(found.name for found in installed() if wanted and found.name not in wanted)


def _with_database(url: str, name: str) -> str:
    base, _, query = url.partition("?")
    return f"{base.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture(scope="session")
def with_lab() -> Iterator[None]:
    """The plugin tests.lab is installed, beside those that really are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composition, "installed", lambda: [*installed(), lab.Source()])
        yield


@pytest.fixture(scope="session")
def strict_descriptions() -> Iterator[None]:
    """A recorded action whose description does not fit fails its request, instead of a line in the log."""

    def refuse(action: RecordedAction, problem: Exception) -> str:
        raise AssertionError(f"the description of {action.kind.type} asks for what was not recorded: {problem!r}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recording, "misfit", refuse)
        yield


@pytest.fixture(scope="session")
def app(settings: Settings, with_lab: None, strict_descriptions: None) -> Flask:
    """The application on a migrated database."""
    composition.migrate(settings)
    made = composition.create_app(settings)
    # The first account of an instance is staff: make it here, so that users of tests are ordinary ones.
    body = {"name": "Admin", "email": STAFF_EMAIL, "password": PASSWORD}
    assert made.test_client().post("/api/user/", json=body).status_code == 200
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client without credentials."""
    return app.test_client()


class Api:
    """A client that acts as one user: `api.post(path, {...})` answers (status, body)."""

    def __init__(self, client: FlaskClient, token: str = "", scheme: str = "JWT") -> None:
        self.client = client
        self.headers = {"Authorization": f"{scheme} {token}"} if token else {}
        self.user: dict[str, Any] = {}

    def call(self, method: str, path: str, body: Any = None, **kwargs: Any) -> tuple[int, Any]:
        """Send a request; the body is JSON."""
        headers = {**self.headers, **kwargs.pop("headers", {})}
        if body is not None:
            kwargs["json"] = body
        response = self.client.open(path, method=method, headers=headers, **kwargs)
        return response.status_code, response.get_json(silent=True)

    def put(self, path: str, body: Any = None, **kwargs: Any) -> tuple[int, Any]:
        """PUT."""
        return self.call("PUT", path, {} if body is None else body, **kwargs)

    def get(self, path: str, **kwargs: Any) -> tuple[int, Any]:
        """GET."""
        return self.call("GET", path, **kwargs)

    def post(self, path: str, body: Any = None, **kwargs: Any) -> tuple[int, Any]:
        """POST."""
        return self.call("POST", path, {} if body is None else body, **kwargs)

    def patch(self, path: str, body: Any = None, **kwargs: Any) -> tuple[int, Any]:
        """PATCH."""
        return self.call("PATCH", path, {} if body is None else body, **kwargs)

    def delete(self, path: str, body: Any = None, **kwargs: Any) -> tuple[int, Any]:
        """DELETE."""
        return self.call("DELETE", path, body, **kwargs)


@pytest.fixture
def anonymous(client: FlaskClient) -> Api:
    """A client nobody is signed in on."""
    return Api(client)


@pytest.fixture
def make_user(client: FlaskClient) -> Any:
    """A function that signs up a user and answers a client acting as them."""

    def make(name: str = "Ada", **extra: Any) -> Api:
        body = {"name": name, "email": f"{uuid.uuid4().hex[:12]}@example.com", "password": PASSWORD}
        status, answer = Api(client).post("/api/user/", {**body, "authenticate": True, **extra})
        assert status == 200, answer
        made = Api(client, answer["access_token"])
        made.user = answer["user"]
        return made

    return make


@pytest.fixture
def api(make_user: Any) -> Api:
    """A client acting as a new user."""
    made: Api = make_user()
    return made


@pytest.fixture
def staff(client: FlaskClient) -> Api:
    """A client acting as the instance's administrator."""
    status, answer = Api(client).post("/api/user/token-auth/", {"email": STAFF_EMAIL, "password": PASSWORD})
    assert status == 200, answer
    made = Api(client, answer["access_token"])
    made.user = answer["user"]
    return made


class _Mailbox(Console):
    def __init__(self) -> None:
        self.messages: list[Message] = []

    def deliver(self, message: Message) -> None:
        self.messages.append(message)


@pytest.fixture
def mailbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """The mails that are sent from now on."""
    box = _Mailbox()
    monkeypatch.setattr(service(Mail), "_backend", box)
    return box.messages


@pytest.fixture
def count_sql(app: Flask) -> Any:
    """A context manager whose value lists the SQL statements of its block."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []
        # Which plugins are on is asked of the database once a minute: now, rather than in the block.
        service(PluginStates)._announce()

        def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            statements.append(statement)

        engine = service(UnitsOfWork).engine
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)

    return counting


@pytest.fixture
def sheet(api: Api) -> Any:
    """A table called Sheet with a text field Name; `api` is its admin."""
    from tests.sheets import Sheet

    return Sheet(api)


@pytest.fixture
def instance(app: Flask) -> Iterator[Any]:
    """Changes settings of the instance for a test."""
    before = service(Settings)
    yield lambda **values: provide(Settings, dataclasses.replace(before, **values))
    provide(Settings, before)


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that puts an entry of a plugin into a registry for the test."""

    def put(name: str, entry: Any) -> None:
        entries = {**registry(name)._entries, entry.type: Entry(entry, "stars")}
        monkeypatch.setitem(platform._registries, name, Registry(name, entries))

    return put
