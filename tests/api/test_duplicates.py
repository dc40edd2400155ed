"""Copies of tables and of whole databases; databases made with an example."""

from __future__ import annotations

import re
from typing import Any

import pytest

from plugin_api.applications import ApplicationInfo
from plugin_api.db import begin, connection
from plugin_api.platform import registry
from tests.alike import Likeness, assert_alike, differences
from tests.everything import everything
from tests.tables import TABLES, Database, recorded, run_job, scalar


@pytest.fixture
def database(api: Any) -> Database:
    """A database whose admin is `api`."""
    return Database(api)


@pytest.fixture
def source(database: Database) -> int:
    """A table with fields that need care when they are copied, and rows."""
    table = database.table("Source", [["Name"], ["Ann"], ["Bob"], ["Cid"]])
    database.add_field(table, "Size", "number", number_decimal_places=1)
    kinds = [{"id": -1, "value": "red", "color": "red"}, {"id": -2, "value": "green", "color": "green"}]
    database.add_field(table, "Kind", "single_select", select_options=kinds, single_select_default=-2)
    tags = [{"value": "a", "color": "blue"}, {"value": "b", "color": "blue"}]
    database.add_field(table, "Tags", "multiple_select", select_options=tags)
    database.add_field(table, "No", "autonumber")
    database.add_field(table, "Key", "uuid")
    database.add_field(table, "Made", "created_on", date_include_time=True)
    database.add_field(table, "Code", "text", field_constraints=[{"type_name": "unique_with_empty"}], db_index=True)
    name = database.fields(table)[0]["id"]
    data = [["Ann", "1.5", "red", "b,a", "x"], ["Bob", "", "green", "", "y"], ["Cid", "3", "", "a", ""]]
    job = database.import_rows(table, data, upsert_fields=[name], upsert_values=[["Ann"], ["Bob"], ["Cid"]])
    assert job["report"]["failing_rows"] == {}
    with begin():
        connection().exec_driver_sql(
            f'UPDATE "ws_{database.workspace_id}"."table_{table}" SET trashed_on = now() WHERE id = 3'
        )
    return table


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return value["value"]
        return [plain(item) for item in value] if isinstance(value, list) else value

    return {key: plain(value) for key, value in row.items()}


def _compare(database: Database, source: int, copy: int) -> None:
    assert [_shown(row) for row in database.rows(copy)] == [_shown(row) for row in database.rows(source)]
    own = {"id", "table_id", "database_id", "select_options", "single_select_default"}
    fields = [(before, after) for before, after in zip(database.fields(source), database.fields(copy), strict=True)]
    for before, after in fields:
        assert {k: v for k, v in before.items() if k not in own} == {k: v for k, v in after.items() if k not in own}
        assert before["id"] != after["id"]
        for old, new in zip(before.get("select_options", []), after.get("select_options", []), strict=True):
            assert (old["value"], old["color"]) == (new["value"], new["color"])
            assert old["id"] != new["id"]


def test_a_table_is_copied_with_fields_options_and_rows(database: Database, source: int, api: Any) -> None:
    status, job = api.post(f"{TABLES}{source}/duplicate/async/")
    original = {"id": source, "name": "Source", "order": 1, "database_id": database.id, "data_sync": None}
    assert (status, job["type"], job["original_table"]) == (202, "duplicate_table", original)
    assert job["duplicated_table"] is None
    done = database.run((status, job))
    copy = done["duplicated_table"]
    assert copy == {"id": copy["id"], "name": "Source 2", "order": 2, "database_id": database.id, "data_sync": None}
    assert done["original_table"] == original
    _compare(database, source, copy["id"])
    assert [row["Name"] for row in database.rows(copy["id"])] == ["Ann", "Bob"]
    assert database.counted(copy["id"]) == 2


def test_options_of_the_copy_are_its_own(database: Database, source: int, api: Any) -> None:
    copy = database.run(api.post(f"{TABLES}{source}/duplicate/async/"))["duplicated_table"]["id"]
    fields = {field["name"]: field for field in database.fields(copy)}
    red, green = (option["id"] for option in fields["Kind"]["select_options"])
    assert fields["Kind"]["single_select_default"] == green
    rows = database.rows(copy)
    assert [row["Kind"]["id"] for row in rows] == [red, green]
    a, b = (option["id"] for option in fields["Tags"]["select_options"])
    assert [[tag["id"] for tag in row["Tags"]] for row in rows] == [[b, a], []]


