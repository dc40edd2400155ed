"""Select fields: their options, values by id and by name, and what becomes of removed options."""

from __future__ import annotations

from typing import Any

import pytest

from plugin_api.errors import ApiError
from tests.api.test_field_types_text import refused, stored

COLOURS = [{"value": "Red", "color": "red"}, {"value": "Green", "color": "green"}, {"value": "a,b", "color": "blue"}]


def options(sheet: Any, field: int) -> list[dict[str, Any]]:
    """The options of a field."""
    return list(sheet.api.get(sheet.field(field))[1]["select_options"])


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        ([{"value": "x"}], [{"color": ["required"]}]),
        ([{"value": "x", "color": "red"}, {"color": "red"}], [{}, {"value": ["required"]}]),
        ([{"value": "", "color": "red"}], [{"value": ["blank"]}]),
        ([{"value": "x" * 256, "color": "red"}], [{"value": ["max_length"]}]),
        ("Red", {"non_field_errors": ["not_a_list"]}),
        (["Red"], [{"non_field_errors": ["invalid"]}]),
    ],
)
def test_bad_options(sheet: Any, given: Any, detail: Any) -> None:
    status, body = sheet.api.post(sheet.path, {"name": "Bad", "type": "single_select", "select_options": given})

    def bare(found: Any) -> Any:
        if isinstance(found, dict):
            return found["code"] if "code" in found else {key: bare(value) for key, value in found.items()}
        return [bare(item) for item in found]

    assert (status, bare(body["detail"]["select_options"])) == (400, detail)


@pytest.mark.parametrize("type_name", ["single_select", "multiple_select"])
def test_null_options_are_refused(sheet: Any, type_name: str) -> None:
    body = sheet.api.post(sheet.path, {"name": "Bad", "type": type_name, "select_options": None})[1]
    assert body["detail"]["select_options"][0]["code"] == "null"


def test_single_select_values(sheet: Any) -> None:
    field = sheet.add("Colour", "single_select", select_options=COLOURS)
    red, green, both = options(sheet, field)
    assert stored(sheet, "Colour", green["id"], "Red", None, "a,b") == [green, red, None, both]
    for value in ["Purple", "red", "", str(red["id"]), 99999999, 10**30, -1]:
        with pytest.raises(ApiError) as error:
            sheet.check({"Colour": value})
        assert (error.value.code, error.value.status) == ("ERROR_REQUEST_BODY_VALIDATION", 400)
    for value in [["Red"], {"value": "Red"}, True, 1.5]:
        assert refused(sheet, "Colour", value) == ["invalid"], value
    prepared = sheet.imported("Colour", [" Red ", "", None, "Purple", "a,b"])
    assert (prepared.values, list(prepared.errors)) == ([red["id"], None, None, None, both["id"]], [3])


def test_single_select_sorts_by_name_or_by_order(sheet: Any) -> None:
    field = sheet.add("Colour", "single_select", select_options=COLOURS)
    red, green, both = options(sheet, field)
    stored(sheet, "Colour", "Red", None, "a,b", "Green")
    assert sheet.sorted("Colour") == [None, both, green, red]
    assert sheet.sorted("Colour", "order") == [None, red, green, both]


def test_editing_options(sheet: Any) -> None:
    field = sheet.add("Colour", "single_select", select_options=COLOURS)
    red, green, both = options(sheet, field)
    stored(sheet, "Colour", "Red", "Green", "a,b", None)
    wanted = [
        {**both, "value": "Blue"},
        {"value": "New", "color": "pink"},
        {"id": red["id"], "value": "Red", "color": "dark-red"},
    ]
    status, body = sheet.api.patch(sheet.field(field), {"select_options": wanted})
    assert (status, [found["value"] for found in body["select_options"]]) == (200, ["Blue", "New", "Red"])
    assert [found["id"] for found in body["select_options"]][::2] == [both["id"], red["id"]]
    assert options(sheet, field) == body["select_options"]
    assert sheet.column("Colour") == [{**red, "color": "dark-red"}, None, {**both, "value": "Blue"}, None]
    with sheet.shape() as shape:
        from plugin_api.db import connection

        query = f"SELECT count(*) FROM {shape.full_name} WHERE field_{field} = {green['id']}"
        assert connection().exec_driver_sql(query).scalar_one() == 0


@pytest.mark.parametrize("type_name", ["single_select", "multiple_select"])
def test_options_of_other_fields_are_left_alone(sheet: Any, type_name: str) -> None:
    other = options(sheet, sheet.add("Other", "single_select", select_options=COLOURS))
    field = sheet.add("Colour", type_name, select_options=COLOURS)
    mine = options(sheet, field)
    for wanted in [[{**other[0], "value": "Stolen"}], [mine[0], mine[0]]]:
        assert sheet.api.patch(sheet.field(field), {"select_options": wanted})[0] == 400
    assert options(sheet, field) == mine
    assert options(sheet, other and sheet.api.get(sheet.path)[1][1]["id"]) == other


