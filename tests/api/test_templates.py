"""Templates: listing and installing them, templates of one's own, and starting with one."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from plugin_api.archives import BadArchive
from plugin_api.platform import registry
from plugins.templates import catalog, installing
from plugins.templates.library import LIBRARY
from plugins.templates.moving import moved
from plugins.templates.types import Template
from tests import lab
from tests.alike import Likeness, assert_alike
from tests.archives import exported
from tests.everything import everything
from tests.sheets import Sheet
from tests.tables import Database, recorded, run_job, scalar

PATH = "/api/templates/"
SMALL = "employee-onboarding"


def _ok(answer: tuple[int, Any]) -> Any:
    assert answer[0] in (200, 202), answer
    return answer[1]


def _id(slug: str = SMALL) -> int:
    return catalog.by_slug(slug).id


def _install(database: Database, slug: str = SMALL) -> dict[str, Any]:
    """Install a template by its job, the only application of which is answered."""
    job = database.run(database.api.post(f"{PATH}install/{database.workspace_id}/{_id(slug)}/async/"))
    assert job["state"] == "finished", job
    (made,) = job["installed_applications"]
    return dict(made)


def _left(database: Database) -> tuple[int, int]:
    """The applications of the workspace, and the tables in its schema."""
    applications = "SELECT count(*) FROM core.application WHERE workspace_id = %(id)s"
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = %(schema)s"
    schema = f"ws_{database.workspace_id}"
    return scalar(applications, id=database.workspace_id), scalar(tables, schema=schema)


@pytest.fixture
def database(api: Any) -> Database:
    """An empty database, whose workspace is installed into."""
    return Database(api)


@pytest.fixture
def folder(tmp_path: Path, instance: Any) -> Path:
    """The folder of the instance's own templates."""
    instance(templates_dir=str(tmp_path))
    return tmp_path


def _by_name(found: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for category in found for one in category["templates"]}


# Listing.


def test_categories_are_listed_with_their_templates(api: Any, instance: Any) -> None:
    instance(default_template=SMALL)
    found = _ok(api.get(PATH))
    assert [one["name"] for one in found] == sorted((one["name"] for one in found), key=str.casefold)
    assert all(set(one) == {"id", "name", "templates"} and one["templates"] for one in found)
    template = _by_name(found)["Employee onboarding"]
    assert template == {
        "id": _id(),
        "name": "Employee onboarding",
        "slug": SMALL,
        "icon": "iconoir-community",
        "keywords": "onboarding,new employees,checklist,first day,training,people",
        "workspace_id": None,
        "is_default": True,
        "open_application": None,
        "description": template["description"],
    }
    assert [one["is_default"] for one in _by_name(found).values()].count(True) == 1
    twice = [category["name"] for category in found if "Event planning" in _by_name([category])]
    assert twice == ["Marketing and content", "Projects and tasks"]


def test_names_fit_what_clients_take(api: Any) -> None:
    for category in _ok(api.get(PATH)):
        assert len(category["name"]) <= 32 and 0 < category["id"] < 2**31
        for one in category["templates"]:
            assert len(one["name"]) <= 64 and len(one["icon"]) <= 32 and 0 < one["id"] < 2**31


def test_listing_asks_the_database_nothing_for_it(api: Any, count_sql: Any) -> None:
    _ok(api.get(PATH))
    with count_sql() as listing:
        _ok(api.get(PATH))
    with count_sql() as another:
        _ok(api.get("/api/user/dashboard/"))
    assert len(listing) <= len(another)


def test_visitors_see_them_only_where_the_instance_says_so(anonymous: Any, api: Any, instance: Any) -> None:
    assert anonymous.get(PATH) == (200, [])
    instance(templates_shown_to="everybody")
    assert anonymous.get(PATH) == api.get(PATH)
    anonymous.headers = {"Authorization": "JWT nonsense"}
    assert anonymous.get(PATH)[0] == 401


# Installing.