def test_the_copy_goes_on_after_its_last_row(database: Database, source: int, api: Any) -> None:
    copy = database.run(api.post(f"{TABLES}{source}/duplicate/async/"))["duplicated_table"]["id"]
    job = database.import_rows(copy, [["Dan", "", "", "", "x"], ["Eve", "", "", "", "z"]])
    assert list(job["report"]["failing_rows"]) == ["0"]  # the copy keeps the rule that codes are unique
    last = database.rows(copy)[-1]
    assert (last["Name"], last["order"][:2]) == ("Eve", "3.")
    assert last["id"] > 2
    assert last["No"] > max(row["No"] for row in database.rows(copy)[:-1])
    assert len({row["Key"] for row in database.rows(copy)}) == 3
    assert database.rows(source)[-1]["Name"] == "Bob"


def test_the_primary_field_need_not_be_the_first_one_made(database: Database, api: Any) -> None:
    table = database.table("T", [["A", "B"], ["1", "2"]])
    second = database.fields(table)[1]["id"]
    path = f"/api/database/fields/table/{table}/change-primary-field/"
    assert api.post(path, {"new_primary_field_id": second})[0] == 200
    copy = database.run(api.post(f"{TABLES}{table}/duplicate/async/"))["duplicated_table"]["id"]
    assert [(f["name"], f["primary"], f["order"]) for f in database.fields(copy)] == [
        (f["name"], f["primary"], f["order"]) for f in database.fields(table)
    ]
    assert database.values(copy) == [["2", "1"]]


def test_copies_get_free_names(database: Database, api: Any) -> None:
    table = database.table("n" * 255)
    names = []
    for _ in range(2):
        names.append(database.run(api.post(f"{TABLES}{table}/duplicate/async/"))["duplicated_table"]["name"])
    assert names == ["n" * 253 + " 2", "n" * 253 + " 3"]


def test_a_copy_is_one_action_and_one_event(database: Database, source: int, api: Any) -> None:
    copy = database.run(api.post(f"{TABLES}{source}/duplicate/async/"))["duplicated_table"]
    [action] = [found for found in recorded("action", api, "params") if found["type"] == "duplicate_table"]
    assert (action["original_table_id"], action["table_id"]) == (source, copy["id"])
    told = [found["table"] for found in recorded("outbox", api, "payload") if found["type"] == "table_created"]
    assert told[-1] == copy


def test_members_without_the_permission_copy_nothing(database: Database, make_user: Any) -> None:
    table, viewer = database.table(), make_user("Vic")
    with begin():
        sql = "INSERT INTO core.membership (workspace_id, user_id, permissions) VALUES (%s, %s, 'VIEWER')"
        connection().exec_driver_sql(sql, (database.workspace_id, viewer.user["id"]))
    calls: list[tuple[str, str, Any]] = [
        ("POST", f"{TABLES}{table}/duplicate/async/", {}),
        ("POST", f"{TABLES}{table}/import/async/", {"data": [["a"]]}),
        ("POST", database.path, {"name": "T"}),
        ("POST", database.path + "async/", {"name": "T"}),
        ("POST", database.path + "order/", {"table_ids": []}),
        ("PATCH", f"{TABLES}{table}/", {"name": "T"}),
        ("DELETE", f"{TABLES}{table}/", None),
    ]
    for method, path, body in calls:
        assert viewer.call(method, path, body)[1]["error"] == "PERMISSION_DENIED", path
    assert viewer.get(database.path)[0] == viewer.get(f"{TABLES}{table}/")[0] == 200
    assert len(database.tables()) == 1


