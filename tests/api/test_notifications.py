"""Notifications over HTTP: who is told what, reading and clearing them, and the mails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.mail.message import Message
from plugin_api.db import begin, connection
from plugins.notifications import broadcasts
from plugins.notifications.mails import boundaries, send_mails
from plugins.notifications.notify import notify
from plugins.notifications.types import Notice
from plugins.notifications.upkeep import forget_cleared
from tests.conftest import PASSWORD
from tests.outbox import deliver
from tests.tables import Database, scalar

W = "/api/workspaces/"
N = "/api/notifications/"
KIND = "workspace_invitation_accepted"


def new(api: Any, name: str = "Team") -> int:
    """A workspace of the user."""
    status, made = api.post(W, {"name": name})
    assert status == 200, made
    return int(made["id"])


def invite(api: Any, workspace: int, other: Any, role: str = "MEMBER") -> int:
    """Invite a user."""
    body = {"email": other.user["username"], "permissions": role, "base_url": "http://127.0.0.1:3000/invited"}
    status, made = api.post(f"{W}invitations/workspace/{workspace}/", body)
    assert status == 200, made
    return int(made["id"])


def join(api: Any, workspace: int, other: Any, role: str = "MEMBER") -> None:
    """Make a user a member."""
    status, made = other.post(f"{W}invitations/{invite(api, workspace, other, role)}/accept/")
    assert status == 200, made


def listed(api: Any, workspace: int, query: str = "") -> list[dict[str, Any]]:
    """The user's notifications in a workspace."""
    status, found = api.get(f"{N}{workspace}/{query}")
    assert status == 200, found
    return list(found["results"])


def tell(api: Any, workspace: int | None, key: str, name: str = "Team", mailed: bool = True) -> None:
    """Notify a user of something."""
    kind = KIND if mailed else "workspace_invitation_created"
    data = {"invited_to_workspace_name": name}
    with begin():
        notify([Notice(kind, key, data, [api.user["id"]], api.user["id"], workspace)])


def unread(api: Any, workspace: int) -> int:
    """What the list of workspaces says."""
    [found] = [one for one in api.get(W)[1] if one["id"] == workspace]
    return int(found["unread_notifications_count"])


def test_invitations_are_told_of_and_answered(api: Any, make_user: Any) -> None:
    bob, carol = make_user("Bob"), make_user("Carol")
    team, own = new(api), new(bob, "Own")
    first, second = invite(api, team, bob), invite(api, team, carol)
    deliver()
    [told] = listed(bob, own)
    assert told["type"] == "workspace_invitation_created" and not told["read"] and told["workspace"] is None
    assert told["sender"] == {"id": api.user["id"], "username": api.user["username"], "first_name": "Ada"}
    assert told["data"] == {
        "invitation_id": first,
        "invited_to_workspace_id": team,
        "invited_to_workspace_name": "Team",
    }
    bob.post(f"{W}invitations/{first}/accept/")
    carol.post(f"{W}invitations/{second}/reject/")
    deliver()
    assert [one["type"].rpartition("_")[2] for one in listed(api, team)] == ["rejected", "accepted"]
    assert unread(api, team) == 2
    assert [one["read"] for one in listed(bob, own)] == [True]


def test_changing_an_invitation_does_not_tell_again(api: Any, make_user: Any) -> None:
    bob = make_user("Bob")
    team, own = new(api), new(bob)
    invitation = invite(api, team, bob)
    deliver()
    invite(api, team, bob, "VIEWER")
    assert api.patch(f"{W}invitations/{invitation}/", {"permissions": "ADMIN"})[0] == 200
    deliver()
    assert len(listed(bob, own)) == 1
    assert api.delete(f"{W}invitations/{invitation}/")[0] == 204
    deliver()
    assert [one["read"] for one in listed(bob, own)] == [True]


def test_an_event_that_is_handled_twice_notifies_once(api: Any) -> None:
    team = new(api)
    tell(api, team, f"again {team}")
    tell(api, team, f"again {team}")
    assert len(listed(api, team)) == 1
    api.delete(f"{N}{team}/")
    tell(api, team, f"again {team}")
    assert listed(api, team) == []


