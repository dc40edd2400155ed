"""Comments on rows over HTTP: writing, mentions, who is told, permissions, trash."""

from __future__ import annotations

from typing import Any

import pytest

from core.mail.message import Message
from plugin_api.db import begin
from plugins.notifications.mails import send_mails
from plugins.row_comments.extension import CommentsOfTables
from tests.outbox import deliver
from tests.tables import Database, recorded, scalar

TRASH = "/api/trash/"


def text(*words: str) -> dict[str, Any]:
    """A message of paragraphs."""
    return {
        "type": "doc",
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": one}]} for one in words],
    }


def mention(*people: Any) -> dict[str, Any]:
    """A message that mentions users, or ids."""
    ids = [person if isinstance(person, int) else person.user["id"] for person in people]
    nodes: list[dict[str, Any]] = [{"type": "mention", "attrs": {"id": one, "label": f"U{one}"}} for one in ids]
    return {"type": "doc", "content": [{"type": "paragraph", "content": [*nodes, {"type": "text", "text": " look"}]}]}


class Place:
    """A table with two rows, and people in its workspace."""

    def __init__(self, api: Any) -> None:
        self.api = api
        self.base = Database(api)
        self.workspace_id = self.base.workspace_id
        self.table_id = self.base.table("People", [["Name"], ["Ann"], ["Ben"]])
        self.path = f"/api/row_comments/{self.table_id}/"

    def join(self, other: Any, role: str = "MEMBER") -> Any:
        """Make a user a member."""
        body = {"email": other.user["username"], "permissions": role, "base_url": "http://127.0.0.1:3000/join"}
        status, made = self.api.post(f"/api/workspaces/invitations/workspace/{self.workspace_id}/", body)
        assert status == 200, made
        assert other.post(f"/api/workspaces/invitations/{made['id']}/accept/")[0] == 200
        return other

    def say(self, message: dict[str, Any], row_id: int = 1, by: Any = None) -> int:
        """Write a comment; answers its id."""
        status, made = (by or self.api).post(f"{self.path}{row_id}/", {"message": message})
        assert status == 200, made
        return int(made["id"])

    def said(self, row_id: int = 1, by: Any = None) -> list[dict[str, Any]]:
        """The comments on a row."""
        status, found = (by or self.api).get(f"{self.path}{row_id}/")
        assert status == 200, found
        return list(found["results"])

    def told(self, who: Any) -> list[dict[str, Any]]:
        """What somebody was told of comments, the latest first."""
        deliver()
        status, found = who.get(f"/api/notifications/{self.workspace_id}/")
        assert status == 200, found
        return [one for one in found["results"] if one["type"].startswith("row_comment")]


@pytest.fixture
def place(api: Any) -> Place:
    """A table to talk about."""
    return Place(api)


def test_writing_changing_and_deleting(place: Place) -> None:
    first = place.say(text("First"))
    second = place.say(text("Second"))
    place.say(text("Elsewhere"), row_id=2)
    assert [one["id"] for one in place.said()] == [second, first]
    path = f"{place.path}comment/{first}/"
    status, changed = place.api.patch(path, {"message": text("Edited")})
    assert (status, changed["message"], changed["edited"]) == (200, text("Edited"), True)
    status, gone = place.api.delete(path)
    assert (status, gone["message"], gone["trashed"]) == (200, None, True)
    assert place.said()[1]["message"] is None
    assert place.api.patch(path, {"message": text("x")})[1]["error"] == "ERROR_ROW_COMMENT_DOES_NOT_EXIST"
    kinds = [one["type"] for one in recorded("action", place.api, "params") if "comment" in one["type"]]
    assert kinds == ["create_row_comment"] * 3 + ["update_row_comment", "delete_row_comment"]