def test_a_database_is_copied_whole(database: Database, source: int, api: Any) -> None:
    database.table("Other", [["A"], ["1"]])
    api.delete(f"{TABLES}{database.table('Gone')}/")
    status, job = api.post(f"/api/applications/{database.id}/duplicate/async/")
    assert status == 202, job
    run_job(job["id"])
    _, done = api.get(f"/api/jobs/{job['id']}/")
    assert done["state"] == "finished", done
    copied = done["duplicated_application"]
    assert [(table["name"], table["order"], table["database_id"]) for table in copied["tables"]] == [
        ("Source", 1, copied["id"]),
        ("Other", 2, copied["id"]),
    ]
    _compare(database, source, copied["tables"][0]["id"])
    assert database.values(copied["tables"][1]["id"]) == [["1"]]


def test_a_copied_database_with_everything_is_equal(api: Any) -> None:
    base = everything(api).base
    original = Likeness(api, base.id)
    before = original.told()
    job = base.run(api.post(f"/api/applications/{base.id}/duplicate/async/"))
    copy = job["duplicated_application"]["id"]
    assert_alike(Likeness(api, copy), before, original)
    again = base.run(api.post(f"/api/applications/{copy}/duplicate/async/"))["duplicated_application"]["id"]
    assert_alike(Likeness(api, again), before, original)
    assert_alike(Likeness(api, base.id), before)


def test_a_copied_table_with_everything_is_equal(api: Any) -> None:
    world = everything(api)
    before = Likeness(api, world.base.id).told()["Table"]
    world.base.run(api.post(f"{TABLES}{world.table_id}/duplicate/async/"))
    names = {"Table": "The original", "Table 2": "Table"}
    after = Likeness(api, world.base.id, called=names).told()["Table"]
    # The table has a place of its own, and fields on the other side of its links have names of their own.
    own = re.compile(r"table\.order: 4, not 2|link_row_related_field")
    assert [found for found in differences(after, before) if not own.search(found)] == []


def test_a_database_with_an_example_has_one_table(database: Database, api: Any) -> None:
    path = f"/api/applications/workspace/{database.workspace_id}/"
    status, made = api.post(path, {"name": "Filled", "type": "database", "init_with_data": True})
    assert status == 200
    [table] = made["tables"]
    assert table == {"id": table["id"], "name": "Table", "order": 1, "database_id": made["id"], "data_sync": None}
    assert database.values(table["id"]) == [["", "", False], ["", "", False]]


def test_copying_takes_the_same_statements_for_any_number_of_rows(database: Database, api: Any, count_sql: Any) -> None:
    few, many = database.table("Few", [["A"], ["1"]]), database.table("Many", [["A"], *[["1"]] * 1000])
    counts = []
    for table in (few, many):
        job = api.post(f"{TABLES}{table}/duplicate/async/")
        with count_sql() as statements:
            database.run(job)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert scalar(f'SELECT count(*) FROM "ws_{database.workspace_id}"."table_{database.tables()[-1]["id"]}"') == 1000


def test_a_database_that_is_removed_for_good_takes_its_rows_along(database: Database, api: Any) -> None:
    kept = Database(api)
    kept.table("Other")
    database.table("One")
    api.delete(f"{TABLES}{database.table('In the trash')}/")
    with begin():
        kind = registry("application_types")["database"]
        kind.deleted(ApplicationInfo(database.id, "database", "Database", 1, database.workspace_id))
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = %(schema)s"
    assert scalar(tables, schema=f"ws_{database.workspace_id}") == 0
    assert scalar(tables, schema=f"ws_{kept.workspace_id}") == 1


def test_a_broken_formula_is_copied_as_it_is(database: Database, api: Any) -> None:
    table = database.table("Broken", [["Name"], ["a"]])
    age = database.add_field(table, "Age", "number")
    database.add_field(table, "Twice", "formula", formula="field('Age') * 2")
    assert api.delete(f"/api/database/fields/{age}/")[0] == 200
    job = database.run(api.post(f"/api/database/tables/{table}/duplicate/async/"))
    assert job["state"] == "finished", job
    told = [{one["name"]: one for one in database.fields(found)}["Twice"] for found in _both(table, job)]
    assert [(one["error"], one["formula"]) for one in told] == [(told[0]["error"], "field('Age') * 2")] * 2
    assert told[0]["error"]


def _both(table: int, job: dict[str, Any]) -> tuple[int, int]:
    return table, int(job["duplicated_table"]["id"])
