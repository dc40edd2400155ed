"""Administration over HTTP: users, workspaces and figures of the whole instance, for staff alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from core.trash.removal import remove_due
from plugin_api.db import begin, connection
from tests.conftest import PASSWORD, Api
from tests.tables import Database

USERS, WORKSPACES, DASHBOARD = "/api/admin/users/", "/api/admin/workspaces/", "/api/admin/dashboard/"


@pytest.fixture
def word() -> str:
    """A word that is in nobody else's address."""
    return uuid4().hex[:10]


@pytest.fixture
def make(staff: Any, word: str) -> Any:
    """A function with which staff make a user; answers their JSON."""

    def make(name: str, **more: Any) -> dict[str, Any]:
        body = {"username": f"{name}.{word}@example.com", "name": name, "password": PASSWORD, **more}
        status, answer = staff.post(USERS, body)
        assert status == 200, answer
        return dict(answer)

    return make


def sign_in(client: Any, user: dict[str, Any], password: str = PASSWORD) -> tuple[int, Any]:
    """Sign in as a user."""
    return Api(client).post("/api/user/token-auth/", {"email": user["username"], "password": password})


def actions_about(email: str) -> list[str]:
    """The recorded actions about an account."""
    query = sa.text("SELECT type FROM core.action WHERE params->>'email' = :email ORDER BY id")
    with begin():
        return list(connection().execute(query, {"email": email}).scalars())


JUNK: list[Any] = [None, True, 2**63, 1e308, "", "\0", "a\rb", "9" * 400, {}, [[None]]]


def test_bad_bodies_are_refused(staff: Any, make: Any) -> None:
    user = make("Ann")
    good = {"username": user["username"], "name": "A", "password": PASSWORD, "is_active": True, "is_staff": False}
    own = f"{USERS}{user['id']}/"
    for junk in JUNK:
        for body in (junk, *({**good, key: junk} for key in good)):
            assert staff.post(USERS, body)[0] == 400, body
            status, answer = staff.patch(own, body)
            assert status in (200, 400), (body, answer)
        assert staff.post(f"{USERS}impersonate/", {"user": junk})[0] == 400, junk


def test_users_are_found_sorted_and_paged(staff: Any, make: Any, word: str) -> None:
    made = [make(name, is_active=name != "Bob") for name in ("Cid", "Ann", "Bob")]

    def names(query: str) -> list[str]:
        status, answer = staff.get(f"{USERS}?search={word}{query}")
        assert (status, answer["count"]) == (200, 3), answer
        return [user["name"] for user in answer["results"]]

    assert names("") == ["Cid", "Ann", "Bob"]
    assert names("&sorts=%2Bname") == ["Ann", "Bob", "Cid"]
    assert names("&sorts=-is_active,%2Bname") == ["Ann", "Cid", "Bob"]
    assert names("&sorts=-name&size=2&page=2") == ["Ann"]
    assert made[1]["id"] in [user["id"] for user in staff.get(f"{USERS}?search={made[1]['id']}")[1]["results"]]


@pytest.mark.parametrize("path", [USERS, WORKSPACES])
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("sorts=name", "ERROR_INVALID_SORT_DIRECTION"),
        ("sorts=%2Bpassword", "ERROR_INVALID_SORT_ATTRIBUTE"),
        ("sorts=%2Bname,-name", "ERROR_INVALID_SORT_ATTRIBUTE"),
        ("sorts=", "ERROR_INVALID_SORT_ATTRIBUTE"),
        ("size=101", "ERROR_PAGE_SIZE_LIMIT"),
    ],
)
def test_bad_lists_are_refused(staff: Any, path: str, query: str, code: str) -> None:
    status, answer = staff.get(f"{path}?{query}")
    assert (status, answer["error"]) == (400, code)


def test_the_lists_take_as_many_queries_for_many_as_for_few(staff: Any, make: Any, word: str, count_sql: Any) -> None:
    def queries(path: str) -> int:
        with count_sql() as statements:
            assert staff.get(f"{path}?search={word}")[0] == 200
        return len(statements)

    def workspace_of(user: dict[str, Any]) -> None:
        api = Api(staff.client, sign_in(staff.client, user)[1]["access_token"])
        assert api.post("/api/workspaces/", {"name": f"Place {word}"})[0] == 200

    workspace_of(make("Ann"))
    few = [queries(USERS), queries(WORKSPACES)]
    for name in ("Bob", "Cid", "Dan"):
        workspace_of(make(name))
    assert [queries(USERS), queries(WORKSPACES)] == few == [4, 4]


def test_a_changed_password_ends_the_sessions(staff: Any, client: Any, make: Any) -> None:
    user = make("Ann")
    session = sign_in(client, user)[1]
    assert staff.patch(f"{USERS}{user['id']}/", {"password": "An0ther!secret"})[0] == 200
    refreshed = Api(client).post("/api/user/token-refresh/", {"refresh_token": session["refresh_token"]})
    assert (refreshed[0], refreshed[1]["error"]) == (401, "ERROR_INVALID_REFRESH_TOKEN")
    assert sign_in(client, user)[0] == 401
    assert sign_in(client, user, "An0ther!secret")[0] == 200


def test_an_account_that_is_switched_off_is_out_at_once(staff: Any, client: Any, make: Any) -> None:
    user = make("Ann")
    session = sign_in(client, user)[1]
    ann = Api(client, session["access_token"])
    assert ann.get("/api/workspaces/")[0] == 200
    assert staff.patch(f"{USERS}{user['id']}/", {"is_active": False})[1]["is_active"] is False
    assert ann.get("/api/workspaces/")[0] == 401
    staff.patch(f"{USERS}{user['id']}/", {"is_active": True})
    refreshed = Api(client).post("/api/user/token-refresh/", {"refresh_token": session["refresh_token"]})
    assert refreshed[0] == 401, "the session does not come back with the account"


