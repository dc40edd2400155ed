"""Durations: what is taken, how it is rounded, shown, ordered and converted."""

from __future__ import annotations

from typing import Any

import pytest


def stored(sheet: Any, name: str, *values: Any) -> list[Any]:
    """The values as rows with them answer."""
    return [row[name] for row in sheet.insert(*({name: value} for value in values))]


@pytest.mark.parametrize(
    ("form", "given", "seconds", "shown"),
    [
        ("h:mm", "1:30", 5400, "1:30"),
        ("h:mm", 61.5, 60, "0:01"),
        ("h:mm", "-100:05", -360300, "-100:05"),
        ("h:mm:ss", "1:30", 90, "0:01:30"),
        ("h:mm:ss.s", "0:0:1.26", 1.3, "0:00:01.3"),
        ("h:mm:ss.sss", "59.9996", 60, "0:01:00.000"),
        ("h:mm:ss.sss", "1d 2:03", 86523, "24:02:03.000"),
        ("d h", "2d 3h 31m", 187200, "2d 4h"),
        ("d h:mm", "1d 2:03", 93780, "1d 2:03"),
        ("d h mm", "1:30", 120, "0d 0h 02m"),
        ("d h mm ss", "1d2h3m4s", 93784, "1d 2h 03m 04s"),
    ],
)
def test_a_duration_is_read_rounded_and_shown(sheet: Any, form: str, given: Any, seconds: float, shown: str) -> None:
    sheet.add("Took", "duration", duration_format=form)
    assert stored(sheet, "Took", given, None) == [seconds, None]
    assert sheet.texts("Took") == [shown, None]


@pytest.mark.parametrize("value", ["soon", "1:2:3:4", "", "1w", 10**15, "9" * 40, [1], {}, "1:-2", "--1", "1e3", 1e300])
def test_what_is_no_duration_is_refused(sheet: Any, value: Any) -> None:
    sheet.add("Took", "duration")
    assert [found["code"] for found in sheet.check({"Took": value}).errors[0]["Took"]] == ["invalid"]


def test_durations_are_ordered_and_imported(sheet: Any) -> None:
    sheet.add("Took", "duration")
    stored(sheet, "Took", "2:00", None, "-1:00", "100:00")
    assert sheet.sorted("Took") == [None, -3600, 7200, 360000]
    prepared = sheet.imported("Took", ["1:00", "", None, "x"])
    assert (prepared.values, list(prepared.errors)) == (["3600 seconds", None, None, None], [3])


def test_another_format_rounds_and_numbers_become_seconds(sheet: Any) -> None:
    field = sheet.add("Took", "duration", duration_format="h:mm:ss")
    count = sheet.add("Count", "number")
    sheet.insert({"Took": 5429, "Count": 90})
    assert sheet.api.patch(sheet.field(field), {"duration_format": "h:mm"})[0] == 200
    assert sheet.column("Took") == [5400]
    assert sheet.api.patch(sheet.field(count), {"type": "duration", "duration_format": "h:mm:ss"})[0] == 200
    assert sheet.column("Count") == [90]