def test_marking_one_and_all(api: Any) -> None:
    team, other = new(api), new(api)
    tell(api, team, f"a {team}")
    tell(api, team, f"b {team}")
    tell(api, other, f"c {team}")
    tell(api, None, f"d {team}")
    latest, *_ = listed(api, team)
    assert latest["workspace"] is None
    path = f"{N}{team}/{listed(api, team)[1]['id']}/"
    assert api.patch(path, {"read": True})[1]["read"] is True
    assert (unread(api, team), unread(api, other)) == (1, 1)
    assert api.patch(path, {"read": False})[1]["read"] is False
    assert unread(api, team) == 2
    assert api.post(f"{N}{team}/mark-all-as-read/")[0] == 204
    assert (unread(api, team), unread(api, other)) == (0, 1)
    assert [one["read"] for one in listed(api, team)] == [True] * 3


def test_what_belongs_to_no_workspace_is_counted_when_signing_in(api: Any, anonymous: Any) -> None:
    tell(api, None, f"signing in {api.user['id']}")
    body = {"email": api.user["username"], "password": "Sup3rSecret!pw"}
    assert anonymous.post("/api/user/token-auth/", body)[1]["user_notifications"] == {"unread_count": 1}


def test_only_one_s_own(api: Any, make_user: Any) -> None:
    bob, eve = make_user("Bob"), make_user("Eve")
    team = new(api)
    join(api, team, bob, "VIEWER")
    deliver()
    [told] = listed(api, team)
    assert bob.patch(f"{N}{team}/{told['id']}/", {"read": True})[1]["error"] == "ERROR_NOTIFICATION_DOES_NOT_EXIST"
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "mark-all-as-read/"), ("PATCH", f"{told['id']}/")):
        status, answer = eve.call(method, f"{N}{team}/{path}", {"read": True} if method == "PATCH" else None)
        assert (status, answer["error"]) == (400, "ERROR_USER_NOT_IN_GROUP"), method
    assert bob.delete(f"{N}{team}/")[0] == 204 and len(listed(api, team)) == 1


def test_who_leaves_a_workspace_loses_what_was_told_there(api: Any, make_user: Any) -> None:
    bob = make_user("Bob")
    team = new(api)
    join(api, team, bob, "ADMIN")
    tell(bob, team, f"leaving {team}")
    members = api.get(f"{W}users/workspace/{team}/")[1]
    member = next(one["id"] for one in members if one["user_id"] == bob.user["id"])
    assert api.delete(f"{W}users/{member}/")[0] == 204
    assert bob.get(f"{N}{team}/")[1]["error"] == "ERROR_USER_NOT_IN_GROUP"
    deliver()
    join(api, team, bob)
    assert [one for one in listed(bob, team) if one["workspace"]] == []


@pytest.mark.parametrize(
    ("query", "count"), [("?limit=2", 2), ("?limit=2&offset=2", 1), ("?limit=0", 3), ("?x=%20", 3)]
)
def test_windows(api: Any, query: str, count: int) -> None:
    team = new(api)
    for key in "abc":
        tell(api, team, f"{key} {team}")
    status, found = api.get(f"{N}{team}/{query}")
    assert (status, found["count"], len(found["results"])) == (200, 3, count)
    assert (found["next"] is None) == (query != "?limit=2")


def test_constant_queries(api: Any, count_sql: Any) -> None:
    team = new(api)
    tell(api, team, f"one {team}")
    with count_sql() as few:
        listed(api, team)
    for n in range(10):
        tell(api, team, f"{n} {team}")
    with count_sql() as many:
        assert len(listed(api, team)) == 11
    assert len(many) == len(few) <= 3


def test_what_nobody_has_is_forgotten(api: Any) -> None:
    team = new(api)
    tell(api, team, f"old {team}")
    api.delete(f"{N}{team}/")
    with begin():
        old = "UPDATE notifications.notification SET created_on = now() - interval '2 days' WHERE workspace_id = %s"
        connection().exec_driver_sql(old, (team,))
    forget_cleared()
    found = "SELECT count(*) FROM notifications.notification WHERE workspace_id = %(id)s"
    assert scalar(found, id=team) == 0