def test_installing_twice_gives_two_that_know_nothing_of_each_other(database: Database, api: Any) -> None:
    first, second = _install(database), _install(database)
    assert (first["name"], second["name"]) == ("Employee onboarding", "Employee onboarding 2")
    assert first["workspace"]["id"] == database.workspace_id
    assert not {table["id"] for table in first["tables"]} & {table["id"] for table in second["tables"]}
    before = Likeness(api, first["id"]).told()
    assert_alike(Likeness(api, second["id"]), before)
    people = next(table["id"] for table in first["tables"] if table["name"] == "New colleagues")
    _ok(api.patch(f"/api/database/rows/table/{people}/1/?user_field_names=true", {"Name": "Somebody else"}))
    assert Likeness(api, second["id"]).told() == before
    assert Likeness(api, first["id"]).told() != before


def test_an_installed_one_works_on(database: Database, api: Any) -> None:
    made = _install(database)
    tables = {table["name"]: table["id"] for table in made["tables"]}
    row = {"Item": "Plant, Meera", "Colleague": ["Meera Pillai"], "Done": True}
    _ok(api.post(f"/api/database/rows/table/{tables['Checklist']}/?user_field_names=true", row))
    meera = next(row for row in database.rows(tables["New colleagues"]) if row["Name"] == "Meera Pillai")
    assert (meera["Steps"], meera["Steps done"], meera["Progress"]) == ("9", "3", "33")


def test_installing_at_once(database: Database, api: Any) -> None:
    made = _ok(api.post(f"{PATH}install/{database.workspace_id}/{_id()}/"))
    assert [one["name"] for one in made] == ["Employee onboarding"]
    listed = _ok(api.get(f"/api/applications/workspace/{database.workspace_id}/"))
    assert listed[-1] == made[0]


def test_a_job_tells_what_it_is_about(database: Database, api: Any) -> None:
    status, job = api.post(f"{PATH}install/{database.workspace_id}/{_id()}/async/")
    assert (status, job["type"], job["state"], job["installed_applications"]) == (
        202,
        "install_template",
        "pending",
        [],
    )
    assert job["template"] == _by_name(_ok(api.get(PATH)))["Employee onboarding"]
    brief = {"id": database.workspace_id, "name": "Workspace", "generative_ai_models_enabled": {}}
    assert job["workspace"] == brief
    assert (
        api.post(f"{PATH}install/{database.workspace_id}/{_id()}/async/")[1]["error"] == "ERROR_MAX_JOB_COUNT_EXCEEDED"
    )
    ended = database.run((status, job))
    assert (ended["progress_percentage"], ended["template"], ended["workspace"]) == (100, job["template"], brief)


def test_it_is_recorded_once_and_announced_as_a_whole(database: Database, api: Any) -> None:
    made = _install(database)
    told = recorded("action", api, "params")[-1]
    assert told == {
        "type": "install_template",
        "template_id": _id(),
        "template_name": "Employee onboarding",
        "installed_application_ids": [made["id"]],
    }
    events = [one["type"] for one in recorded("outbox", api, "payload")]
    assert events.count("application_created") == 2  # the empty one, and the template
    assert not {"table_created", "field_created", "rows_created", "view_created"} & set(events)


# Refusals.


@pytest.mark.parametrize(("end", "outsider"), [("", 404), ("async/", 400)])
def test_what_is_not_there(
    database: Database, api: Any, make_user: Any, anonymous: Any, end: str, outsider: int
) -> None:
    unknown = f"{PATH}install/{database.workspace_id}/99999999/{end}"
    assert api.post(unknown)[1]["error"] == "ERROR_TEMPLATE_DOES_NOT_EXIST"
    assert make_user("Bob").post(unknown)[0] == outsider
    nowhere = api.post(f"{PATH}install/99999999/{_id()}/{end}")
    assert (nowhere[0], nowhere[1]["error"]) == (404, "ERROR_GROUP_DOES_NOT_EXIST")
    assert anonymous.post(unknown)[0] == 401
    assert api.get(unknown)[0] == 405


