"""Snapshots of applications: what they keep, that nobody reaches them, and what becomes of them."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from core.jobs.run import JobLost
from core.trash.removal import remove_due
from plugin_api.db import begin, connection
from plugin_api.platform import registry
from plugins.database.tables import duplicate
from plugins.formula_field.refresh import refresh
from plugins.snapshots import jobs as snapshot_jobs
from plugins.snapshots.removal import remove_snapshots
from tests.alike import Likeness, assert_alike, differences
from tests.everything import everything
from tests.tables import Database, recorded, run_job, scalar
from tests.world import World

PATH = "/api/snapshots/"
VIEWS = "/api/database/views"
_DAYS = "?from_timestamp=2024-01-01T00:00:00&to_timestamp=2025-01-01T00:00:00"
QUERIES = {"list_database_table_calendar_view_rows": _DAYS, "public_list_database_table_calendar_view_rows": _DAYS}


def _path(database: Database) -> str:
    return f"{PATH}application/{database.id}/"


def _take(database: Database, name: str = "Monday") -> int:
    """Take a snapshot; its id."""
    job = database.run(database.api.post(_path(database), {"name": name}))
    assert job["state"] == "finished", job
    return int(job["snapshot"]["id"])


def _restore(database: Database, snapshot_id: int) -> dict[str, Any]:
    """Restore a snapshot; the application."""
    job = database.run(database.api.post(f"{PATH}{snapshot_id}/restore/"))
    assert job["state"] == "finished", job
    return dict(_applications(database)[-1])


def _applications(database: Database) -> list[dict[str, Any]]:
    status, answer = database.api.get(f"/api/applications/workspace/{database.workspace_id}/")
    assert status == 200, answer
    return sorted(answer, key=lambda found: int(found["id"]))


def _listed(database: Database) -> list[str]:
    status, answer = database.api.get(_path(database))
    assert status == 200, answer
    return [found["name"] for found in answer]


def _copies(database: Database) -> int:
    """How many copies are kept apart, and the tables in the schema that belong to no application anybody sees."""
    return int(
        scalar(
            "SELECT count(*) FROM core.application WHERE workspace_id = %(id)s AND kept_by IS NOT NULL",
            id=database.workspace_id,
        )
    )


def _stored_tables(database: Database) -> int:
    return int(scalar("SELECT count(*) FROM pg_tables WHERE schemaname = %(s)s", s=f"ws_{database.workspace_id}"))


@pytest.fixture
def database(api: Any) -> Database:
    """A database with a table and rows."""
    made = Database(api)
    made.table("People", [["Name"], ["Ann"], ["Bob"]])
    return made


def _ok(answer: tuple[int, Any]) -> Any:
    assert answer[0] in (200, 202), answer
    return answer[1]


def test_a_restored_database_is_what_it_was(api: Any) -> None:
    world = everything(api)
    base = world.base
    original = Likeness(api, base.id)
    before = original.told()
    link = next(found for found in before["Table"]["fields"] if found["type"] == "link_row")
    assert link["link_row_limit_selection_view_id"] == "Other/Grid"
    snapshot = _take(base, "Tuesday")
    _change_everything(world)
    assert differences(Likeness(api, base.id).told(), before)
    restored = _restore(base, snapshot)
    assert restored["name"] == "Tuesday"
    assert_alike(Likeness(api, restored["id"]), before, original)
    row = {"Name": "new", "number": "3", "link_row": ["q"]}
    table = next(found["id"] for found in restored["tables"] if found["name"] == "Table")
    made = _ok(api.post(f"/api/database/rows/table/{table}/?user_field_names=true", row))
    assert (made["formula"], made["names"], made["lookup"][0]["value"]) == ("6.00", "q", "q")
    assert _restore(base, snapshot)["name"] == "Tuesday 2"


def _change_everything(world: World) -> None:
    """What happens after a snapshot does not matter to it."""
    api, table = world.api, world.table_id
    assert api.delete(f"/api/database/rows/table/{table}/1/")[0] == 204
    assert api.delete(f"/api/database/rows/table/{world.other_id}/1/")[0] == 204
    assert api.delete(f"/api/database/fields/{world.fields['rating']}/")[0] == 200
    assert api.delete(f"{VIEWS}/{world.view_id}/")[0] == 204
    path = f"/api/database/fields/{world.fields['single_select']}/"
    assert api.patch(path, {"select_options": [{"value": "other", "color": "red"}]})[0] == 200
    assert api.patch(f"/api/database/tables/{table}/", {"name": "Renamed"})[0] == 200


def test_files_are_shared_with_the_restored_database(database: Database, api: Any) -> None:
    table = database.tables()[0]["id"]
    database.add_field(table, "Files", "file")
    upload = api.call("POST", "/api/user-files/upload-file/", data={"file": (io.BytesIO(b"text"), "a.txt")})
    file = {"name": upload[1]["name"], "visible_name": "a.txt"}
    _ok(api.patch(f"/api/database/rows/table/{table}/1/?user_field_names=true", {"Files": [file]}))
    stored = database.rows(table)[0]["Files"]
    snapshot = _take(database)
    assert api.delete(f"/api/database/rows/table/{table}/1/")[0] == 204
    restored = _restore(database, snapshot)
    assert database.rows(restored["tables"][0]["id"])[0]["Files"] == stored


# Nobody reaches a snapshot.


def _hidden(world: World) -> dict[str, Any]:
    """Ids of all that is in the snapshot, by the names of path parameters."""

    def one(column: str, source: str) -> Any:
        inside = "a.kept_by IS NOT NULL AND a.workspace_id = %(workspace)s"
        joined = 'core.application a JOIN database."table" t ON t.application_id = a.id'
        return scalar(
            f"SELECT min({column}::text) FROM {joined} {source} WHERE {inside} AND t.name IN ('Table', 'Synced')",
            workspace=world.base.workspace_id,
        )

    view = "JOIN views.view v ON v.table_id = t.id"
    found = {
        "application_id": int(one("a.id", "")),
        "field_id": int(one("f.id", "JOIN database.field f ON f.table_id = t.id AND f.type = 'number'")),
        "view_id": int(one("v.id", f"{view} AND v.type = 'grid' AND t.name = 'Table'")),
        "slug": one("v.slug", f"{view} AND v.type = 'form'"),
        "ical_slug": one("v.options ->> 'ical_slug'", f"{view} AND v.type = 'calendar'") or "x",
        "data_sync_id": int(one("d.id", "JOIN data_sync.data_sync d ON d.table_id = t.id")),
        "row_id": 1,
    }
    table = int(one("t.id", f"JOIN database.field f ON f.table_id = t.id AND f.id = {found['field_id']}"))
    parts = {"filter": "filter", "sort": "sort", "group_by": "group_by", "decoration": "decoration"}
    for name, source in {**parts, "filter_group": "filter_group"}.items():
        found[f"view_{name}_id"] = int(one("p.id", f"{view} JOIN views.{source} p ON p.view_id = v.id"))
    return {**found, "table_id": table, "database_id": found["application_id"]}


@pytest.fixture
def hidden(api: Any) -> tuple[World, dict[str, Any]]:
    """A database with a snapshot, and the ids of what that consists of; its views are shared, however that came."""
    world = World(api)
    _tell_ids_apart()
    ids = _hidden(world)
    with begin():
        connection().exec_driver_sql("UPDATE views.view SET public = true WHERE table_id = %s", (ids["table_id"],))
    return world, ids


def _tell_ids_apart() -> None:
    """From now on ids of different kinds are different numbers, and none is a small one."""
    with begin():
        for n, relation in enumerate(("core.application", "database.table", "database.field", "views.view"), 1):
            sequence = f"pg_get_serial_sequence('{relation}', 'id')"
            connection().exec_driver_sql(f"SELECT setval({sequence}, greatest(nextval({sequence}), {n * 10_000_000}))")


def _operations(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Operation id, method and path template of all operations."""
    document = app.test_client().get("/api/schema.json").get_json()
    for template, operations in document["paths"].items():
        for method, operation in operations.items():
            if method in ("get", "post", "patch", "put", "delete"):
                yield operation["operationId"], method.upper(), template


