"""Teams: who is in them, what role they give, undo, the trash, and what becomes of them when members leave."""

from __future__ import annotations

from typing import Any

import pytest

from core.trash.removal import remove_due
from plugin_api.db import begin, connection
from plugin_api.events import Event
from plugin_api.platform import registry
from plugin_api.realtime import Recheck, Users
from plugins.teams import store
from tests.sessions import DONE, FAILED, Session
from tests.tables import recorded, scalar

TEAMS = "/api/teams/"
TRASH = "/api/trash/"


class Crew(Session):
    """A workspace of `api` with members who have a role of their own, and one, `low`, who has none."""

    def __init__(self, api: Any, make_user: Any) -> None:
        super().__init__(api)
        self.make_user = make_user
        self.path = f"{TEAMS}workspace/{self.workspace_id}/"
        self.tables_path = f"/api/database/tables/database/{self.id}/"
        self.bob, self.low = self.member("Bob"), self.member("Low", "NO_ROLE_LOW_PRIORITY")

    def member(self, name: str, role: str = "BUILDER") -> Any:
        """Another member."""
        user = self.make_user(name)
        with begin():
            sql = "INSERT INTO core.membership (workspace_id, user_id, permissions) VALUES (%s, %s, %s)"
            connection().exec_driver_sql(sql, (self.workspace_id, user.user["id"], role))
        return user

    def team(self, name: str = "Crew", *users: Any, **more: Any) -> dict[str, Any]:
        """Make a team."""
        body = {"name": name, "subjects": [_subject(user) for user in users], **more}
        return dict(self.ok(*self.api.post(self.path, body)))

    def inside(self, team_id: int) -> list[tuple[int, int]]:
        """Who is in a team: id of the subject and of the user."""
        answer = self.ok(*self.api.get(f"{TEAMS}{team_id}/subjects/"))
        return [(one["id"], one["subject_id"]) for one in answer]

    def listed(self, user: Any) -> dict[str, Any]:
        """A member in the list of members."""
        answer = self.ok(*self.api.get(f"/api/workspaces/users/workspace/{self.workspace_id}/"))
        return next(dict(one) for one in answer if one["user_id"] == user.user["id"])


def _subject(user: Any) -> dict[str, Any]:
    return {"subject_id": user.user["id"], "subject_type": "auth.User"}


@pytest.fixture
def crew(api: Any, make_user: Any) -> Crew:
    """The workspace."""
    return Crew(api, make_user)


def _sees(user: Any, crew: Crew) -> int:
    return int(user.get(crew.tables_path)[0])


def test_a_team_gives_its_role_to_members_without_one(crew: Crew) -> None:
    assert _sees(crew.low, crew) == 401
    assert (crew.listed(crew.low)["role_uid"], crew.listed(crew.low)["highest_role_uid"]) == (
        "NO_ROLE_LOW_PRIORITY",
        "NO_ROLE_LOW_PRIORITY",
    )
    viewers = crew.team("Viewers", crew.low, crew.bob, default_role="VIEWER")
    assert _sees(crew.low, crew) == 200
    assert crew.low.post(crew.tables_path, {"name": "T"})[0] == 401
    assert crew.bob.post(crew.tables_path, {"name": "T"})[0] == 200  # a role of one's own counts more
    crew.team("Builders", crew.low, default_role="BUILDER")
    assert crew.low.post(crew.tables_path, {"name": "U"})[0] == 200  # several teams add up
    shown = crew.listed(crew.low)
    assert (shown["permissions"], shown["role_uid"]) == ("NO_ROLE_LOW_PRIORITY", "NO_ROLE_LOW_PRIORITY")
    assert shown["highest_role_uid"] == "BUILDER"
    assert shown["teams"] == [{"id": viewers["id"], "name": "Viewers"}, {"id": viewers["id"] + 1, "name": "Builders"}]


def test_no_access_through_a_team_is_none(crew: Crew) -> None:
    crew.team("Closed", crew.low, crew.bob, default_role="NO_ACCESS")
    assert (_sees(crew.low, crew), _sees(crew.bob, crew)) == (401, 200)
    crew.team("Nothing", crew.low)
    crew.team("None", crew.low, default_role="NO_ROLE_LOW_PRIORITY")
    assert _sees(crew.low, crew) == 401