def test_staff_cannot_shut_themselves_out(staff: Any) -> None:
    own = f"{USERS}{staff.user['id']}/"
    for body in ({"is_active": False}, {"is_staff": False}):
        status, answer = staff.patch(own, body)
        assert (status, answer["error"]) == (400, "USER_ADMIN_CANNOT_DEACTIVATE_SELF")
    status, answer = staff.delete(own)
    assert (status, answer["error"]) == (400, "USER_ADMIN_CANNOT_DELETE_SELF")


def test_of_two_administrators_who_dismiss_each_other_one_stays(app: Any, staff: Any, make: Any) -> None:
    made = make("Ann", is_staff=True)
    clients = [app.test_client(), app.test_client()]
    second = Api(clients[1], sign_in(clients[1], made)[1]["access_token"])
    first = Api(clients[0], staff.headers["Authorization"].removeprefix("JWT "))
    try:
        with ThreadPoolExecutor(2) as pool:
            answers = list(
                pool.map(
                    lambda pair: pair[0].patch(f"{USERS}{pair[1]}/", {"is_staff": False}),
                    [(first, made["id"]), (second, staff.user["id"])],
                )
            )
        with begin():
            query = sa.text('SELECT count(*) FROM core."user" WHERE is_staff AND is_active')
            assert connection().execute(query).scalar() == 1, answers
    finally:
        with begin():
            query = sa.text('UPDATE core."user" SET is_staff = id = :staff WHERE id IN (:staff, :other)')
            connection().execute(query, {"staff": staff.user["id"], "other": made["id"]})
        from core.accounts.state import UserStates
        from plugin_api.platform import service

        with begin():
            service(UserStates).changed(staff.user["id"])


def test_a_deleted_user_is_gone_with_what_nobody_else_is_in(staff: Any, client: Any, make: Any, word: str) -> None:
    user = make("Ann")
    ann = Api(client, sign_in(client, user)[1]["access_token"])
    ann.post("/api/workspaces/", {"name": f"Place {word}"})
    assert staff.delete(f"{USERS}{user['id']}/")[0] == 204
    assert ann.get("/api/workspaces/")[0] == 401
    status, answer = staff.delete(f"{USERS}{user['id']}/")
    assert (status, answer["error"]) == (400, "USER_ADMIN_UNKNOWN_USER")
    assert staff.get(f"{WORKSPACES}?search={word}")[1]["count"] == 0
    assert actions_about(user["username"])[-1] == "delete_user"


def test_impersonation_acts_as_the_user_and_is_on_the_record(staff: Any, client: Any, make: Any) -> None:
    user = make("Ann")
    status, answer = staff.post(f"{USERS}impersonate/", {"user": user["id"]})
    assert (status, answer["user"]["id"]) == (200, user["id"])
    assert Api(client, answer["access_token"]).get("/api/workspaces/") == (200, [])
    assert "impersonate_user" in actions_about(user["username"])
    for who in (staff.user["id"], 999_999_999):
        status, answer = staff.post(f"{USERS}impersonate/", {"user": who})
        assert (status, list(answer["user"])) == (400, answer["user"])


def test_workspaces_are_listed_with_what_is_in_them(staff: Any, api: Any, word: str) -> None:
    base = Database(api)
    api.patch(f"/api/workspaces/{base.workspace_id}/", {"name": f"Place {word}"})
    base.table("One", [["Name"], ["a"], ["b"]])
    base.table("Two", [["Name"], ["c"]])
    (found,) = staff.get(f"{WORKSPACES}?search={word}")[1]["results"]
    assert (found["application_count"], found["row_count"]) == (1, 3)
    assert found["users"] == [{"id": api.user["id"], "email": api.user["username"], "permissions": "ADMIN"}]


def test_a_deleted_workspace_cannot_be_restored_and_leaves_nothing(staff: Any, api: Any) -> None:
    base = Database(api)
    base.table("One", [["Name"], ["a"]])
    path = f"{WORKSPACES}{base.workspace_id}/"
    assert api.delete(path)[0] == 403
    assert staff.delete(path)[0] == 204
    assert api.get("/api/trash/")[1]["workspaces"] == []
    body = {"trash_item_type": "workspace", "trash_item_id": base.workspace_id}
    assert api.patch("/api/trash/restore/", body)[0] == 404
    assert staff.delete(path)[1]["error"] == "ERROR_GROUP_DOES_NOT_EXIST"
    remove_due()
    with begin():
        query = sa.text("SELECT count(*) FROM pg_namespace WHERE nspname = :name")
        assert connection().execute(query, {"name": f"workspace_{base.workspace_id}"}).scalar() == 0


def test_the_dashboard_counts_people_once(staff: Any, client: Any, make: Any) -> None:
    before = staff.get(DASHBOARD)[1]
    user = make("Ann")
    for _ in range(3):
        sign_in(client, user)
    after = staff.get(DASHBOARD)[1]
    grown = {key for key in after if isinstance(after[key], int) and after[key] == before[key] + 1}
    windows = [
        f"{who}_last_{time}" for who in ("new_users", "active_users") for time in ("24_hours", "7_days", "30_days")
    ]
    assert grown >= {"total_users", *windows}
    assert after["active_users_per_day"][-1]["count"] == before["active_users_per_day"][-1]["count"] + 1
