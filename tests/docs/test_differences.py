"""docs/differences.md tells the truth, as far as tests/api does not say so already."""

from __future__ import annotations

from typing import Any

from tests.api.test_user_files import fetch, upload


def test_addresses_that_run_code(sheet: Any) -> None:
    sheet.add("Link", "url")
    for address in ("javascript:alert(1)", "JavaScript:alert(1)", "vbscript:x", "data:text/html,x"):
        rows = f"/api/database/rows/table/{sheet.id}/?user_field_names=true"
        status, answer = sheet.api.post(rows, {"Link": address})
        assert (status, answer["detail"]["Link"][0]["code"]) == (400, "invalid"), address


def test_values_only_for_members(sheet: Any, make_user: Any) -> None:
    field = sheet.add("Kind", "text")
    stranger = make_user()
    status, answer = stranger.get(f"/api/database/fields/{field}/unique_row_values/")
    assert (status, answer["error"]) == (400, "ERROR_USER_NOT_IN_GROUP")


def test_defaults_that_are_no_options(sheet: Any) -> None:
    options = [{"id": -1, "value": "One", "color": "red"}]
    field = sheet.add("Many", "multiple_select", select_options=options, multiple_select_default=[-1, 987654321])
    status, shown = sheet.api.get(f"/api/database/fields/{field}/")
    assert status == 200
    assert shown["multiple_select_default"] == [shown["select_options"][0]["id"]]


def test_files_that_could_act_as_pages(api: Any, make_user: Any, client: Any) -> None:
    page = b"<html><script>alert(1)</script></html>"
    for name in ("page.html", "drawing.svg", "picture.png"):
        made = upload(api, name, page)[1]
        answer = fetch(client, made["url"])
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert upload(make_user(), name, page)[1]["name"] != made["name"]


def test_search_is_up_to_date(sheet: Any) -> None:
    rows = f"/api/database/rows/table/{sheet.id}/?user_field_names=true"
    sheet.api.post(rows, {"Name": "Narwhal"})
    assert sheet.api.get(f"{rows}&search=narwhal")[1]["count"] == 1