def test_an_admin_through_a_team_manages_members_and_the_trash(crew: Crew) -> None:
    crew.team("Admins", crew.low, default_role="ADMIN")
    member = crew.listed(crew.bob)["id"]
    assert crew.low.patch(f"/api/workspaces/users/{member}/", {"permissions": "VIEWER"})[0] == 200
    assert crew.low.post(crew.path, {"name": "By a team"})[0] == 200
    assert crew.low.get(f"{TRASH}workspace/{crew.workspace_id}/")[0] == 200
    found = crew.low.get(TRASH)[1]["workspaces"]
    assert crew.workspace_id in [one["id"] for one in found]
    assert crew.low.get("/api/applications/")[1][0]["id"] == crew.id


def test_a_role_from_a_team_takes_no_statement_more(crew: Crew, count_sql: Any) -> None:
    crew.team("Builders", crew.low, default_role="BUILDER")
    counts = []
    for user in (crew.bob, crew.low):
        _sees(user, crew)
        with count_sql() as statements:
            assert _sees(user, crew) == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_every_change_is_undone_and_redone(crew: Crew) -> None:
    team = crew.team("Crew", crew.bob, default_role="VIEWER")["id"]
    path = f"{TEAMS}{team}/"
    first = crew.ok(*crew.api.get(path))
    before = crew.inside(team)
    crew.ok(*crew.api.put(path, {"name": "Other", "subjects": [_subject(crew.low)]}))
    after, inside = crew.ok(*crew.api.get(path)), crew.inside(team)
    assert (after["name"], after["default_role"], [user for _, user in inside]) == (
        "Other",
        None,
        [crew.low.user["id"]],
    )
    assert crew.undo() == DONE
    shown = crew.ok(*crew.api.get(path))
    assert (shown["name"], shown["default_role"], crew.inside(team)) == (first["name"], "VIEWER", before)
    assert crew.redo() == DONE
    assert (crew.ok(*crew.api.get(path))["name"], crew.inside(team)) == ("Other", inside)
    added = crew.ok(*crew.api.post(f"{path}subjects/", _subject(crew.bob)))["id"]
    for _ in range(2):
        assert crew.undo() == DONE
        assert crew.inside(team) == inside
        assert crew.redo() == DONE
        assert crew.inside(team) == [*inside, (added, crew.bob.user["id"])]
    crew.ok(*crew.api.delete(f"{path}subjects/{added}/"))
    assert crew.undo() == DONE
    assert crew.inside(team) == [*inside, (added, crew.bob.user["id"])]
    assert crew.redo() == DONE
    assert crew.inside(team) == inside
    crew.ok(*crew.api.delete(path))
    assert crew.undo() == DONE
    assert crew.inside(team) == inside
    assert [crew.undo() for _ in range(4)] == [DONE] * 4
    assert crew.api.get(path)[0] == 404
    assert [crew.redo() for _ in range(4)] == [DONE] * 4
    assert crew.inside(team) == inside


def test_actions_have_the_scope_of_teams(crew: Crew) -> None:
    team = crew.team()["id"]
    body = {"scopes": {"teams_in_workspace": crew.workspace_id}}
    status, answer = crew.api.patch("/api/user/undo/", body)
    told = {"action_type": "create_team", "action_scope": f"teams_in_workspace{crew.workspace_id}"}
    assert (status, answer) == (200, {"actions": [told], "result_code": DONE})
    assert crew.api.get(f"{TEAMS}{team}/")[0] == 404


def test_who_left_is_in_no_team(crew: Crew) -> None:
    team = crew.team("Crew", crew.bob, crew.low, default_role="VIEWER")["id"]
    crew.ok(*crew.api.put(f"{TEAMS}{team}/", {"name": "Crew"}))
    assert crew.low.post(f"/api/workspaces/{crew.workspace_id}/leave/")[0] == 204
    assert crew.undo() == DONE  # who is not here any more stays out
    assert [user for _, user in crew.inside(team)] == [crew.bob.user["id"]]
    crew.ok(*crew.api.delete(f"{TEAMS}{team}/subjects/{crew.inside(team)[0][0]}/"))
    crew.ok(*crew.api.delete(f"/api/workspaces/users/{crew.listed(crew.bob)['id']}/"))
    assert crew.undo() == FAILED
    assert crew.inside(team) == []