def test_no_operation_reaches_it_by_id(app: Flask, hidden: tuple[World, dict[str, Any]]) -> None:
    """Each answers as it does for ids that nobody has."""
    world, ids = hidden
    bodies, missing = world.bodies(), 0
    nobody = {name: "nobody" if isinstance(value, str) else 2**40 for name, value in ids.items()}
    for operation, method, template in _operations(app):
        if not set(re.findall(r"{(\w+)}", template)) & (ids.keys() - {"row_id"}):
            continue
        for body in bodies.get(operation, [None]):
            told = []
            for found in (ids, nobody):
                path = re.sub(r"{(\w+)}", lambda part, found=found: str({**world.ids, **found}[part[1]]), template)
                told.append(world.api.call(method, path + QUERIES.get(operation, ""), body))
            (status, answer), (expected, wanted) = told
            assert status == expected and 400 <= status < 500, (operation, body, answer, wanted)
            assert answer["error"] == wanted["error"], (operation, body, answer, wanted)
            missing += "DOES_NOT_EXIST" in answer["error"]
    assert missing > 80


def test_it_is_in_no_list_and_no_name_leads_there(hidden: tuple[World, dict[str, Any]]) -> None:
    world, ids = hidden
    api, workspace = world.api, world.base.workspace_id
    secrets = {ids["application_id"], ids["table_id"], ids["view_id"], ids["field_id"]}
    token = _ok(api.post("/api/database/tokens/", {"name": "All", "workspace": workspace}))["key"]
    as_token = {"Authorization": f"Token {token}"}
    for path, headers in (
        ("/api/applications/", {}),
        (f"/api/applications/workspace/{workspace}/", {}),
        ("/api/trash/", {}),
        (f"/api/trash/workspace/{workspace}/", {}),
        ("/api/jobs/", {}),
        (_path(world.base), {}),
        ("/api/database/tables/all-tables/", as_token),
    ):
        answer = api.client.get(path, headers=headers or api.headers)
        assert answer.status_code == 200, answer.get_json()
        assert not secrets & set(_numbers(answer.get_json())), path
    table = ids["table_id"]
    refused: list[tuple[str, str, Any]] = [
        ("POST", f"/api/database/fields/table/{world.other_id}/", _link_to(table)),
        ("POST", f"/api/database/data-sync/database/{world.base.id}/", _sync_with(table)),
        ("POST", "/api/jobs/", {"type": "duplicate_application", "application_id": ids["application_id"]}),
        ("POST", "/api/jobs/", {"type": "duplicate_table", "table_id": table}),
        ("PATCH", f"/api/database/tokens/{world.ids['token_id']}/", {"permissions": _rights(table)}),
        ("PATCH", "/api/trash/restore/", {"trash_item_type": "table", "trash_item_id": table}),
        ("GET", f"/api/trash/workspace/{workspace}/?application_id={ids['application_id']}", None),
        ("DELETE", f"/api/trash/workspace/{workspace}/?application_id={ids['application_id']}", None),
        ("POST", f"/api/applications/workspace/{workspace}/order/", {"application_ids": [ids["application_id"]]}),
    ]
    for method, path, body in refused:
        status, answer = api.call(method, path, body)
        assert 400 <= status < 500, (path, body, answer)
    read = api.client.get(f"/api/database/rows/table/{table}/", headers=as_token)
    assert read.status_code == 404


