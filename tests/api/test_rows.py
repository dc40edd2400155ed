"""Rows over HTTP: create, read, update, delete, move, batches, lists, history, names."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from plugin_api.db import begin, connection


@pytest.fixture
def rows(sheet: Any) -> str:
    """The path of the rows of a table with Name, Age (number) and Member (boolean)."""
    sheet.add("Age", "number")
    sheet.add("Member", "boolean")
    return f"/api/database/rows/table/{sheet.id}/"


def made(api: Any, rows: str, *items: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows created by their fields' names."""
    status, body = api.post(f"{rows}batch/?user_field_names=true", {"items": list(items)})
    assert status == 200, body
    return list(body["items"])


def listed(api: Any, rows: str, query: str = "") -> list[Any]:
    """The names in a listing."""
    status, body = api.get(f"{rows}?user_field_names=true&{query}")
    assert status == 200, body
    return [row["Name"] for row in body["results"]]


def test_a_row_is_created_read_changed_and_deleted(api: Any, rows: str) -> None:
    status, row = api.post(rows + "?user_field_names=true", {"Name": "Ann", "Age": 31, "Unknown": 1, "id": 99})
    assert (status, row) == (200, {"id": 1, "order": row["order"], "Name": "Ann", "Age": "31", "Member": False})
    assert api.get(f"{rows}1/?user_field_names=true") == (200, row)
    status, changed = api.patch(f"{rows}1/?user_field_names=true", {"Age": None})
    assert (status, changed) == (200, {**row, "Age": None})
    assert api.delete(f"{rows}1/")[0] == 204
    assert api.get(f"{rows}1/")[1]["error"] == "ERROR_ROW_DOES_NOT_EXIST"
    assert api.delete(f"{rows}1/")[0] == 404


def test_a_batch_is_all_or_nothing(api: Any, rows: str) -> None:
    items = [{"Age": 1}, {"Age": "x"}, {"Member": "?", "Age": "y"}]
    status, body = api.post(f"{rows}batch/?user_field_names=true", {"items": items})
    assert status == 400
    assert {index: sorted(errors) for index, errors in body["detail"]["items"].items()} == {
        "1": ["Age"],
        "2": ["Age", "Member"],
    }
    assert api.get(rows)[1]["count"] == 0


def test_values_for_read_only_fields_are_refused(api: Any, rows: str, sheet: Any) -> None:
    fields = {name: sheet.add(name, name) for name in ("uuid", "autonumber", "created_on", "last_modified")}
    made(api, rows, {"Name": "Ann"})
    for name, field_id in fields.items():
        calls = [
            api.post(f"{rows}?user_field_names=true", {"Name": "x", name: None}),
            api.patch(f"{rows}1/", {f"field_{field_id}": "1"}),
            api.post(f"{rows}batch/?user_field_names=true", {"items": [{"Name": "x"}, {name: "x"}]}),
            api.patch(f"{rows}batch/", {"items": [{"id": 1, f"field_{field_id}": "x"}]}),
        ]
        assert [(status, body["error"]) for status, body in calls] == [(400, "ERROR_REQUEST_BODY_VALIDATION")] * 4
    assert listed(api, rows) == ["Ann"]


def test_an_update_of_several_rows_changes_what_each_gives(api: Any, rows: str) -> None:
    made(api, rows, {"Name": "Ann", "Age": 1}, {"Name": "Bob", "Age": 2}, {"Name": "Cid", "Age": 3})
    items = [{"id": "3", "Name": "C"}, {"id": 1, "Age": None}]
    status, body = api.patch(f"{rows}batch/?user_field_names=true", {"items": items})
    assert status == 200
    assert [(row["id"], row["Name"], row["Age"]) for row in body["items"]] == [(1, "Ann", None), (3, "C", "3")]


