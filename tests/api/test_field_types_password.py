"""Passwords in rows: hashed, never shown anywhere, checked over the API where the field allows it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from plugin_api.db import begin, connection

CHECK = "/api/database/fields/password-authentication/"


@pytest.fixture
def door(api: Any, sheet: Any) -> int:
    """A password field that can be checked, and a row with a password."""
    field = int(sheet.add("Door", "password", allow_endpoint_authentication=True))
    assert api.post(f"/api/database/rows/table/{sheet.id}/", {f"field_{field}": "open  sesame"})[0] == 200
    return field


def test_no_answer_and_no_table_holds_the_password(api: Any, sheet: Any, door: int) -> None:
    rows = f"/api/database/rows/table/{sheet.id}/"
    assert api.patch(f"{rows}1/", {f"field_{door}": "another one"})[1][f"field_{door}"] is True
    assert [row[f"field_{door}"] for row in api.get(rows)[1]["results"]] == [True]
    history = api.get(f"{rows}1/history/")[1]
    assert "another" not in str(history)
    assert "argon2" not in str(history)
    with begin():
        kept = connection().execute(sa.text(f"SELECT field_{door} FROM ws_{sheet.workspace_id}.table_{sheet.id}"))
        assert kept.scalar_one().startswith("$argon2id$")
        actions = connection().execute(sa.text("SELECT coalesce(string_agg(params::text, ''), '') FROM core.action"))
        assert "another one" not in actions.scalar_one()
    assert api.get(f"{rows}?search=another")[1]["count"] == 0
    assert api.get(f"{rows}?order_by=field_{door}")[1]["error"] == "ERROR_ORDER_BY_FIELD_NOT_POSSIBLE"


def test_true_keeps_and_null_removes_it(api: Any, sheet: Any, door: int) -> None:
    path = f"/api/database/rows/table/{sheet.id}/batch/"
    items = [{"id": 1, f"field_{door}": True}]
    assert api.patch(path, {"items": items})[1]["items"][0][f"field_{door}"] is True
    assert api.post(CHECK, {"field_id": door, "row_id": 1, "password": "open  sesame"}) == (200, {"is_correct": True})
    made = api.post(path, {"items": [{f"field_{door}": True}, {f"field_{door}": ""}, {}]})[1]["items"]
    assert [row[f"field_{door}"] for row in made] == [None, False, None]
    assert api.patch(path, {"items": [{"id": 1, f"field_{door}": None}]})[1]["items"][0][f"field_{door}"] is None


def test_only_the_right_password_fits(api: Any, sheet: Any, door: int, make_user: Any) -> None:
    good = {"field_id": door, "row_id": 1, "password": "open  sesame"}
    assert api.post(CHECK, {**good, "password": "shut"})[1]["error"] == "ERROR_INVALID_PASSWORD_FIELD_PASSWORD"
    assert api.post(CHECK, {**good, "row_id": 9})[1]["error"] == "ERROR_ROW_DOES_NOT_EXIST"
    assert make_user().post(CHECK, good)[1]["error"] == "ERROR_USER_NOT_IN_GROUP"
    closed = sheet.add("Closed", "password")
    assert api.post(CHECK, {**good, "field_id": closed})[1]["error"] == "ERROR_FIELD_DOES_NOT_EXIST"


@pytest.mark.parametrize("value", [5, False, ["x"], {}, "x" * 257, "a\0b"])
def test_what_is_no_password_is_refused(api: Any, sheet: Any, door: int, value: Any) -> None:
    status, refused = api.post(f"/api/database/rows/table/{sheet.id}/", {f"field_{door}": value})
    assert (status, list(refused["detail"])) == (400, [f"field_{door}"])
