"""Exports over HTTP: starting them, what they are of, how they go on and end, and their files."""

from __future__ import annotations

import os
import threading
import time
from typing import Any
from unittest.mock import ANY

import psycopg
import pytest

from core.jobs.periodic import run_periodic
from core.settings import Settings
from plugin_api import export_files
from plugin_api.db import begin, connection
from plugin_api.platform import registry, service
from plugin_api.storage import Storage
from plugins.exporter import rows
from plugins.exporter.files import files
from tests.exports import PATH, csv_of, csv_rows, download, export, finish, json_of, read, start
from tests.tables import Database, run_job, scalar

VIEWS = "/api/database/views"
PEOPLE = [["Name", "City"], ["Ann", "Paris"], ["Bob", "Rome"], ["Cid", ""]]


class People:
    """A table of three people and its grid."""

    def __init__(self, api: Any) -> None:
        self.api, self.base = api, Database(api)
        self.table = self.base.table("People", PEOPLE)
        self.base.add_field(self.table, "Age", "number")
        self.ids = {field["name"]: field["id"] for field in self.base.fields(self.table)}
        self.grid = self.ok(api.get(f"{VIEWS}/table/{self.table}/"))[0]["id"]

    @staticmethod
    def ok(answer: tuple[int, Any]) -> Any:
        """The body of a good answer."""
        assert answer[0] == 200, answer
        return answer[1]

    def part(self, path: str, **body: Any) -> None:
        """Add a part to the grid."""
        self.ok(self.api.post(f"{VIEWS}/{self.grid}/{path}/", body))

    def options(self, **options: Any) -> None:
        """Change settings of fields, given by their names."""
        body = {"field_options": {str(self.ids[name]): found for name, found in options.items()}}
        self.ok(self.api.patch(f"{VIEWS}/{self.grid}/field-options/", body))

    def csv(self, **options: Any) -> list[str]:
        """The lines of an export."""
        return [",".join(row) for row in csv_of(self.api, self.table, **options)]

    def refused(self, **options: Any) -> tuple[int, Any]:
        """Why an export is refused."""
        status, answer = self.api.post(f"{PATH}/table/{self.table}/", {"exporter_type": "csv", **options})
        return status, answer["error"]


@pytest.fixture
def people(api: Any) -> People:
    """People and a grid."""
    return People(api)


def test_a_table_is_exported_whatever_its_views_show(people: People) -> None:
    people.options(City={"hidden": True})
    assert people.csv() == ["id,Name,City,Age", "1,Ann,Paris,", "2,Bob,Rome,", "3,Cid,,"]
    assert people.csv(fields=[people.ids["City"]])[0] == "id,Name,City,Age"


def test_rows_of_a_table_are_chosen_and_ordered(people: People) -> None:
    city = {"field": people.ids["City"], "type": "not_empty", "value": ""}
    name = {"field": people.ids["Name"], "type": "equal", "value": "Cid"}
    order = f"-field_{people.ids['Name']}"
    assert people.csv(filters={"filter_type": "AND", "filters": [city]}, order_by=order)[1:] == [
        "2,Bob,Rome,",
        "1,Ann,Paris,",
    ]
    tree = {"filter_type": "OR", "filters": [name], "groups": [{"filter_type": "AND", "filters": [city, name]}]}
    assert people.csv(filters=tree)[1:] == ["3,Cid,,"]


def test_a_view_is_exported_as_it_shows_the_rows(people: People) -> None:
    people.part("filters", field=people.ids["City"], type="not_empty", value="")
    people.part("sortings", field=people.ids["Name"], order="DESC")
    people.options(Age={"hidden": True}, City={"order": 0}, Name={"order": 1})
    view = {"view_id": people.grid}
    assert people.csv(**view) == ["id,Name,City", "2,Bob,Rome", "1,Ann,Paris"]
    bob = {"filter_type": "AND", "filters": [{"field": people.ids["Name"], "type": "equal", "value": "Bob"}]}
    cid = {"filter_type": "AND", "filters": [{"field": people.ids["Name"], "type": "equal", "value": "Cid"}]}
    assert people.csv(**view, filters=bob)[1:] == ["2,Bob,Rome"]
    assert people.csv(**view, filters=cid)[1:] == []
    assert people.csv(**view, order_by=f"field_{people.ids['Name']}")[1:] == ["1,Ann,Paris", "2,Bob,Rome"]
    chosen = [people.ids["Age"], people.ids["Name"], people.ids["Age"], 99_999_999]
    assert people.csv(**view, fields=chosen) == ["id,Age,Name", "2,,Bob", "1,,Ann"]
    assert people.csv(**view, fields=[])[0] == "id,Name,City"
    assert [list(row) for row in json_of(people.api, people.table, **view)] == [["id", "Name", "City"]] * 2


