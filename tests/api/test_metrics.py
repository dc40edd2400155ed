"""Metrics: off unless there is a token, for who has it, and true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from core.settings import Settings
from plugin_api import metrics
from plugin_api.platform import provide, service
from tests.conftest import Api
from tests.tables import Database

TOKEN = "a token of the metrics"


@pytest.fixture
def switched_on(app: object) -> Iterator[None]:
    """There is a token."""
    before = service(Settings)
    provide(Settings, replace(before, metrics_token=TOKEN))
    yield
    provide(Settings, before)


def read(client: FlaskClient) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """All samples by name and labels."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    families = list(text_string_to_metric_families(answer.text))
    assert len({family.name for family in families}) == len(families)
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def key(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    """A sample's name and labels."""
    return f"tablewright_{name}", frozenset(labels.items())


def test_there_are_none_without_a_token(client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 404


@pytest.mark.usefixtures("switched_on")
@pytest.mark.parametrize("header", ["", f"Bearer {TOKEN}x", "Bearer ", f"JWT {TOKEN}", "Bearer é"])
def test_who_does_not_have_the_token_reads_nothing(client: FlaskClient, header: str) -> None:
    answer = client.get("/metrics", headers={"Authorization": header})
    assert (answer.status_code, answer.json["error"]) == (401, "ERROR_NOT_AUTHENTICATED")


@pytest.mark.usefixtures("switched_on")
def test_requests_are_counted_by_operation_and_status(client: FlaskClient, api: Api) -> None:
    def counted(operation: str, status: str) -> float:
        return read(client).get(key("http_request_seconds_count", operation=operation, status=status), 0.0)

    before = counted("list_workspaces", "200"), counted("unknown", "404"), counted("list_workspaces", "401")
    api.get("/api/workspaces/")
    client.get("/api/workspaces/")
    client.get(f"/api/nothing-{uuid4()}/")
    after = counted("list_workspaces", "200"), counted("unknown", "404"), counted("list_workspaces", "401")
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 1]


@pytest.mark.usefixtures("switched_on")
def test_jobs_events_and_connections_are_shown(client: FlaskClient, api: Api) -> None:
    database = Database(api)
    events = read(client)[key("events_waiting")]
    database.table()
    database.run(api.post(f"/api/applications/{database.id}/duplicate/async/"))
    found = read(client)
    assert found[key("events_waiting")] > events
    assert found[key("events_oldest_seconds")] > 0
    assert found[key("jobs", type="duplicate_application", state="finished")] >= 1
    assert found[key("job_seconds_count", type="duplicate_application")] >= 1
    assert found[key("up", part="database")] == found[key("up", part="redis")] == 1
    assert found[key("database_connections_most")] >= 1
    assert key("queue_length") in found and ("process_resident_memory_bytes", frozenset()) in found


@pytest.mark.usefixtures("switched_on")
def test_plugins_add_their_own(client: FlaskClient) -> None:
    sent = metrics.counter("stars_sent", "Stars that were sent.", "kind")
    sent.labels("gold").inc(3)
    metrics.asked("stars_left", "Stars that are left.", lambda: 7.0)
    found = read(client)
    assert (found[key("stars_sent_total", kind="gold")], found[key("stars_left")]) == (3, 7)
