"""Data sync: tables that follow a source, here one a third party's plugin brings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from plugin_api.db import begin, connection
from plugins.data_sync import merge
from plugins.data_sync.kinds import Property, SyncError
from tests import lab
from tests.synced import SYNC, Synced
from tests.tables import Database, recorded, run_job, scalar

RING = Property("ring", "Ring", "number", unique=True)
NAME, AGE = Property("name", "Name", "text"), Property("age", "Age", "number")
SETTINGS = {"type": "pigeons", "loft": "roof", "word": "seed"}
FIRST = [{"ring": 1, "name": "Ada", "age": 3}, {"ring": 2, "name": "Bo", "age": 4}, {"ring": 3, "name": "Cy", "age": 5}]


class WorkerDied(KeyboardInterrupt):
    """Stands for a worker that is gone from one moment to the next."""


@pytest.fixture(autouse=True)
def flock(app: Any) -> Iterator[lab.Flock]:
    """The source's contents."""
    lab.reset()
    lab.flock.properties, lab.flock.rows = [RING, NAME, AGE], list(FIRST)
    yield lab.flock
    lab.reset()


@pytest.fixture
def base(api: Any) -> Database:
    """A database of the user."""
    return Database(api)


@pytest.fixture
def synced(api: Any, base: Database) -> Synced:
    """A table that was synced once."""
    made = Synced(api, base, ["ring", "name", "age"], **SETTINGS)
    made.done()
    return made


def test_rows_come_change_and_go(synced: Synced, flock: lab.Flock) -> None:
    assert synced.values() == [["1", "Ada", "3"], ["2", "Bo", "4"], ["3", "Cy", "5"]]
    flock.rows = [FIRST[0] | {"name": "Ann"}, FIRST[2], {"ring": 4, "name": "Di"}]
    synced.done()
    assert synced.rows() == [
        {"id": 1, "Ring": "1", "Name": "Ann", "Age": "3"},
        {"id": 3, "Ring": "3", "Name": "Cy", "Age": "5"},
        {"id": 4, "Ring": "4", "Name": "Di", "Age": None},
    ]
    assert synced.base.counted(synced.table_id) == 3
    flock.rows = []
    synced.done()
    assert synced.rows() == []


def test_a_sync_without_changes_changes_nothing(synced: Synced) -> None:
    sql = "SELECT max(xmin::text::bigint) FROM {}"
    with begin():
        name = synced.base.shape(synced.table_id).full_name
    before = scalar(sql.format(name))
    synced.done()
    assert scalar(sql.format(name)) == before


def test_rows_that_cannot_be_told_apart_come_once_or_not_at_all(synced: Synced, flock: lab.Flock) -> None:
    flock.rows = [{"ring": 7, "name": "first"}, {"ring": 7, "name": "second"}, {"ring": None, "name": "none"}]
    synced.done()
    assert synced.values() == [["7", "first", None]]


def test_a_value_the_field_cannot_take_is_empty(synced: Synced, flock: lab.Flock) -> None:
    flock.rows = [{"ring": 1, "name": "x\0y", "age": "old"}, {"ring": "many", "name": "left out"}]
    synced.done()
    assert synced.values() == [["1", None, None]]


def test_many_rows_with_few_statements(synced: Synced, flock: lab.Flock, count_sql: Any) -> None:
    def statements(rows: int) -> int:
        flock.rows = [{"ring": n, "name": f"n{n} {rows}", "age": 1} for n in range(rows)]
        job = synced.api.post(f"{synced.path}sync/async/")
        with count_sql() as made:
            run_job(job[1]["id"])
        assert synced.base.job(job)["state"] == "finished"
        return sum("core.job" not in statement for statement in made)

    statements(10)
    few = statements(20)
    assert statements(190) == few


