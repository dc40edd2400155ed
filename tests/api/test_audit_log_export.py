"""Exports of the audit log: what is in the file, who may have it, that it stays small in memory and goes again."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from plugin_api.db import begin, connection
from plugins.audit_log.files import files
from plugins.audit_log.jobs import COLUMNS, EXPORT, ExportJob, _Lines
from plugins.audit_log.store import Wanted
from tests.api.test_audit_log import OWN, _many, entries, types
from tests.exports import csv_rows, download
from tests.tables import Database, run_job


@pytest.fixture
def base(api: Any) -> Database:
    """A database with a table."""
    made = Database(api)
    made.table("People", [["Name"], ["Ann"]])
    return made


def start(base: Database, **options: Any) -> dict[str, Any]:
    """Start an export of a workspace; the job."""
    status, job = base.api.post(f"{OWN}export/", {"filter_workspace_id": base.workspace_id, **options})
    assert status == 202, job
    return dict(job)


def finish(base: Database, job: dict[str, Any]) -> dict[str, Any]:
    """Do what a worker does; the job as it is then."""
    run_job(job["id"])
    return dict(base.api.get(f"/api/jobs/{job['id']}/")[1])


def exported(base: Database, **options: Any) -> bytes:
    """The file of an export."""
    job = finish(base, start(base, **options))
    assert job["state"] == "finished" and job["url"].endswith(f"/{job['exported_file_name']}"), job
    return download(base.api, job["url"])


def test_the_file_has_all_that_is_known(api: Any, base: Database) -> None:
    header, made, database = csv_rows(exported(base))
    assert header == list(COLUMNS)
    [table, shown] = entries(api, base.workspace_id)[1:]
    values = dict(zip(header, made, strict=True))
    assert values == {
        "user_email": api.user["username"],
        "user_id": str(api.user["id"]),
        "workspace_name": "Workspace",
        "workspace_id": str(base.workspace_id),
        "action_type": "create_table",
        "type": "Create table",
        "description": table["description"],
        "timestamp": table["timestamp"],
        "ip_address": "127.0.0.1",
    }
    assert database[4] == shown["action_type"] == "create_application"


def test_the_file_has_what_is_wanted_as_it_is_wanted(base: Database) -> None:
    options = {
        "filter_action_type": "create_table",
        "filter_from_timestamp": "2020-01-01",
        "filter_to_timestamp": "2090-01-01T00:00:00Z",
        "filter_user_id": base.api.user["id"],
        "csv_first_row_header": False,
        "csv_column_separator": "tab",
        "export_charset": "iso-8859-1",
        "exclude_columns": "user_email, user_id,workspace_name,workspace_id,timestamp,nonsense",
    }
    [row] = csv_rows(exported(base, **options), "iso-8859-1", "\t")
    assert row[:2] == ["create_table", "Create table"] and row[3] == "127.0.0.1" and len(row) == 4
    assert csv_rows(exported(base, filter_to_timestamp="2020-01-01"))[1:] == []


def test_a_name_is_no_formula(api: Any, base: Database) -> None:
    api.patch(f"/api/workspaces/{base.workspace_id}/", {"name": "=1+1"})
    assert csv_rows(exported(base))[1][2] == "'=1+1"


def test_that_it_was_exported_is_in_it(api: Any, base: Database) -> None:
    exported(base)
    [last, *_] = entries(api, base.workspace_id)
    assert (last["action_type"], last["description"]) == ("export_audit_log", "2 entries of the audit log exported")
    assert types(api, base.workspace_id, "&action_type=export_audit_log") == ["export_audit_log"]


def test_one_at_a_time_and_only_with_permission(api: Any, base: Database, make_user: Any) -> None:
    path, body = f"{OWN}export/", {"filter_workspace_id": base.workspace_id}
    assert make_user().post(path, body)[1]["error"] == "PERMISSION_DENIED"
    assert api.post(path, {})[0] == 403
    job = start(base)
    assert (job["state"], job["url"], job["exported_file_name"]) == ("pending", None, None)
    assert api.post(path, body)[1]["error"] == "ERROR_MAX_JOB_COUNT_EXCEEDED"
    with begin():
        connection().exec_driver_sql("DELETE FROM core.membership WHERE workspace_id = %s", (base.workspace_id,))
    ended = finish(base, job)
    assert (ended["state"], ended["url"]) == ("failed", None) and "not a member" in ended["human_readable_error"]


def test_it_is_started_like_other_jobs_too(api: Any, base: Database, make_user: Any) -> None:
    body = {"type": EXPORT, "filter_workspace_id": base.workspace_id, "filter_action_type": "create_table"}
    assert make_user().post("/api/jobs/", body)[1]["error"] == "PERMISSION_DENIED"
    assert api.post("/api/jobs/", {**body, "filter_action_type": "fly"})[0] == 400
    job = finish(base, api.post("/api/jobs/", body)[1])
    assert len(csv_rows(download(api, job["url"]))) == 2


def test_the_file_goes_after_a_while(api: Any, base: Database, instance: Any) -> None:
    job = finish(base, start(base))
    path = urlsplit(job["url"]).path
    files.forget()
    assert download(api, job["url"])
    instance(export_file_minutes=-1)
    assert api.client.get(path).status_code == 404
    assert api.get(f"/api/jobs/{job['id']}/")[1]["url"] is None
    files.forget()
    instance(export_file_minutes=60)
    assert api.client.get(path).status_code == 404
    for name in ("x.csv", path.rpartition("/")[2].replace("audit", "..audit"), f"audit_log_{uuid4().hex}.csv"):
        assert api.client.get(f"/media/audit_log_exports/{name}").status_code == 404


def test_what_a_cancelled_export_wrote_is_removed(api: Any, base: Database) -> None:
    job = finish(base, start(base))
    secret = job["exported_file_name"].rpartition("_")[2].removesuffix(".csv")
    ExportJob().discard({"secret": secret})
    assert ExportJob.type == EXPORT and api.client.get(urlsplit(job["url"]).path).status_code == 404


def _peak(workspace: int, most: datetime) -> tuple[int, int]:
    """How many entries an export has, and the memory it needs at most."""
    options = {"exclude_columns": None, "csv_column_separator": ",", "export_charset": "utf-8"}
    lines = _Lines({**options, "csv_first_row_header": True})
    with begin():
        tracemalloc.start()
        try:
            for _ in lines.written(Wanted(workspace_id=workspace, to_timestamp=most), lambda percentage: None):
                pass
            return lines.count, tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


def test_many_entries_need_no_more_memory_than_some(base: Database) -> None:
    with begin():
        _many(base.workspace_id, 6000, "'2000-01-01'")
        _many(base.workspace_id, 18_000, "'2000-01-02'")
    some, all_of_them = datetime(2000, 1, 1, 12, tzinfo=UTC), datetime(2000, 1, 3, tzinfo=UTC)
    _peak(base.workspace_id, some)  # what is loaded once
    (few, small), (many, large) = (_peak(base.workspace_id, moment) for moment in (some, all_of_them))
    assert (few, many) == (6000, 24_000) and large < 1.5 * small
