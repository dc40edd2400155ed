"""Importing rows with jobs: into new and existing tables, bad rows, upserts, cancelling, payload files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from plugin_api import json_text
from plugin_api.db import begin
from plugin_api.fields import Field, InvalidValue
from plugin_api.jobs import JobCancelled
from plugin_api.platform import service
from plugin_api.storage import Storage
from plugins.database.engine import places
from plugins.database.engine.bulk import CopyColumn, Refused, copy_rows
from plugins.database.rows.prepare import batch
from plugins.database.tables import imports, jobs, upkeep
from tests.tables import TABLES, Database, recorded, run_job, scalar


@pytest.fixture
def database(api: Any) -> Database:
    """A database whose admin is `api`."""
    return Database(api)


@pytest.fixture
def typed(database: Database) -> int:
    """A table with fields of many types and no rows."""
    table = database.table("Typed", [["Name", "Note"]])
    database.add_field(table, "Age", "number", number_decimal_places=1)
    database.add_field(table, "Made", "created_on")
    database.add_field(table, "Done", "boolean")
    database.add_field(table, "Day", "date")
    database.add_field(table, "Kind", "single_select", select_options=_options("red", "green"))
    database.add_field(table, "Tags", "multiple_select", select_options=_options("a", "b, c"))
    database.add_field(table, "Stars", "rating")
    return table


def _options(*names: str) -> list[dict[str, str]]:
    return [{"value": name, "color": "blue"} for name in names]


def _codes(job: dict[str, Any], fields: list[dict[str, Any]]) -> dict[str, dict[str, list[str]]]:
    names = {f"field_{field['id']}": field["name"] for field in fields}
    return {
        row: {names.get(column, column): [one["code"] for one in found] for column, found in problems.items()}
        for row, problems in job["report"]["failing_rows"].items()
    }


@pytest.fixture(autouse=True)
def no_files(app: Any) -> None:
    """Jobs of other tests that nobody ran keep their files."""
    for name in _files():
        service(Storage).delete(name)


def _files() -> list[str]:
    return list(service(Storage).names("imports/"))


def test_values_follow_the_fields_that_can_be_written(database: Database, typed: int) -> None:
    job = database.import_rows(
        typed,
        [
            ["Ann", "x\ty\\N\r\n.", "27.5", "true", "2020-02-29", "green", 'a,"b, c"', "3"],
            ["Bob", "", None, False, None, "", "", 0],
            ["Cid"],
            [],
            ["Eve", "n", 31, "false", "2021-01-01", "red", "a", 5, "more than there are fields"],
        ],
    )
    assert (job["state"], job["report"]["failing_rows"]) == ("finished", {})
    shown = [
        {key: _plain(row[key]) for key in ("Name", "Note", "Age", "Done", "Day", "Kind", "Tags", "Stars")}
        for row in database.rows(typed)
    ]
    assert [list(row.values()) for row in shown] == [
        ["Ann", "x\ty\\N\r\n.", "27.5", True, "2020-02-29", "green", ["a", "b, c"], 3],
        ["Bob", "", None, False, None, None, [], 0],
        ["Cid", None, None, False, None, None, [], 0],
        [None, None, None, False, None, None, [], 0],
        ["Eve", "n", "31.0", False, "2021-01-01", "red", ["a"], 5],
    ]
    assert [row["order"] for row in database.rows(typed)] == [f"{n}.00000000000000000000" for n in range(1, 6)]
    assert database.counted(typed) == 5
    schema = f'"ws_{database.workspace_id}"."table_{typed}"'
    assert scalar(f"SELECT count(DISTINCT (created_by, last_modified_by)) FROM {schema}") == 1
    assert scalar(f"SELECT max(created_by) FROM {schema}") == database.api.user["id"]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return value["value"]
    return [_plain(item) for item in value] if isinstance(value, list) else value


def test_bad_rows_are_reported_and_good_ones_kept(database: Database, typed: int) -> None:
    job = database.import_rows(
        typed,
        [
            ["good", "", "1"],
            ["bad number", "", "12x"],
            ["bad day and kind", "", "1", "true", "31.31.2020", "blue"],
            ["too many stars", "", "1", "", "", "", "", "9"],
            ["no such tag", "", "1", "", "", "", "zzz"],
            ["maybe", "", "1", "maybe"],
            ["good too", "", "2"],
        ],
    )
    assert job["state"] == "finished"
    codes = _codes(job, database.fields(typed))
    assert {row: sorted(found) for row, found in codes.items()} == {
        "1": ["Age"],
        "2": ["Day", "Kind"],
        "3": ["Stars"],
        "4": ["Tags"],
        "5": ["Done"],
    }
    assert all(all(found) for row in codes.values() for found in row.values())
    assert job["report"]["failing_row_count"] == 5
    assert [row["Name"] for row in database.rows(typed)] == ["good", "good too"]
    assert [row["order"][:1] for row in database.rows(typed)] == ["1", "2"]


def test_a_value_only_the_database_refuses_costs_its_row_alone(database: Database, typed: int) -> None:
    with begin():
        shape, refused = database.shape(typed), []
        order, age = CopyColumn("order"), CopyColumn(shape.by_name["Age"].column)
        ages = ["1", "x", "3", "4", "1e999", "6"]
        assert copy_rows(shape.full_name, [order, age], [range(6), ages], refused.append) == 4
        assert [(found.index, found.column) for found in refused] == [(1, age.name), (4, age.name)]
        assert all(isinstance(found, Refused) and found.reason for found in refused)
    assert [row["Age"] for row in database.rows(typed)] == ["1.0", "3.0", "4.0", "6.0"]


def test_values_that_must_be_unique_are_reported_when_they_repeat(database: Database) -> None:
    table = database.table("Unique", [["Name"]])
    database.add_field(table, "Code", "text", field_constraints=[{"type_name": "unique_with_empty"}])
    job = database.import_rows(table, [["a", "1"], ["b", "1"], ["c", "2"], ["d", ""], ["e", ""]])
    assert _codes(job, database.fields(table)) == {"1": {"Code": ["invalid"]}}
    assert [row["Name"] for row in database.rows(table)] == ["a", "c", "d", "e"]


def test_a_type_that_refuses_the_whole_batch_is_asked_value_by_value(
    database: Database, typed: int, monkeypatch: Any
) -> None:
    with begin():
        shape = database.shape(typed)
        age = shape.by_name["Age"]
        kind = shape.type_of(age)

        def strict(field: Field, values: Any, moment: Any) -> Any:
            prepared = type(kind).prepare_import(kind, field, values, moment)
            for problems in prepared.errors.values():
                raise InvalidValue("invalid", "no", problems)
            return prepared

        monkeypatch.setattr(kind, "prepare_import", strict)
        checked = imports.check(shape, [age], [["1"], ["x"], ["3"]], batch(importing=True))
    assert list(checked.problems) == [1]
    assert [checked.columns[0][n] for n in (0, 2)] == ["1", "3"]


def test_new_rows_come_after_those_that_are_there(database: Database) -> None:
    table = database.table("Target", [["Name"], ["Ann"]])
    database.import_rows(table, [["Bob"]])
    database.import_rows(table, [["Cid"]])
    assert [(row["order"][:2], row["Name"]) for row in database.rows(table)] == [
        ("1.", "Ann"),
        ("2.", "Bob"),
        ("3.", "Cid"),
    ]


def test_skipped_fields_get_their_default(database: Database) -> None:
    table = database.table("Target", [["Name"]])
    skipped = database.add_field(table, "City", "text", text_default="Oslo")
    database.add_field(table, "Age", "number")
    database.import_rows(table, [["Ann", "Rome", "3"]], skipped_fields=[skipped])
    assert database.values(table) == [["Ann", "Oslo", "3"]]


def test_a_table_is_created_by_a_job(database: Database, api: Any) -> None:
    body = {"name": "Later", "first_row_header": True, "data": [["Name", "Age"], ["Ann", "31"], ["Bob", "27"]]}
    job = api.post(database.path + "async/", body)
    shown = {"type": "file_import", "database_id": database.id, "name": "Later", "first_row_header": True}
    assert job[0] == 200
    assert {**job[1], **shown, "table_id": None, "state": "pending"} == job[1]
    assert job[1]["report"]["failing_rows"] == {}
    done = database.run(job)
    assert (done["state"], done["progress_percentage"]) == ("finished", 100)
    assert {**done, **shown} == done
    assert [field["name"] for field in database.fields(done["table_id"])] == ["Name", "Age"]
    assert database.values(done["table_id"]) == [["Ann", "31"], ["Bob", "27"]]


def test_a_table_without_data_is_made_before_its_job(database: Database, api: Any) -> None:
    job = api.post(database.path + "async/", {"name": "No data"})
    table = job[1]["table_id"]
    assert database.values(table) == [["", "", False], ["", "", False]]
    done = database.run(job)
    assert (done["state"], done["table_id"], len(database.tables())) == ("finished", table, 1)
    assert _files() == []


@pytest.mark.parametrize("data", [[["A", "A"], ["1", "2"]], [["id"]], [[]], [["x"] * 601]])
def test_a_job_that_cannot_make_its_table_fails_with_a_reason(database: Database, api: Any, data: Any) -> None:
    done = database.run(api.post(database.path + "async/", {"name": "T", "first_row_header": True, "data": data}))
    assert (done["state"], done["table_id"]) == ("failed", None)
    assert done["human_readable_error"]
    assert database.tables() == []
    assert _files() == []


def test_the_import_job_shows_its_table_only(database: Database, api: Any) -> None:
    table = database.table("Target", [["Name"]])
    status, job = api.post(f"{TABLES}{table}/import/async/", {"data": [["a"]]})
    assert status == 200
    shown = {"type": "file_import", "database_id": None, "name": "", "table_id": table, "first_row_header": False}
    assert {**job, **shown} == job
    assert database.run((status, job))["state"] == "finished"


def test_an_import_is_one_action_and_one_event(database: Database, api: Any) -> None:
    table = database.table("Target", [["Name"], ["Ann"]])
    database.import_rows(table, [["Bob"], ["Cid"]])
    [action] = [found for found in recorded("action", api, "params") if found["type"] == "import_rows"]
    assert (action["table_id"], action["row_count"]) == (table, 2)
    assert (action["first_row_id"], action["last_row_id"]) == (2, 3)
    [told] = [found for found in recorded("outbox", api, "payload") if found["type"] == "rows_imported"]
    assert (told["table_id"], told["row_count"]) == (table, 2)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({}, {"data": ["required"]}),
        ({"data": []}, {"data": ["min_length"]}),
        ({"data": "a"}, {"data": ["not_a_list"]}),
        (
            {"data": [["a"]], "configuration": {"upsert_fields": ["FIELD"]}},
            {"configuration": {"upsert_value": ["invalid"]}},
        ),
        (
            {"data": [["a"], ["b"]], "configuration": {"upsert_fields": ["FIELD"], "upsert_values": [["a"]]}},
            {"data": ["invalid"], "configuration": {"upsert_values": {"code": "invalid"}}},
        ),
        (
            {"data": [["a"]], "configuration": {"upsert_fields": ["Name"], "upsert_values": [["a"]]}},
            {"configuration": {"upsert_fields": {"0": ["invalid"]}}},
        ),
        (
            {"data": [["a"]], "configuration": {"upsert_fields": [], "upsert_values": [["a"]]}},
            {"configuration": {"upsert_fields": ["min_length"]}},
        ),
        (
            {"data": [["a"]], "configuration": {"upsert_fields": ["FIELD"], "upsert_values": ["a"]}},
            {"configuration": {"upsert_values": ["not_a_list"]}},
        ),
        ({"data": [["a"]], "configuration": "x"}, {"configuration": {"non_field_errors": ["invalid"]}}),
    ],
)
def test_imports_that_are_refused(database: Database, api: Any, body: Any, detail: Any) -> None:
    table = database.table("Target", [["Name"], ["Ann"]])
    field = database.fields(table)[0]["id"]
    status, answer = api.post(f"{TABLES}{table}/import/async/", _filled(body, field))
    assert (status, answer["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION")
    assert _only_codes(answer["detail"]) == detail
    assert _files() == []


def _filled(body: Any, field: int) -> Any:
    if isinstance(body, dict):
        return {key: _filled(value, field) for key, value in body.items()}
    return [_filled(item, field) for item in body] if isinstance(body, list) else field if body == "FIELD" else body


def _only_codes(detail: Any) -> Any:
    if isinstance(detail, list):
        return [one["code"] for one in detail]
    return {key: _only_codes(value) if key != "code" else value for key, value in detail.items() if key != "error"}


def test_rows_are_found_by_fields_of_the_table_only(database: Database, api: Any) -> None:
    table, other = database.table("Target", [["Name"]]), database.table()
    made = database.add_field(table, "Made", "created_on")
    for field in (99999999, database.fields(other)[0]["id"], made):
        how = {"upsert_fields": [field], "upsert_values": [["a"]]}
        status, answer = api.post(f"{TABLES}{table}/import/async/", {"data": [["a"]], "configuration": how})
        assert (status, answer["error"]) == (400, "ERROR_FIELD_NOT_IN_TABLE")
    assert _files() == []


def test_upsert_updates_what_is_there_and_adds_the_rest(database: Database) -> None:
    table = database.table("Stock", [["Sku", "Place"], ["A1", "north"], ["B2", "south"], ["B2", "south"]])
    count = database.add_field(table, "Count", "number")
    sku = database.fields(table)[0]["id"]
    keys: dict[str, Any] = {"upsert_fields": [sku]}
    data = [["A1", "east", "5"], ["C3", "west", "6"], ["B2", "up", "7"]]
    job = database.import_rows(table, data, **keys, upsert_values=[["A1"], ["C3"], ["B2"]])
    assert (job["state"], job["report"]["failing_rows"]) == ("finished", {})
    expected = [["A1", "east", "5"], ["B2", "up", "7"], ["B2", "south", None], ["C3", "west", "6"]]
    assert database.values(table) == expected
    assert [row["id"] for row in database.rows(table)] == [1, 2, 3, 4]
    assert database.counted(table) == 4
    database.import_rows(table, [["A1", "moved", "50"]], **keys, upsert_values=[["A1"]], skipped_fields=[count])
    assert database.values(table)[0] == ["A1", "moved", "5"]


def test_equal_keys_are_matched_in_order_and_the_surplus_added(database: Database) -> None:
    table = database.table("Stock", [["Sku", "Place"], ["A", "1"], ["A", "2"]])
    sku = database.fields(table)[0]["id"]
    data = [["A", "x"], ["A", "y"], ["A", "z"]]
    for _ in range(2):  # the second time nothing changes
        database.import_rows(table, data, upsert_fields=[sku], upsert_values=[["A"], ["A"], ["A"]])
        assert database.values(table) == data


def test_upsert_by_several_fields_of_several_types(database: Database, typed: int) -> None:
    database.import_rows(typed, [["Ann", "", "1.5"], ["Ann", "", ""]])
    fields = {field["name"]: field["id"] for field in database.fields(typed)}
    job = database.import_rows(
        typed,
        [["Ann", "new", "1.5"], ["Ann", "old", None], ["Ann", "bad", "1"], ["Ben", "more", "1.5"]],
        upsert_fields=[fields["Age"], fields["Name"]],
        upsert_values=[[1.5, "Ann"], ["", "Ann"], ["x", "Ann"], ["1.5", "Ben"]],
    )
    assert list(job["report"]["failing_rows"]) == ["2"]
    assert [(row["id"], row["Name"], row["Note"], row["Age"]) for row in database.rows(typed)] == [
        (1, "Ann", "new", "1.5"),
        (2, "Ann", "old", None),
        (3, "Ben", "more", "1.5"),
    ]


def test_upserted_bad_rows_are_reported(database: Database, typed: int) -> None:
    name = database.fields(typed)[0]["id"]
    job = database.import_rows(
        typed,
        [["a", "", "1"], ["b", "", "x"], ["c", "", "3"]],
        upsert_fields=[name],
        upsert_values=[["a"], ["b"], ["c"]],
    )
    assert _codes(job, database.fields(typed)).keys() == {"1"}
    assert [(row["Name"], row["Age"], row["Done"]) for row in database.rows(typed)] == [
        ("a", "1.0", False),
        ("c", "3.0", False),
    ]


def test_a_trashed_row_is_not_updated(database: Database) -> None:
    table = database.table("Stock", [["Sku", "Place"], ["A", "1"]])
    with begin() as unit:
        unit.session.connection().exec_driver_sql(
            f'UPDATE "ws_{database.workspace_id}"."table_{table}" SET trashed_on = now()'
        )
    database.import_rows(table, [["A", "2"]], upsert_fields=[database.fields(table)[0]["id"]], upsert_values=[["A"]])
    assert [(row["id"], row["Place"]) for row in database.rows(table)] == [(2, "2")]


@pytest.fixture
def small_pieces(monkeypatch: Any) -> Iterator[None]:
    """Batches of a few rows."""
    monkeypatch.setattr(json_text, "PIECE_BYTES", 64)
    monkeypatch.setattr(jobs, "_UPSERT_ROWS", 7)
    yield


def test_many_batches_make_one_import(database: Database, api: Any, small_pieces: None) -> None:
    table = database.table("Target", [["Name"]])
    number = database.add_field(table, "Number", "number")
    data = [[f'],[ {n} "', "x" if n % 10 == 3 else str(n)] for n in range(100)]
    job = database.import_rows(table, data)
    assert sorted(map(int, job["report"]["failing_rows"])) == list(range(3, 100, 10))
    expected = [row for n, row in enumerate(data) if n % 10 != 3]
    assert database.values(table) == expected
    changed = [[name, str(n)] for n, (name, _) in enumerate(data)]
    how = {"upsert_fields": [number], "upsert_values": [[str(n)] for n in range(100)]}
    job = database.run(api.post(f"{TABLES}{table}/import/async/", {"configuration": how, "data": changed}))
    assert job["state"] == "finished"
    assert sorted(database.values(table), key=lambda row: int(row[1])) == changed


def test_a_type_may_ask_the_database_while_rows_are_copied(
    database: Database, small_pieces: None, monkeypatch: Any
) -> None:
    table = database.table("Target", [["Name"]])
    database.add_field(table, "Number", "number")
    with begin():
        kind = database.shape(table).type_of(database.shape(table).by_name["Number"])

    def looked_up(field: Field, values: Any, moment: Any) -> Any:
        found = moment.connection.exec_driver_sql(f"SELECT count(*) FROM unnest(ARRAY{list(map(int, values))})")
        assert found.scalar_one() == len(values)
        return type(kind).prepare_import(kind, field, values, moment)

    monkeypatch.setattr(kind, "prepare_import", looked_up)
    data = [[f"row {n}", str(n)] for n in range(100)]
    assert database.import_rows(table, data)["state"] == "finished"
    assert database.values(table) == data


def test_a_cancelled_import_leaves_nothing(database: Database, api: Any, small_pieces: None, monkeypatch: Any) -> None:
    table = database.table("Target", [["Name"]])
    _, job = api.post(f"{TABLES}{table}/import/async/", {"data": [[f"row {n}"] for n in range(100)]})
    add = imports.Appending.add

    def cancel_at_the_second(adding: imports.Appending, rows: Any) -> None:
        if adding.read:
            raise JobCancelled
        add(adding, rows)

    monkeypatch.setattr(imports.Appending, "add", cancel_at_the_second)
    run_job(job["id"])
    assert database.rows(table) == []
    assert database.counted(table) == 0
    assert _files() == []


def test_a_failing_import_leaves_nothing(database: Database, api: Any, small_pieces: None, monkeypatch: Any) -> None:
    table = database.table("Target", [["Name"]])
    job = api.post(f"{TABLES}{table}/import/async/", {"data": [[f"row {n}"] for n in range(100)]})
    monkeypatch.setattr(jobs.store, "count_rows", None)
    done = database.run(job)
    assert done["state"] == "failed"
    assert database.rows(table) == []
    assert _files() == []
    assert [found for found in recorded("outbox", api, "payload") if found["type"] == "rows_imported"] == []


def test_a_job_cancelled_before_it_ran_leaves_no_file(database: Database, api: Any) -> None:
    table = database.table("Target", [["Name"]])
    _, job = api.post(f"{TABLES}{table}/import/async/", {"data": [["a"]]})
    assert len(_files()) == 1
    assert api.post(f"/api/jobs/{job['id']}/cancel/")[0] == 200
    assert _files() == []


def test_a_second_import_at_the_same_time_is_refused(database: Database, api: Any) -> None:
    table = database.table("Target", [["Name"]])
    body = {"data": [["a"]]}
    first = api.post(f"{TABLES}{table}/import/async/", body)
    status, answer = api.post(f"{TABLES}{table}/import/async/", body)
    assert (status, answer["error"]) == (400, "ERROR_MAX_JOB_COUNT_EXCEEDED")
    assert len(_files()) == 1
    assert database.run(first)["state"] == "finished"
    assert _files() == []


def test_a_table_that_is_gone_fails_the_job(database: Database, api: Any) -> None:
    table = database.table("Target", [["Name"]])
    job = api.post(f"{TABLES}{table}/import/async/", {"data": [["a"]]})
    api.delete(f"{TABLES}{table}/")
    assert database.run(job)["state"] == "failed"


def test_a_report_lists_the_first_bad_rows_and_counts_all(database: Database, typed: int, monkeypatch: Any) -> None:
    monkeypatch.setattr(imports, "_REPORTED_ROWS", 3)
    job = database.import_rows(typed, [["n", "", "x"]] * 10)
    assert list(job["report"]["failing_rows"]) == ["0", "1", "2"]
    assert job["report"]["failing_row_count"] == 10


def test_files_a_crash_left_behind_are_deleted_after_some_days(database: Database) -> None:
    storage = service(Storage)
    for name in ("imports/2020-01-31/old", "imports/9999-12-31/new"):
        storage.write(name, [b"x"])
    upkeep.forget_files()
    assert _files() == ["imports/9999-12-31/new"]
    storage.delete("imports/9999-12-31/new")


def test_many_changes_of_the_number_of_rows_are_joined(database: Database) -> None:
    few, many = database.table("Few", [["Name"], ["a"]]), database.table("Many", [["Name"], ["a"]])
    with begin():
        for _ in range(20):
            jobs.store.count_rows(many, 2)
    changes = "SELECT count(*) FROM database.row_count WHERE table_id = %(table)s"
    for _ in range(2):
        places.join_changes()
        assert (scalar(changes, table=few), scalar(changes, table=many)) == (1, 1)
        assert (database.counted(few), database.counted(many)) == (1, 41)


def test_computed_fields_follow_imported_rows(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Formulas of new and of changed rows, and what other tables look up from those."""
    monkeypatch.setattr(jobs, "_FOLLOWED_ROWS", 2)
    table = database.table("Sheet", [["Name", "Number"], ["a", "1"], ["b", "2"]])
    database.add_field(table, "Twice", "formula", formula="tonumber(field('Number')) * 2")
    other = database.table("Other", [["Name"], ["x"]])
    database.add_field(other, "Link", "link_row", link_row_table_id=table)
    database.add_field(other, "Sum", "formula", formula="sum(lookup('Link', 'Twice'))")
    row = f"/api/database/rows/table/{other}/1/?user_field_names=true"
    assert float(database.api.patch(row, {"Link": ["a", "b"]})[1]["Sum"]) == 6
    database.import_rows(table, [[f"new {n}", str(n)] for n in range(5)])
    keys = {"upsert_fields": [database.fields(table)[0]["id"]], "upsert_values": [["b"], ["c"]]}
    database.import_rows(table, [["b", "20"], ["c", "30"]], **keys)
    doubled = {row["Name"]: float(row["Twice"]) for row in database.rows(table)}
    assert doubled == {"a": 2, "b": 40, "c": 60, **{f"new {n}": 2 * n for n in range(5)}}
    assert float(database.api.get(row)[1]["Sum"]) == 42