def test_columns_of_users_stay(synced: Synced, flock: lab.Flock, api: Any) -> None:
    synced.base.add_field(synced.table_id, "Note", "text", text_default="new")
    rows = f"/api/database/rows/table/{synced.table_id}/"
    assert api.patch(f"{rows}1/?user_field_names=true", {"Note": "mine"})[0] == 200
    flock.rows = [FIRST[0] | {"age": 9}, {"ring": 8, "name": "Ed"}]
    synced.done()
    assert synced.values() == [["1", "Ada", "9", "mine"], ["8", "Ed", None, "new"]]


def test_computed_values_follow(synced: Synced, flock: lab.Flock, monkeypatch: pytest.MonkeyPatch) -> None:
    synced.base.add_field(synced.table_id, "Next", "formula", formula="field('Age') + 1")
    other = synced.base.table("Other", [["Name"], ["x"]])
    synced.base.add_field(other, "Birds", "link_row", link_row_table_id=synced.table_id)
    synced.base.add_field(other, "Oldest", "rollup", **_rollup(synced, other))
    path = f"/api/database/rows/table/{other}/1/?user_field_names=true"
    assert synced.api.patch(path, {"Birds": [1, 2]})[0] == 200
    flock.rows = [FIRST[0] | {"age": 30}, FIRST[1], {"ring": 9, "name": "Ed", "age": 7}]
    synced.done()
    assert [row["Next"] for row in synced.rows()] == ["31", "5", "8"]
    assert synced.base.rows(other)[0]["Oldest"] == "30"
    monkeypatch.setattr(merge, "_FOLLOWED", 0)
    flock.rows = [FIRST[1] | {"age": 50}]
    synced.done()
    assert [row["Next"] for row in synced.rows()] == ["51"]
    assert synced.base.rows(other)[0]["Oldest"] == "50"
    assert [link["id"] for link in synced.base.rows(other)[0]["Birds"]] == [2]


def _rollup(synced: Synced, other: int) -> dict[str, Any]:
    through = next(found["id"] for found in synced.base.fields(other) if found["name"] == "Birds")
    target = synced.fields()["Age"]["id"]
    return {"through_field_id": through, "target_field_id": target, "rollup_function": "max"}


def test_listeners_and_history_learn_of_each_row(synced: Synced, flock: lab.Flock, api: Any) -> None:
    flock.rows = [FIRST[0] | {"name": "Ann"}, FIRST[2], {"ring": 4, "name": "Di"}]
    synced.done()
    told = {event["type"]: event for event in recorded("outbox", api, "payload")}
    name = f"field_{synced.fields()['Name']['id']}"
    assert [row[name] for row in told["rows_created"]["rows"]] == ["Di"]
    assert [row[name] for row in told["rows_updated"]["rows_before_update"]] == ["Ada"]
    assert [row[name] for row in told["rows_updated"]["rows"]] == ["Ann"]
    assert told["rows_deleted"]["row_ids"] == [2] and told["rows_deleted"]["rows"][0][name] == "Bo"
    history = api.get(f"/api/database/rows/table/{synced.table_id}/1/history/")[1]["results"]
    assert [(entry["before"], entry["after"]) for entry in history] == [({name: "Ada"}, {name: "Ann"})]
    done = [action for action in recorded("action", api, "params") if action["type"] == "sync_data_sync_table"]
    assert (done[-1]["added"], done[-1]["changed"], done[-1]["removed"]) == (1, 1, 1)


def test_of_many_rows_listeners_learn_as_of_an_import(
    synced: Synced, flock: lab.Flock, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merge, "ONE_BY_ONE", 1)
    monkeypatch.setattr("plugins.data_sync.told.ONE_BY_ONE", 1)
    flock.rows = [{"ring": 8}, {"ring": 9}]
    synced.done()
    told = recorded("outbox", api, "payload")
    imported = [event for event in told if event["type"] == "rows_imported"][-1]
    assert (imported["row_count"], imported["first_row_id"], imported["last_row_id"]) == (2, 4, 5)
    assert [event for event in told if event["type"] == "rows_deleted"][-1]["row_ids"] == [1, 2, 3]