def test_a_team_in_the_trash_gives_nothing_and_keeps_its_name(crew: Crew) -> None:
    team = crew.team("Crew", crew.low, default_role="VIEWER")["id"]
    crew.ok(*crew.api.delete(f"{TEAMS}{team}/"))
    assert _sees(crew.low, crew) == 401
    assert crew.listed(crew.low)["teams"] == []
    assert crew.api.post(crew.path, {"name": "Crew"})[1]["error"] == "ERROR_TEAM_NAME_NOT_UNIQUE"
    item = {"trash_item_type": "team", "trash_item_id": team}
    assert crew.bob.patch(f"{TRASH}restore/", item)[1]["error"] == "PERMISSION_DENIED"
    crew.ok(*crew.api.patch(f"{TRASH}restore/", item))
    assert _sees(crew.low, crew) == 200
    crew.ok(*crew.api.delete(f"{TEAMS}{team}/"))
    crew.ok(*crew.api.delete(f"{TRASH}workspace/{crew.workspace_id}/"))
    remove_due()
    assert scalar("SELECT count(*) FROM teams.team WHERE id = %(id)s", id=team) == 0
    assert scalar("SELECT count(*) FROM teams.subject WHERE team_id = %(id)s", id=team) == 0
    assert crew.undo() == FAILED
    crew.team("Crew")


def test_teams_go_with_their_workspace(crew: Crew) -> None:
    team = crew.team("Crew", crew.low, default_role="ADMIN")["id"]
    crew.ok(*crew.api.delete(f"/api/workspaces/{crew.workspace_id}/"))
    for user in (crew.api, crew.low):
        assert user.get(f"{TEAMS}{team}/")[1]["error"] == "ERROR_TEAM_DOES_NOT_EXIST"
    with begin():
        connection().exec_driver_sql("UPDATE core.trash SET emptied = true WHERE item_id = %s", (crew.workspace_id,))
    remove_due()
    assert scalar("SELECT count(*) FROM teams.team WHERE id = %(id)s", id=team) == 0


def test_a_name_is_taken_once_however_many_ask(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    crew.team("Crew")
    monkeypatch.setattr(store, "name_taken", lambda *args: False)  # as if both had asked before either wrote
    assert crew.api.post(crew.path, {"name": "Crew"})[1]["error"] == "ERROR_TEAM_NAME_NOT_UNIQUE"


def test_listing_takes_the_same_statements_for_any_number_of_teams(crew: Crew, count_sql: Any) -> None:
    counts = []
    for n in range(2):
        for m in range(1 + 5 * n):
            crew.team(f"Team {n} {m}", crew.bob, crew.low)
        with count_sql() as statements:
            assert len(crew.ok(*crew.api.get(crew.path))) == 1 + 6 * n
        counts.append(len(statements))
    assert counts == [counts[0]] * 2


def test_teams_are_sorted_and_shown_with_the_first_ten(crew: Crew) -> None:
    many = [crew.member(f"M{n}") for n in range(12)]
    crew.team("Many", *many)
    crew.team("Few", crew.bob, crew.bob)
    by_size = crew.ok(*crew.api.get(f"{crew.path}?sorts=-subject_count"))
    assert [(one["name"], one["subject_count"]) for one in by_size] == [("Many", 12), ("Few", 1)]
    assert [one["subject_label"] for one in by_size[0]["subject_sample"]] == [f"M{n}" for n in range(10)]
    for sorts, code in (("name", "ERROR_INVALID_SORT_DIRECTION"), ("%2Bcolour", "ERROR_INVALID_SORT_ATTRIBUTE")):
        status, answer = crew.api.get(f"{crew.path}?sorts={sorts}")
        assert (status, answer["error"]) == (400, code)


def test_listeners_learn_whose_role_may_be_another(crew: Crew, api: Any) -> None:
    team = crew.team("Crew", crew.low, default_role="VIEWER")["id"]
    crew.ok(*crew.api.put(f"{TEAMS}{team}/", {"name": "Crew", "subjects": [_subject(crew.bob)]}))
    crew.ok(*crew.api.delete(f"{TEAMS}{team}/"))
    told = [found for found in recorded("outbox", api, "payload") if found["type"].startswith("team_")]
    bob, low = crew.bob.user["id"], crew.low.user["id"]
    assert [(one["type"], one["user_ids"]) for one in told] == [
        ("team_created", [low]),
        ("team_updated", sorted([bob, low])),
        ("team_deleted", [bob]),
    ]
    assert told[0]["team"]["default_role"] == "VIEWER"
    entry = registry("realtime_messages")["teams"]
    of_low, of_nobody = (Event("team_created", {"user_ids": ids}, None, None, None, 0) for ids in ([low], []))
    assert (list(entry.of(of_low)), list(entry.of(of_nobody))) == ([Recheck(Users([low]))], [])
