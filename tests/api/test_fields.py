"""Fields over HTTP: creating, reading, changing, deleting, and who may."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from plugin_api.context import Actor, acting_as
from plugin_api.db import UnitsOfWork, begin, connection
from plugin_api.errors import ApiError
from plugin_api.platform import service
from plugins.database.engine import write
from plugins.database.fields.jobs import DuplicateFieldJob
from plugins.database.rows.prepare import prepare

ODD_NAMES = ['say "hi"', "100% sure", "%s and %(x)s", "two\nlines", "ü" * 255, "a:b;c--", "back\\slash", "field_1", "t"]


def codes(body: Any, key: str) -> list[str]:
    """The codes of the problems of one key."""
    assert body["error"] == "ERROR_REQUEST_BODY_VALIDATION", body
    return [found["code"] for found in body["detail"][key]]


def test_create_read_and_list(sheet: Any) -> None:
    status, made = sheet.api.post(sheet.path, {"name": "Note", "type": "text", "description": "What it is"})
    assert status == 200
    assert made == {
        "id": made["id"],
        "table_id": sheet.id,
        "name": "Note",
        "order": 1,
        "type": "text",
        "primary": False,
        "read_only": False,
        "immutable_type": False,
        "immutable_properties": False,
        "description": "What it is",
        "database_id": sheet.database_id,
        "workspace_id": sheet.workspace_id,
        "db_index": False,
        "field_constraints": [],
        "related_fields": [],
        "text_default": "",
    }
    del made["related_fields"]
    assert sheet.api.get(sheet.field(made["id"])) == (200, made)
    status, listed = sheet.api.get(sheet.path)
    assert status == 200
    assert [found["name"] for found in listed] == ["Name", "Note"]
    assert listed[1] == made


@pytest.mark.parametrize(
    ("body", "key", "code"),
    [
        ({}, "type", "required"),
        ({"name": "A"}, "type", "required"),
        ({"type": "text"}, "name", "required"),
        ({"name": "A", "type": "poem"}, "type", "invalid_choice"),
        ({"name": " ", "type": "text"}, "name", "blank"),
        ({"name": None, "type": "text"}, "name", "null"),
        ({"name": "n" * 256, "type": "text"}, "name", "max_length"),
        ({"name": "A", "type": "text", "description": ["x"]}, "description", "invalid"),
        ({"name": "A", "type": ["text"]}, "type", "invalid_choice"),
        ({"name": "A", "type": "text", "text_default": None}, "text_default", "null"),
    ],
)
def test_bad_bodies_create_nothing(sheet: Any, body: dict[str, Any], key: str, code: str) -> None:
    status, answer = sheet.api.post(sheet.path, body)
    assert (status, codes(answer, key)) == (400, [code])
    assert len(sheet.api.get(sheet.path)[1]) == 1


def test_names_are_unique_and_not_reserved(sheet: Any) -> None:
    for name, error in [
        ("Name", "ERROR_FIELD_WITH_SAME_NAME_ALREADY_EXISTS"),
        ("id", "ERROR_RESERVED_BASEROW_FIELD_NAME"),
        ("order", "ERROR_RESERVED_BASEROW_FIELD_NAME"),
    ]:
        status, body = sheet.api.post(sheet.path, {"name": name, "type": "text"})
        assert (status, body["error"]) == (400, error)
    sheet.add("NAME", "text")
    assert sheet.api.post(sheet.path, {"name": "  padded ", "type": "text"})[1]["name"] == "padded"


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_work_in_rows(sheet: Any, name: str) -> None:
    sheet.add(name, "text", text_default="50% 'of'")
    (row,) = sheet.insert({name: "x%s"})
    assert row[name] == "x%s"
    sheet.insert({})
    assert sheet.column(name) == ["x%s", "50% 'of'"]


def test_two_creates_of_one_name_at_once(sheet: Any, app: Any) -> None:
    answers: list[int] = []

    def create() -> None:
        client = type(sheet.api)(app.test_client())
        client.headers = sheet.api.headers
        answers.append(client.post(sheet.path, {"name": "Same", "type": "text"})[0])

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 400, 400, 400]


def test_changes_at_once_lose_nothing(sheet: Any, app: Any) -> None:
    ids = [sheet.add(f"F{n}", "number") for n in range(4)]
    sheet.insert({"F0": 1, "F1": 2, "F2": 3, "F3": 4})

    def change(field: int) -> None:
        client = type(sheet.api)(app.test_client())
        client.headers = sheet.api.headers
        statuses.append(client.patch(sheet.field(field), {"number_decimal_places": 2})[0])

    statuses: list[int] = []
    threads = [threading.Thread(target=change, args=(field,)) for field in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 4
    assert [sheet.column(f"F{n}") for n in range(4)] == [["1.00"], ["2.00"], ["3.00"], ["4.00"]]


def test_rename_and_describe(sheet: Any) -> None:
    field = sheet.add("Note", "text", description="first")
    sheet.add("Other", "text")
    path = sheet.field(field)
    assert sheet.api.patch(path, {"name": "Remark"})[1]["name"] == "Remark"
    assert sheet.api.patch(path, {"name": "Remark"})[0] == 200
    assert sheet.api.patch(path, {"description": None})[1]["description"] is None
    assert sheet.api.patch(path, {"name": "Other"})[1]["error"] == "ERROR_FIELD_WITH_SAME_NAME_ALREADY_EXISTS"
    assert sheet.api.patch(path, {"name": "id"})[1]["error"] == "ERROR_RESERVED_BASEROW_FIELD_NAME"
    assert codes(sheet.api.patch(path, {"name": ""})[1], "name") == ["blank"]
    untouched = sheet.api.patch(path, {"primary": True, "order": 9})[1]
    assert (untouched["primary"], untouched["order"], untouched["name"]) == (False, 1, "Remark")


def test_delete_frees_the_name_and_keeps_the_primary(sheet: Any) -> None:
    field = sheet.add("Note", "rating")
    assert sheet.api.delete(sheet.field(field)) == (200, {"related_fields": []})
    assert sheet.api.get(sheet.field(field))[0] == 404
    assert sheet.api.delete(sheet.field(field))[1]["error"] == "ERROR_FIELD_DOES_NOT_EXIST"
    sheet.insert({"Name": "rows can be made though the deleted field's column is not nullable"})
    sheet.add("Note", "number")
    name = sheet.api.get(sheet.path)[1][0]["id"]
    assert sheet.api.delete(sheet.field(name))[1]["error"] == "ERROR_CANNOT_DELETE_PRIMARY_FIELD"


def test_strangers_and_viewers(sheet: Any, make_user: Any, anonymous: Any) -> None:
    field = sheet.add("Note", "text")
    stranger, viewer = make_user(), sheet.member(make_user, "VIEWER")
    calls = [
        ("POST", sheet.path, {"name": "X", "type": "text"}),
        ("PATCH", sheet.field(field), {"name": "X"}),
        ("DELETE", sheet.field(field), None),
        ("POST", sheet.path + "change-primary-field/", {"new_primary_field_id": field}),
        ("POST", sheet.field(field) + "duplicate/async/", {}),
    ]
    reads = [("GET", sheet.path, None), ("GET", sheet.field(field), None)]
    values = ("GET", sheet.field(field) + "unique_row_values/", None)
    for method, path, body in [*calls, *reads, values]:
        assert stranger.call(method, path, body)[1]["error"] == "ERROR_USER_NOT_IN_GROUP", path
        assert anonymous.call(method, path, body)[0] == 401, path
    for method, path, body in reads:
        assert viewer.call(method, path, body)[0] == 200
    assert sheet.api.get(sheet.field(field))[1]["name"] == "Note"


def test_unknown_objects(api: Any) -> None:
    assert api.get("/api/database/fields/table/99999999/")[1]["error"] == "ERROR_TABLE_DOES_NOT_EXIST"
    assert api.get("/api/database/fields/99999999/")[1]["error"] == "ERROR_FIELD_DOES_NOT_EXIST"
    assert api.get("/api/database/fields/99999999999999999999/")[0] == 404


def test_change_primary(sheet: Any, make_user: Any) -> None:
    code, path = sheet.add("Code", "number"), sheet.path + "change-primary-field/"
    status, body = sheet.api.post(path, {"new_primary_field_id": code})
    assert (status, body["primary"], body["name"]) == (200, True, "Code")
    assert [(found["name"], found["primary"]) for found in body["related_fields"]] == [("Name", False)]
    assert [found["name"] for found in sheet.api.get(sheet.path)[1]] == ["Code", "Name"]
    assert sheet.api.post(path, {"new_primary_field_id": code})[1]["error"] == "ERROR_FIELD_IS_ALREADY_PRIMARY"
    with begin():
        near = sheet.add_table("Near").id
    from tests.sheets import Sheet

    far = Sheet(make_user())
    near_field = sheet.api.get(f"/api/database/fields/table/{near}/")[1][0]["id"]
    far_field = far.api.get(far.path)[1][0]["id"]
    assert sheet.api.post(path, {"new_primary_field_id": near_field})[1]["error"] == "ERROR_FIELD_NOT_IN_TABLE"
    status, body = sheet.api.post(path, {"new_primary_field_id": far_field})
    assert (status, body["error"]) == (401, "PERMISSION_DENIED")
    assert sheet.api.post(path, {"new_primary_field_id": 99999999})[0] == 404
    assert codes(sheet.api.post(path, {"new_primary_field_id": None})[1], "new_primary_field_id") == ["null"]


def test_unique_row_values(sheet: Any) -> None:
    field = sheet.add("City", "text")
    sheet.insert(*({"City": city} for city in ("Oslo", "Rome", "Oslo", None, "Rome,Bern", "Oslo", "", "Rome")))
    path = sheet.field(field) + "unique_row_values/"
    assert sheet.api.get(path + "?limit=2")[1] == {"values": ["Oslo", "Rome"]}
    assert sheet.api.get(path)[1] == {"values": ["Oslo", "Rome", "Rome,Bern"]}
    assert sheet.api.get(path + "?split_comma_separated=true")[1] == {"values": ["Oslo", "Rome", "Bern"]}
    assert sheet.api.get(path + "?limit=x")[1]["error"] == "ERROR_QUERY_PARAMETER_VALIDATION"
    assert sheet.api.get(path + "?limit=-5")[0] == 200


def test_constraint_unique_with_empty(sheet: Any) -> None:
    unique = [{"type_name": "unique_with_empty"}]
    field = sheet.add("Code", "text", field_constraints=unique)
    assert sheet.api.get(sheet.field(field))[1]["field_constraints"] == unique
    sheet.insert({"Code": "A"}, {"Code": "a"}, {"Code": ""}, {"Code": ""}, {"Code": None}, {"Code": "x" * 9000})
    with pytest.raises(Exception, match=f"field_{field}_unique"):
        sheet.insert({"Code": "A"})
    assert sheet.api.patch(sheet.field(field), {"field_constraints": []})[1]["field_constraints"] == []
    sheet.insert({"Code": "A"})
    assert sheet.api.patch(sheet.field(field), {"field_constraints": unique})[1]["error"] == "ERROR_FIELD_CONSTRAINT"
    assert sheet.api.get(sheet.field(field))[1]["field_constraints"] == []
    for type_name, options, error in [
        ("boolean", {}, "ERROR_INVALID_FIELD_CONSTRAINT"),
        ("uuid", {}, "ERROR_INVALID_FIELD_CONSTRAINT"),
        ("text", {"text_default": "a"}, "ERROR_FIELD_CONSTRAINT_DOES_NOT_SUPPORT_DEFAULT_VALUE"),
    ]:
        body = {"name": "Bad", "type": type_name, "field_constraints": unique, **options}
        assert sheet.api.post(sheet.path, body)[1]["error"] == error
    strange = {"name": "Bad", "type": "text", "field_constraints": [{"type_name": "even"}]}
    assert sheet.api.post(sheet.path, strange)[1]["error"] == "ERROR_INVALID_FIELD_CONSTRAINT"
    sheet.add("Num", "number", field_constraints=unique)
    sheet.add("Rate", "rating", field_constraints=unique)
    assert len(sheet.api.get(sheet.path)[1]) == 4


def test_rounding_that_breaks_a_rule_changes_nothing(sheet: Any) -> None:
    field = sheet.add("Num", "number", number_decimal_places=1, field_constraints=[{"type_name": "unique_with_empty"}])
    sheet.insert({"Num": "1.1"}, {"Num": "1.2"})
    status, body = sheet.api.patch(sheet.field(field), {"number_decimal_places": 0})
    assert (status, body["error"]) == (400, "ERROR_FIELD_CONSTRAINT")
    assert sheet.column("Num") == ["1.1", "1.2"]


@pytest.mark.parametrize("type_name", ["text", "number", "date", "boolean", "single_select", "multiple_select", "url"])
def test_an_index_on_any_type(sheet: Any, type_name: str) -> None:
    field = sheet.add("Indexed", type_name, db_index=True)
    assert _indexes(field) == [f"field_{field}_index"]
    assert sheet.api.patch(sheet.field(field), {"db_index": False})[1]["db_index"] is False
    assert _indexes(field) == []


def _indexes(field: int) -> list[str]:
    with begin():
        query = "SELECT indexname FROM pg_indexes WHERE indexname LIKE %(name)s"
        return [row[0] for row in connection().exec_driver_sql(query, {"name": f"field_{field}\\_%"})]


def test_types_change_when_values_can_be_written_down(sheet: Any) -> None:
    field = sheet.add("Col", "number", number_decimal_places=2, number_prefix="€")
    sheet.insert({"Col": "1234.5"}, {"Col": None})
    status, body = sheet.api.patch(sheet.field(field), {"type": "text"})
    assert (status, body["type"], body["text_default"]) == (200, "text", "")
    assert "number_decimal_places" not in body
    assert sheet.column("Col") == ["1234.50", None]
    status, body = sheet.api.patch(sheet.field(field), {"type": "autonumber"})
    assert (status, body["read_only"]) == (200, True)
    assert sheet.column("Col") == [1, 2]


def test_a_table_has_at_most_600_fields(sheet: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugins.database.fields.service.MAX_FIELDS", 2)
    sheet.add("Second", "text")
    status, body = sheet.api.post(sheet.path, {"name": "Third", "type": "text"})
    assert (status, body["error"]) == (400, "ERROR_MAX_FIELD_COUNT_EXCEEDED")


def test_a_type_whose_plugin_is_gone_is_readable(sheet: Any) -> None:
    field = sheet.add("Stars", "rating")
    with begin():
        connection().exec_driver_sql("UPDATE database.field SET type = 'sparkle' WHERE id = %(id)s", {"id": field})
    assert sheet.api.get(sheet.path)[1][1]["type"] == "sparkle"
    with pytest.raises(ApiError, match="read-only"):
        sheet.insert({"Stars": 3})
    assert sheet.insert({"Name": "b"})[0]["Stars"] is None
    assert sheet.api.patch(sheet.field(field), {"name": "Renamed"})[0] == 200
    assert sheet.api.get(sheet.field(field) + "unique_row_values/")[0] == 400


def test_a_switched_off_type_cannot_be_created(sheet: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugins.database.fields.service.is_enabled", lambda plugin: plugin != "rating_field")
    status, body = sheet.api.post(sheet.path, {"name": "Stars", "type": "rating"})
    assert (status, body["error"]) == (400, "ERROR_PLUGIN_DISABLED")
    sheet.add("Note", "text")


def test_a_busy_table_is_an_error_and_not_a_long_wait(sheet: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugins.database.fields.locks._WAIT_MS", 20)
    monkeypatch.setattr("plugins.database.fields.locks.time.sleep", lambda seconds: None)
    sheet.insert({"Name": "a"})
    with sheet.shape() as shape:
        prepared = prepare(shape, [{"Name": "b"}], True, True)
        write.insert(shape, prepared.fields, prepared.rows, shape.select_list(shape.fields, True))
        status, body = sheet.api.post(sheet.path, {"name": "New", "type": "text"})
    assert (status, body["error"]) == (409, "ERROR_TABLE_BUSY")
    assert len(sheet.api.get(sheet.path)[1]) == 1


def test_a_change_waits_for_a_vacuum_of_its_table_though_not_shortly(
    sheet: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugins.database.fields.locks.change_shape.__defaults__", (2,))
    with sheet.shape() as shape:
        table = shape.full_name
    like_a_vacuum = f"LOCK TABLE {table} IN SHARE UPDATE EXCLUSIVE MODE"
    engine = service(UnitsOfWork).engine  # type: ignore[attr-defined]
    with engine.connect() as other:
        other.exec_driver_sql(like_a_vacuum)
        timer = threading.Timer(1, other.rollback)
        timer.start()
        assert sheet.api.post(sheet.path, {"name": "New", "type": "text"})[0] == 200
        timer.join()


def test_listing_takes_a_constant_number_of_queries(sheet: Any, count_sql: Any) -> None:
    sheet.add("One", "single_select", select_options=[{"value": "a", "color": "red"}])
    with count_sql() as few:
        assert sheet.api.get(sheet.path)[0] == 200
    for n in range(10):
        sheet.add(f"Select {n}", "multiple_select", select_options=[{"value": "a", "color": "red"}])
    with count_sql() as many:
        assert len(sheet.api.get(sheet.path)[1]) == 12
    assert len(many) == len(few) <= 4


def test_changes_are_recorded_and_announced(sheet: Any) -> None:
    field = sheet.add("Note", "text")
    sheet.api.patch(sheet.field(field), {"name": "Remark"})
    sheet.api.delete(sheet.field(field))
    with begin():
        done = connection().exec_driver_sql(
            "SELECT type, params->>'field_name' FROM core.action WHERE scope = %(scope)s ORDER BY id",
            {"scope": f"table{sheet.id}"},
        )
        assert [tuple(row) for row in done] == [
            ("create_field", "Note"),
            ("update_field", "Remark"),
            ("delete_field", "Remark"),
        ]
        version = connection().exec_driver_sql("SELECT version FROM database.table WHERE id = %(id)s", {"id": sheet.id})
        assert version.scalar_one() == 4


class _Run:
    """A job while it runs, without a worker."""

    def __init__(self, **params: Any) -> None:
        self.id, self.params, self.kept = 1, params, {}

    def progress(self, percentage: float, state: str = "") -> None:
        """Nobody watches."""

    def result(self, values: Any) -> None:
        """Keep the result."""
        self.kept.update(values)


def duplicate(sheet: Any, field: int, with_data: bool) -> dict[str, Any]:
    """Run the job that duplicates a field; answers the copy."""
    job, run = DuplicateFieldJob(), _Run(field_id=field, duplicate_data=with_data, original_field={})
    with begin(), acting_as(Actor("user", sheet.api.user["id"])):
        job.run(run)
    copy: dict[str, Any] = job.serialize(run.params, run.kept)["duplicated_field"]
    return copy


def test_duplicates_have_a_free_name_and_the_values_that_are_wanted(sheet: Any) -> None:
    field = sheet.add("Age", "number", number_suffix="y", description="in years")
    sheet.insert({"Age": 3}, {"Age": None})
    copy = duplicate(sheet, field, False)
    assert (copy["name"], copy["order"], copy["number_suffix"], copy["related_fields"]) == ("Age 2", 2, "y", [])
    assert duplicate(sheet, field, True)["name"] == "Age 3"
    assert (sheet.column("Age 2"), sheet.column("Age 3")) == ([None, None], ["3", None])
    assert duplicate(sheet, sheet.api.get(sheet.path)[1][0]["id"], True)["primary"] is False
    assert sheet.api.get(sheet.path)[1][2]["description"] == "in years"


@pytest.mark.parametrize("type_name", ["single_select", "multiple_select"])
def test_duplicated_selects_have_options_of_their_own(sheet: Any, type_name: str) -> None:
    options = [{"id": -1, "value": "a", "color": "red"}, {"id": -2, "value": "b", "color": "blue"}]
    default: Any = -2 if type_name == "single_select" else [-2]
    field = sheet.add("Pick", type_name, select_options=options, **{f"{type_name}_default": default})
    before = sheet.api.get(sheet.field(field))[1]
    value: Any = "a" if type_name == "single_select" else ["b", "a"]
    sheet.insert({"Pick": value}, {})
    copy = duplicate(sheet, field, True)
    assert [found["value"] for found in copy["select_options"]] == ["a", "b"]
    assert not {found["id"] for found in copy["select_options"]} & {found["id"] for found in before["select_options"]}

    def bare(shown: Any) -> Any:
        return [found["value"] for found in shown] if isinstance(shown, list) else shown["value"]

    assert [bare(shown) for shown in sheet.column("Pick 2")] == [bare(shown) for shown in sheet.column("Pick")]
    assert bare(sheet.insert({})[0]["Pick 2"]) in ("b", ["b"])
    assert sheet.api.get(sheet.field(field))[1] == before


def test_duplicated_numbers_and_rules_go_on(sheet: Any) -> None:
    sheet.insert({}, {})
    number = sheet.add("No", "autonumber")
    code = sheet.add("Code", "text", field_constraints=[{"type_name": "unique_with_empty"}])
    sheet.insert({"Code": "A"})
    duplicate(sheet, number, True)
    assert duplicate(sheet, code, True)["field_constraints"] == [{"type_name": "unique_with_empty"}]
    assert (sheet.column("No 2"), sheet.column("Code 2")) == ([1, 2, 3], [None, None, "A"])
    assert sheet.insert({})[0]["No 2"] == 4


def test_duplicating_needs_permission(sheet: Any, make_user: Any) -> None:
    field = sheet.add("Note", "text")
    status, body = sheet.api.post(sheet.field(field) + "duplicate/async/", {"duplicate_data": "maybe"})
    assert (status, codes(body, "duplicate_data")) == (400, ["invalid"])
    viewer = sheet.member(make_user, "VIEWER")
    assert viewer.post(sheet.field(field) + "duplicate/async/")[1]["error"] == "PERMISSION_DENIED"
    assert viewer.post(sheet.path, {"name": "X", "type": "text"})[1]["error"] == "PERMISSION_DENIED"