def test_a_failure_leaves_the_rows_and_says_why(synced: Synced, flock: lab.Flock) -> None:
    before = synced.rows()
    flock.rows = [FIRST[0] | {"name": "half"}, SyncError("The loft is empty. Put some seed there.")]
    assert synced.failed() == "The loft is empty. Put some seed there."
    assert synced.rows() == before
    flock.told = "The loft is locked."
    assert synced.failed() == "The loft is locked."
    assert synced.rows() == before


def test_a_worker_that_dies_leaves_the_rows_and_another_one_syncs(synced: Synced, flock: lab.Flock) -> None:
    before = synced.rows()
    flock.rows = [FIRST[0] | {"name": "half"}, WorkerDied()]
    job = synced.api.post(f"{synced.path}sync/async/")
    with pytest.raises(WorkerDied):
        run_job(job[1]["id"])
    assert synced.rows() == before and synced.base.job(job)["state"] not in ("finished", "failed")
    flock.rows = [FIRST[0] | {"name": "whole"}]
    run_job(job[1]["id"])
    assert synced.base.job(job)["state"] == "finished"
    assert synced.values() == [["1", "whole", "3"]]


def test_jobs_show_the_data_sync_without_a_query_for_each(synced: Synced, count_sql: Any) -> None:
    def statements() -> int:
        with count_sql() as made:
            status, answer = synced.api.get("/api/jobs/")
        assert status == 200 and {job["data_sync"]["id"] for job in answer["jobs"]} == {synced.id}
        return len(made)

    assert synced.base.job(synced.api.post(f"{synced.path}sync/async/"))["data_sync"]["last_sync"] is not None
    few = statements()
    run_job(max(job["id"] for job in synced.api.get("/api/jobs/")[1]["jobs"]))
    synced.done()
    assert statements() == few


def test_one_sync_at_a_time(synced: Synced, make_user: Any) -> None:
    first = synced.api.post(f"{synced.path}sync/async/")
    status, answer = synced.api.post(f"{synced.path}sync/async/")
    assert (status, answer["error"]) == (400, "ERROR_MAX_JOB_COUNT_EXCEEDED")
    other = Synced(synced.api, synced.base, [], **SETTINGS)
    other.done()
    assert synced.base.run(first)["state"] == "finished"
    synced.done()


def test_a_property_is_added_and_removed(synced: Synced, flock: lab.Flock) -> None:
    synced.change(synced_properties=["age"])
    assert list(synced.fields()) == ["Ring", "Age"]
    synced.change(synced_properties=["age", "name"])
    assert [(row["Name"], row["Age"]) for row in synced.rows()] == [(None, "3"), (None, "4"), (None, "5")]
    synced.done()
    assert [row["Name"] for row in synced.rows()] == ["Ada", "Bo", "Cy"]
    status, answer = synced.api.patch(synced.path, {"synced_properties": ["wings"]})
    assert (status, answer["error"]) == (400, "ERROR_PROPERTY_NOT_FOUND")


def test_names_that_are_taken_or_reserved_get_a_number(api: Any, base: Database, flock: lab.Flock) -> None:
    flock.properties = [Property("a", "id", "number", unique=True), Property("b", "Same", "text"), AGE]
    flock.properties += [Property("c", "Same", "text"), Property("d", " ", "text")]
    synced = Synced(api, base, ["a", "b", "c", "d"], **SETTINGS)
    assert list(synced.fields()) == ["id 2", "Same", "Same 2", "Field"]
    base.add_field(synced.table_id, "Age", "text")
    synced.change(synced_properties=["a", "b", "c", "d", "age"])
    assert "Age 2" in synced.fields()


def test_new_properties_are_added_when_that_is_wanted(synced: Synced, flock: lab.Flock) -> None:
    flock.properties = [RING, NAME, AGE, Property("color", "Color", "text")]
    flock.rows = [FIRST[0] | {"color": "grey"}]
    synced.done()
    assert "Color" not in synced.fields()
    synced.change(auto_add_new_properties=True)
    synced.done()
    assert synced.rows() == [{"id": 1, "Ring": "1", "Name": "Ada", "Age": "3", "Color": "grey"}]