def test_a_deleted_comment_comes_back_from_the_trash(place: Place) -> None:
    comment = place.say(text("Hi"))
    place.api.delete(f"{place.path}comment/{comment}/")
    [item] = place.api.get(f"{TRASH}workspace/{place.workspace_id}/")[1]["results"]
    assert (item["trash_item_type"], item["name"], item["parent_name"]) == ("row_comment", " ", "1")
    body = {"trash_item_type": "row_comment", "trash_item_id": comment}
    assert place.api.patch(f"{TRASH}restore/", body)[0] == 204
    assert place.said()[0]["message"] == text("Hi")
    place.api.delete(f"{place.path}comment/{comment}/")
    place.api.delete(f"/api/database/rows/table/{place.table_id}/1/")
    status, answer = place.api.patch(f"{TRASH}restore/", body)
    assert (status, answer["error"]) == (400, "ERROR_CANNOT_RESTORE_PARENT_BEFORE_CHILD")


def test_comments_stay_with_a_row_in_the_trash_and_go_with_it(place: Place) -> None:
    comment = place.say(text("Hi"))
    place.api.call("PUT", f"{place.path}1/notification-mode/", {"mode": "all"})
    place.api.delete(f"/api/database/rows/table/{place.table_id}/1/")
    assert place.api.get(f"{place.path}1/")[1]["error"] == "ERROR_ROW_DOES_NOT_EXIST"
    gone = place.api.delete(f"{place.path}comment/{comment}/")[1]
    assert gone["error"] == "ERROR_ROW_COMMENT_DOES_NOT_EXIST"
    body = {"trash_item_type": "row", "trash_item_id": 1, "parent_trash_item_id": place.table_id}
    assert place.api.patch(f"{TRASH}restore/", body)[0] == 204
    assert [one["id"] for one in place.said()] == [comment]
    with begin():
        CommentsOfTables().rows_removed(place.table_id, [1])
    assert place.said() == []


def test_emptying_the_trash_removes_what_was_said(place: Place) -> None:
    place.say(text("Hi"))
    place.api.delete(f"/api/database/rows/table/{place.table_id}/1/")
    assert place.api.delete(f"{TRASH}workspace/{place.workspace_id}/")[0] == 204
    from core.trash.removal import remove_due

    remove_due()
    assert scalar("SELECT count(*) FROM row_comments.comment WHERE table_id = %(id)s", id=place.table_id) == 0


def test_only_the_author_changes(place: Place, make_user: Any) -> None:
    bob = place.join(make_user("Bob"))
    comment = place.say(text("Mine"), by=bob)
    path = f"{place.path}comment/{comment}/"
    assert place.api.patch(path, {"message": text("Hers")})[1]["error"] == "ERROR_USER_NOT_COMMENT_AUTHOR"
    assert place.api.delete(path)[1]["error"] == "ERROR_USER_NOT_COMMENT_AUTHOR"
    assert place.said()[0]["message"] == text("Mine")


def test_who_may(place: Place, make_user: Any) -> None:
    place.say(text("Secret"))
    for role, may in (("VIEWER", 401), ("COMMENTER", 200)):
        member = place.join(make_user(), role)
        assert member.get(f"{place.path}1/")[0] == may, role
        assert member.post(f"{place.path}1/", {"message": text("x")})[0] == may, role
        mode = member.call("PUT", f"{place.path}1/notification-mode/", {"mode": "all"})
        assert mode[0] == (204 if may == 200 else 401), role
    outsider = make_user()
    for method, path, body in (
        ("GET", "1/", None),
        ("POST", "1/", {"message": text("x")}),
        ("PUT", "1/notification-mode/", {"mode": "all"}),
    ):
        status, answer = outsider.call(method, place.path + path, body)
        assert (status, answer["error"]) == (400, "ERROR_USER_NOT_IN_GROUP")


def nested(depth: int) -> dict[str, Any]:
    """A message of lists in lists."""
    found: dict[str, Any] = {"type": "paragraph"}
    for _ in range(depth):
        found = {"type": "blockquote", "content": [found]}
    return {"type": "doc", "content": [found]}