@pytest.mark.parametrize("end", ["", "async/"])
def test_outsiders_and_those_who_may_not_make_applications(api: Any, make_user: Any, end: str) -> None:
    sheet = Sheet(api)
    path = f"{PATH}install/{sheet.workspace_id}/{_id()}/{end}"
    assert make_user("Bob").post(path)[1]["error"] == "ERROR_USER_NOT_IN_GROUP"
    editor = sheet.member(make_user, "EDITOR").post(path)
    assert (editor[0], editor[1]["error"]) == (401, "PERMISSION_DENIED")
    assert sheet.member(make_user, "BUILDER").post(path)[0] < 300


def test_somebody_who_lost_the_permission_meanwhile(api: Any, make_user: Any) -> None:
    sheet = Sheet(api)
    builder = sheet.member(make_user, "BUILDER")
    job = _ok(builder.post(f"{PATH}install/{sheet.workspace_id}/{_id()}/async/"))
    members = _ok(api.get(f"/api/workspaces/users/workspace/{sheet.workspace_id}/"))
    membership = next(one["id"] for one in members if one["user_id"] == builder.user["id"])
    _ok(api.patch(f"/api/workspaces/users/{membership}/", {"permissions": "VIEWER"}))
    run_job(job["id"])
    assert _ok(builder.get(f"/api/jobs/{job['id']}/"))["state"] == "failed"
    assert len(_ok(api.get(f"/api/applications/workspace/{sheet.workspace_id}/"))) == 1


def test_a_cancelled_job_leaves_nothing(database: Database, api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _left(database)
    waiting = api.post(f"{PATH}install/{database.workspace_id}/{_id()}/async/")
    assert api.post(f"/api/jobs/{waiting[1]['id']}/cancel/")[0] == 200
    assert database.run(waiting)["state"] == "cancelled"
    real, parts = installing.install, []

    def install(workspace_id: int, template: Template, progress: Any) -> Any:
        """Somebody cancels when half of it is there."""

        def told(part: float) -> None:
            parts.append(part)
            if part > 0.5:
                api.post(f"/api/jobs/{running[1]['id']}/cancel/")
            progress(part)

        return real(workspace_id, template, told)

    monkeypatch.setattr("plugins.templates.jobs.install", install)
    running = api.post(f"{PATH}install/{database.workspace_id}/{_id()}/async/")
    assert database.run(running)["state"] == "cancelled"
    assert parts and _left(database) == before


def test_a_job_that_fails_leaves_nothing(database: Database, api: Any, folder: Path) -> None:
    before = _left(database)
    primary = {"id": 9, "name": "Name", "type": "text", "order": 0, "primary": True}
    other = {"id": 2, "name": "B", "order": 2, "fields": [primary], "views": [], "rows": [{}]}
    content = {"id": 1, "name": "A", "type": "database", "tables": [_TABLE, other]}
    (folder / "broken.zip").write_bytes(_archive(content))
    job = database.run(api.post(f"{PATH}install/{database.workspace_id}/{_id('broken')}/async/"))
    assert (job["state"], _left(database)) == ("failed", before)
    assert "no id" in job["human_readable_error"]
    status, answer = api.post(f"{PATH}install/{database.workspace_id}/{_id('broken')}/")
    assert (status, answer["error"]) == (400, "ERROR_TEMPLATE_FILE_DOES_NOT_EXIST")
    assert _left(database) == before


def test_a_file_that_went_away(database: Database, api: Any, folder: Path) -> None:
    (folder / "gone.zip").write_bytes(_archive({"id": 1, "name": "A", "type": "database", "tables": []}))
    started = api.post(f"{PATH}install/{database.workspace_id}/{_id('gone')}/async/")
    (folder / "gone.zip").unlink()
    assert database.run(started)["state"] == "failed"


@pytest.mark.parametrize("end", ["", "async/"])
def test_a_plugin_whose_file_is_not_there(
    database: Database, api: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, end: str
) -> None:
    lost = dataclasses.replace(lab.TEMPLATE, archive=tmp_path / "nothing.zip")
    monkeypatch.setattr(catalog, "active", lambda name: [lost])
    status, answer = api.post(f"{PATH}install/{database.workspace_id}/{lost.id}/{end}")
    assert (status, answer["error"]) == (400, "ERROR_TEMPLATE_FILE_DOES_NOT_EXIST")


_TABLE = {
    "id": 1,
    "name": "A",
    "order": 1,
    "fields": [
        {"id": 1, "name": "Name", "type": "text", "order": 0, "primary": True},
        {"id": 2, "name": "Day", "type": "date", "order": 1, "date_format": "ISO"},
        {"id": 3, "name": "At", "type": "date", "order": 2, "date_format": "ISO", "date_include_time": True},
    ],
    "views": [],
    "rows": [{"id": 1, "order": "1", "field_1": "x", "field_2": "2026-01-05", "field_3": "2026-01-07T10:30:00Z"}],
}


def _archive(content: dict[str, Any]) -> bytes:
    """An archive with one database, as others could have made it."""
    text, name = orjson.dumps(content), "database_1.json"
    item = {"id": content["id"], "type": "database", "name": content["name"], "files": {"schema": name}}
    manifest = {
        "version": "1.0.0",
        "configuration": {},
        "applications": {"database": {"version": "1.0.0", "items": [item]}},
        "total_files": 3,
        "checksums": {name: _sum(text)},
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, text)
        archive.writestr("manifest.json", orjson.dumps(manifest))
        archive.writestr("manifest_signature.json", b"{}")
    return file.getvalue()


def _sum(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


# Dates.


def _days(archive: Any) -> tuple[str, str]:
    with zipfile.ZipFile(archive) as found:
        row = json.loads(found.read("database_1.json"))["tables"][0]["rows"][0]
    return row["field_2"], row["field_3"]


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        ("2026-01-05", "2026-01-05"),
        ("2026-01-08", "2026-01-05"),
        ("2026-01-09", "2026-01-12"),
        ("2026-11-28", "2026-11-30"),
        ("2027-03-03", "2027-03-01"),
        ("2025-01-01", "2024-12-30"),
    ],
)
def test_dates_move_by_whole_weeks_to_the_nearest(today: str, monday: str) -> None:
    source = io.BytesIO(_archive({"id": 1, "name": "A", "type": "database", "tables": [_TABLE]}))
    day, moment = _days(moved(source, date(2026, 1, 5), date.fromisoformat(today)))
    wednesday = date.fromisoformat(monday) + timedelta(days=2)
    assert (day, moment) == (monday, f"{wednesday}T10:30:00Z")