def test_a_property_of_another_type_makes_the_field_one(synced: Synced, flock: lab.Flock) -> None:
    options = {"number_decimal_places": 2}
    flock.properties = [RING, NAME, Property("age", "Age", "number", options)]
    flock.rows = [FIRST[0] | {"age": "3.25"}]
    synced.done()
    assert synced.values() == [["1", "Ada", "3.25"]]
    flock.properties = [RING, NAME, Property("age", "Age", "text")]
    flock.rows = [FIRST[0] | {"age": "three"}]
    synced.done()
    field = synced.fields()["Age"]
    assert (field["type"], field["read_only"], field["immutable_type"]) == ("text", True, True)
    assert synced.values() == [["1", "Ada", "three"]]


def test_a_property_the_source_lost_goes_into_the_trash_with_its_values(
    synced: Synced, flock: lab.Flock, api: Any
) -> None:
    field_id = synced.fields()["Age"]["id"]
    flock.properties = [RING, NAME]
    synced.done()
    assert list(synced.fields()) == ["Ring", "Name"]
    assert [found["key"] for found in synced.shown()["synced_properties"]] == ["ring", "name"]
    flock.properties = [RING, NAME, AGE]
    assert api.patch("/api/trash/restore/", {"trash_item_type": "field", "trash_item_id": field_id})[0] == 204
    assert [row["Age"] for row in synced.rows()] == ["3", "4", "5"]
    assert [found["key"] for found in synced.shown()["synced_properties"]] == ["ring", "name", "age"]


def test_what_tells_the_rows_apart_must_stay(synced: Synced, flock: lab.Flock, api: Any) -> None:
    primary = f"/api/database/fields/table/{synced.table_id}/change-primary-field/"
    assert api.post(primary, {"new_primary_field_id": synced.fields()["Name"]["id"]})[0] == 200
    status, answer = api.delete(f"/api/database/fields/{synced.fields()['Ring']['id']}/")
    assert (status, answer["error"]) == (400, "ERROR_CANNOT_DELETE_PRIMARY_FIELD")
    synced.change(synced_properties=["age"])
    assert synced.fields()["Ring"]["primary"] is True
    flock.properties = [AGE]
    assert "tells its rows apart" in synced.failed()


def test_values_and_rows_are_read_only(synced: Synced, api: Any) -> None:
    rows, names = f"/api/database/rows/table/{synced.table_id}/", "?user_field_names=true"
    problem = api.patch(f"{rows}batch/{names}", {"items": [{"id": 1, "Name": "x"}]})[1]
    assert problem["detail"]["items"]["0"]["Name"][0]["code"] == "read_only"
    refusals = {
        "ERROR_CANNOT_CREATE_ROWS_IN_TABLE": [
            api.post(f"{rows}batch/", {"items": [{}]}),
            api.post(f"/api/database/tables/{synced.table_id}/import/async/", {"data": [["x"]]}),
        ],
        "ERROR_CANNOT_DELETE_ROWS_IN_TABLE": [
            api.delete(f"{rows}1/"),
            api.post(f"{rows}batch-delete/", {"items": [1]}),
        ],
        "ERROR_IMMUTABLE_FIELD_PROPERTIES": [
            api.patch(f"/api/database/fields/{synced.fields()['Age']['id']}/", {"number_negative": True})
        ],
    }
    for code, answers in refusals.items():
        assert [(status, answer["error"]) for status, answer in answers] == [(400, code)] * len(answers)
    assert len(synced.rows()) == 3


def test_secrets_are_encrypted_never_shown_and_bound_to_their_place(synced: Synced, flock: lab.Flock) -> None:
    assert "seed" not in str(
        scalar("SELECT settings::text || secrets::text FROM data_sync.data_sync WHERE id = %(i)s", i=synced.id)
    )
    assert synced.shown()["loft"] == "roof" and "word" not in synced.shown()
    assert flock.seen[-1] == {"loft": "roof", "word": "seed"}
    synced.change(loft="cellar")
    synced.sync()
    assert flock.seen[-1] == {"loft": "cellar"}
    synced.change(loft="attic", word="corn")
    synced.sync()
    assert flock.seen[-1] == {"loft": "attic", "word": "corn"}


