"""Tables that are synced by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from plugin_api.db import begin, connection
from plugins.data_sync.kinds import SyncError
from plugins.data_sync.periodic import MOST_FAILURES, next_run, start_due
from tests import lab
from tests.api.test_data_sync import AGE, FIRST, NAME, RING, SETTINGS
from tests.synced import Synced
from tests.tables import Database, run_job


@pytest.fixture
def synced(api: Any) -> Iterator[Synced]:
    """A table that is synced every hour."""
    lab.reset()
    lab.flock.properties, lab.flock.rows = [RING, NAME, AGE], list(FIRST)
    made = Synced(api, Database(api), ["name"], **SETTINGS)
    assert api.patch(_path(made), {"interval": "HOURLY", "when": "00:15:30"})[0] == 200
    yield made
    lab.reset()


def _path(synced: Synced) -> str:
    return f"/api/data-sync/{synced.id}/periodic-interval/"


def _open_jobs(synced: Synced) -> list[int]:
    sql = (
        "SELECT id FROM core.job WHERE type = 'sync_data_sync_table' AND state = 'pending'"
        " AND (params ->> 'data_sync_id')::bigint = %(id)s"
    )
    with begin():
        return list(connection().exec_driver_sql(sql, {"id": synced.id}).scalars())


def _due(synced: Synced) -> list[int]:
    """Make it due and do what the periodic task does; the jobs that were started and run."""
    with begin():
        sql = "UPDATE data_sync.data_sync SET next_run = now() - interval '1 minute' WHERE id = %(id)s"
        connection().exec_driver_sql(sql, {"id": synced.id})
    start_due()
    started = _open_jobs(synced)
    for job_id in started:
        run_job(job_id)
    return started


@pytest.mark.parametrize(
    ("interval", "when", "now", "due"),
    [
        ("HOURLY", "00:15:30", "2024-02-29T10:10:00", "2024-02-29T10:15:30"),
        ("HOURLY", "07:15:30", "2024-02-29T23:20:00", "2024-03-01T00:15:30"),
        ("DAILY", "12:30:00", "2024-02-29T10:10:00", "2024-02-29T12:30:00"),
        ("DAILY", "12:30:00", "2024-02-29T12:30:00", "2024-03-01T12:30:00"),
        ("MANUAL", "12:30:00", "2024-02-29T12:30:00", None),
    ],
)
def test_when_a_table_is_due(interval: str, when: str, now: str, due: str | None) -> None:
    found = next_run(interval, when, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == (datetime.fromisoformat(due).replace(tzinfo=UTC) if due else None)


def test_a_due_table_is_synced_once(synced: Synced) -> None:
    start_due()
    assert _open_jobs(synced) == [] and synced.rows() == []
    assert len(_due(synced)) == 1
    assert [row["Name"] for row in synced.rows()] == ["Ada", "Bo", "Cy"]
    start_due()
    assert _open_jobs(synced) == []


def test_one_that_is_being_synced_is_not_synced_twice(synced: Synced) -> None:
    by_hand = synced.api.post(f"{synced.path}sync/async/")
    assert _due(synced) == [by_hand[1]["id"]]


def test_one_that_keeps_failing_is_stopped_with_the_reason(synced: Synced) -> None:
    _due(synced)
    lab.flock.rows = [SyncError("The loft is empty.")]
    for count in range(1, MOST_FAILURES + 1):
        assert synced.api.get(_path(synced))[1]["automatically_deactivated"] is False
        assert len(_due(synced)) == 1
        assert synced.shown()["last_error"].startswith("The loft is empty."), count
    assert synced.api.get(_path(synced))[1]["automatically_deactivated"] is True
    assert f"{MOST_FAILURES} times in a row" in synced.shown()["last_error"]
    start_due()
    assert _open_jobs(synced) == [] and len(synced.rows()) == 3
    lab.flock.rows = [FIRST[0]]
    again = synced.api.patch(_path(synced), {"interval": "HOURLY", "when": "00:15:30"})[1]
    assert again == {"interval": "HOURLY", "when": "00:15:30", "automatically_deactivated": False}
    _due(synced)
    assert synced.shown()["last_error"] is None and len(synced.rows()) == 1


def test_a_success_forgives_earlier_failures(synced: Synced) -> None:
    for _ in range(MOST_FAILURES - 1):
        lab.flock.told = "The loft is locked."
        _due(synced)
    lab.flock.told = ""
    _due(synced)
    lab.flock.told = "The loft is locked."
    _due(synced)
    assert synced.api.get(_path(synced))[1]["automatically_deactivated"] is False


def test_an_account_that_lost_its_access_syncs_no_more(synced: Synced) -> None:
    with begin():
        connection().exec_driver_sql(
            "DELETE FROM core.membership WHERE workspace_id = %(id)s", {"id": synced.base.workspace_id}
        )
    assert _due(synced) == []
    with begin():
        sql = "SELECT automatically_deactivated, last_error, next_run FROM data_sync.data_sync WHERE id = %(id)s"
        stopped, reason, due = connection().exec_driver_sql(sql, {"id": synced.id}).one()
    assert stopped and "may not do that any more" in reason and due is None


def test_a_table_in_the_trash_waits(synced: Synced, api: Any) -> None:
    assert api.delete(f"/api/database/tables/{synced.table_id}/")[0] == 204
    assert _due(synced) == []
    body = {"trash_item_type": "table", "trash_item_id": synced.table_id}
    assert api.patch("/api/trash/restore/", body)[0] == 204
    assert len(_due(synced)) == 1 and len(synced.rows()) == 3
