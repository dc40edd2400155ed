"""Field permissions over HTTP: who may choose them, and all the ways to write rows they close."""

from __future__ import annotations

from typing import Any

import pytest

from plugin_api.db import begin
from plugins.database.guard import closed_in_forms
from tests.conftest import Api
from tests.sessions import FAILED, Session
from tests.tables import recorded, run_job

DENIED = (401, "PERMISSION_DENIED")


class Place(Session):
    """A table with the fields Name and Pay, and people in its workspace."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.table_id = self.table("People", [["Name"], ["Ann"], ["Ben"]])
        self.field_id = self.add_field(self.table_id, "Pay", "number")
        self.column_name = f"field_{self.field_id}"
        self.rule = f"/api/field-permissions/{self.field_id}/"
        self.by_id = f"/api/database/rows/table/{self.table_id}/"

    def join(self, other: Any, role: str) -> Any:
        """Make a user a member."""
        body = {"email": other.user["username"], "permissions": role, "base_url": "http://127.0.0.1:3000/join"}
        made = self.ok(*self.api.post(f"/api/workspaces/invitations/workspace/{self.workspace_id}/", body))
        self.ok(*other.post(f"/api/workspaces/invitations/{made['id']}/accept/"))
        return other

    def close(self, role: str, field_id: int | None = None, **more: Any) -> dict[str, Any]:
        """Let only this role and higher ones write the field."""
        path = self.rule if field_id is None else f"/api/field-permissions/{field_id}/"
        return dict(self.ok(*self.api.patch(path, {"role": role, **more})))

    def pays(self) -> list[Any]:
        """The values of the field."""
        return [row["Pay"] for row in self.rows(self.table_id)]


@pytest.fixture
def place(api: Any) -> Place:
    """A table with a field to close."""
    return Place(api)


@pytest.fixture
def editor(place: Place, make_user: Any) -> Any:
    """A client acting as an editor of the workspace."""
    return place.join(make_user("Eda"), "EDITOR")


def refused(answer: tuple[int, Any]) -> bool:
    """Whether a request was refused for want of permission."""
    return (answer[0], (answer[1] or {}).get("error")) == DENIED


def test_reading_and_choosing(place: Place) -> None:
    assert place.api.get(place.rule)[1] == {"role": "EDITOR", "allow_in_forms": True, "field_id": place.field_id}
    assert place.close("ADMIN") == {
        "role": "ADMIN",
        "allow_in_forms": False,
        "field_id": place.field_id,
        "can_write_values": True,
    }
    assert place.close("NOBODY", allow_in_forms=True)["can_write_values"] is False
    assert place.api.get(place.rule)[1]["allow_in_forms"] is True
    assert place.close("EDITOR", allow_in_forms=False)["allow_in_forms"] is True
    for body in ({}, {"role": "KING"}, {"role": None}, {"role": "ADMIN", "allow_in_forms": "perhaps"}):
        assert place.api.patch(place.rule, body)[1]["error"] == "ERROR_REQUEST_BODY_VALIDATION"
    told = [one for one in recorded("outbox", place.api, "payload") if one["type"] == "field_permissions_updated"]
    assert [one["role"] for one in told] == ["ADMIN", "NOBODY", "EDITOR"]


def test_who_may_choose(place: Place, editor: Any, make_user: Any) -> None:
    builder, outsider = place.join(make_user(), "BUILDER"), make_user()
    for method, body in (("GET", None), ("PATCH", {"role": "EDITOR"})):
        assert refused(editor.call(method, place.rule, body))
        assert builder.call(method, place.rule, body)[0] == 200
        assert outsider.call(method, place.rule, body)[1]["error"] == "ERROR_USER_NOT_IN_GROUP"


def test_each_role_may_write_what_is_open_to_it(place: Place, editor: Any, make_user: Any) -> None:
    people = {"EDITOR": editor, "BUILDER": place.join(make_user(), "BUILDER"), "ADMIN": place.api}
    may = {"EDITOR": ["EDITOR", "BUILDER", "ADMIN"], "BUILDER": ["BUILDER", "ADMIN"], "ADMIN": ["ADMIN"], "NOBODY": []}
    for role, those in may.items():
        place.close(role)
        for who, client in people.items():
            answers = [
                client.patch(f"{place.by_id}1/", {place.column_name: 1}),
                client.patch(f"{place.by_id}batch/", {"items": [{"id": 1, place.column_name: 2}]}),
                client.patch(f"{place.by_id}1/?user_field_names=true", {"Pay": 3}),
                client.post(place.by_id, {place.column_name: 4}),
                client.post(place.by_id, {}),
                client.post(f"{place.by_id}batch/", {"items": [{}]}),
            ]
            assert [status for status, _ in answers] == [200 if who in those else 401] * 6, (role, who)


def test_other_fields_stay_open(place: Place, editor: Any) -> None:
    place.close("ADMIN")
    row = f"{place.by_id}1/?user_field_names=true"
    assert editor.patch(row, {"Name": "Anna"})[1]["Name"] == "Anna"
    assert editor.get(row)[1]["Pay"] is None
    assert refused(
        editor.patch(f"{place.by_id}batch/?user_field_names=true", {"items": [{"id": 2}, {"id": 1, "Pay": 1}]})
    )
    assert editor.post(f"{place.by_id}?user_field_names=true", {"Name": "New", "Pay": 5})[0] == 200
    assert editor.delete(f"{place.by_id}2/")[0] == 204


def test_what_follows_from_other_fields_is_written_all_the_same(place: Place, editor: Any) -> None:
    twice = place.add_field(place.table_id, "Twice", "formula", formula="concat(field('Name'), field('Name'))")
    place.close("NOBODY", twice)
    assert editor.patch(f"{place.by_id}1/?user_field_names=true", {"Name": "x"})[1]["Twice"] == "xx"
    assert editor.post(place.by_id, {})[0] == 200


def test_undo_and_redo(place: Place, editor: Any) -> None:
    place.close("EDITOR")
    place.write(place.table_id, 1, Pay=5)
    place.close("NOBODY")
    assert place.undo() == "SUCCESS" and place.undo() == "SUCCESS"  # the rule, then the value
    assert place.pays() == [None, None]
    place.close("NOBODY")
    editor.headers = {**editor.headers, "ClientSessionId": "editor-session"}
    place.close("EDITOR")
    place.ok(*editor.patch(f"{place.by_id}1/", {place.column_name: 7}))
    place.close("ADMIN")
    status, answer = editor.patch("/api/user/undo/", {"scopes": {}})
    assert answer["result_code"] == FAILED and place.pays()[0] == "7"


def test_imports(place: Place, editor: Any) -> None:
    place.close("ADMIN")
    path = f"/api/database/tables/{place.table_id}/import/async/"
    assert refused(editor.post(path, {"data": [["x", 1]]}))
    upsert = {"upsert_fields": [place.first_field(place.table_id)], "upsert_values": [["Ann"]]}
    assert refused(editor.post(path, {"data": [["Ann"]], "configuration": upsert}))
    skipping = {"data": [["skipped", 1]], "configuration": {"skipped_fields": [place.field_id]}}
    for body in ({"data": [["narrow"]]}, skipping):
        job = place.ok(*editor.post(path, body))["id"]
        run_job(job)
        assert editor.get(f"/api/jobs/{job}/")[1]["state"] == "finished"
    assert place.pays() == [None] * 4
    assert place.import_rows(place.table_id, [["y", 2]])["state"] == "finished"


def test_an_import_that_waits_obeys_what_was_chosen_meanwhile(place: Place) -> None:
    job = place.api.post(f"/api/database/tables/{place.table_id}/import/async/", {"data": [["x", 1]]})
    place.close("NOBODY")
    assert place.run(job)["state"] == "failed"
    assert place.pays() == [None, None]


def test_links_are_closed_from_both_sides(place: Place, editor: Any) -> None:
    other = place.table("Teams", [["Name"], ["Red"]])
    link = place.add_field(other, "Members", "link_row", link_row_table_id=place.table_id, has_related_field=True)
    related = next(one for one in place.fields(place.table_id) if one["type"] == "link_row")
    place.close("ADMIN", related["id"])
    rows = f"/api/database/rows/table/{other}/"
    assert refused(editor.patch(f"{rows}1/", {f"field_{link}": [1]}))
    assert refused(editor.post(f"{rows}?user_field_names=true", {"Members": [1]}))
    assert editor.post(f"{rows}?user_field_names=true", {"Name": "Blue"})[0] == 200
    assert place.api.patch(f"{rows}1/", {f"field_{link}": [1]})[0] == 200
    path = f"/api/database/tables/{other}/import/async/"
    assert refused(editor.post(path, {"data": [["Green", "Ann"]]}))
    upsert = {"upsert_fields": [place.first_field(other)], "upsert_values": [["Red"]]}
    assert refused(editor.post(path, {"data": [["Red", ""]], "configuration": upsert}))
    job = place.ok(*editor.post(path, {"data": [["Red"]], "configuration": upsert}))["id"]
    run_job(job)
    assert editor.post(path, {"data": [["Green"]]})[0] == 200
    assert [[link["id"] for link in row["Members"]] for row in place.rows(other)] == [[1], []]


def test_database_tokens_write_what_their_owner_may(place: Place, make_user: Any, client: Any) -> None:
    for owner, expected in ((place.api, 200), (place.join(make_user(), "BUILDER"), 401)):
        body = {"name": "T", "workspace": place.workspace_id}
        token = Api(client, place.ok(*owner.post("/api/database/tokens/", body))["key"], "Token")
        place.close("ADMIN")
        assert token.patch(f"{place.by_id}1/", {place.column_name: 1})[0] == expected
        place.close("NOBODY")
        assert refused(token.patch(f"{place.by_id}1/", {place.column_name: 1}))


def test_clients_are_told_what_they_may_not_write(place: Place, editor: Any) -> None:
    place.close("ADMIN")
    path = f"/api/workspaces/{place.workspace_id}/permissions/"
    write, submit = "database.table.field.write_values", "database.table.field.submit_anonymous_values"

    def told(client: Any) -> dict[str, Any]:
        found = {one["name"]: one["permissions"] for one in client.get(path)[1]}
        return dict(found["write_field_values"])

    closed, open_ = ({"default": True, "exceptions": ids} for ids in ([place.field_id], []))
    assert told(editor) == {write: closed, submit: closed}
    assert told(place.api) == {write: open_, submit: closed}
    place.close("ADMIN", allow_in_forms=True)
    assert told(place.api)[submit] == open_


def test_forms_are_told_which_fields_are_closed(place: Place) -> None:
    def closed() -> list[int]:
        with begin():
            return list(closed_in_forms(place.shape(place.table_id)))

    assert closed() == []
    place.close("NOBODY")
    assert closed() == [place.field_id]
    place.close("NOBODY", allow_in_forms=True)
    assert closed() == []


def test_copies_of_tables_are_as_closed(place: Place, editor: Any) -> None:
    place.close("NOBODY")
    job = place.run(place.api.post(f"/api/database/tables/{place.table_id}/duplicate/async/", {}))
    copy = job["duplicated_table"]["id"]
    assert refused(editor.patch(f"/api/database/rows/table/{copy}/1/?user_field_names=true", {"Pay": 1}))


def test_rows_cost_no_more_queries(place: Place, editor: Any, count_sql: Any) -> None:
    place.close("BUILDER")
    items = [{"id": row_id, place.column_name: 1} for row_id in (1, 2)]
    place.ok(*place.api.patch(f"{place.by_id}batch/", {"items": items}))
    with count_sql() as closed:
        place.ok(*place.api.patch(f"{place.by_id}batch/", {"items": items}))
    place.close("EDITOR")
    place.ok(*place.api.patch(f"{place.by_id}batch/", {"items": items}))
    with count_sql() as open_:
        place.ok(*place.api.patch(f"{place.by_id}batch/", {"items": items}))
    assert len(closed) == len(open_)


def test_switched_off_nothing_is_closed(place: Place, editor: Any, staff: Any) -> None:
    place.close("NOBODY")
    plugin = "/api/admin/plugins/field_permissions/"
    assert staff.patch(plugin, {"enabled": False})[0] == 200
    try:
        assert editor.patch(f"{place.by_id}1/", {place.column_name: 1})[0] == 200
        assert place.api.get(place.rule)[1]["error"] == "ERROR_PLUGIN_DISABLED"
    finally:
        assert staff.patch(plugin, {"enabled": True})[0] == 200
    assert refused(editor.patch(f"{place.by_id}1/", {place.column_name: 1}))
