"""Health: what is open, what is for staff, and that broken parts are found."""

from __future__ import annotations

from typing import Any

import pytest
import redis
import sqlalchemy as sa
from flask.testing import FlaskClient

from core.health import checks
from core.health.life import life
from core.jobs.celery import QUEUE
from core.mail.backends import Smtp
from core.mail.message import Message
from plugin_api.db import UnitsOfWork, begin
from plugin_api.health import HealthCheck
from plugin_api.mail import Mail
from plugin_api.platform import service
from plugin_api.storage import Storage
from tests.conftest import Api

FULL, MAIL, QUEUE_PATH = "/api/_health/full/", "/api/_health/email/", "/api/_health/celery-queue/"


@pytest.fixture
def report(staff: Api, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that answers the full report; no worker runs here, so it is not waited for."""
    monkeypatch.setattr(checks, "_WORKER_SECONDS", 0.05)

    def ask() -> dict[str, Any]:
        status, answer = staff.get(FULL)
        assert status == 200
        return answer

    return ask


def test_alive_without_a_database(client: FlaskClient, count_sql: Any) -> None:
    with count_sql() as statements:
        response = client.get("/api/_health/")
    assert (response.status_code, response.text, response.mimetype) == (200, "OK", "text/plain")
    assert statements == []


def test_the_report_names_what_works_and_what_does_not(report: Any, api: Api, anonymous: Api) -> None:
    found = report()
    assert {key: found["checks"][key] for key in ("database", "migrations", "redis", "disk")} == {
        "database": "ok", "migrations": "ok", "redis": "ok", "disk": "ok",
    }  # fmt: skip
    assert found["passing"] is False
    assert found["checks"]["worker"].startswith("no worker answers")
    assert (api.get(FULL)[0], anonymous.get(FULL)[0]) == (403, 401)


def test_a_broken_redis_is_found(report: Any, staff: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: Any, **kwargs: Any) -> None:
        raise redis.ConnectionError("gone")

    monkeypatch.setattr(service(redis.Redis), "execute_command", gone)
    found = report()
    assert found["checks"]["redis"] == "ConnectionError: gone"
    assert (found["checks"]["database"], found["celery_queue_size"]) == ("ok", -1)


def test_a_broken_database_is_found(report: Any, staff: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    staff.get("/api/user/dashboard/")
    units: Any = service(UnitsOfWork)
    elsewhere = sa.create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    monkeypatch.setattr(units, "engine", elsewhere)
    found = report()
    assert found["checks"]["database"].startswith("OperationalError")
    assert (found["passing"], found["checks"]["redis"]) == (False, "ok")


def test_missing_migrations_are_found(report: Any) -> None:
    with begin() as unit:
        lost = "DELETE FROM core.migration WHERE version_num = 'database_tokens_0001' RETURNING version_num"
        version = unit.session.scalar(sa.text(lost))
    try:
        assert version in report()["checks"]["migrations"]
    finally:
        with begin() as unit:
            again = sa.text("INSERT INTO core.migration VALUES (:version)")
            unit.session.execute(again, {"version": version})


def test_events_nobody_drains_are_found(report: Any) -> None:
    insert = "INSERT INTO core.outbox (type, payload, created_on) VALUES ('old', '{}', now() - interval '5 minutes')"
    with begin() as unit:
        unit.session.execute(sa.text(insert))
    try:
        assert "has waited for" in report()["checks"]["events"]
    finally:
        with begin() as unit:
            unit.session.execute(sa.text("DELETE FROM core.outbox WHERE type = 'old'"))


def test_a_check_of_a_plugin_counts(report: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("the star went out\nand more")

    monkeypatch.setattr(checks, "OWN", (HealthCheck("stars", broken), HealthCheck("moons", lambda: None)))
    found = report()
    assert found["checks"].items() >= {"stars": "RuntimeError: the star went out", "moons": "ok"}.items()
    monkeypatch.setattr(checks, "OWN", (HealthCheck("moons", lambda: None),))
    assert report()["passing"] is True


def test_long_queues_are_told(client: FlaskClient) -> None:
    def ask(query: str) -> tuple[int, str]:
        response = client.get(QUEUE_PATH + query)
        return response.status_code, response.text

    cache = service(redis.Redis)
    cache.delete(QUEUE)
    assert ask("?queue=celery&queue=export") == (200, "ok")
    assert ask("?queue=other") == (404, "queue other not found")
    assert ask("") == (400, "no queue provided")
    cache.rpush(QUEUE, *["{}"] * 100)
    try:
        assert ask("?queue=celery") == (503, "not ok")
    finally:
        cache.delete(QUEUE)


def test_a_storage_that_takes_nothing_is_found(report: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert report()["checks"]["storage"] == "ok"

    def full(*args: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(service(Storage), "write", full)
    assert "No space left" in report()["checks"]["storage"]


def test_a_mail_server_that_does_not_answer_is_found(report: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert report()["checks"]["mail"] == "ok"
    monkeypatch.setattr(checks, "backend", lambda settings: Smtp("smtp://127.0.0.1:1", "a@example.com"))
    assert report()["checks"]["mail"].startswith("ConnectionRefusedError")


def test_a_queue_that_piles_up_is_found(report: Any) -> None:
    cache = service(redis.Redis)
    assert report()["checks"]["queue"] == "ok"
    cache.rpush(QUEUE, *["{}"] * 100)
    try:
        assert report()["checks"]["queue"].startswith("100 tasks wait")
    finally:
        cache.delete(QUEUE)


def test_ready_while_the_database_answers_with_or_without_redis(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask() -> tuple[int, str]:
        answer = client.get("/api/_health/ready/")
        return answer.status_code, answer.text

    def gone(*args: Any, **kwargs: Any) -> None:
        raise redis.ConnectionError("gone")

    assert ask() == (200, "OK")
    with monkeypatch.context() as patch:
        patch.setattr(service(redis.Redis), "execute_command", gone)
        assert ask() == (200, "OK")
    with monkeypatch.context() as patch:
        units: Any = service(UnitsOfWork)
        patch.setattr(units, "engine", sa.create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing"))
        assert ask() == (503, "the database does not answer")
    monkeypatch.setattr(life, "stopping", True)
    assert ask() == (503, "stopping")


def test_a_test_mail(staff: Api, api: Api, mailbox: list[Message], monkeypatch: pytest.MonkeyPatch) -> None:
    body = {"target_email": "ops@example.com"}
    status, answer = staff.post(MAIL, body)
    assert (status, answer["succeeded"], mailbox[0].to) == (200, True, "ops@example.com")
    assert api.post(MAIL, {})[0] == 403
    assert staff.post(MAIL, {"target_email": "ops"})[1]["detail"]["target_email"][0]["code"] == "invalid"
    assert staff.post(MAIL, {})[1]["detail"]["target_email"][0]["code"] == "required"
    monkeypatch.setattr(service(Mail), "_backend", Smtp("smtp://127.0.0.1:1", "a@example.com"))
    answer = staff.post(MAIL, body)[1]
    assert (answer["succeeded"], answer["error_type"]) == (False, "ConnectionRefusedError")
    assert "smtplib" in answer["error_stack"]