def test_a_copy_of_the_table_is_synced_too(synced: Synced, flock: lab.Flock) -> None:
    job = synced.base.run(synced.api.post(f"/api/database/tables/{synced.table_id}/duplicate/async/"))
    copy = synced.api.get(f"/api/database/tables/{job['duplicated_table']['id']}/")[1]
    assert copy["data_sync"]["id"] != synced.id
    assert [found["key"] for found in copy["data_sync"]["synced_properties"]] == ["ring", "name", "age"]
    flock.rows = [FIRST[0]]
    started = synced.api.post(f"{SYNC}/{copy['data_sync']['id']}/sync/async/")
    assert synced.base.run(started)["state"] == "finished"
    assert (synced.base.values(copy["id"]), len(synced.rows())) == ([["1", "Ada", "3"]], 3)


def test_making_a_table_can_be_undone_and_redone(api: Any, base: Database) -> None:
    session = {"ClientSessionId": "5f4dcc3b-5aa7-45d6-8327-deb882cf99aa"}
    body = {"table_name": "T", "synced_properties": [], **SETTINGS}
    made = api.post(f"{SYNC}/database/{base.id}/", body, headers=session)[1]
    scopes = {"scopes": {"application": base.id}}
    assert api.patch("/api/user/undo/", scopes, headers=session)[0] == 200
    status, answer = api.get(f"{SYNC}/{made['data_sync']['id']}/")
    assert (status, answer["error"]) == (404, "ERROR_DATA_SYNC_DOES_NOT_EXIST")
    assert api.patch("/api/user/redo/", scopes, headers=session)[0] == 200
    assert api.get(f"{SYNC}/{made['data_sync']['id']}/")[0] == 200


def test_nothing_stays_of_a_table_that_is_removed_for_good(synced: Synced, api: Any) -> None:
    assert api.delete(f"/api/database/tables/{synced.table_id}/")[0] == 204
    with begin():
        from plugins.database.tables.trash import remove_tables

        remove_tables(synced.base.workspace_id, [synced.table_id])
        left = connection().exec_driver_sql(f"SELECT count(*) FROM data_sync.data_sync WHERE id = {synced.id}")
        assert left.scalar_one() == 0


def test_only_builders_and_only_members(synced: Synced, make_user: Any) -> None:
    stranger = make_user("Eve")
    calls = [
        ("GET", synced.path, None, "ERROR_USER_NOT_IN_GROUP"),
        ("PATCH", synced.path, {"loft": "x"}, "ERROR_USER_NOT_IN_GROUP"),
        ("GET", f"{synced.path}properties/", None, "PERMISSION_DENIED"),
        ("POST", f"{synced.path}sync/async/", {}, "ERROR_USER_NOT_IN_GROUP"),
    ]
    for method, path, body, code in calls:
        assert stranger.call(method, path, body)[1]["error"] == code
    viewer = make_user("Vic")
    with begin():
        sql = "INSERT INTO core.membership (workspace_id, user_id, permissions) VALUES (%s, %s, 'VIEWER')"
        connection().exec_driver_sql(sql, (synced.base.workspace_id, viewer.user["id"]))
    for method, path, body, _ in calls:
        assert viewer.call(method, path, body)[1]["error"] == "PERMISSION_DENIED"


def test_a_type_whose_plugin_is_switched_off(synced: Synced, staff: Any) -> None:
    assert staff.patch("/api/admin/plugins/lab/", {"enabled": False})[0] == 200
    try:
        status, answer = synced.api.post(f"{SYNC}/properties/", SETTINGS)
        assert (status, answer["detail"]["type"][0]["code"]) == (400, "invalid_choice")
        assert "switched off" in synced.failed()
        assert len(synced.rows()) == 3 and synced.api.get(synced.path)[0] == 200
    finally:
        assert staff.patch("/api/admin/plugins/lab/", {"enabled": True})[0] == 200