def test_single_select_default(sheet: Any) -> None:
    field = sheet.add("Colour", "single_select", select_options=COLOURS)
    other = options(sheet, sheet.add("Other", "single_select", select_options=COLOURS))
    red = options(sheet, field)[0]
    path = sheet.field(field)
    assert sheet.api.patch(path, {"single_select_default": red["id"]})[1]["single_select_default"] == red["id"]
    assert [row["Colour"] for row in sheet.insert({}, {"Colour": None})] == [red, None]
    status, body = sheet.api.patch(path, {"single_select_default": other[0]["id"]})
    assert (status, body["error"]) == (400, "ERROR_SELECT_OPTION_DOES_NOT_BELONG_TO_FIELD")
    assert sheet.api.patch(path, {"single_select_default": "Red"})[1]["detail"]["single_select_default"]
    body = sheet.api.patch(path, {"select_options": options(sheet, field)[1:]})[1]
    assert body["single_select_default"] is None
    assert sheet.insert({})[0]["Colour"] is None


def test_negative_ids_name_new_options(sheet: Any) -> None:
    new = [{"id": -1, "value": "One", "color": "red"}, {"id": -2, "value": "Two", "color": "blue"}]
    sheet.insert({})
    sheet.add("One", "single_select", single_select_default=-2, select_options=new)
    sheet.add("Many", "multiple_select", multiple_select_default=[-2, -1], select_options=new)
    (row,) = sheet.insert({})
    assert row["One"]["value"] == "Two"
    assert [found["value"] for found in row["Many"]] == ["One", "Two"]
    assert sheet.column("One")[0]["value"] == "Two"


def test_multiple_select_values(sheet: Any) -> None:
    field = sheet.add("Tags", "multiple_select", select_options=COLOURS)
    red, green, both = options(sheet, field)
    values = {
        "ids": ([green["id"], red["id"]], [green, red]),
        "names": (["a,b", "Red"], [both, red]),
        "text": ('"a,b", Red', [both, red]),
        "twice": (["Red", "Red", red["id"]], [red]),
        "mixed": (["Red", green["id"]], [red, green]),
        "none": ([], []),
        "blank": ("", []),
    }
    assert stored(sheet, "Tags", *(given for given, _ in values.values())) == [kept for _, kept in values.values()]
    assert sheet.texts("Tags")[:3] == ["Green, Red", '"a,b", Red', '"a,b", Red']
    assert sheet.insert({})[0]["Tags"] == []
    for value in [[99999999], [10**30], ["Purple"], [str(red["id"])], [None], ["red"], "Purple", '"']:
        with pytest.raises(ApiError):
            sheet.check({"Tags": value})
    for value, code in [(red["id"], "not_a_list"), (True, "not_a_list"), ({}, "not_a_list"), (None, "null")]:
        assert refused(sheet, "Tags", value) == [code]
    errors = sheet.check({"Tags": ["Red", {"id": 1}, [[]], 1.5, True]}).errors[0]["Tags"]
    assert {key: found[0]["code"] for key, found in errors.items()} == dict.fromkeys("1234", "invalid")


def test_multiple_select_import_and_sort(sheet: Any) -> None:
    field = sheet.add("Tags", "multiple_select", select_options=COLOURS)
    red, green, both = (found["id"] for found in options(sheet, field))
    prepared = sheet.imported("Tags", ["Red,Green", '"a,b"', "", None, "Red,Purple", 5])
    assert prepared.values[:4] == [[red, green], [both], [], []]
    assert list(prepared.errors) == [4, 5]
    stored(sheet, "Tags", ["Red"], [], ["Green", "Red"])
    assert [[found["value"] for found in value] for value in sheet.sorted("Tags")] == [[], ["Green", "Red"], ["Red"]]


def test_removed_options_leave_multiple_selects(sheet: Any) -> None:
    field = sheet.add("Tags", "multiple_select", select_options=COLOURS)
    red, green, both = options(sheet, field)
    stored(sheet, "Tags", ["Red", "Green", "a,b"], ["Green"], [])
    assert sheet.api.patch(sheet.field(field), {"select_options": [red, both]})[0] == 200
    assert sheet.column("Tags") == [[red, both], [], []]


def test_select_to_text(sheet: Any) -> None:
    field = sheet.add("Tags", "multiple_select", select_options=COLOURS)
    stored(sheet, "Tags", ["Red", "a,b"], [])
    assert sheet.api.patch(sheet.field(field), {"type": "text"})[0] == 200
    assert sheet.column("Tags") == ['Red, "a,b"', None]


def test_a_batch_takes_no_query_a_value(sheet: Any, count_sql: Any) -> None:
    sheet.add("Colour", "single_select", select_options=COLOURS)
    sheet.add("Tags", "multiple_select", select_options=COLOURS)
    with sheet.shape() as shape, count_sql() as statements:
        from plugins.database.rows.prepare import prepare

        rows = [{"Colour": "Red", "Tags": ["Red", "Green"]}] * 200
        assert not prepare(shape, rows, True, True).errors
    assert statements == []