def wants(api: Any, frequency: str) -> None:
    """Choose how often one is told by mail."""
    assert api.patch("/api/user/account/", {"email_notification_frequency": frequency})[0] == 200


def mails_to(api: Any, mailbox: list[Message]) -> list[Message]:
    """What a user has in the box after sending what is due."""
    send_mails()
    return [mail for mail in mailbox if mail.to == api.user["username"]]


def test_unread_notifications_are_mailed_together_and_once(api: Any, mailbox: list[Message]) -> None:
    team = new(api)
    tell(api, team, f"first {team}", "Birds & <bees>")
    tell(api, team, f"second {team}")
    tell(api, team, f"third {team}", "Not mailed", mailed=False)
    api.patch(f"{N}{team}/{listed(api, team)[1]['id']}/", {"read": True})
    [mail] = mails_to(api, mailbox)
    assert mail.subject == 'Ada joined the workspace "Birds & <bees>"'
    assert "Birds &amp; &lt;bees&gt;" in mail.html and "Birds & <bees>" in mail.text
    assert "Team" not in mail.text and "Not mailed" not in mail.text
    assert len(mails_to(api, mailbox)) == 1


def test_a_long_mail_names_the_latest(api: Any, mailbox: list[Message]) -> None:
    team = new(api)
    for n in range(23):
        tell(api, team, f"{n} {team}", f"Team-{n:02}.")
    [mail] = mails_to(api, mailbox)
    assert mail.subject == "23 new notifications"
    assert "Team-22." in mail.text and "Team-02." not in mail.text and "3 more" in mail.text


def test_what_cannot_be_put_into_words_does_not_keep_the_rest(api: Any, mailbox: list[Message]) -> None:
    team = new(api)
    with begin():
        notify([Notice(KIND, f"wordless {team}", {}, [api.user["id"]], None, team)])
    tell(api, team, f"good {team}", "Good")
    [mail] = mails_to(api, mailbox)
    assert mail.subject == "2 new notifications" and "Good" in mail.text


def test_nobody_is_mailed_who_does_not_want_to(api: Any, mailbox: list[Message]) -> None:
    team = new(api)
    wants(api, "never")
    tell(api, team, f"never {team}")
    assert mails_to(api, mailbox) == []
    wants(api, "instant")
    assert mails_to(api, mailbox) == []


def test_who_left_is_not_mailed(api: Any, make_user: Any, mailbox: list[Message]) -> None:
    bob = make_user("Bob")
    tell(bob, new(api), f"outside {bob.user['id']}")
    assert mails_to(bob, mailbox) == []


@pytest.mark.parametrize("frequency", ["daily", "weekly"])
def test_mails_of_the_day_and_of_the_week(api: Any, mailbox: list[Message], frequency: str) -> None:
    team = new(api)
    wants(api, frequency)
    tell(api, team, f"{frequency} {team}")
    assert mails_to(api, mailbox) == []
    with begin():
        back = "UPDATE notifications.notification SET created_on = now() - interval '8 days' WHERE workspace_id = %s"
        connection().exec_driver_sql(back, (team,))
    assert len(mails_to(api, mailbox)) == 1


def test_when_the_days_begin() -> None:
    monday = datetime(2024, 1, 1, 6, tzinfo=UTC)
    assert boundaries(monday, 6) == (monday, monday)
    before = monday - timedelta(minutes=1)
    assert boundaries(before, 6) == (monday - timedelta(days=1), monday - timedelta(days=7))
    sunday = monday + timedelta(days=6, hours=12)
    assert boundaries(sunday, 6) == (monday + timedelta(days=6), monday)


