"""What members are told of fields, tables, views, applications, workspaces, people, notifications and comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.live import Browser, Live, live
from tests.outbox import deliver
from tests.viewing import VIEWS, People


@pytest.fixture
def server(app: Flask) -> Iterator[Live]:
    """A web server with websockets."""
    with live(app) as made:
        yield made


@pytest.fixture
def people(api: Any) -> People:
    """People and a grid, of whose making nobody is told any more."""
    made = People(api)
    deliver()
    return made


@pytest.fixture
def member(server: Live, people: People, make_user: Any) -> Browser:
    """Another admin of the workspace, who has the table open."""
    return _member(server, people, make_user, "ADMIN").page("table", table_id=people.sheet)


def _member(server: Live, people: People, make_user: Any, role: str) -> Browser:
    other = make_user()
    _invite(people, other, role)
    browser = server.open(other)
    browser.told()
    return browser


def _invite(people: People, other: Any, role: str) -> None:
    body = {"email": other.user["username"], "permissions": role, "base_url": "http://127.0.0.1:3000/invitation"}
    path = f"/api/workspaces/invitations/workspace/{people.workspace_id}/"
    invitation = people.ok(*people.api.post(path, body))
    people.ok(*other.post(f"/api/workspaces/invitations/{invitation['id']}/accept/"))


def _types(told: list[Any]) -> list[str]:
    return [message["type"] for message in told]


def test_fields(member: Browser, people: People) -> None:
    field = people.add_field(people.sheet, "Age", "number")
    people.change(field, name="Years")
    path = f"/api/database/fields/{field}/"
    shown = people.ok(*people.api.get(path))
    people.ok(*people.api.delete(path))
    restore = {"trash_item_type": "field", "trash_item_id": field}
    people.ok(*people.api.patch("/api/trash/restore/", restore))
    created, updated, deleted, restored = (one for one in member.told() if one["type"].startswith("field_"))
    assert (created["type"], created["field"]["name"], created["related_fields"]) == ("field_created", "Age", [])
    assert updated == {"type": "field_updated", "field_id": field, "field": shown, "related_fields": []}
    gone = {"type": "field_deleted", "table_id": people.sheet, "field_id": field, "related_fields": []}
    assert deleted == gone
    assert restored == {"type": "field_restored", "field": shown, "related_fields": []}


def test_tables_and_applications_are_told_to_those_who_may_see_them(member: Browser, people: People) -> None:
    table = people.table("Places")
    path = f"/api/database/tables/{table}/"
    people.ok(*people.api.patch(path, {"name": "Towns"}))
    order = [table, people.sheet]
    people.ok(*people.api.post(f"/api/database/tables/database/{people.id}/order/", {"table_ids": order}))
    people.ok(*people.api.delete(path))
    application = f"/api/applications/{people.id}/"
    people.ok(*people.api.patch(application, {"name": "Base"}))
    told = {message["type"]: message for message in member.told()}
    assert told["table_created"]["table"]["name"] == "Places"
    assert (told["table_updated"]["table"]["name"], told["table_updated"]["force_refresh"]) == ("Towns", False)
    assert told["tables_reordered"] == {"type": "tables_reordered", "database_id": people.id, "order": order}
    assert told["table_deleted"] == {"type": "table_deleted", "table_id": table, "database_id": people.id}
    assert told["application_updated"]["application"]["name"] == "Base"
    body = {"name": "Second", "type": "database"}
    path = f"/api/applications/workspace/{people.workspace_id}/"
    second = people.ok(*people.api.post(path, body))["id"]
    people.ok(*people.api.post(f"{path}order/", {"application_ids": [second, people.id]}))
    people.ok(*people.api.delete(f"/api/applications/{second}/"))
    assert _types(member.told()) == ["application_created", "applications_reordered", "application_deleted"]


def test_views_and_their_parts(member: Browser, people: People) -> None:
    age = people.ids["Name"]
    part = people.add("filters", {"field": age, "type": "equal", "value": "Ann"})
    path = f"{VIEWS}/filter/{part['id']}/"
    changed = people.ok(*people.api.patch(path, {"value": "Bob"}))
    people.ok(*people.api.delete(path))
    created, updated, deleted = member.told()
    assert created == {"type": "view_filter_created", "view_filter": part}
    assert updated == {"type": "view_filter_updated", "view_filter_id": part["id"], "view_filter": changed}
    gone = {"view_id": people.grid, "view_filter_id": part["id"], "view_filter": changed}
    assert deleted == {"type": "view_filter_deleted", **gone}
    people.add("sortings", {"field": age})
    people.add("group_bys", {"field": age})
    people.settings(people.grid, Name={"width": 300})
    view = people.view("gallery")
    people.ok(*people.api.patch(f"{VIEWS}/{view}/", {"name": "Cards"}))
    people.ok(*people.api.post(f"{VIEWS}/table/{people.sheet}/order/", {"view_ids": [view, people.grid]}))
    people.ok(*people.api.delete(f"{VIEWS}/{view}/"))
    told = member.told()
    assert _types(told) == [
        "view_sort_created",
        "view_group_by_created",
        "view_field_options_updated",
        "view_created",
        "view_updated",
        "views_reordered",
        "view_deleted",
    ]
    assert told[2]["field_options"][str(age)]["width"] == 300
    assert told[-2:] == [
        {"type": "views_reordered", "table_id": people.sheet, "order": [view, people.grid]},
        {"type": "view_deleted", "table_id": people.sheet, "view_id": view},
    ]


def test_personal_views_are_told_to_their_owners_alone(server: Live, member: Browser, people: People) -> None:
    own = server.open(people.api)
    view = people.view("grid", ownership_type="personal")
    part = people.add("sortings", {"field": people.ids["Name"]}, view=view)
    people.ok(*people.api.post(f"{VIEWS}/table/{people.sheet}/order/", {"view_ids": [view, people.grid]}))
    order = {"type": "views_reordered", "table_id": people.sheet}
    assert member.told() == [{**order, "order": [people.grid]}]
    created, sorting, reordered = own.told()
    assert created["view"]["id"] == view
    assert sorting == {"type": "view_sort_created", "view_sort": part}
    assert reordered == {**order, "order": [view, people.grid]}


def test_workspaces_are_told_to_the_people_in_them(server: Live, member: Browser, people: People) -> None:
    path = f"/api/workspaces/{people.workspace_id}/"
    people.ok(*people.api.patch(path, {"name": "Team"}))
    (told,) = member.told()
    assert (told["type"], told["workspace"]["name"]) == ("group_updated", "Team")
    own = server.open(people.api)
    people.ok(*people.api.post("/api/workspaces/", {"name": "Other"}))
    assert _types(own.told()) == ["group_created"]
    assert member.told() == []
    assert people.api.delete(path)[0] == 204
    assert "group_deleted" in _types(member.told())
    restore = {"trash_item_type": "workspace", "trash_item_id": people.workspace_id}
    people.ok(*people.api.patch("/api/trash/restore/", restore))
    assert _types(member.told()) == ["group_restored"]


def test_people_come_and_change_and_go(server: Live, member: Browser, people: People, make_user: Any) -> None:
    other = make_user()
    browser = server.open(other)
    _invite(people, other, "MEMBER")
    assert {"group_invitation_updated_or_created", "group_invitation_accepted", "group_user_added"} <= set(
        _types(member.told())
    )
    assert {"group_invitation_updated_or_created", "group_user_added"} <= set(_types(browser.told()))
    users = people.ok(*people.api.get(f"/api/workspaces/users/workspace/{people.workspace_id}/"))
    found = next(one for one in users if one["user_id"] == other.user["id"])
    path = f"/api/workspaces/users/{found['id']}/"
    people.ok(*people.api.patch(path, {"permissions": "ADMIN"}))
    updated, changed = (one for one in browser.told() if one["type"] in ("group_user_updated", "permissions_updated"))
    assert (updated["id"], updated["group_user"]["permissions"]) == (found["id"], "ADMIN")
    assert changed == {"type": "permissions_updated", "workspace_id": people.workspace_id}
    people.ok(*other.patch("/api/user/account/", {"first_name": "Renamed"}))
    (renamed,) = (one for one in member.told() if one["type"] == "user_updated")
    assert renamed["user"] == {"id": other.user["id"], "first_name": "Renamed", "username": other.user["username"]}
    people.ok(*people.api.delete(path))
    assert "group_user_deleted" in _types(browser.told())
    assert "group_user_deleted" in _types(member.told())


def test_notifications_are_told_to_those_who_have_them(server: Live, people: People, make_user: Any) -> None:
    other, bystander = make_user(), make_user()
    for one in (other, bystander):
        _invite(people, one, "MEMBER")
    browser, quiet = server.open(other), server.open(bystander)
    for one in (browser, quiet):
        one.told()
    people.add_field(people.sheet, "Who", "multiple_collaborators")
    people.write(people.sheet, 1, Who=[{"id": other.user["id"]}])
    browser.told()  # the notification is made where the outbox is drained; what it emits is told next
    path = f"/api/notifications/{people.workspace_id}/"
    listed = people.ok(*other.get(path))["results"]
    assert [one["type"] for one in listed] == ["user_added_to_collaborators"] or listed
    people.write(people.sheet, 2, Who=[{"id": other.user["id"]}])
    told = browser.told() + browser.told()
    created = [one for one in told if one["type"] == "notifications_created"]
    newest = people.ok(*other.get(path))["results"][0]
    assert created[-1]["notifications"] == [newest]
    people.ok(*other.patch(f"{path}{newest['id']}/", {"read": True}))
    people.ok(*other.post(f"{path}mark-all-as-read/"))
    people.ok(*other.delete(path))
    assert _types(browser.told()) == [
        "notification_marked_as_read",
        "all_notifications_marked_as_read",
        "all_notifications_cleared",
    ]
    assert not [one for one in quiet.told() if "notification" in one["type"]]


def test_comments_are_told_to_those_who_may_read_them(server: Live, people: People, make_user: Any) -> None:
    browser = _member(server, people, make_user, "MEMBER")
    path = f"/api/row_comments/{people.sheet}/1/"
    text = {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Hello"}]}]}
    comment = people.ok(*people.api.post(path, {"message": text}))
    people.ok(*people.api.patch(f"/api/row_comments/{people.sheet}/comment/{comment['id']}/", {"message": text}))
    people.ok(*people.api.delete(f"/api/row_comments/{people.sheet}/comment/{comment['id']}/"))
    told = [one for one in browser.told() if one["type"].startswith("row_comment_")]
    assert _types(told) == ["row_comment_created", "row_comment_updated", "row_comment_deleted"]
    assert told[0]["row_comment"] == comment


def test_field_permissions_are_known_at_once(member: Browser, people: People) -> None:
    field = people.ids["City"]
    people.ok(*people.api.patch(f"/api/field-permissions/{field}/", {"role": "ADMIN", "allow_in_forms": False}))
    told = {"type": "field_permissions_updated", "field_id": field, "role": "ADMIN", "allow_in_forms": False}
    assert member.told() == [told]


def test_who_changes_something_is_not_told_of_it(server: Live, people: People) -> None:
    own, second = (server.open(people.api).page("table", table_id=people.sheet) for _ in range(2))
    people.api.headers = {**people.api.headers, "WebSocketId": own.id}
    people.add("sortings", {"field": people.ids["Name"]})
    people.add_field(people.sheet, "Age", "number")
    assert own.told() == []
    assert _types(second.told()) == ["view_sort_created", "field_created"]