def test_rows_in_the_trash_are_not_exported(people: People) -> None:
    assert people.api.delete(f"/api/database/rows/table/{people.table}/2/")[0] == 204
    assert people.csv()[1:] == ["1,Ann,Paris,", "3,Cid,,"]


@pytest.mark.parametrize(
    ("name", "separator"),
    [(",", ","), (";", ";"), ("|", "|"), ("tab", "\t"), ("record_separator", "\x1e"), ("unit_separator", "\x1f")],
)
def test_values_are_separated_as_wanted(people: People, name: str, separator: str) -> None:
    odd = f"a{separator}b"
    path = f"/api/database/rows/table/{people.table}/1/?user_field_names=true"
    people.ok(people.api.patch(path, {"Name": odd}))
    content = export(people.api, people.table, csv_column_separator=name, csv_include_header=False)
    assert csv_rows(content, separator=separator)[0] == ["1", odd, "Paris", ""]


def test_what_cannot_be_exported_is_refused(people: People, make_user: Any) -> None:
    age, unknown = people.ids["Age"], 99_999_999

    def filters(**changes: Any) -> dict[str, Any]:
        condition = {"field": age, "type": "equal", "value": "1", **changes}
        return {"filters": {"filter_type": "AND", "filters": [condition]}}

    assert people.refused(**filters(field=unknown)) == (400, "ERROR_FILTER_FIELD_NOT_FOUND")
    assert people.refused(**filters(type="flies")) == (400, "ERROR_VIEW_FILTER_TYPE_DOES_NOT_EXIST")
    assert people.refused(**filters(type="boolean")) == (400, "ERROR_VIEW_FILTER_TYPE_UNSUPPORTED_FIELD")
    assert people.refused(**filters(value="a\0b")) == (400, "ERROR_REQUEST_BODY_VALIDATION")
    assert people.refused(order_by="Name") == (400, "ERROR_ORDER_BY_FIELD_NOT_FOUND")
    files_id = people.base.add_field(people.table, "Files", "file")
    assert people.refused(order_by=f"field_{files_id}") == (400, "ERROR_ORDER_BY_FIELD_NOT_POSSIBLE")
    assert people.refused(view_id=unknown) == (404, "ERROR_VIEW_DOES_NOT_EXIST")
    gallery = people.ok(people.api.post(f"{VIEWS}/table/{people.table}/", {"type": "gallery", "name": "G"}))["id"]
    assert people.refused(view_id=gallery) == (400, "ERROR_VIEW_UNSUPPORTED_FOR_EXPORT_TYPE")
    deep: dict[str, Any] = {"filter_type": "AND"}
    for _ in range(100):
        deep = {"filter_type": "AND", "groups": [deep]}
    assert people.refused(filters=deep) == (400, "ERROR_REQUEST_BODY_VALIDATION")
    status, answer = make_user().post(f"{PATH}/table/{people.table}/", {"exporter_type": "csv"})
    assert (status, answer["error"]) == (400, "ERROR_USER_NOT_IN_GROUP")
    assert scalar("SELECT count(*) FROM core.job WHERE user_id = %(user)s", user=people.api.user["id"]) == 0