@pytest.mark.parametrize("value", ["soon", 5, "9999-12-31"])
def test_dates_that_cannot_be_moved_refuse_the_archive(value: Any) -> None:
    table = {**_TABLE, "rows": [{"id": 1, "field_2": value}]}
    source = io.BytesIO(_archive({"id": 1, "name": "A", "type": "database", "tables": [table]}))
    with pytest.raises(BadArchive, match="cannot be moved"):
        moved(source, date(2026, 1, 5), date(2027, 1, 5))
    with pytest.raises(BadArchive, match="cannot be moved"):
        moved(io.BytesIO(b"no archive"), date(2026, 1, 5), date(2027, 1, 5))


# Templates of one's own.


def test_an_application_of_one_s_own_becomes_a_template(api: Any, folder: Path) -> None:
    world = everything(api)
    ids = {"application_ids": [world.base.id]}
    (folder / "our-world.zip").write_bytes(exported(api, world.base.workspace_id, **ids))
    listed = _by_name(_ok(api.get(PATH)))["Our world"]
    assert (listed["slug"], listed["keywords"], listed["icon"]) == ("our-world", "", "iconoir-view-grid")
    told = {"name": "The world", "categories": ["Ours"], "keywords": ["a", "b"], "icon": "iconoir-planet"}
    (folder / "our-world.json").write_text(json.dumps(told))
    (category,) = (one for one in _ok(api.get(PATH)) if one["name"] == "Ours")
    assert category["templates"][0]["id"] == listed["id"] and category["templates"][0]["keywords"] == "a,b"
    before = Likeness(api, world.base.id)
    told = before.told()
    for table in told.values():  # archives keep what a synced table has, and nothing of where it comes from
        table["table"]["data_sync"] = None
        for field in table["fields"]:
            own = registry("field_types")[field["type"]].read_only
            field.update({"read_only": own, "immutable_type": False, "immutable_properties": False})
    made = _install(world.base, "our-world")
    assert_alike(Likeness(api, made["id"]), told, before)