BAD = {
    "a text": "plain",
    "another type": {"type": "paragraph"},
    "an unknown part": {"type": "doc", "content": [{"type": "script"}]},
    "a text that is none": {"type": "doc", "content": [{"type": "text", "text": 5}]},
    "what cannot be stored": text("a\0b"),
    "content that is no list": {"type": "doc", "content": {"type": "paragraph"}},
    "attributes that are no object": {"type": "doc", "content": [{"type": "paragraph", "attrs": [1]}]},
    "an attribute that is no single value": {"type": "doc", "content": [{"type": "paragraph", "attrs": {"a": {}}}]},
    "a number that is too large": {"type": "doc", "content": [{"type": "mention", "attrs": {"id": 2**63}}]},
    "a mark without a type": {"type": "doc", "content": [{"type": "text", "text": "x", "marks": [{}]}]},
    "too deep": nested(30),
    "too deep to be walked": nested(400),
    "too many parts": text(*["x"] * 1500),
    "too long": text("x" * 20_001),
}


@pytest.mark.parametrize("message", BAD.values(), ids=BAD.keys())
def test_bad_messages(place: Place, message: Any) -> None:
    status, answer = place.api.post(f"{place.path}1/", {"message": message})
    assert status == 400
    assert answer["error"] == "ERROR_REQUEST_BODY_VALIDATION"
    assert place.said() == []


@pytest.mark.parametrize("person", ["me", None, -1, 1.5, True])
def test_mentions_of_nobody(place: Place, person: Any) -> None:
    message = {"type": "doc", "content": [{"type": "mention", "attrs": {"id": person}}]}
    status, answer = place.api.post(f"{place.path}1/", {"message": message})
    assert (status, answer["error"]) == (400, "ERROR_INVALID_COMMENT_MENTION")


def test_keys_nobody_knows_are_not_kept(place: Place) -> None:
    words = {"type": "text", "text": "x", "marks": [{"type": "bold", "more": 1}], "evil": "x"}
    place.say({"type": "doc", "onload": "x", "content": [{"type": "paragraph", "content": [words], "style": "x"}]})
    kept = {"type": "text", "marks": [{"type": "bold"}], "text": "x"}
    assert place.said()[0]["message"] == {"type": "doc", "content": [{"type": "paragraph", "content": [kept]}]}


def test_who_is_mentioned_is_told_once(place: Place, make_user: Any) -> None:
    bob = place.join(make_user("Bob"))
    comment = place.say(mention(bob, bob, place.api, 2**40))
    [told] = place.told(bob)
    assert told["type"] == "row_comment_mention" and told["sender"]["first_name"] == "Ada"
    message = told["data"].pop("message")
    assert message == mention(bob, bob, place.api, 2**40)
    assert told["data"] == {
        "row_id": 1,
        "row_name": "Ann",
        "table_id": place.table_id,
        "table_name": "People",
        "database_id": place.base.id,
        "database_name": "Database",
        "comment_id": comment,
    }
    place.api.patch(f"{place.path}comment/{comment}/", {"message": mention(bob)})
    assert len(place.told(bob)) == 1
    assert place.told(place.api) == []


def test_who_is_mentioned_later_is_told_then(place: Place, make_user: Any) -> None:
    bob = place.join(make_user("Bob"))
    comment = place.say(text("Hm"))
    assert place.told(bob) == []
    place.api.patch(f"{place.path}comment/{comment}/", {"message": mention(bob)})
    assert [one["type"] for one in place.told(bob)] == ["row_comment_mention"]


def test_who_follows_a_row_is_told_of_all_comments(place: Place, make_user: Any) -> None:
    bob = place.join(make_user("Bob"))
    mode = f"{place.path}1/notification-mode/"
    assert bob.call("PUT", mode, {"mode": "all"})[0] == 204
    place.say(text("News"))
    place.say(text("Elsewhere"), row_id=2)
    place.say(text("My own"), by=bob)
    place.say(mention(bob))
    assert [one["type"] for one in place.told(bob)] == ["row_comment_mention", "row_comment"]
    assert bob.call("PUT", mode, {"mode": "mentions"})[0] == 204
    place.say(text("More news"))
    assert len(place.told(bob)) == 2