def test_personal_views_are_their_owners(people: People, make_user: Any) -> None:
    body = {"type": "grid", "name": "Mine", "ownership_type": "personal"}
    mine = people.ok(people.api.post(f"{VIEWS}/table/{people.table}/", body))["id"]
    other = make_user()
    with begin():
        member = "INSERT INTO core.membership (workspace_id, user_id, permissions) VALUES (%s, %s, 'ADMIN')"
        connection().exec_driver_sql(member, (people.base.workspace_id, other.user["id"]))
    status, _ = other.post(f"{PATH}/table/{people.table}/", {"exporter_type": "csv", "view_id": mine})
    assert status == 401
    assert len(csv_of(other, people.table, view_id=people.grid)) == 4


def test_an_export_is_followed_until_its_file_is_there(people: People, make_user: Any) -> None:
    job = start(people.api, people.table)
    expected = {"table": people.table, "view": None, "exporter_type": "csv", "progress_percentage": 0.0}
    waiting = {"state": "pending", "status": "pending", "exported_file_name": None, "url": None}
    assert {key: job[key] for key in {**expected, **waiting}} == {**expected, **waiting}
    assert read(people.api, job) == job
    done = finish(people.api, job)
    assert (done["state"], done["status"], done["progress_percentage"]) == ("finished", "finished", 100.0)
    assert done["url"] == f"http://127.0.0.1:3000/media/export_files/{done['exported_file_name']}"
    assert make_user().get(f"{PATH}/{job['id']}/")[1]["error"] == "ERROR_EXPORT_JOB_DOES_NOT_EXIST"
    assert people.api.get(f"{PATH}/99999999/")[0] == 404
    assert people.api.get("/api/jobs/")[1] == {"jobs": []}
    assert people.api.get(f"/api/jobs/{job['id']}/")[1]["state"] == "finished"


def test_queries_do_not_grow_with_the_fields(people: People, count_sql: Any) -> None:
    def counted() -> int:
        with count_sql() as statements:
            start(people.api, people.table, view_id=people.grid)
        return len(statements)

    counted()
    before = counted()
    for number in range(10):
        people.base.add_field(people.table, f"More {number}", "text")
    counted()
    assert counted() == before


def test_a_new_export_takes_the_place_of_the_last_one(people: People) -> None:
    first, second = start(people.api, people.table), start(people.api, people.table)
    assert read(people.api, first)["state"] == "cancelled"
    run_job(first["id"])
    assert read(people.api, first)["url"] is None
    assert finish(people.api, second)["state"] == "finished"


