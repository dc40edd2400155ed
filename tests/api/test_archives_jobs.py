"""Exports and imports of archives as jobs: who may, what is left when they end early, how long archives are there."""

from __future__ import annotations

import copy
import os
import random
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from plugin_api.db import begin, connection
from plugins.database.archive import reading as database
from plugins.workspace_archives import files, signing
from plugins.workspace_archives.commands import archive_key, export_applications, import_applications
from tests.archives import archive_of, described, ended, exported, imported, installed, unsigned_accepted, upload
from tests.everything import everything
from tests.tables import Database, recorded, run_job, scalar

Json = dict[str, Any]
FIELD = {"id": 1, "name": "Name", "type": "text", "primary": True}
TABLE: Json = {"id": 1, "name": "T", "fields": [FIELD], "views": [], "rows": [{"id": 1, "field_1": "Ann"}]}
BASE: Json = {"id": 1, "type": "database", "name": "Base", "tables": [TABLE]}


@pytest.fixture
def target(api: Any) -> Database:
    """A workspace of the user's."""
    return Database(api)


@pytest.fixture
def open_instance(app: Any) -> Iterator[None]:
    """The instance takes archives of anybody."""
    with unsigned_accepted():
        yield


def _uploaded(api: Any, target: Database, archive: bytes) -> int:
    status, resource = upload(api, target.workspace_id, archive)
    assert status == 200, resource
    return int(resource["id"])


def _there(target: Database) -> Any:
    """The tables in the workspace's schema."""
    tables = "SELECT array_agg(tablename::text ORDER BY 1) FROM pg_tables WHERE schemaname = %(name)s"
    return scalar(tables, name=f"ws_{target.workspace_id}")


def test_an_archive_may_be_taken_in_part(api: Any, target: Database, open_instance: None) -> None:
    site = {**BASE, "id": 3, "name": "Site", "type": "no_such_type"}
    resource = _uploaded(api, target, archive_of(BASE, {**BASE, "id": 2, "name": "Second"}, site))
    path, body = f"/api/workspaces/{target.workspace_id}/import/async/", {"resource_id": resource}
    for ids in ([7], [3], [2, 7]):
        status, answer = api.post(path, {**body, "application_ids": ids})
        assert (status, answer["error"]) == (400, "ERROR_APPLICATION_IDS_NOT_FOUND")
    job = ended(api, api.post(path, {**body, "application_ids": [2]}))
    assert [one["name"] for one in job["installed_applications"]] == ["Second"]
    job = ended(api, api.post(path, body))
    assert [one["name"] for one in job["installed_applications"]] == ["Base", "Second 2"]


