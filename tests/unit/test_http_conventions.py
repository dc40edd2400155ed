"""Errors of the HTTP layer itself have the API's shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from plugin_api.db import begin, connection

PATH = "/api/lab/"


def test_unknown_path_is_json_with_a_request_id(client: FlaskClient) -> None:
    response = client.get("/api/no-such-endpoint/")
    assert response.status_code == 404
    body = response.get_json()
    assert body["error"] == "URL_NOT_FOUND"
    assert response.headers["X-Request-Id"]


@pytest.fixture
def answering(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], None]:
    """A function that has an operation do something else."""
    adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
    endpoint = adapter.match(PATH)[0]
    return lambda view: monkeypatch.setitem(app.view_functions, endpoint, view)


def _fails() -> None:
    raise RuntimeError("as the test wants")


def test_a_failure_is_logged_with_its_traceback_under_the_id_of_the_request(
    client: FlaskClient, answering: Any
) -> None:
    answering(_fails)
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        response = client.get(PATH, headers={"X-Request-Id": "mine"})
    assert response.status_code == 500
    assert response.get_json().keys() == {"error", "detail", "request_id"}
    assert "as the test wants" not in response.text
    (line,) = [found for found in lines if found["event"] == "unexpected error"]
    assert line["request_id"] == response.get_json()["request_id"] == response.headers["X-Request-Id"] == "mine"
    assert isinstance(line["exc_info"], RuntimeError)
    assert line["exc_info"].__traceback__ is not None


@pytest.mark.parametrize(
    ("sql", "status", "code"),
    [
        ("SELECT 2::smallint + 32767::smallint", 400, "ERROR_REQUEST_BODY_VALIDATION"),
        (f"SELECT {', '.join(['1'] * 1700)}", 400, "ERROR_REQUEST_BODY_VALIDATION"),
        ('INSERT INTO core."user" SELECT * FROM core."user" LIMIT 1', 409, "ERROR_CONFLICT"),
        ("DO $$BEGIN RAISE SQLSTATE '40P01'; END$$", 409, "ERROR_CONFLICT"),
        ("SELECT no_such_column", 500, "ERROR_INTERNAL"),
    ],
)
def test_refusals_of_the_database_are_told_by_their_class(
    client: FlaskClient, answering: Any, sql: str, status: int, code: str
) -> None:
    def view() -> None:
        with begin():
            connection().execute(sa.text(sql))

    answering(view)
    response = client.get(PATH)
    assert (response.status_code, response.get_json()["error"]) == (status, code)
    assert status == 400 or "core" not in response.get_json()["detail"]


def test_pages_of_other_sites_may_call(client: FlaskClient) -> None:
    headers = {"Origin": "https://a.example", "Access-Control-Request-Method": "PATCH"}
    preflight = client.options("/api/workspaces/", headers=headers)
    refused = client.get("/api/workspaces/", headers={"Origin": "https://a.example"})
    assert (preflight.status_code, refused.status_code) == (200, 401)
    for response in (preflight, refused):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
        assert response.headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Origin" not in client.get("/api/workspaces/").headers


def test_a_database_that_is_away_is_no_failure_of_the_request(client: FlaskClient, answering: Any) -> None:
    """As while PostgreSQL is started again: a connection that is lost, and one that is not taken."""

    def lost() -> None:
        with begin():
            connection().exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    def refused() -> None:
        sa.create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none").connect()

    for away in (lost, refused):
        answering(away)
        response = client.get(PATH)
        assert (response.status_code, response.get_json()["error"]) == (503, "ERROR_DATABASE_UNAVAILABLE")
        assert response.headers["Retry-After"] == "1"
    assert client.get("/api/settings/").status_code == 200