class TestCollaborators:
    """People who are added to rows."""

    @pytest.fixture
    def bob(self, make_user: Any) -> Any:
        """A client of somebody else."""
        return make_user("Bob")

    @pytest.fixture
    def base(self, api: Any, bob: Any) -> Database:
        """A database that both share."""
        made = Database(api)
        join(api, made.workspace_id, bob, "EDITOR")
        return made

    def told(self, base: Database, who: Any) -> list[dict[str, Any]]:
        """What somebody was told of rows, the latest first."""
        deliver()
        return [one for one in listed(who, base.workspace_id) if one["type"] == "collaborator_added_to_row"]

    def test_who_is_added_is_told_once(self, base: Database, bob: Any) -> None:
        table = base.table("Tasks", [["Name"], ["Paint"], [""]])
        field = base.add_field(table, "Who", "multiple_collaborators")
        rows = f"/api/database/rows/table/{table}/"
        both = [{"id": bob.user["id"]}, {"id": base.api.user["id"]}]
        assert base.api.patch(f"{rows}1/", {f"field_{field}": both})[0] == 200
        [told] = self.told(base, bob)
        assert told["sender"]["first_name"] == "Ada" and told["data"] == {
            "row_id": 1,
            "row_name": "Paint",
            "field_id": field,
            "field_name": "Who",
            "table_id": table,
            "table_name": "Tasks",
            "database_id": base.id,
            "database_name": "Database",
        }
        assert self.told(base, base.api) == []
        base.api.patch(f"{rows}1/", {f"field_{field}": both[:1]})
        assert base.api.post(f"{rows}batch/", {"items": [{f"field_{field}": both[:1]}] * 2})[0] == 200
        assert [one["data"]["row_name"] for one in self.told(base, bob)] == ["row 4", "row 3", "Paint"]
        base.api.delete(f"{rows}3/")
        restore = {"trash_item_type": "row", "trash_item_id": 3, "parent_trash_item_id": table}
        assert base.api.patch("/api/trash/restore/", restore)[0] == 204
        assert len(self.told(base, bob)) == 3

    def test_fields_that_tell_nobody(self, base: Database, bob: Any) -> None:
        table = base.table("Tasks", [["Name"], ["Paint"]])
        field = base.add_field(table, "Who", "multiple_collaborators", notify_user_when_added=False)
        values = {f"field_{field}": [{"id": bob.user["id"]}]}
        assert base.api.patch(f"/api/database/rows/table/{table}/1/", values)[0] == 200
        assert self.told(base, bob) == []

    def test_who_left_meanwhile_is_not_told(self, base: Database, bob: Any) -> None:
        table = base.table("Tasks", [["Name"], ["Paint"]])
        field = base.add_field(table, "Who", "multiple_collaborators")
        values = {f"field_{field}": [{"id": bob.user["id"]}]}
        assert base.api.patch(f"/api/database/rows/table/{table}/1/", values)[0] == 200
        assert bob.post(f"{W}{base.workspace_id}/leave/")[0] == 204
        deliver()
        join(base.api, base.workspace_id, bob)
        assert self.told(base, bob) == []


A = "/api/admin/announcements/"


@pytest.fixture
def announced(staff: Any) -> Iterator[Any]:
    """A function with which staff tell everybody something; it is withdrawn afterwards."""
    made: list[int] = []

    def announce(title: str, **more: Any) -> int:
        status, answer = staff.post(A, {"title": title, **more})
        assert status == 200, answer
        made.append(answer["id"])
        return int(answer["id"])

    yield announce
    for announcement in made:
        staff.delete(f"{A}{announcement}/")


def recipients(announcement: int) -> int:
    """For how many people something is kept of it."""
    return int(scalar("SELECT count(*) FROM notifications.recipient WHERE notification_id = %(id)s", id=announcement))


def unread_everywhere(api: Any) -> int:
    """What signing in says."""
    body = {"email": api.user["username"], "password": PASSWORD}
    answer: dict[str, Any] = api.post("/api/user/token-auth/", body)[1]
    return int(answer["user_notifications"]["unread_count"])


def test_an_announcement_reaches_all_who_have_an_account_without_a_row_for_each(
    api: Any, make_user: Any, announced: Any
) -> None:
    bob = make_user("Bob")
    team, own = new(api), new(bob)
    announcement = announced("Maintenance tonight", text="At ten.")
    late = make_user("Carol")
    [told] = listed(api, team)
    assert (told["id"], told["type"], told["read"], told["workspace"]) == (announcement, "announcement", False, None)
    assert told["data"] == {"title": "Maintenance tonight", "text": "At ten.", "url": None}
    assert [one["id"] for one in listed(bob, own)] == [announcement]
    assert listed(late, new(late)) == []
    assert unread_everywhere(api) == unread_everywhere(bob) == 1
    assert recipients(announcement) == 0