def _numbers(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _numbers(one)
    elif isinstance(value, int):
        yield value


def _link_to(table: int) -> dict[str, Any]:
    return {"name": "L", "type": "link_row", "link_row_table_id": table}


def _sync_with(table: int) -> dict[str, Any]:
    source = {"type": "local_baserow_table", "source_table_id": table, "source_table_view_id": None}
    return {**source, "table_name": "N", "synced_properties": ["id"]}


def _rights(table: int) -> dict[str, Any]:
    return {"create": False, "read": [["table", table]], "update": False, "delete": False}


def test_taking_one_is_silent(database: Database, api: Any) -> None:
    events = len(recorded("outbox", api, "payload"))
    table = database.tables()[0]["id"]
    _take(database)
    assert len(recorded("outbox", api, "payload")) == events
    action = recorded("action", api, "params")[-1]
    assert (action["type"], action["snapshot_name"], action["application_id"]) == (
        "create_snapshot",
        "Monday",
        database.id,
    )
    assert [found["type"] for found in recorded("action", api, "params")].count("duplicate_table") == 0
    snapshot = action["snapshot_id"]
    restored = _restore(database, snapshot)
    told = recorded("outbox", api, "payload")[events:]
    assert [(event["type"], event["application_id"]) for event in told] == [("application_created", restored["id"])]
    assert [found["name"] for found in told[0]["application"]["tables"]] == ["People"]
    last = recorded("action", api, "params")[-1]
    assert (last["type"], last["restored_application_id"]) == ("restore_snapshot", restored["id"])
    assert api.delete(f"{PATH}{snapshot}/")[0] == 204
    assert recorded("action", api, "params")[-1]["type"] == "delete_snapshot"
    assert restored["tables"][0]["id"] != table


def test_periodic_work_leaves_it_alone(database: Database) -> None:
    table = database.tables()[0]["id"]
    database.add_field(table, "Now", "formula", formula="now()")
    _take(database)
    copy = scalar(
        'SELECT max(t.id) FROM database."table" t JOIN core.application a ON a.id = t.application_id'
        " WHERE a.kept_by IS NOT NULL AND a.workspace_id = %(id)s",
        id=database.workspace_id,
    )
    field = scalar("SELECT max(id) FROM database.field WHERE table_id = %(t)s AND name = 'Now'", t=copy)
    refresh()
    rows = f'"ws_{database.workspace_id}"."table_{copy}"'
    assert scalar(f"SELECT count(field_{field}) FROM {rows}") == 0  # computed when it is restored
    assert scalar(f"SELECT count(*) FROM {rows}") == 2


# One moment.


def test_what_is_written_meanwhile_is_not_in_it(database: Database, api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = database.tables()[0]["id"]
    second = database.table("Cities", [["Name"], ["Rome"]])
    link = database.add_field(first, "City", "link_row", link_row_table_id=second)
    copy_table, written = duplicate._copy_table, threading.Event()

    def copying(*args: Any) -> Any:
        found = copy_table(*args)
        if not written.is_set():
            written.set()
            _in_another_thread(write)
        return found

    def write() -> None:
        city = _ok(api.post(f"/api/database/rows/table/{second}/?user_field_names=true", {"Name": "Paris"}))["id"]
        row = {"Name": "Cid", "City": [1, city]}
        _ok(api.post(f"/api/database/rows/table/{first}/?user_field_names=true", row))
        _ok(api.patch(f"/api/database/rows/table/{first}/1/", {f"field_{link}": [1]}))
        _ok(api.patch(f"/api/database/rows/table/{second}/1/?user_field_names=true", {"Name": "Roma"}))
        _ok(api.patch(f"/api/database/fields/{link}/", {"name": "Town"}))

    monkeypatch.setattr(duplicate, "_copy_table", copying)
    snapshot = _take(database)
    monkeypatch.undo()
    assert written.is_set()
    tables = {table["name"]: table["id"] for table in _restore(database, snapshot)["tables"]}
    assert [row["Name"] for row in database.rows(tables["Cities"])] == ["Rome"]
    assert [(row["Name"], row["City"]) for row in database.rows(tables["People"])] == [("Ann", []), ("Bob", [])]
    assert [row["Name"] for row in database.rows(second)] == ["Roma", "Paris"]


def _in_another_thread(work: Callable[[], None]) -> None:
    problems: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            problems.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    assert not problems and not thread.is_alive(), problems


# What becomes of jobs that do not end well.


def test_a_failed_one_leaves_nothing(database: Database, api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = _stored_tables(database)
    for place in ("record", "store"):
        with monkeypatch.context() as patch:
            patch.setattr(snapshot_jobs, place, _broken)
            status, job = api.post(_path(database), {"name": "Monday"})
            assert status == 202, job
            run_job(job["id"])
        assert api.get(f"/api/jobs/{job['id']}/")[1]["state"] == "failed"
        assert _listed(database) == []
        remove_snapshots()
        assert (_copies(database), _stored_tables(database)) == (0, tables)
    _take(database)
    assert _listed(database) == ["Monday"]


def _broken(*args: Any, **kwargs: Any) -> None:
    raise RuntimeError("as the test wants")


def test_one_whose_worker_was_lost_is_taken_once(database: Database, api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*args: Any, **kwargs: Any) -> None:
        raise JobLost

    status, job = api.post(_path(database), {"name": "Monday"})
    assert status == 202, job
    with monkeypatch.context() as patch:
        patch.setattr(snapshot_jobs, "record", lost)
        run_job(job["id"])
    assert _listed(database) == []
    remove_snapshots()  # the job will be run again
    assert database.run((status, job))["state"] == "finished"
    assert (_listed(database), _copies(database)) == (["Monday"], 1)


def test_a_worker_that_keeps_dying_leaves_a_failed_job(
    database: Database, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, job = api.post(_path(database), {"name": "Monday"})
    with begin():
        connection().exec_driver_sql("UPDATE core.job SET attempts = 3, state = 'started' WHERE id = %s", (job["id"],))
    ended = database.run((status, job))
    assert (ended["state"], _listed(database)) == ("failed", [])
    remove_snapshots()
    assert _copies(database) == 0
    assert scalar("SELECT count(*) FROM snapshots.snapshot WHERE application_id = %(id)s", id=database.id) == 0


def test_a_cancelled_one_is_forgotten(database: Database, api: Any) -> None:
    _, job = api.post(_path(database), {"name": "Monday"})
    assert api.post(f"/api/jobs/{job['id']}/cancel/")[0] == 200
    run_job(job["id"])
    remove_snapshots()
    _take(database)
    assert _listed(database) == ["Monday"]


# Limits, names, and what is refused.


def test_one_at_a_time(database: Database, api: Any) -> None:
    other = Database(api)
    status, job = api.post(_path(database), {"name": "Monday"})
    assert status == 202
    for path, code in (
        (_path(database), "ERROR_SNAPSHOT_IS_BEING_CREATED"),
        (_path(other), "ERROR_SNAPSHOT_OPERATION_LIMIT_EXCEEDED"),
    ):
        assert api.post(path, {"name": "Tuesday"})[1]["error"] == code
    snapshot = database.run((status, job))["snapshot"]["id"]
    started = api.post(f"{PATH}{snapshot}/restore/")
    assert started[0] == 200
    for method, path in (("POST", f"{PATH}{snapshot}/restore/"), ("DELETE", f"{PATH}{snapshot}/")):
        assert api.call(method, path)[1]["error"] == "ERROR_SNAPSHOT_IS_BEING_RESTORED"
    assert database.run(started)["state"] == "finished"
    assert api.delete(f"{PATH}{snapshot}/")[0] == 204
    for method, path in (("POST", f"{PATH}{snapshot}/restore/"), ("DELETE", f"{PATH}{snapshot}/")):
        assert api.call(method, path)[1]["error"] == "ERROR_SNAPSHOT_IS_BEING_DELETED"
    remove_snapshots()
    assert api.delete(f"{PATH}{snapshot}/")[1]["error"] == "ERROR_SNAPSHOT_DOES_NOT_EXIST"


def test_names_are_unique_until_a_snapshot_is_deleted(database: Database, api: Any) -> None:
    snapshot = _take(database)
    assert api.post(_path(database), {"name": " Monday "})[1]["error"] == "ERROR_SNAPSHOT_NAME_NOT_UNIQUE"
    other = Database(api)
    _take(other)
    assert api.delete(f"{PATH}{snapshot}/")[0] == 204
    _take(database)
    assert _listed(database) == _listed(other) == ["Monday"]


def test_a_workspace_has_so_many(database: Database, api: Any, instance: Any) -> None:
    instance(max_snapshots=1)
    _take(database)
    status, answer = api.post(_path(database), {"name": "Tuesday"})
    assert (status, answer["error"]) == (400, "ERROR_MAXIMUM_SNAPSHOTS_REACHED")


def test_only_admins_take_see_and_restore_them(database: Database, make_user: Any, api: Any) -> None:
    snapshot = _take(database)
    builder, outsider = make_user("Ben"), make_user("Out")
    with begin():
        sql = "INSERT INTO core.membership (workspace_id, user_id, permissions) VALUES (%s, %s, 'MEMBER')"
        connection().exec_driver_sql(sql, (database.workspace_id, builder.user["id"]))
    calls: list[tuple[str, str, Any]] = [
        ("GET", _path(database), None),
        ("POST", _path(database), {"name": "Mine"}),
        ("POST", f"{PATH}{snapshot}/restore/", None),
        ("DELETE", f"{PATH}{snapshot}/", None),
    ]
    for method, path, body in calls:
        status, answer = builder.call(method, path, body)
        assert (status, answer["error"]) == (401, "PERMISSION_DENIED"), path
        status, answer = outsider.call(method, path, body)
        assert (status, answer["error"]) == (400, "ERROR_USER_NOT_IN_GROUP"), path


# Their end.


def test_a_deleted_one_is_removed_for_good(database: Database, api: Any) -> None:
    tables = _stored_tables(database)
    snapshot = _take(database)
    restored = _restore(database, snapshot)
    assert api.delete(f"{PATH}{snapshot}/")[0] == 204
    assert (_listed(database), _copies(database)) == ([], 1)
    remove_snapshots()
    assert _copies(database) == 0
    assert len(database.rows(restored["tables"][0]["id"])) == 2
    assert _stored_tables(database) == 2 * tables


def test_old_ones_are_removed(database: Database, instance: Any) -> None:
    _take(database)
    instance(snapshot_keep_days=30)
    age = "UPDATE snapshots.snapshot SET created_on = now() - interval '{} days' WHERE application_id = %s"
    for days, left in ((29, ["Monday"]), (31, [])):
        with begin():
            connection().exec_driver_sql(age.format(days), (database.id,))
        remove_snapshots()
        assert _listed(database) == left
    assert _copies(database) == 0


def test_they_go_into_the_trash_and_come_back_with_their_application(database: Database, api: Any) -> None:
    snapshot = _take(database)
    assert api.delete(f"/api/applications/{database.id}/")[0] == 204
    assert api.get(_path(database))[1]["error"] == "ERROR_APPLICATION_DOES_NOT_EXIST"
    for method, path in (("POST", f"{PATH}{snapshot}/restore/"), ("DELETE", f"{PATH}{snapshot}/")):
        assert api.call(method, path)[1]["error"] == "ERROR_SNAPSHOT_DOES_NOT_EXIST"
    back = {"trash_item_type": "application", "trash_item_id": database.id}
    assert api.patch("/api/trash/restore/", back)[0] == 204
    assert _listed(database) == ["Monday"]
    assert _restore(database, snapshot)["name"] == "Monday"


def test_they_are_removed_with_their_application_or_workspace(database: Database, api: Any) -> None:
    other = Database(api)
    other.table("T", [["A"], ["1"]])
    _take(database)
    _take(other)
    assert api.delete(f"/api/applications/{database.id}/")[0] == 204
    assert api.delete(f"/api/trash/workspace/{database.workspace_id}/")[0] == 204
    with begin():
        connection().exec_driver_sql(
            "UPDATE core.workspace SET trashed_on = now() WHERE id = %s", (other.workspace_id,)
        )
        columns = "type, item_id, workspace_id, name, emptied"
        entry = f"INSERT INTO core.trash ({columns}) VALUES ('workspace', %s, %s, 'W', true)"
        connection().exec_driver_sql(entry, (other.workspace_id, other.workspace_id))
    remove_due()
    remove_snapshots()
    for found in (database, other):
        assert (_copies(found), _stored_tables(found)) == (0, 0)
        assert scalar("SELECT count(*) FROM snapshots.snapshot WHERE workspace_id = %(id)s", id=found.workspace_id) == 0


def test_applications_without_snapshots(api: Any, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = _take(database)
    monkeypatch.setattr(type(registry("application_types")["database"]), "supports_snapshots", False)
    for path, body in ((_path(database), {"name": "Tuesday"}), (f"{PATH}{snapshot}/restore/", {})):
        assert api.post(path, body)[1]["error"] == "ERROR_APPLICATION_OPERATION_NOT_SUPPORTED"


def test_listing_takes_the_same_statements_for_any_number(database: Database, api: Any, count_sql: Any) -> None:
    counts = []
    for name in ("Monday", "Tuesday", "Wednesday"):
        _take(database, name)
        with count_sql() as statements:
            assert api.get(_path(database))[0] == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] == counts[2]
    assert _listed(database) == ["Wednesday", "Tuesday", "Monday"]
