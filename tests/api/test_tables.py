"""Tables over HTTP: create, list, rename, order, delete, with permissions, actions and events."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tables import TABLES, Database, recorded, scalar


@pytest.fixture
def database(api: Any) -> Database:
    """A database whose admin is `api`."""
    return Database(api)


def test_a_table_without_data_has_the_usual_fields_and_two_empty_rows(database: Database) -> None:
    table = database.table("Plain")
    assert [(f["name"], f["type"], f["primary"], f["order"]) for f in database.fields(table)] == [
        ("Name", "text", True, 0),
        ("Notes", "long_text", False, 1),
        ("Active", "boolean", False, 2),
    ]
    assert database.values(table) == [["", "", False], ["", "", False]]
    assert [row["order"] for row in database.rows(table)] == ["1.00000000000000000000", "2.00000000000000000000"]
    assert database.counted(table) == 2


def test_tables_are_listed_in_order_and_names_may_repeat(database: Database, api: Any) -> None:
    first, second = database.table("Plain"), database.table("Plain")
    shown = {"name": "Plain", "database_id": database.id, "data_sync": None}
    assert database.tables() == [{"id": first, "order": 1, **shown}, {"id": second, "order": 2, **shown}]
    assert api.get(f"{TABLES}{second}/") == (200, {"id": second, "order": 2, **shown})


def test_data_makes_text_fields_and_rows(database: Database) -> None:
    table = database.table("People", [["Name", "Age", "City"], ["Ann", "31", "Oslo"], ["Bob", "27", ""]])
    assert [(f["name"], f["type"], f["primary"]) for f in database.fields(table)] == [
        ("Name", "text", True),
        ("Age", "text", False),
        ("City", "text", False),
    ]
    assert database.values(table) == [["Ann", "31", "Oslo"], ["Bob", "27", ""]]
    assert database.counted(table) == 2


@pytest.mark.parametrize(
    ("header", "data", "names", "rows"),
    [
        (False, [["a", "b"], ["c", "d"]], ["Field 1", "Field 2"], [["a", "b"], ["c", "d"]]),
        (False, [["a"], ["b", "c"], []], ["Field 1", "Field 2"], [["a", None], ["b", "c"], [None, None]]),
        (True, [["One"], ["b", "c", "d"]], ["One", "Field 2", "Field 3"], [["b", "c", "d"]]),
        (True, [["Field 2"], ["b", "c"]], ["Field 2", "Field 3"], [["b", "c"]]),
        (True, [["A", "B", "C"], ["b"]], ["A", "B", "C"], [["b", None, None]]),
        (True, [[1, 2.5, True], ["a", "b"]], ["1", "2.5", "True"], [["a", "b", None]]),
        (True, [[" Name ", "Other"]], [" Name ", "Other"], []),
        (False, [[1, 2.5, True], [None, {"a": [1]}, "x"]], None, [["1", "2.5", "true"], [None, '{"a":[1]}', "x"]]),
        (False, ["a", ["b"]], ["Field 1"], [["a"], ["b"]]),
        (True, [['say "hi" %s', "ü" * 200]], ['say "hi" %s', "ü" * 200], []),
        (False, [["tab\t", "line\nbreak \\N"], ["\\", "],["]], None, [["tab", "line\nbreak \\N"], ["\\", "],["]]),
    ],
)
def test_the_shape_of_the_data(database: Database, header: bool, data: Any, names: Any, rows: Any) -> None:
    table = database.table("T", data, header)
    if names is not None:
        assert [field["name"] for field in database.fields(table)] == names
    assert database.values(table) == rows


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (["Name", "Name"], "ERROR_INITIAL_TABLE_DATA_HAS_DUPLICATE_NAMES"),
        (["", "  ", "x"], "ERROR_INITIAL_TABLE_DATA_HAS_DUPLICATE_NAMES"),
        (["", "x"], "ERROR_INVALID_BASEROW_FIELD_NAME"),
        ([None, "x"], "ERROR_INVALID_BASEROW_FIELD_NAME"),
        (["id", "Name"], "ERROR_RESERVED_BASEROW_FIELD_NAME"),
        (["Name", "order"], "ERROR_RESERVED_BASEROW_FIELD_NAME"),
        (["n" * 256, "m"], "ERROR_MAX_FIELD_NAME_LENGTH_EXCEEDED"),
        ([], "ERROR_INVALID_INITIAL_TABLE_DATA"),
        ([f"c{n}" for n in range(601)], "ERROR_MAX_FIELD_COUNT_EXCEEDED"),
    ],
)
def test_headers_that_are_refused(database: Database, api: Any, header: Any, code: str) -> None:
    body = {"name": "T", "first_row_header": True, "data": [header, []]}
    status, answer = api.post(database.path, body)
    assert (status, answer["error"]) == (400, code)
    assert database.tables() == []


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({}, {"name": ["required"]}),
        ({"name": ""}, {"name": ["blank"]}),
        ({"name": "   "}, {"name": ["blank"]}),
        ({"name": None}, {"name": ["null"]}),
        ({"name": ["a"]}, {"name": ["invalid"]}),
        ({"name": "n" * 256}, {"name": ["max_length"]}),
        ({"name": "T", "data": "a,b"}, {"data": ["not_a_list"]}),
        ({"name": "T", "data": {}}, {"data": ["not_a_list"]}),
        ({"name": "T", "data": None}, {"data": ["null"]}),
        ({"name": "T", "data": []}, {"data": ["min_length"]}),
        ({"name": "T", "data": [["a"]], "first_row_header": "maybe"}, {"first_row_header": ["invalid"]}),
        (["not", "an", "object"], {"non_field_errors": ["invalid"]}),
    ],
)
@pytest.mark.parametrize("ending", ["", "async/"])
def test_bodies_that_are_refused(database: Database, api: Any, body: Any, detail: Any, ending: str) -> None:
    status, answer = api.post(database.path + ending, body)
    assert (status, answer["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION")
    assert {key: [one["code"] for one in found] for key, found in answer["detail"].items()} == detail
    assert database.tables() == []


@pytest.mark.parametrize(
    "raw",
    [
        b"{broken",
        b'{"name": "T", "data": [["a"]',
        b'{"name": "T", "data": [["a"]]} x',
        b'{"name": "T", "data": [["a\\u0000"]]}',
        b'{"name": "T\\u0000"}',
        b'{"name": "T", "data": [["\\ud800"]]}',
        b'{"name": "T", "data": [["\xff"]]}',
        b'{"name": "T", "data": [["a"]], "data": [["b"]]}',
        b'{"name": "T", "data": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        b'{"name": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    ],
)
def test_what_is_no_json_or_cannot_be_stored_is_refused(database: Database, api: Any, raw: bytes) -> None:
    for path in (database.path, database.path + "async/"):
        status, answer = api.call("POST", path, data=raw, content_type="application/json")
        assert (status, answer["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION"), answer
    assert database.tables() == []


def test_a_body_that_is_no_json_by_its_type_is_refused(database: Database, api: Any) -> None:
    assert api.call("POST", database.path, data=b"name=T", content_type="text/plain")[0] == 415


def test_a_name_may_have_255_characters(database: Database) -> None:
    database.table("n" * 255)
    assert database.tables()[0]["name"] == "n" * 255


def test_more_rows_than_a_client_can_wait_for_are_refused(database: Database, api: Any) -> None:
    assert database.table("T", [["a"]] * 5000, header=False)
    status, answer = api.post(database.path, {"name": "T", "data": [["a"]] * 5001})
    assert (status, answer["error"]) == (400, "ERROR_INITIAL_TABLE_DATA_LIMIT_EXCEEDED")


def test_strangers_and_unknown_databases_are_refused(
    database: Database, api: Any, make_user: Any, anonymous: Any
) -> None:
    stranger = make_user("Bob")
    for ending, body in (("", {"name": "T"}), ("async/", {"name": "T"}), ("order/", {"table_ids": []})):
        path = database.path + ending
        assert stranger.post(path, body)[1]["error"] == "ERROR_USER_NOT_IN_GROUP"
        assert anonymous.post(path, body)[0] == 401
        status, answer = api.post(f"{TABLES}database/99999999/{ending}", body)
        assert (status, answer["error"]) == (404, "ERROR_APPLICATION_DOES_NOT_EXIST")
    assert stranger.get(database.path)[1]["error"] == "ERROR_USER_NOT_IN_GROUP"
    assert database.tables() == []


def test_strangers_and_unknown_tables_are_refused(database: Database, api: Any, make_user: Any, anonymous: Any) -> None:
    table, stranger = database.table(), make_user("Bob")
    calls: list[tuple[str, str, Any]] = [
        ("GET", "", None),
        ("PATCH", "", {"name": "Stolen"}),
        ("DELETE", "", None),
        ("POST", "duplicate/async/", {}),
        ("POST", "import/async/", {"data": [["a"]]}),
    ]
    for method, ending, body in calls:
        status, answer = stranger.call(method, f"{TABLES}{table}/{ending}", body)
        assert (status, answer["error"]) == (400, "ERROR_USER_NOT_IN_GROUP")
        assert anonymous.call(method, f"{TABLES}{table}/{ending}", body)[0] == 401
        status, answer = api.call(method, f"{TABLES}99999999/{ending}", body)
        assert (status, answer["error"]) == (404, "ERROR_TABLE_DOES_NOT_EXIST")
    assert [found["name"] for found in database.tables()] == ["Table"]


def test_rename(database: Database, api: Any) -> None:
    table = database.table("Before")
    shown = {"id": table, "name": "After", "order": 1, "database_id": database.id, "data_sync": None}
    assert api.patch(f"{TABLES}{table}/", {"name": "After"}) == (200, shown)
    assert api.get(f"{TABLES}{table}/") == (200, shown)
    assert api.patch(f"{TABLES}{table}/", {"name": 12})[1]["name"] == "12"
    for body in ({"name": ""}, {"name": "n" * 256}, {"name": None}, {}, {"order": 7}, {"name": "\0"}):
        assert api.patch(f"{TABLES}{table}/", body)[0] == 400
    assert database.tables()[0]["name"] == "12"


def test_order_moves_the_given_tables_within_their_places(database: Database, api: Any) -> None:
    a, b, c = (database.table(name) for name in "ABC")

    def ordered(*wanted: Any) -> list[str]:
        assert api.post(database.path + "order/", {"table_ids": list(wanted)}) == (204, None)
        assert [found["order"] for found in database.tables()] == [1, 2, 3]
        return [found["name"] for found in database.tables()]

    assert ordered(c, a, b) == ["C", "A", "B"]
    assert ordered(b) == ["C", "A", "B"]
    assert ordered() == ["C", "A", "B"]
    assert ordered(b, c) == ["B", "A", "C"]


def test_order_takes_tables_of_the_database_only(database: Database, api: Any) -> None:
    table, other = database.table(), Database(api).table()
    for wanted in ([99999999], [table, other]):
        status, answer = api.post(database.path + "order/", {"table_ids": wanted})
        assert (status, answer["error"]) == (400, "ERROR_TABLE_NOT_IN_DATABASE")
    for body in ({"table_ids": "x"}, {"table_ids": ["x"]}, {}):
        assert api.post(database.path + "order/", body)[1]["error"] == "ERROR_REQUEST_BODY_VALIDATION"


def test_a_deleted_table_is_gone_with_its_fields_but_kept_in_the_trash(database: Database, api: Any) -> None:
    table = database.table("Gone")
    field = database.fields(table)[0]["id"]
    assert api.delete(f"{TABLES}{table}/") == (204, None)
    for method in ("GET", "DELETE"):
        assert api.call(method, f"{TABLES}{table}/")[1]["error"] == "ERROR_TABLE_DOES_NOT_EXIST"
    assert api.get(f"/api/database/fields/table/{table}/")[1]["error"] == "ERROR_TABLE_DOES_NOT_EXIST"
    assert api.get(f"/api/database/fields/{field}/")[1]["error"] == "ERROR_FIELD_DOES_NOT_EXIST"
    assert database.tables() == []
    assert scalar(f'SELECT count(*) FROM "ws_{database.workspace_id}"."table_{table}"') == 2


def test_every_change_is_an_action_and_an_event(database: Database, api: Any) -> None:
    one, two = database.table("One"), database.table("Two")
    api.patch(f"{TABLES}{one}/", {"name": "First"})
    api.post(database.path + "order/", {"table_ids": [two, one]})
    api.delete(f"{TABLES}{two}/")
    actions = [found for found in recorded("action", api, "params") if "table" in found["type"]]
    assert [found["type"] for found in actions] == [
        "create_table",
        "create_table",
        "update_table",
        "order_tables",
        "delete_table",
    ]
    assert (actions[2]["original_table_name"], actions[2]["table_name"]) == ("One", "First")
    assert (actions[3]["original_order"], actions[3]["order"]) == ([one, two], [two, one])
    assert actions[4]["table_id"] == two
    told = [found for found in recorded("outbox", api, "payload") if "table" in found["type"]]
    assert [found["type"] for found in told] == [
        "table_created",
        "table_created",
        "table_updated",
        "tables_reordered",
        "table_deleted",
    ]
    assert told[2]["table"] == {"id": one, "name": "First", "order": 1, "database_id": database.id, "data_sync": None}
    assert told[3]["order"] == [two, one]


def test_a_refused_request_changes_and_announces_nothing(database: Database, api: Any) -> None:
    before = recorded("outbox", api, "payload")
    api.post(database.path, {"name": "T", "first_row_header": True, "data": [["A", "A"], ["b"]]})
    assert recorded("outbox", api, "payload") == before


def test_queries_do_not_grow_with_the_tables(database: Database, api: Any, count_sql: Any) -> None:
    def statements() -> list[int]:
        counts = []
        for path in (database.path, f"/api/applications/{database.id}/"):
            with count_sql() as made:
                assert api.get(path)[0] == 200
            counts.append(len(made))
        return counts

    database.table()
    few = statements()
    for _ in range(5):
        database.table()
    assert statements() == few
    assert few[0] <= 3


def test_a_table_without_data_does_without_types_that_are_off(api: Any, staff: Any) -> None:
    base = Database(api)
    staff.patch("/api/admin/plugins/boolean_field/", {"enabled": False})
    try:
        made = base.table()
    finally:
        staff.patch("/api/admin/plugins/boolean_field/", {"enabled": True})
    assert [field["type"] for field in base.fields(made)] == ["text", "long_text"]
    assert base.counted(made) == 2