def test_one_s_own_wins_over_one_of_the_product(api: Any, folder: Path) -> None:
    (folder / f"{SMALL}.zip").write_bytes((LIBRARY / f"{SMALL}.zip").read_bytes())
    (folder / f"{SMALL}.json").write_text(json.dumps({"name": "How we begin"}))
    found = [one for one in _by_name(_ok(api.get(PATH))).values() if one["slug"] == SMALL]
    assert [one["name"] for one in found] == ["How we begin"]


@pytest.mark.parametrize(
    "described",
    ["no JSON", "[1]", '{"name": "x", "colour": "red"}', '{"name": ["x"]}', '{"as_of": "soon"}', '{"categories": []}'],
)
def test_descriptions_that_are_wrong_leave_the_template_out(api: Any, folder: Path, described: str) -> None:
    (folder / "odd.zip").write_bytes((LIBRARY / f"{SMALL}.zip").read_bytes())
    before = len(_by_name(_ok(api.get(PATH))))
    (folder / "odd.json").write_text(described)
    assert len(_by_name(_ok(api.get(PATH)))) == before - 1


def test_files_of_strange_names_are_left_out(api: Any, folder: Path) -> None:
    before = _by_name(_ok(api.get(PATH)))
    (folder / "with space.zip").write_bytes(b"")
    assert _by_name(_ok(api.get(PATH))) == before


def test_plugins_bring_templates(api: Any, database: Database) -> None:
    assert lab.TEMPLATE.slug == "lab-notes"
    listed = _by_name(_ok(api.get(PATH)))["Notes of the lab"]
    assert listed["id"] == lab.TEMPLATE.id
    assert _install(database, "lab-notes")["name"] == "Employee onboarding"


# Starting with a template.


def test_signing_up_with_a_template(make_user: Any, api: Any) -> None:
    new = make_user("Nina", template_id=_id())
    (workspace,) = _ok(new.get("/api/workspaces/"))
    assert workspace["name"] == "Nina's workspace"
    (job,) = _ok(new.get("/api/jobs/"))["jobs"]
    assert (job["type"], job["template"]["slug"]) == ("install_template", SMALL)
    run_job(job["id"])
    assert [one["name"] for one in _ok(new.get("/api/applications/"))] == ["Employee onboarding"]


@pytest.mark.parametrize("value", [99999999, 0, "9" * 5000, 10**18])
def test_signing_up_with_a_template_nobody_knows(anonymous: Any, value: Any) -> None:
    body = {"name": "Nina", "email": "nina@example.com", "password": "Sup3rSecret!pw", "template_id": value}
    status, answer = anonymous.post("/api/user/", body)
    assert (status, answer["detail"]["template_id"][0]["code"]) == (400, "does_not_exist")


def test_signing_up_while_templates_are_switched_off(anonymous: Any, staff: Any, api: Any) -> None:
    template = _id()
    assert staff.patch("/api/admin/plugins/templates/", {"enabled": False})[0] == 200
    try:
        body = {"name": "Nina", "email": "nina@example.com", "password": "Sup3rSecret!pw", "template_id": template}
        assert anonymous.post("/api/user/", body)[0] == 400
        assert api.get(PATH)[1]["error"] == "ERROR_PLUGIN_DISABLED"
    finally:
        assert staff.patch("/api/admin/plugins/templates/", {"enabled": True})[0] == 200


def test_signing_up_with_a_template_where_nobody_may_make_workspaces(make_user: Any, staff: Any) -> None:
    template = _id()
    assert staff.patch("/api/settings/update/", {"allow_global_workspace_creation": False})[0] == 200
    try:
        assert _ok(make_user("Nina", template_id=template).get("/api/workspaces/")) == []
    finally:
        assert staff.patch("/api/settings/update/", {"allow_global_workspace_creation": True})[0] == 200