def test_a_cancelled_import_leaves_nothing(
    api: Any, target: Database, open_instance: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = {**TABLE, "id": 2, "name": "U", "fields": [{**FIELD, "id": 2}]}
    resource, before = _uploaded(api, target, archive_of({**BASE, "tables": [TABLE, second]})), _there(target)
    job = api.post(f"/api/workspaces/{target.workspace_id}/import/async/", {"resource_id": resource})[1]["id"]
    real = database.finish_rows

    def cancelling(*args: Any) -> None:
        api.post(f"/api/jobs/{job}/cancel/")
        real(*args)

    monkeypatch.setattr(database, "finish_rows", cancelling)
    run_job(job)
    assert api.get(f"/api/jobs/{job}/")[1]["state"] == "cancelled"
    assert _there(target) == before


def test_who_may(api: Any, make_user: Any, target: Database, open_instance: None) -> None:
    viewer = make_user("Vi")
    with begin():
        member = "INSERT INTO core.membership (workspace_id, user_id, permissions) VALUES (%s, %s, 'VIEWER')"
        connection().exec_driver_sql(member, (target.workspace_id, viewer.user["id"]))
    path, resource = f"/api/workspaces/{target.workspace_id}", _uploaded(api, target, archive_of(BASE))
    for answer in (
        viewer.post(f"{path}/export/async/", {}),
        viewer.post(f"{path}/export/async/", {"application_ids": [target.id]}),
        viewer.post(f"{path}/import/async/", {"resource_id": resource}),
        viewer.delete(f"{path}/import/{resource}/"),
        upload(viewer, target.workspace_id, archive_of(BASE)),
    ):
        assert (answer[0], answer[1]["error"]) == (401, "PERMISSION_DENIED")
    assert viewer.get(f"{path}/export/") == (200, {"results": []})
    other = f"/api/workspaces/{Database(viewer).workspace_id}"
    assert viewer.post(f"{other}/import/async/", {"resource_id": resource})[0] == 404
    assert viewer.delete(f"{other}/import/{resource}/")[0] == 404
    answer = viewer.post(f"{other}/export/async/", {"application_ids": [target.id]})
    assert (answer[0], answer[1]["error"]) == (400, "ERROR_APPLICATION_NOT_IN_GROUP")
    assert viewer.post(f"{other}/export/async/", {"application_ids": [2**40]})[0] == 404


def test_exports_are_listed_recorded_and_deleted_in_time(
    api: Any, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/api/workspaces/{target.workspace_id}/export/"
    archive = exported(api, target.workspace_id)
    (listed,) = api.get(path)[1]["results"]
    url = "/media" + listed["url"].partition("/media")[2]
    assert installed(api, target.workspace_id, archive)
    told = [one for one in recorded("action", api, "params") if one["type"].endswith("_applications")]
    assert [(one["type"], one["application_count"]) for one in told] == [
        ("export_applications", 1),
        ("import_applications", 1),
    ]
    monkeypatch.setattr(files, "setting", lambda name: -1)
    files.forget_archives()
    assert api.client.get(url).status_code == 404
    assert api.get(path)[1]["results"] == []
    assert scalar("SELECT count(*) FROM workspace_archives.resource") == 0


def test_an_import_of_a_deleted_archive_says_so(api: Any, target: Database, open_instance: None) -> None:
    path, resource = f"/api/workspaces/{target.workspace_id}/import", _uploaded(api, target, archive_of(BASE))
    job = api.post(f"{path}/async/", {"resource_id": resource})
    assert api.delete(f"{path}/{resource}/")[0] == 204
    assert ended(api, job)["state"] == "failed"


def test_commands_write_and_read_archives(api: Any, target: Database, tmp_path: Any) -> None:
    target.table("People", [["Name"], ["Ann"]])
    file, run = str(tmp_path / "archive.zip"), CliRunner().invoke
    with begin():
        assert run(archive_key).output.strip() == signing.public_key()
        assert run(export_applications, [str(target.id), file]).exit_code == 0
        done = run(import_applications, [file, str(target.workspace_id), "--user", str(api.user["id"])])
    assert done.exit_code == 0, done.output
    tables = api.get(f"/api/database/tables/database/{int(done.output.split()[0])}/")[1]
    assert target.values(tables[0]["id"]) == [["Ann"]]


MANY = int(os.environ.get("TABLEWRIGHT_TEST_JUNK", "25"))
JUNK = (None, True, 0, -1, 2**62, 2**63, 1.5, "", "x", "1", [], {}, [None], {"id": 1}, [[]], "field_1", "\u202e")


def _changed(value: Any, rng: random.Random) -> Any:
    """The value with junk somewhere."""
    if not isinstance(value, dict | list) or not value or rng.random() < 0.1:
        return rng.choice(JUNK)
    key = rng.choice(list(value)) if isinstance(value, dict) else rng.randrange(len(value))
    found = copy.copy(value)
    found[key] = _changed(value[key], rng)
    return found


def _shown(api: Any, applications: Any) -> None:
    """All of it can be read."""
    for table in [table for one in applications or () for table in one["tables"]]:
        for path in ("fields/table/{}/", "rows/table/{}/", "views/table/{}/?include=filters,decorations,sortings"):
            status, answer = api.get("/api/database/" + path.format(table["id"]))
            assert status == 200, (path, answer)


def test_junk_anywhere_is_refused_or_left_out(api: Any, target: Database, open_instance: None) -> None:
    """Whatever is changed in a good archive, nothing goes wrong on our side."""
    target.allow_ai()
    whole, rng = described(exported(api, everything(api).base.workspace_id))[0], random.Random(MANY)
    ends = {"finished": 0, "failed": 0}
    for n in range(MANY):
        tables = list(whole["tables"])
        for place in rng.sample(range(len(tables)), 2 if n else 0):
            tables[place] = _changed(tables[place], rng)
        job = imported(api, target.workspace_id, archive_of({**BASE, "tables": tables}))
        assert "went wrong" not in job["human_readable_error"], (n, job)
        ends[job["state"]] += 1
        _shown(api, job["installed_applications"])
    assert min(ends.values()) > 2, ends