@pytest.mark.parametrize(
    ("items", "status", "code"),
    [
        ([{"id": 1, "Name": "x"}, {"id": 99, "Name": "y"}], 404, "ERROR_ROW_DOES_NOT_EXIST"),
        ([{"id": 1, "Name": "x"}, {"id": 1, "Name": "y"}], 400, "ERROR_ROW_IDS_NOT_UNIQUE"),
        ([{"id": 2**63, "Name": "x"}], 400, "ERROR_REQUEST_BODY_VALIDATION"),
        ([{"id": 1, "Name": "x\0"}], 400, "ERROR_REQUEST_BODY_VALIDATION"),
        ("x", 400, "ERROR_REQUEST_BODY_VALIDATION"),
        ([[]], 400, "ERROR_REQUEST_BODY_VALIDATION"),
        ([{}] * 201, 400, "ERROR_REQUEST_BODY_VALIDATION"),
    ],
)
def test_a_refused_update_changes_nothing(api: Any, rows: str, items: Any, status: int, code: str) -> None:
    made(api, rows, {"Name": "Ann"})
    found, body = api.patch(f"{rows}batch/?user_field_names=true", {"items": items})
    assert (found, body["error"]) == (status, code)
    assert listed(api, rows) == ["Ann"]


def test_rows_are_put_before_another_one_and_moved(api: Any, rows: str) -> None:
    made(api, rows, {"Name": "a"}, {"Name": "b"})
    api.post(f"{rows}batch/?user_field_names=true&before=2", {"items": [{"Name": "x"}, {"Name": "y"}]})
    assert listed(api, rows) == ["a", "x", "y", "b"]
    assert api.patch(f"{rows}2/move/?before_id=1")[0] == 200
    assert listed(api, rows) == ["b", "a", "x", "y"]
    assert api.patch(f"{rows}2/move/")[0] == 200
    assert listed(api, rows) == ["a", "x", "y", "b"]
    assert api.patch(f"{rows}2/move/?before_id=99")[0] == 404


def test_rows_moved_to_the_same_place_again_and_again_keep_a_strict_order(api: Any, rows: str) -> None:
    made(api, rows, {"Name": "a"}, {"Name": "b"}, {"Name": "c"})
    for turn in range(150):
        status, _ = api.patch(f"{rows}{2 + turn % 2}/move/?before_id={3 - turn % 2}")
        assert status == 200
    orders = [row["order"] for row in api.get(rows)[1]["results"]]
    assert len(set(orders)) == 3
    assert sorted(listed(api, rows)) == ["a", "b", "c"]


def test_a_list_is_paged_with_links(api: Any, rows: str) -> None:
    made(api, rows, *({"Name": str(n)} for n in range(3)))
    _, first = api.get(f"{rows}?size=2")
    assert (first["count"], first["previous"], len(first["results"])) == (3, None, 2)
    assert first["next"].endswith(f"{rows}?page=2&size=2")
    _, last = api.get(f"{rows}?size=2&page=2")
    assert (last["next"], len(last["results"])) == (None, 1)
    assert last["previous"].endswith(f"{rows}?size=2")
    assert api.get(f"{rows}?page=9")[1]["results"] == []
    assert api.get(f"{rows}?size=201")[1]["error"] == "ERROR_PAGE_SIZE_LIMIT"


def test_a_deep_page_goes_on_where_the_one_before_ended(api: Any, rows: str, sheet: Any) -> None:
    sheet.insert(*({"Name": f"{n:04}"} for n in range(1300)))
    assert listed(api, rows, "size=100&page=11") == [f"{n:04}" for n in range(1000, 1100)]
    assert listed(api, rows, "size=100&page=12&order_by=-Name") == [f"{n:04}" for n in range(199, 99, -1)]


