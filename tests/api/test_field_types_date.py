"""Dates and moments: date, created_on, last_modified."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.test_field_types_text import refused, stored


def test_date_options(sheet: Any) -> None:
    body = sheet.api.post(sheet.path, {"name": "Day", "type": "date"})[1]
    assert {key: value for key, value in body.items() if key.startswith("date_")} == {
        "date_format": "EU",
        "date_include_time": False,
        "date_time_format": "24",
        "date_show_tzinfo": False,
        "date_force_timezone": None,
    }
    for options, code in [
        ({"date_format": "JP"}, "invalid_choice"),
        ({"date_time_format": "13"}, "invalid_choice"),
        ({"date_include_time": "perhaps"}, "invalid"),
    ]:
        body = sheet.api.post(sheet.path, {"name": "Bad", "type": "date", **options})[1]
        assert body["detail"][next(iter(options))][0]["code"] == code
    offset = {"name": "Bad", "type": "date", "date_include_time": True, "date_force_timezone_offset": 60}
    assert sheet.api.post(sheet.path, offset)[1]["error"] == "ERROR_DATE_FORCE_TIMEZONE_OFFSET_ERROR"


def test_dates(sheet: Any) -> None:
    sheet.add("Day", "date", date_format="US")
    values = ["2020-02-29", "0001-01-01", "9999-12-31", "2020-2-1", None]
    assert stored(sheet, "Day", *values) == ["2020-02-29", "0001-01-01", "9999-12-31", "2020-02-01", None]
    assert sheet.texts("Day")[:2] == ["02/29/2020", "01/01/0001"]


@pytest.mark.parametrize(
    "value",
    [
        "2021-02-29",
        "2020-13-01",
        "0000-00-00",
        "0000-01-01",
        "10000-01-01",
        "-0044-03-15",
        "0044-03-15 BC",
        "today",
        "infinity",
        "2020",
        "",
        "2020-02-01T10:20:30Z",
        "20/02/2020",
        "2020/02/20",
        "٢٠٢٠-٠٢-٠١",
        20200101,
        ["2020-01-01"],
        {"d": 1},
        True,
    ],
)
def test_refused_dates(sheet: Any, value: Any) -> None:
    sheet.add("Day", "date")
    assert refused(sheet, "Day", value) == ["invalid"]


def test_moments(sheet: Any) -> None:
    sheet.add("At", "date", date_include_time=True, date_force_timezone="Europe/Amsterdam", date_time_format="12")
    values = {
        "2020-06-01T10:20:30Z": "2020-06-01T10:20:30Z",
        "2020-06-01T10:20:30.123456Z": "2020-06-01T10:20:30.123456Z",
        "2020-06-01T10:20:30.5Z": "2020-06-01T10:20:30.500000Z",
        "2020-06-01T10:20:30+02:00": "2020-06-01T08:20:30Z",
        "2020-06-01 10:20": "2020-06-01T10:20:00Z",
        "2020-06-01": "2020-06-01T00:00:00Z",
        "0001-01-01": "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59": "9999-12-31T23:59:59Z",
    }
    assert stored(sheet, "At", *values) == list(values.values())
    assert sheet.texts("At")[0] == "01/06/2020 12:20 PM"
    for value in [
        "2020-06-01 10:20 PM",
        "2020-06-01T99:00",
        "2020-06-01T10:20:60Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-01:00",
        "2020-06-01T10:20:30+25:00",
        "noon",
        "",
        5,
    ]:
        assert refused(sheet, "At", value) == ["invalid"], value


@pytest.mark.parametrize("zone", ["Mars/Base", "x'; DROP TABLE t; --", "%s", "../etc/passwd"])
def test_a_time_zone_that_does_not_exist_is_utc(sheet: Any, zone: str) -> None:
    sheet.add("At", "date", date_include_time=True, date_force_timezone=zone)
    stored(sheet, "At", "2020-06-01T10:20:00Z")
    assert sheet.texts("At") == ["01/06/2020 10:20"]


def test_including_the_time_and_leaving_it_out(sheet: Any) -> None:
    field = sheet.add("Day", "date")
    stored(sheet, "Day", "2020-02-29", None)
    assert sheet.api.patch(sheet.field(field), {"date_include_time": True})[0] == 200
    assert sheet.column("Day") == ["2020-02-29T00:00:00Z", None]
    stored(sheet, "Day", "2020-06-01T23:30:00Z")
    sheet.api.patch(sheet.field(field), {"date_force_timezone": "Europe/Amsterdam"})
    sheet.api.patch(sheet.field(field), {"date_include_time": False})
    assert sheet.column("Day") == ["2020-02-29", None, "2020-06-02"]


def test_a_forced_time_zone_can_move_the_values(sheet: Any) -> None:
    field = sheet.add("At", "date", date_include_time=True)
    stored(sheet, "At", "2020-06-01T10:00:00Z")
    change = {"date_force_timezone": "Europe/Amsterdam", "date_force_timezone_offset": 60}
    status, body = sheet.api.patch(sheet.field(field), change)
    assert status == 200
    assert "date_force_timezone_offset" not in body
    assert sheet.column("At") == ["2020-06-01T11:00:00Z"]
    sheet.api.patch(sheet.field(field), {"date_format": "ISO"})
    assert sheet.column("At") == ["2020-06-01T11:00:00Z"]


def test_dates_sort_by_time(sheet: Any) -> None:
    sheet.add("Day", "date")
    stored(sheet, "Day", "2020-03-01", None, "1980-12-24", "2023-01-15")
    assert sheet.sorted("Day") == [None, "1980-12-24", "2020-03-01", "2023-01-15"]


def test_moments_of_the_row(sheet: Any) -> None:
    sheet.add("Made", "created_on")
    sheet.add("Changed", "last_modified", date_include_time=True)
    sheet.add("Made at", "created_on", date_include_time=True)
    (row,) = sheet.insert({"Name": "a"})
    assert row["Changed"] == row["Made at"]
    assert row["Made"] == row["Changed"][:10]
    assert sheet.api.get(sheet.path)[1][1]["read_only"] is True
    assert sheet.sorted("Made at") == sheet.column("Made at")