def test_nobody_is_told_of_what_they_may_not_read(place: Place, make_user: Any) -> None:
    viewer, former, outsider = place.join(make_user(), "VIEWER"), place.join(make_user()), make_user()
    assert former.call("PUT", f"{place.path}1/notification-mode/", {"mode": "all"})[0] == 204
    members = place.api.get(f"/api/workspaces/users/workspace/{place.workspace_id}/")[1]
    member = next(one["id"] for one in members if one["user_id"] == former.user["id"])
    assert place.api.delete(f"/api/workspaces/users/{member}/")[0] == 204
    place.say(mention(viewer, former, outsider))
    deliver()
    mine = "SELECT count(*) FROM notifications.recipient WHERE user_id = %(id)s AND workspace_id IS NOT NULL"
    for who in (viewer, former, outsider):
        assert scalar(mine, id=who.user["id"]) == 0
    place.join(former)
    assert place.told(former) == [] == place.told(viewer)


def test_a_mention_is_mailed_with_what_was_said(place: Place, make_user: Any, mailbox: list[Message]) -> None:
    bob = place.join(make_user("Bob"))
    place.say({"type": "doc", "content": [*mention(bob)["content"], *text("a < b", "second")["content"]]})
    deliver()
    send_mails()
    [mail] = [one for one in mailbox if one.to == bob.user["username"] and "mentioned" in one.subject]
    assert mail.subject == "Ada mentioned you in a comment on Ann in People"
    assert f"@U{bob.user['id']} look" in mail.text and "a < b\n    second" in mail.text
    assert "a &lt; b" in mail.html


def test_rows_tell_how_many_comments_they_have(place: Place) -> None:
    row = f"/api/database/rows/table/{place.table_id}/1/?include=metadata"
    assert place.api.get(row)[1]["metadata"] == {}
    first = place.say(text("a"))
    place.say(text("b"))
    place.api.delete(f"{place.path}comment/{first}/")
    place.api.call("PUT", f"{place.path}1/notification-mode/", {"mode": "all"})
    told = {"row_comment_count": 1, "row_comments_notification_mode": "all"}
    assert place.api.get(row)[1]["metadata"] == told


def test_pages(place: Place) -> None:
    for n in range(5):
        place.say(text(str(n)))
    path = f"{place.path}1/"
    status, found = place.api.get(f"{path}?size=2&page=2")
    assert (found["count"], len(found["results"])) == (5, 2)
    assert found["next"].endswith("?page=3&size=2") and found["previous"].endswith("?size=2")
    assert place.api.get(f"{path}?size=101")[1]["error"] == "ERROR_PAGE_SIZE_LIMIT"
    assert len(place.api.get(f"{path}?limit=2&offset=4")[1]["results"]) == 1


def test_constant_queries(place: Place, count_sql: Any) -> None:
    place.say(text("a"))
    with count_sql() as few:
        place.said()
    for n in range(10):
        place.say(text(str(n)))
    with count_sql() as many:
        assert len(place.said()) == 11
    assert len(few) == len(many) <= 4


def test_events_tell_of_comments(place: Place) -> None:
    deliver()
    comment = place.say(text("a"))
    place.api.patch(f"{place.path}comment/{comment}/", {"message": text("b")})
    place.api.delete(f"{place.path}comment/{comment}/")
    place.api.patch(f"{TRASH}restore/", {"trash_item_type": "row_comment", "trash_item_id": comment})
    told = [one for one in recorded("outbox", place.api, "payload") if one["type"].startswith("row_comment_")]
    assert [one["type"].removeprefix("row_comment_") for one in told] == ["created", "updated", "deleted", "restored"]
    assert told[2]["row_comment"]["message"] is None and told[3]["row_comment"]["message"] == text("b")


def test_a_copy_of_a_table_has_no_comments(place: Place) -> None:
    place.say(text("a"))
    job = place.base.run(place.api.post(f"/api/database/tables/{place.table_id}/duplicate/async/", {}))
    copy = job["duplicated_table"]["id"]
    assert place.api.get(f"/api/row_comments/{copy}/1/")[1]["count"] == 0