def test_an_export_can_be_cancelled_while_it_runs(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(people, 5000)
    job = start(people.api, people.table)
    monkeypatch.setattr("core.jobs.run._LIVE_SECONDS", 0)
    before, copied = set(service(Storage).names("")), rows.copy_out

    def cancelled(*args: Any) -> Any:
        for number, lines in enumerate(copied(*args)):
            if number == 1:
                assert people.api.post(f"/api/jobs/{job['id']}/cancel/")[0] == 200
            yield lines

    monkeypatch.setattr(rows, "copy_out", cancelled)
    assert finish(people.api, job)["state"] == "cancelled"
    assert set(service(Storage).names("")) == before and not _unfinished()
    monkeypatch.setattr(rows, "copy_out", copied)
    assert len(csv_of(people.api, people.table)) == 5004  # the connection is good for more


def _fill(people: People, count: int) -> None:
    name = f"field_{people.ids['Name']}"
    with begin():
        table = people.base.shape(people.table).full_name
        sql = f'INSERT INTO {table} ("order", {name}) SELECT n, n FROM generate_series(10, {count + 9}) n'
        connection().exec_driver_sql(sql)
        kept = "INSERT INTO database.row_count (table_id, change) VALUES (%s, %s)"
        connection().exec_driver_sql(kept, (people.table, count))


def _unfinished() -> list[str]:
    folder = service(Settings).data_dir / "files" / ".unfinished"
    return [path.name for path in folder.iterdir()] if folder.exists() else []


def test_progress_is_told_while_it_runs(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(people, 5000)
    monkeypatch.setattr("core.jobs.run._LIVE_SECONDS", 0)
    job, seen, copied = start(people.api, people.table), [], rows.copy_out

    def watched(*args: Any) -> Any:
        for lines in copied(*args):
            yield lines
            seen.append(read(people.api, job))

    monkeypatch.setattr(rows, "copy_out", watched)
    finish(people.api, job)
    assert {found["state"] for found in seen} == {"exporting"}
    percentages = [found["progress_percentage"] for found in seen]
    assert percentages == sorted(set(percentages)) and 0 <= percentages[0] < percentages[-1] < 100


def test_an_export_is_of_one_moment(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(people, 5000)
    copied = rows.copy_out

    def changing(*args: Any) -> Any:
        for number, lines in enumerate(copied(*args)):
            if number == 1:
                thread = threading.Thread(target=_elsewhere, args=(people,))
                thread.start()
                thread.join()
            yield lines

    monkeypatch.setattr(rows, "copy_out", changing)
    found = csv_of(people.api, people.table)
    assert len(found) == 5004 and not any(row[1] == "changed" for row in found)


def _elsewhere(people: People) -> None:
    """Change all rows and delete some, by a connection of its own."""
    name = people.ids["Name"]
    with begin():
        table = people.base.shape(people.table).full_name
    with psycopg.connect(service(Settings).database_url, autocommit=True) as driver:
        driver.execute(f"UPDATE {table} SET field_{name} = 'changed'")  # type: ignore[call-overload]
        driver.execute(f"DELETE FROM {table} WHERE id > 1000")  # type: ignore[call-overload]


def test_an_export_that_loses_its_connection_is_run_again(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(people, 5000)
    job, copied, seen = start(people.api, people.table), rows.copy_out, []

    def broken(*args: Any) -> Any:
        for lines in copied(*args):
            if not seen:
                seen.append(True)
                with psycopg.connect(service(Settings).database_url, autocommit=True) as driver:
                    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY (SELECT%%'"
                    driver.execute(query)
            yield lines

    monkeypatch.setattr(rows, "copy_out", broken)
    run_job(job["id"])
    assert read(people.api, job)["state"] == "exporting" and not _unfinished()
    assert finish(people.api, job)["state"] == "finished"


def test_an_export_fails_with_a_reason(people: People) -> None:
    job = start(people.api, people.table, view_id=people.grid)
    assert people.api.delete(f"{VIEWS}/{people.grid}/")[0] == 204
    failed = finish(people.api, job)
    assert (failed["state"], failed["url"], failed["exported_file_name"]) == ("failed", None, None)
    told = people.api.get(f"/api/jobs/{job['id']}/")[1]["human_readable_error"]
    assert told == "The requested view does not exist."


def test_who_lost_the_table_does_not_get_its_rows(people: People) -> None:
    job = start(people.api, people.table)
    with begin():
        gone = "DELETE FROM core.membership WHERE workspace_id = %s"
        connection().exec_driver_sql(gone, (people.base.workspace_id,))
    assert finish(people.api, job)["state"] == "failed"


def test_files_expire(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    job = finish(people.api, start(people.api, people.table))
    assert download(people.api, job["url"]).startswith(b"\xef\xbb\xbfid,Name")
    stored = files.stored_name(job["exported_file_name"])
    files.forget()
    assert stored in service(Storage).names("export_files/")
    monkeypatch.setattr(export_files, "setting", lambda name: -1)
    expired = read(people.api, job)
    assert (expired["state"], expired["status"]) == ("expired", "expired")
    assert (expired["url"], expired["exported_file_name"]) == (None, None)
    assert people.api.get(f"/media/export_files/{job['exported_file_name']}")[0] == 404
    files.forget()
    assert list(service(Storage).names("export_files/")) == []


def test_files_are_served_as_downloads(people: People) -> None:
    name = finish(people.api, start(people.api, people.table))["exported_file_name"]
    path = f"/media/export_files/{name}"
    with people.api.client.get(f"{path}?dl=people.csv") as response:
        assert response.headers["Content-Disposition"] == "attachment; filename=people.csv"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "private, no-store"
    with people.api.client.get(path, headers={"Range": "bytes=3-4"}) as response:
        assert (response.status_code, response.data) == (206, b"id")
    with people.api.client.get(path, headers={"Range": "bytes=99999-"}) as response:
        assert response.status_code == 416
    for other in (f"x{name}", name.replace("_", "-"), name[:14] + "_" + "0" * 32 + ".csv"):
        assert people.api.get(f"/media/export_files/{other}")[1]["error"] == "ERROR_EXPORT_FILE_DOES_NOT_EXIST"


def test_a_kind_of_file_that_is_switched_off_is_no_choice(people: People, staff: Any) -> None:
    job = start(people.api, people.table, "json")
    assert staff.patch("/api/admin/plugins/json_export/", {"enabled": False})[0] == 200
    try:
        assert people.refused(exporter_type="json") == (400, "ERROR_REQUEST_BODY_VALIDATION")
        assert finish(people.api, job)["state"] == "failed"
    finally:
        assert staff.patch("/api/admin/plugins/json_export/", {"enabled": True})[0] == 200
    assert len(json_of(people.api, people.table)) == 3


def test_sheets_end_where_excel_ends(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugins.excel_export.exporter._MAX_ROWS", 3)
    job = finish(people.api, start(people.api, people.table, "excel"))
    assert job["state"] == "failed"
    told = people.api.get(f"/api/jobs/{job['id']}/")[1]["human_readable_error"]
    assert told.startswith("A sheet of Excel has at most 3 rows.")


def test_exporters_say_which_feature_they_belong_to() -> None:
    providers = {kind: registry("exporter_types").provider(kind) for kind in registry("exporter_types")}
    assert providers == {kind: f"{kind}_export" for kind in ("csv", "json", "xml", "excel", "file")}


class Shared:
    """A shared grid of the people whose ages and third row visitors must not see."""

    def __init__(self, people: People, visitor: Any) -> None:
        self.people, self.visitor = people, visitor
        people.ok(people.api.get(f"{VIEWS}/{people.grid}/field-options/"))
        people.part("filters", field=people.ids["City"], type="not_empty", value="")
        people.options(Age={"hidden": True})
        self.change(public=True)
        self.attributes = {"allow_public_export": True}
        people.ok(people.api.patch(f"/api/database/view/{people.grid}/premium", self.attributes))

    def change(self, **settings: Any) -> str:
        """Change the grid; its address."""
        return str(self.people.ok(self.people.api.patch(f"{VIEWS}/{self.people.grid}/", settings))["slug"])

    def start(self, **options: Any) -> tuple[int, Any]:
        """Start an export as a visitor."""
        path = f"/api/database/view/{self.change()}/export-public-view/"
        return tuple(self.visitor.post(path, {"exporter_type": "csv", **options}))  # type: ignore[return-value]

    def finish(self, job: dict[str, Any]) -> dict[str, Any]:
        """Do what a worker does."""
        run_job(int(job["id"].partition(".")[0]))
        return dict(self.people.ok(self.visitor.get(f"/api/database/view/get-public-view-export/{job['id']}/")))

    def csv(self, **options: Any) -> list[str]:
        """The lines visitors get."""
        done = self.finish(self.people.ok(self.start(**options)))
        return [",".join(row) for row in csv_rows(download(self.visitor, done["url"]))]


@pytest.fixture
def shared(people: People, anonymous: Any) -> Shared:
    """A shared grid and a visitor."""
    return Shared(people, anonymous)


def test_visitors_export_what_they_see(people: People, shared: Shared) -> None:
    assert shared.csv() == ["id,Name,City", "1,Ann,Paris", "2,Bob,Rome"]
    cid = {"filter_type": "AND", "filters": [{"field": people.ids["Name"], "type": "equal", "value": "Cid"}]}
    assert shared.csv(filters=cid) == ["id,Name,City"]
    ids = people.ids
    assert shared.csv(fields=[ids["Age"], ids["City"]], order_by=f"-field_{ids['Name']}") == [
        "id,City",
        "2,Rome",
        "1,Paris",
    ]
    people.base.add_field(people.table, "Later", "text")
    assert shared.csv()[0] == "id,Name,City"


def test_visitors_cannot_ask_for_what_they_do_not_see(people: People, shared: Shared) -> None:
    age = people.ids["Age"]
    tree = {"filter_type": "AND", "filters": [{"field": age, "type": "equal", "value": "7"}]}
    for options in ({"filters": tree}, {"filters": {"filter_type": "OR", "groups": [tree]}}):
        assert shared.start(**options)[1]["error"] == "ERROR_FILTER_FIELD_NOT_FOUND"
    assert shared.start(order_by=f"field_{age}")[1]["error"] == "ERROR_ORDER_BY_FIELD_NOT_FOUND"
    people.part("sortings", field=age, order="DESC")
    path = f"/api/database/rows/table/{people.table}/2/?user_field_names=true"
    people.ok(people.api.patch(path, {"Age": 99}))
    assert shared.csv()[1:] == ["1,Ann,Paris", "2,Bob,Rome"]


def test_views_that_visitors_may_not_export(people: People, shared: Shared, make_user: Any) -> None:
    job = people.ok(shared.start())
    assert job["id"] != str(int(job["id"].partition(".")[0])) and not job["id"].startswith("0")
    shared.change(public_view_password="Correct horse")
    assert shared.start() == (401, {"error": "ERROR_NO_AUTHORIZATION_TO_PUBLICLY_SHARED_VIEW", "detail": ANY})
    token = people.ok(shared.visitor.post(f"{VIEWS}/{shared.change()}/public/auth/", {"password": "Correct horse"}))
    header = {"Baserow-View-Authorization": f"JWT {token['access_token']}"}
    path = f"/api/database/view/{shared.change()}/export-public-view/"
    assert shared.visitor.post(path, {"exporter_type": "csv"}, headers=header)[0] == 200
    people.ok(people.api.patch(f"/api/database/view/{people.grid}/premium", {"allow_public_export": False}))
    assert shared.visitor.post(path, {"exporter_type": "csv"}, headers=header)[1]["error"] == "PERMISSION_DENIED"
    failed = shared.finish(job)
    assert (failed["state"], failed["url"]) == ("failed", None)
    shared.change(public=False)
    assert shared.start()[1]["error"] == "ERROR_VIEW_DOES_NOT_EXIST"


def test_visitors_start_only_so_many_exports(people: People, shared: Shared, instance: Any, make_user: Any) -> None:
    instance(public_exports_of_address=2)
    assert [shared.start()[0] for _ in range(2)] == [200, 200]
    refused = shared.start()
    assert (refused[0], refused[1]["error"]) == (429, "ERROR_TOO_MANY_PUBLIC_EXPORTS")
    path = f"/api/database/view/{shared.change()}/export-public-view/"
    instance(public_exports=3)
    assert make_user("Bob").post(path, {"exporter_type": "csv"})[0] == 200
    assert make_user("Cid").post(path, {"exporter_type": "csv"})[0] == 429
    assert people.api.post(f"{PATH}/table/{people.table}/", {"exporter_type": "csv"})[0] == 200, "members may"


def test_exports_of_visitors_are_known_to_who_started_them(people: People, shared: Shared) -> None:
    job = people.ok(shared.start())
    number, _, seal = job["id"].partition(".")
    reading = "/api/database/view/get-public-view-export"
    for other in (number, f"{number}.", f"{int(number) + 1}.{seal}", f"{number}.{seal[:-1]}é", "x", "-1.x", "9" * 30):
        assert shared.visitor.get(f"{reading}/{other}/")[1]["error"] == "ERROR_EXPORT_JOB_DOES_NOT_EXIST"
    assert people.api.get(f"{PATH}/{number}/")[0] == 404
    own = start(people.api, people.table)
    assert shared.visitor.get(f"{reading}/{own['id']}.{seal}/")[0] == 404
    assert shared.finish(job)["state"] == "finished"


def test_parts_of_files_are_removed_after_a_day(app: Any) -> None:
    folder = service(Settings).data_dir / "files" / ".unfinished"
    folder.mkdir(parents=True, exist_ok=True)
    old, new = folder / "old", folder / "new"
    for path in (old, new):
        path.write_bytes(b"part")
    moment = time.time() - 25 * 3600
    os.utime(old, (moment, moment))
    run_periodic("forget-unfinished-files")
    assert not old.exists() and new.exists()
    new.unlink()