def test_lists_are_ordered_searched_and_filtered(api: Any, rows: str) -> None:
    made(api, rows, {"Name": "Ann", "Age": 31, "Member": True}, {"Name": "bob", "Age": 27}, {"Name": "Ébba"})
    assert listed(api, rows, "order_by=-Name") == ["Ébba", "bob", "Ann"]
    assert listed(api, rows, "order_by=Age") == ["Ébba", "bob", "Ann"]
    assert listed(api, rows, "search=EB") == ["Ébba"]
    assert listed(api, rows, "search=27") == ["bob"]
    assert listed(api, rows, "search=%25") == []
    assert listed(api, rows, "filter__Age__higher_than=28") == ["Ann"]
    assert listed(api, rows, "filter__Age__lower_than=x") == []
    assert listed(api, rows, "filter__Age__not_equal=x") == ["Ann", "bob", "Ébba"]
    assert listed(api, rows, "filter__Age__empty=") == ["Ébba"]
    assert listed(api, rows, "filter__Name__contains_not=b&filter__Member__boolean=true") == ["Ann"]
    named = {"field": "Name", "type": "equal", "value": "bob"}
    aged = {"filter_type": "AND", "filters": [{"field": "Age", "type": "equal", "value": 31}]}
    tree = json.dumps({"filter_type": "OR", "filters": [named], "groups": [aged]})
    assert listed(api, rows, f"filters={tree}") == ["Ann", "bob"]
    assert listed(api, rows, "filter__field_created_on__not_empty=") == ["Ann", "bob", "Ébba"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("order_by=Nope", "ERROR_ORDER_BY_FIELD_NOT_FOUND"),
        ("include=Age&order_by=Name", "ERROR_ORDER_BY_FIELD_NOT_FOUND"),
        ("filter__Name__nonsense=1", "ERROR_VIEW_FILTER_TYPE_DOES_NOT_EXIST"),
        ("filter__Name__higher_than=1", "ERROR_VIEW_FILTER_TYPE_UNSUPPORTED_FIELD"),
        ("filters={}", "ERROR_FILTERS_PARAM_VALIDATION_ERROR"),
        ("filters=nope", "ERROR_FILTERS_PARAM_VALIDATION_ERROR"),
        ("view_id=x", "ERROR_QUERY_PARAMETER_VALIDATION"),
        ("view_id=99999999", "ERROR_VIEW_DOES_NOT_EXIST"),
        ("search_mode=nonsense", "ERROR_QUERY_PARAMETER_VALIDATION"),
    ],
)
def test_a_list_says_what_is_wrong_with_its_parameters(api: Any, rows: str, query: str, code: str) -> None:
    status, body = api.get(f"{rows}?user_field_names=true&{query}")
    assert (status in (400, 404), body["error"]) == (True, code)


def test_names_with_quotes_percent_and_many_bytes_work(api: Any, rows: str, sheet: Any) -> None:
    for name in ('a "quote" % sign', "ä" * 100, "new\nline'"):
        sheet.add(name, "text")
        status, row = api.post(f"{rows}?user_field_names=true", {name: "v"})
        assert (status, row.get(name)) == (200, "v"), name
        assert api.get(f"{rows}{row['id']}/?user_field_names=true")[1][name] == "v"


def test_history_has_what_changed_the_newest_first(api: Any, rows: str, sheet: Any) -> None:
    ids = {field["name"]: field["id"] for field in api.get(sheet.path)[1]}
    name, age = ids["Name"], ids["Age"]
    api.post(rows, {f"field_{name}": "New", f"field_{age}": 5})
    api.patch(f"{rows}1/", {f"field_{name}": "Newer", f"field_{age}": 5})
    _, body = api.get(f"{rows}1/history/")
    newest, oldest = body["results"]
    assert (newest["action_type"], newest["before"], newest["after"]) == (
        "update_rows",
        {f"field_{name}": "New"},
        {f"field_{name}": "Newer"},
    )
    assert (oldest["action_type"], oldest["after"]) == ("create_row", {f"field_{name}": "New", f"field_{age}": "5"})
    assert newest["user"] == {"id": api.user["id"], "name": "Ada"}


def test_names_and_neighbours(api: Any, rows: str, sheet: Any) -> None:
    made(api, rows, {"Name": "Ann"}, {"Name": "Bob"})
    assert api.get(f"/api/database/rows/names/?table__{sheet.id}=1,9") == (200, {str(sheet.id): {"1": "Ann"}})
    assert api.get(f"{rows}1/adjacent/?user_field_names=true")[1]["Name"] == "Bob"
    assert api.get(f"{rows}1/adjacent/?previous=true")[0] == 204
    assert api.get(f"{rows}2/adjacent/?previous=true&user_field_names=true")[1]["Name"] == "Ann"


