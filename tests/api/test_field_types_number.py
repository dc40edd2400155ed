"""Number-like fields: number, rating, boolean, autonumber."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.test_field_types_text import refused, stored


def test_number_options(sheet: Any) -> None:
    body = sheet.api.post(sheet.path, {"name": "Plain", "type": "number"})[1]
    assert {key: value for key, value in body.items() if key.startswith("number_")} == {
        "number_decimal_places": 0,
        "number_negative": False,
        "number_prefix": "",
        "number_suffix": "",
        "number_separator": "",
        "number_default": None,
    }
    for options, code in [
        ({"number_decimal_places": 11}, "invalid_choice"),
        ({"number_decimal_places": "two"}, "invalid_choice"),
        ({"number_negative": "perhaps"}, "invalid"),
        ({"number_separator": "DOT"}, "invalid_choice"),
        ({"number_prefix": "12345678901"}, "max_length"),
        ({"number_type": "INTEGER"}, "invalid"),
        ({"number_default": "abc"}, "invalid"),
        ({"number_default": "NaN"}, "invalid"),
        ({"number_default": "1e400"}, "max_digits"),
    ]:
        status, body = sheet.api.post(sheet.path, {"name": "Bad", "type": "number", **options})
        (key,) = options
        assert (status, [found["code"] for found in body["detail"][key]]) == (400, [code])


def test_number_default_is_used(sheet: Any) -> None:
    sheet.insert({})
    body = {"name": "Filled", "type": "number", "number_decimal_places": 1, "number_default": "1.5"}
    assert sheet.api.post(sheet.path, body)[1]["number_default"] == "1.50000000000000000000"
    sheet.insert({}, {"Filled": None})
    assert sheet.column("Filled") == ["1.5", "1.5", None]


def test_whole_numbers(sheet: Any) -> None:
    sheet.add("Int", "number")
    values = [0, 7, "42", "0042", None, "", "1e3", -0, 10**15, "1" * 50]
    kept = ["0", "7", "42", "42", None, None, "1000", "0", "1000000000000000", "1" * 50]
    assert stored(sheet, "Int", *values) == kept


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1.0, "max_decimal_places"),
        ("12.0", "max_decimal_places"),
        ("-0.4", "max_decimal_places"),
        (-1, "min_value"),
        (True, "invalid"),
        ("abc", "invalid"),
        ("1,000", "invalid"),
        ([1], "invalid"),
        ({"a": 1}, "invalid"),
        ("NaN", "invalid"),
        ("sNaN", "invalid"),
        ("-Infinity", "invalid"),
        (float("inf"), "invalid"),
        (float("nan"), "invalid"),
        ("0x10", "invalid"),
        ("1\0", "invalid"),
        ("1" * 51, "max_digits"),
        (10**400, "max_digits"),
        ("1e999999999", "max_digits"),
        ("1e-999999999", "max_digits"),
        ("9" * 1001, "max_string_length"),
    ],
)
def test_refused_whole_numbers(sheet: Any, value: Any, code: str) -> None:
    sheet.add("Int", "number")
    assert refused(sheet, "Int", value) == [code]


def test_decimals(sheet: Any) -> None:
    sheet.add("Dec", "number", number_decimal_places=3, number_negative=True)
    values = [1, "1.5", 1.25, "-0.001", "1e-2", "1_000", "123456789012345678901234567890.123"]
    kept = ["1.000", "1.500", "1.250", "-0.001", "0.010", "1000.000", "123456789012345678901234567890.123"]
    assert stored(sheet, "Dec", *values) == kept
    assert refused(sheet, "Dec", "0.0005") == ["max_decimal_places"]
    assert refused(sheet, "Dec", "1" * 60) == ["max_digits"]
    assert refused(sheet, "Dec", "1" * 52 + ".1") == ["max_whole_digits"]
    assert refused(sheet, "Dec", "1,5") == refused(sheet, "Dec", "€5") == ["invalid"]


def test_numbers_as_the_field_shows_them_can_be_imported(sheet: Any) -> None:
    sheet.add(
        "Price",
        "number",
        number_decimal_places=2,
        number_negative=True,
        number_prefix="€",
        number_suffix="each",
        number_separator="PERIOD_COMMA",
    )
    values = ["€1.234,50 each", "-€2", "€ -3", "7", "7.25", "1.234", "", None, 5, "5,00", "abc", "1,234", [1]]
    prepared = sheet.imported("Price", values)
    assert prepared.values[:10] == ["1234.5", "-2", "-3", "7", "7.25", "1234", None, None, "5", "5"]
    assert list(prepared.errors) == [10, 11, 12]


def test_numbers_sort_by_value(sheet: Any) -> None:
    sheet.add("Num", "number", number_decimal_places=1, number_negative=True)
    stored(sheet, "Num", "10", "9", "-3.5", None, "100")
    assert sheet.sorted("Num") == [None, "-3.5", "9.0", "10.0", "100.0"]


def test_changing_decimals_rounds_and_positive_only_cuts(sheet: Any) -> None:
    field = sheet.add("Num", "number", number_decimal_places=2, number_negative=True)
    stored(sheet, "Num", "1.25", "1.55", "-3.50", None)
    assert sheet.api.patch(sheet.field(field), {"number_decimal_places": 1})[0] == 200
    assert sheet.column("Num") == ["1.3", "1.6", "-3.5", None]
    sheet.api.patch(sheet.field(field), {"number_decimal_places": 4})
    assert sheet.column("Num") == ["1.3000", "1.6000", "-3.5000", None]
    sheet.api.patch(sheet.field(field), {"number_negative": False, "number_prefix": "$"})
    assert sheet.column("Num") == ["1.3000", "1.6000", "0.0000", None]
    sheet.insert({"Num": "2"})


def test_rating(sheet: Any) -> None:
    body = sheet.api.post(sheet.path, {"name": "Stars", "type": "rating"})[1]
    assert (body["max_value"], body["color"], body["style"]) == (5, "dark-orange", "star")
    assert stored(sheet, "Stars", 0, 5, "3", 2.0) == [0, 5, 3, 2]
    assert sheet.insert({})[0]["Stars"] == 0
    for value, code in [
        (None, "null"),
        (6, "max_value"),
        (10**30, "max_value"),
        (-1, "min_value"),
        (2.5, "invalid"),
        ("many", "invalid"),
        ([1], "invalid"),
        (True, "invalid"),
        ("", "invalid"),
    ]:
        assert refused(sheet, "Stars", value) == [code], value
    for options, code in [({"max_value": 0}, "min_value"), ({"max_value": 11}, "max_value"), ({"style": "x"}, None)]:
        body = sheet.api.post(sheet.path, {"name": "Bad", "type": "rating", **options})[1]
        assert body["detail"][next(iter(options))][0]["code"] == (code or "invalid_choice")


def test_a_lower_maximum_cuts_ratings(sheet: Any) -> None:
    field = sheet.add("Hearts", "rating", max_value=10)
    stored(sheet, "Hearts", 9, 2)
    assert sheet.api.patch(sheet.field(field), {"max_value": 5})[1]["max_value"] == 5
    assert sheet.column("Hearts") == [5, 2]
    assert refused(sheet, "Hearts", 6) == ["max_value"]


def test_boolean(sheet: Any) -> None:
    sheet.insert({"Name": "old"})
    sheet.add("On", "boolean", boolean_default=True)
    sheet.add("Flag", "boolean")
    assert sheet.column("On") == [True]
    yes = [True, "true", "yes", "on", 1, "1", "t", "checked", "TRUE", "Y"]
    no = [False, "false", "no", "off", 0, "0", "F", "unchecked", "n"]
    assert stored(sheet, "Flag", *yes, *no) == [True] * len(yes) + [False] * len(no)
    (row,) = sheet.insert({})
    assert (row["On"], row["Flag"]) == (True, False)
    for value in ["maybe", 2, "", [True], {}, "ja", 0.5]:
        assert refused(sheet, "Flag", value) == ["invalid"], value
    assert refused(sheet, "Flag", None) == ["null"]
    prepared = sheet.imported("Flag", ["true", "No", "", None, "maybe", 1])
    assert (prepared.values, list(prepared.errors)) == ([True, False, False, False, None, True], [4])


def test_autonumbers_follow_the_rows_and_are_used_once(sheet: Any) -> None:
    sheet.insert({"Name": "b"}, {"Name": "a"}, {"Name": "c"})
    with sheet.shape() as shape:
        from plugins.database.engine import write

        write.move(shape, 3, 1, shape.select_list(shape.fields, True))
    sheet.add("No", "autonumber")
    assert (sheet.column("Name"), sheet.column("No")) == (["c", "b", "a"], [1, 2, 3])
    assert sheet.insert({"Name": "d"})[0]["No"] == 4
    with sheet.shape() as shape:
        write.trash(shape, [4], shape.select_list(shape.fields, True))
    assert sheet.insert({})[0]["No"] == 5