def test_announcements_are_read_and_cleared_by_each_alone(api: Any, make_user: Any, announced: Any) -> None:
    bob = make_user("Bob")
    team, own = new(api), new(bob)
    first, second = announced("One"), announced("Two")
    status, marked = api.patch(f"{N}{team}/{first}/", {"read": True})
    assert (status, marked["read"]) == (200, True)
    assert unread_everywhere(api) == 1
    assert api.patch(f"{N}{team}/{first}/", {"read": False})[1]["read"] is False
    api.post(f"{N}{team}/mark-all-as-read/")
    assert [one["read"] for one in listed(api, team)] == [True, True]
    assert unread_everywhere(api) == 0 and unread_everywhere(bob) == 2
    api.delete(f"{N}{team}/")
    assert listed(api, team) == []
    assert [one["id"] for one in listed(bob, own)] == [second, first]
    bob.delete(f"{N}{own}/")
    assert listed(bob, own) == [] and unread_everywhere(bob) == 0
    assert bob.patch(f"{N}{own}/{first}/", {"read": True})[0] == 404


def test_an_announcement_can_be_withdrawn_and_only_by_staff(api: Any, staff: Any, announced: Any) -> None:
    team, announcement = new(api), announced("Oops")
    api.post(f"{N}{team}/mark-all-as-read/")
    assert api.delete(f"{A}{announcement}/")[0] == api.post(A, {"title": "x"})[0] == api.get(A)[0] == 403
    assert [one["title"] for one in staff.get(A)[1]] == ["Oops"]
    assert staff.delete(f"{A}{announcement}/")[0] == 204
    assert listed(api, team) == []
    assert staff.delete(f"{A}{announcement}/")[1]["error"] == "ERROR_NOTIFICATION_DOES_NOT_EXIST"
    other = tell_one(api, team)
    assert staff.delete(f"{A}{other}/")[0] == 404, "other people's notifications are none of staff's business"


def tell_one(api: Any, team: int) -> int:
    """A notification of the user's own."""
    tell(api, team, f"own {team}")
    return int(listed(api, team)[0]["id"])


def test_an_announcement_is_mailed_when_wanted_and_as_often_as_each_wants(
    api: Any, make_user: Any, announced: Any, mailbox: list[Message]
) -> None:
    bob, carol = make_user("Bob"), make_user("Carol")
    bob.patch("/api/user/account/", {"email_notification_frequency": "never"})
    new(api)
    send_mails()
    mailbox.clear()
    announced("Quiet")
    send_mails()
    assert not mailbox
    announced("Maintenance tonight", text="At ten.", mail=True)
    carol_team = new(carol)
    carol.post(f"{N}{carol_team}/mark-all-as-read/")
    send_mails()
    mails = {message.to: message for message in mailbox}
    assert api.user["username"] in mails
    assert not {bob.user["username"], carol.user["username"]} & set(mails)
    assert mails[api.user["username"]].subject == "Maintenance tonight"
    assert "At ten." in mails[api.user["username"]].text


def test_people_are_told_of_a_new_version_but_not_of_the_first(
    api: Any, make_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def runs(version: str) -> None:
        monkeypatch.setattr(broadcasts, "version", lambda name: version)
        for _ in range(2):
            broadcasts.tell_of_upgrade()

    team = new(api)
    runs("1.0")
    assert listed(api, team) == []
    runs("1.1")
    [told] = listed(api, team)
    assert (told["type"], told["data"]["version"]) == ("baserow_version_upgrade", "1.1")
    late = make_user("Carol")
    assert listed(late, new(late)) == []
    forget_cleared()
    assert [one["id"] for one in listed(api, team)] == [told["id"]]
    with begin():
        connection().exec_driver_sql("DELETE FROM notifications.notification WHERE type = 'baserow_version_upgrade'")


def test_lists_take_as_many_queries_whatever_was_announced(api: Any, announced: Any, count_sql: Any) -> None:
    team = new(api)

    def queries() -> int:
        with count_sql() as statements:
            listed(api, team)
        return len(statements)

    few = queries()
    for number in range(5):
        announced(f"Number {number}")
    assert queries() == few == 3
