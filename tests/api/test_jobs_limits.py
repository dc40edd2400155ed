"""One unfinished job of each type for each user; what refused, cancelled and old ones leave behind: nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
import sqlalchemy as sa

from core.db.models import Job
from core.jobs.live import LiveJobs
from core.jobs.sweep import Sweep
from core.jobs.types import JobTypes
from plugin_api.db import UnitsOfWork, begin, session
from plugin_api.platform import service
from plugin_api.storage import Storage
from plugins.exporter import jobs
from tests import lab
from tests.archives import archive_of, unsigned_accepted, upload
from tests.tables import Database, run_job

FIELD = {"id": 1, "name": "Name", "type": "text", "primary": True}
BASE = {"id": 1, "type": "database", "name": "B", "tables": [{"id": 1, "name": "T", "fields": [FIELD], "rows": []}]}


def _make_table(base: Database) -> Any:
    return base.api.post(f"{base.path}async/", {"name": "Made", "data": [["Name"], ["a"]]})


def _duplicate_table(base: Database) -> Any:
    return base.api.post(f"/api/database/tables/{base.table()}/duplicate/async/")


def _duplicate_field(base: Database) -> Any:
    field = base.fields(base.table())[0]["id"]
    return base.api.post(f"/api/database/fields/{field}/duplicate/async/", {})


def _duplicate_application(base: Database) -> Any:
    return base.api.post(f"/api/applications/{base.id}/duplicate/async/")


def _duplicate_page(base: Database) -> Any:
    path = f"/api/applications/workspace/{base.workspace_id}/"
    site = base.api.post(path, {"name": "Site", "type": "builder"})[1]["id"]
    page = base.api.post(f"/api/builder/{site}/pages/", {"name": "Home", "path": "/home"})[1]["id"]
    return base.api.post(f"/api/builder/pages/{page}/duplicate/async/")


def _export(base: Database) -> Any:
    return base.api.post(f"/api/workspaces/{base.workspace_id}/export/async/", {})


def _import(base: Database) -> Any:
    with unsigned_accepted():
        resource = upload(base.api, base.workspace_id, archive_of(BASE))[1]["id"]
    return base.api.post(f"/api/workspaces/{base.workspace_id}/import/async/", {"resource_id": resource})


def _install_template(base: Database) -> Any:
    template = base.api.get("/api/templates/")[1][0]["templates"][0]["id"]
    return base.api.post(f"/api/templates/install/{base.workspace_id}/{template}/async/")


def _take_snapshot(base: Database) -> Any:
    path = f"/api/applications/workspace/{base.workspace_id}/"
    one = base.api.post(path, {"name": "One more", "type": "database"})[1]["id"]
    return base.api.post(f"/api/snapshots/application/{one}/", {"name": "Monday"})


_MAX = "ERROR_MAX_JOB_COUNT_EXCEEDED"
_STARTS: dict[Callable[[Database], Any], str] = {
    _make_table: _MAX,
    _duplicate_table: _MAX,
    _duplicate_field: _MAX,
    _duplicate_application: _MAX,
    _duplicate_page: _MAX,
    _export: _MAX,
    _import: _MAX,
    _install_template: _MAX,
    _take_snapshot: "ERROR_SNAPSHOT_OPERATION_LIMIT_EXCEEDED",
}


@pytest.fixture
def base(api: Any) -> Iterator[Database]:
    """A database of a user who has no jobs."""
    lab.reset()
    yield Database(api)


@pytest.mark.parametrize(("start", "code"), _STARTS.items())
def test_one_of_each_type_a_user(base: Database, make_user: Any, start: Callable[[Database], Any], code: str) -> None:
    first = start(base)
    assert first[0] in (200, 202), first
    stored = set(service(Storage).names("imports/"))
    refused = start(base)
    assert (refused[0], refused[1]["error"]) == (400, code)
    assert set(service(Storage).names("imports/")) == stored
    assert start(Database(make_user("Bob")))[0] in (200, 202)
    run_job(first[1]["id"])
    assert base.api.get(f"/api/jobs/{first[1]['id']}/")[1]["state"] == "finished"
    again = start(base)
    assert again[0] in (200, 202), again
    assert base.api.post(f"/api/jobs/{again[1]['id']}/cancel/")[1]["state"] == "cancelled"
    assert start(base)[0] in (200, 202)


def test_files_of_old_jobs_go_with_them(base: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when they could not be removed at the job's end."""
    before = set(service(Storage).names("imports/"))
    job = _make_table(base)[1]["id"]
    kind = service(JobTypes).get("file_import")
    with monkeypatch.context() as patch:
        patch.setattr(type(kind), "clean_up", _storage_is_away)
        run_job(job)
    assert len(set(service(Storage).names("imports/")) - before) == 1
    with begin():
        ago = sa.func.now() - timedelta(days=8)
        session().execute(sa.update(Job).where(Job.id == job).values(updated_on=ago))
    Sweep(service(UnitsOfWork), service(JobTypes), service(LiveJobs), service(redis.Redis), 1).forget(7)
    assert set(service(Storage).names("imports/")) == before
    assert base.api.get(f"/api/jobs/{job}/")[0] == 404


def _storage_is_away(*_: Any) -> None:
    raise OSError("the disk is away")


def test_a_failed_export_leaves_no_file(base: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written, but not committed."""
    before = set(service(Storage).names("workspace_archives/"))
    monkeypatch.setattr("plugins.workspace_archives.jobs._record", _storage_is_away)
    job = _export(base)[1]["id"]
    run_job(job)
    assert base.api.get(f"/api/jobs/{job}/")[1]["state"] == "failed"
    assert set(service(Storage).names("workspace_archives/")) == before


def test_a_cancelled_export_of_a_table_leaves_no_file(base: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    before = set(service(Storage).names("export_files/"))
    body = {"exporter_type": "csv", "export_charset": "utf-8"}
    job = base.api.post(f"/api/database/export/table/{base.table()}/", body)[1]["id"]
    real = jobs.files.stored_name

    def cancelling(name: str) -> str:
        base.api.post(f"/api/jobs/{job}/cancel/")
        return real(name)

    monkeypatch.setattr(jobs.files, "stored_name", cancelling)
    run_job(job)
    assert base.api.get(f"/api/database/export/{job}/")[1]["state"] == "cancelled"
    assert set(service(Storage).names("export_files/")) == before