def test_strangers_are_refused_everywhere(rows: str, make_user: Any, anonymous: Any) -> None:
    stranger = make_user()
    for call in ("GET ", "POST ", "GET 1/", "PATCH 1/", "DELETE 1/", "POST batch/", "GET 1/history/"):
        method, _, path = call.partition(" ")
        given = {} if method in ("POST", "PATCH") else None
        status, body = stranger.call(method, rows + path, given)
        assert (status, body["error"]) == (400, "ERROR_USER_NOT_IN_GROUP"), call
        assert anonymous.call(method, rows + path, given)[0] == 401


def test_statements_are_few_and_do_not_grow(api: Any, rows: str, sheet: Any, count_sql: Any) -> None:
    def statements(call: Any) -> int:
        call()  # the shape is in the cache from here on
        with count_sql() as counted:
            call()
        return len(counted)

    def counts() -> list[int]:
        return [
            statements(lambda: api.get(rows)),
            statements(lambda: api.get(f"{rows}1/")),
            statements(lambda: api.patch(f"{rows}1/?user_field_names=true", {"Name": "x"})),
            statements(lambda: made(api, rows, *({"Name": "x"} for _ in range(200)))),
        ]

    made(api, rows, {"Name": "Ann"})
    few = counts()
    assert few == [1, 2, 3, 3]
    for n in range(10):
        sheet.add(f"More {n}", ("text", "number", "date", "boolean", "url")[n % 5])
    assert counts() == few


def test_updates_of_the_same_rows_in_other_orders_all_succeed(api: Any, app: Any, rows: str) -> None:
    made(api, rows, *({"Name": str(n)} for n in range(20)))
    ids, failures = list(range(1, 21)), []

    def change(order: list[int], key: str) -> None:
        client = app.test_client()
        for turn in range(5):
            items = [{"id": row_id, key: turn} for row_id in order]
            path = f"{rows}batch/?user_field_names=true"
            answer = client.patch(path, json={"items": items}, headers=api.headers)
            if answer.status_code != 200:
                failures.append(answer.get_json())

    threads = [
        threading.Thread(target=change, args=(ids, "Name")),
        threading.Thread(target=change, args=(ids[::-1], "Age")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    results = api.get(f"{rows}?user_field_names=true")[1]["results"]
    assert {(row["Name"], row["Age"]) for row in results} == {("4", "4")}


def test_every_change_is_an_action_with_an_event(api: Any, rows: str, sheet: Any) -> None:
    made(api, rows, {"Name": "Ann"})
    api.patch(f"{rows}1/?user_field_names=true", {"Name": "x"})
    api.delete(f"{rows}1/")
    with begin():
        sql = "SELECT type FROM core.action WHERE scope = %(scope)s AND type LIKE '%%row%%' ORDER BY id"
        types = [row[0] for row in connection().exec_driver_sql(sql, {"scope": f"table{sheet.id}"})]
        sql = "SELECT count(*) FROM core.outbox WHERE (payload->>'table_id')::bigint = %(id)s AND type LIKE 'rows_%%'"
        events = connection().exec_driver_sql(sql, {"id": sheet.id}).scalar()
    assert (types, events) == (["create_rows", "update_rows", "delete_row"], 3)


def test_an_instance_may_allow_larger_batches(api: Any, rows: str, instance: Any) -> None:
    """All of the batch is still one change: a few statements whatever its size, and undone at once."""
    instance(max_batch_rows=3000)
    items = made(api, rows, *({"Name": f"row {n}", "Age": n} for n in range(3000)))
    assert [item["id"] for item in items] == list(range(1, 3001))
    changed = [{"id": item["id"], "Age": item["id"] * 2} for item in items]
    status, body = api.patch(f"{rows}batch/?user_field_names=true", {"items": changed})
    assert (status, body["items"][-1]["Age"], body["items"][-1]["Name"]) == (200, "6000", "row 2999")
    assert api.post(f"{rows}batch/", {"items": [{}] * 3001})[1]["error"] == "ERROR_REQUEST_BODY_VALIDATION"
    assert api.post(f"{rows}batch-delete/", {"items": [item["id"] for item in items]})[0] == 204
    assert api.get(rows)[1]["count"] == 0
