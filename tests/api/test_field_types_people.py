"""Fields with people: who made and changed a row, and lists of members of the workspace."""

from __future__ import annotations

from typing import Any

import pytest


def rows(sheet: Any) -> str:
    """The path of the rows, with field names."""
    return f"/api/database/rows/table/{sheet.id}/?user_field_names=true"


def test_rows_know_who_made_and_changed_them(api: Any, sheet: Any, make_user: Any) -> None:
    sheet.add("Maker", "created_by")
    sheet.add("Editor", "last_modified_by")
    other = sheet.member(make_user, "EDITOR")
    made = api.post(rows(sheet), {"Name": "a"})[1]
    assert made["Maker"] == made["Editor"] == {"id": api.user["id"], "name": "Ada"}
    changed = other.patch(rows(sheet).replace("/?", "/1/?"), {"Name": "b"})[1]
    assert (changed["Maker"]["id"], changed["Editor"]["id"]) == (api.user["id"], other.user["id"])
    assert api.get(rows(sheet) + "&search=ada")[1]["count"] == 1
    status, refused = api.post(rows(sheet), {"Maker": None})
    assert (status, refused["detail"]["Maker"][0]["code"]) == (400, "null")


def test_collaborators_are_members_in_the_order_given(api: Any, sheet: Any, make_user: Any, count_sql: Any) -> None:
    field = sheet.add("Who", "multiple_collaborators")
    first, second, stranger = sheet.member(make_user, "EDITOR"), sheet.member(make_user, "VIEWER"), make_user()
    ids = [second.user["id"], first.user["id"]]
    made = api.post(rows(sheet), {"Who": [{"id": found} for found in ids]})[1]
    assert [person["id"] for person in made["Who"]] == ids
    status, refused = api.post(rows(sheet), {"Who": [{"id": stranger.user["id"]}]})
    assert (status, refused["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION")
    people = api.get(sheet.field(field))[1]["available_collaborators"]
    assert [person["id"] for person in people] == [api.user["id"], *ids[::-1]]

    def statements(size: int) -> int:
        items = [{"Who": [{"id": ids[n % 2]}]} for n in range(size)]
        with count_sql() as found:
            status, body = api.post(rows(sheet).replace("/?", "/batch/?"), {"items": items})
        assert status == 200, body
        return len(found)

    statements(1)
    assert statements(1) == statements(100)


@pytest.mark.parametrize("value", [None, "Bob", ["Bob"], [5], [{"name": "x"}], [{"id": "x"}], [{"id": 2**70}], [{}], 7])
def test_what_is_no_list_of_members_is_refused(api: Any, sheet: Any, value: Any) -> None:
    sheet.add("Who", "multiple_collaborators")
    status, refused = api.post(rows(sheet), {"Who": value})
    assert (status, refused["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION")
    assert api.get(rows(sheet))[1]["count"] == 0


def test_collaborators_are_imported_by_name_or_address_and_used_in_formulas(api: Any, sheet: Any) -> None:
    sheet.add("Who", "multiple_collaborators")
    prepared = sheet.imported("Who", ["Ada", api.user["username"], "", "Nobody"])
    assert (prepared.values, list(prepared.errors)) == ([[api.user["id"]], [api.user["id"]], [], None], [3])
    sheet.add("Names", "formula", formula="totext(field('Who'))")
    made = api.post(rows(sheet), {"Who": [{"id": api.user["id"]}]})[1]
    assert "Ada" in made["Names"]
