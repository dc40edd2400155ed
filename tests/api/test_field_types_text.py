"""Text-like fields: what they take, how they are kept, sorted and imported."""

from __future__ import annotations

from typing import Any

import pytest


def stored(sheet: Any, name: str, *values: Any) -> list[Any]:
    """The values as the API shows them after they were written."""
    return [row[name] for row in sheet.insert(*({name: value} for value in values))]


def refused(sheet: Any, name: str, value: Any) -> list[str]:
    """The codes a value is refused with; empty when it is taken."""
    errors = sheet.check({name: value}).errors
    return [problem["code"] for problem in errors[0][name]] if errors else []


@pytest.mark.parametrize("type_name", ["text", "long_text"])
def test_texts_are_kept_trimmed_and_numbers_become_text(sheet: Any, type_name: str) -> None:
    sheet.add("Text", type_name)
    values = ["plain", "", None, " spaces ", "ünï 中 🎉", "two\r\nlines", 12, 1.5, "q\" 'x' \\ %s", "x" * 3000]
    kept = ["plain", "", None, "spaces", "ünï 中 🎉", "two\r\nlines", "12", "1.5", "q\" 'x' \\ %s", "x" * 3000]
    assert stored(sheet, "Text", *values) == kept


@pytest.mark.parametrize("value", [["list"], {"a": 1}, True, False, [[["deep"]]]])
def test_texts_are_no_other_json(sheet: Any, value: Any) -> None:
    assert refused(sheet, "Name", value) == ["invalid"]


def test_null_characters_are_refused_one_by_one(sheet: Any) -> None:
    assert refused(sheet, "Name", "nul\0byte") == ["null_characters_not_allowed"]
    prepared = sheet.imported("Name", ["good", "nul\0byte", None])
    assert (prepared.values[0], list(prepared.errors)) == ("good", [1])


def test_text_default_fills_old_and_new_rows(sheet: Any) -> None:
    sheet.insert({"Name": "before"})
    field = sheet.add("Filled", "text", text_default="n/a")
    assert sheet.insert({}, {"Filled": ""}, {"Filled": None})[0]["Filled"] == "n/a"
    assert sheet.column("Filled") == ["n/a", "n/a", "", None]
    assert sheet.api.patch(sheet.field(field), {"text_default": "new"})[1]["text_default"] == "new"
    assert sheet.column("Filled") == ["n/a", "n/a", "", None]
    body = sheet.api.post(sheet.path, {"name": "Bad", "type": "text", "text_default": "x" * 256})[1]
    assert body["detail"]["text_default"][0]["code"] == "max_length"


def test_texts_sort_as_people_do(sheet: Any) -> None:
    sheet.add("Text", "text")
    words = ["banana", "Apple", "apple", "", None, "10", "9", "éclair", "Zebra", "_x", "lead", "Ümlaut", "a-b", "ab"]
    stored(sheet, "Text", *words)
    ordered = [None, "", "_x", "10", "9", "a-b", "ab", "apple", "Apple", "banana", "éclair", "lead", "Ümlaut", "Zebra"]
    assert sheet.sorted("Text") == ordered


def test_rich_text_is_an_option(sheet: Any) -> None:
    body = sheet.api.post(sheet.path, {"name": "Note", "type": "long_text"})[1]
    assert body["long_text_enable_rich_text"] is None
    field = sheet.add("Rich", "long_text", long_text_enable_rich_text=True)
    assert (
        sheet.api.patch(sheet.field(field), {"long_text_enable_rich_text": False})[1]["long_text_enable_rich_text"]
        is False
    )


URLS = [
    "https://example.com",
    "http://example.com/a?b=c#d",
    "example.com",
    "ftp://example.com/file",
    "HTTPS://EXAMPLE.COM",
    "https://user:pw@example.com:8080/x",
    "//x.com",
    "mailto:a@example.com",
    "http://localhost",
]
NO_URLS = [
    "nope",
    "http://",
    "https://exa mple.com",
    "javascript:alert(1)",
    "JavaScript:a.b()",
    12,
    ["a"],
    True,
    "a\0.b",
]


def test_urls(sheet: Any) -> None:
    sheet.add("Site", "url")
    assert stored(sheet, "Site", *URLS, " https://a.b ", "", None) == [*URLS, "https://a.b", "", ""]
    for value in NO_URLS:
        assert refused(sheet, "Site", value) == ["invalid"], value
    assert refused(sheet, "Site", "a." * 200_000 + " x") == ["invalid"]


def test_emails(sheet: Any) -> None:
    sheet.add("Mail", "email")
    good = ["ann@example.com", "Ann.B+c@EXAMPLE.co.uk", "ü@exämple.de", "a_b%c@x-y.org"]
    assert stored(sheet, "Mail", *good, " a@b.cd ", "", None) == [*good, "a@b.cd", "", ""]
    for value in ["ann", "ann@", "@example.com", "a@b", "a b@c.de", "a@b..de", "a@@b.de", 5, True, ["a@b.cd"]]:
        assert refused(sheet, "Mail", value) == ["invalid"], value
    assert refused(sheet, "Mail", "a@" + "b." * 130 + "de") == ["max_length"]


def test_phone_numbers(sheet: Any) -> None:
    sheet.add("Phone", "phone_number")
    good = ["+31 6 1234 5678", "(020) 123-4567", "0800.123", "*31#", "1/2", "x12", "1" * 100]
    assert stored(sheet, "Phone", *good, 12345, None) == [*good, "12345", ""]
    for value in ["ext. 5", "call me", "12a", "😀", ["1"], True]:
        assert refused(sheet, "Phone", value) == ["invalid"], value
    assert refused(sheet, "Phone", "1" * 101) == ["invalid", "max_length"]


def test_imported_texts_keep_what_is_empty(sheet: Any) -> None:
    sheet.add("Site", "url")
    assert sheet.imported("Name", ["a ", "", None, 5]).values == ["a", "", None, "5"]
    prepared = sheet.imported("Site", ["example.com", "", "no url", None])
    assert (prepared.values, list(prepared.errors)) == (["example.com", "", None, ""], [2])


def test_uuids_are_made_by_the_database(sheet: Any) -> None:
    sheet.insert({}, {})
    sheet.add("Code", "uuid")
    made = sheet.insert({})[0]["Code"]
    values = sheet.column("Code")
    assert made == values[2]
    assert len({*values}) == 3
    assert all(value[14] == "4" for value in values)
