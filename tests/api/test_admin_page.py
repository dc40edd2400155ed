"""The page for administrators over HTTP: who gets in, that forms are one's own, and what each page does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from tests.conftest import PASSWORD, STAFF_EMAIL, Api

PAGES = ("", "plugins", "plugins/database", "users", "users/new", "workspaces", "jobs", "settings")
PAGES += (
    "jobs?state=failed",
    "jobs?state=ended",
    "users?search=a&sorts=-username",
    "sections/announcements/",
    "sections/audit_log/",
)


class Browser:
    """Follows redirects, keeps cookies and fills in forms, as a browser does."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.text, self.status, self.path = "", 0, ""
        self.headers: Any = {}

    def open(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Browser:
        """Open a page, or send a form to it; answers itself."""
        method = "GET" if data is None else "POST"
        answer = self.client.open(path, method=method, data=data, follow_redirects=True, **kwargs)
        self.text, self.status, self.headers = (
            unescape(answer.get_data(as_text=True)),
            answer.status_code,
            answer.headers,
        )
        self.path = answer.request.path
        return self

    def send(self, path: str, **values: Any) -> Browser:
        """Send a form of the page that is open."""
        token = re.search(r'name="form_token" value="(\w+)"', self.text)
        assert token, self.text
        return self.open(path, {"form_token": token[1], **values})

    def sign_in(self, email: str = STAFF_EMAIL, password: str = PASSWORD) -> Browser:
        """Sign in by the form."""
        return self.open("/admin/sign-in").send("/admin/sign-in", email=email, password=password)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser nobody signed in with."""
    return Browser(app)


@pytest.fixture
def inside(browser: Browser) -> Browser:
    """A browser of the administrator."""
    browser.sign_in()
    assert (browser.status, browser.path) == (200, "/admin/"), browser.text
    return browser


@pytest.fixture
def user(staff: Any) -> dict[str, Any]:
    """A user staff made."""
    email = f"ann.{uuid4().hex[:8]}@example.com"
    answer: dict[str, Any] = staff.post("/api/admin/users/", {"username": email, "name": "Ann", "password": PASSWORD})[
        1
    ]
    return answer


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_for_signed_in_staff_alone(browser: Browser, page: str) -> None:
    browser.open(f"/admin/{page}")
    assert browser.path == "/admin/sign-in"
    browser.send("/admin/sign-in", email=STAFF_EMAIL, password=PASSWORD, next=f"/admin/{page}")
    assert browser.path == f"/admin/{page.partition('?')[0]}"
    assert browser.status == 200
    policy = browser.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "script" not in browser.text
    assert browser.headers["Cache-Control"] == "no-store"


def test_people_who_are_no_staff_do_not_get_in(browser: Browser, api: Any) -> None:
    browser.sign_in(api.user["username"])
    assert browser.status == 403 and "not an administrator's" in browser.text
    browser.sign_in(password="wrong password")
    assert browser.status == 401 and "not right" in browser.text
    assert browser.open("/admin/users").path == "/admin/sign-in"


def test_guessing_is_limited_as_for_the_api(browser: Browser, instance: Any) -> None:
    instance(login_attempts_per_minute=3)
    email = f"{uuid4().hex}@example.com"
    statuses = [browser.sign_in(email, "wrong password").status for _ in range(4)]
    assert statuses[0] == 401 and statuses[-1] == 429
    assert browser.client.post("/api/user/token-auth/", json={"email": email, "password": "x"}).status_code == 429


def test_the_cookie_is_kept_from_scripts_and_other_sites_and_is_no_token_of_the_api(browser: Browser) -> None:
    browser.open("/admin/sign-in")
    token = re.search(r'name="form_token" value="(\w+)"', browser.text)
    assert token
    values = {"form_token": token[1], "email": STAFF_EMAIL, "password": PASSWORD}
    answer = browser.client.post("/admin/sign-in", data=values, base_url="https://localhost")
    cookies = answer.headers.getlist("Set-Cookie")
    [kept] = [cookie for cookie in cookies if cookie.startswith("tablewright_admin=")]
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/admin"} <= {part.strip() for part in kept.split(";")}
    value = kept.partition("=")[2].partition(";")[0]
    assert Api(browser.client, value).get("/api/workspaces/")[0] == 401


def test_signing_off_ends_the_session_itself(app: Flask, inside: Browser) -> None:
    kept = inside.client.get_cookie("tablewright_admin", path="/admin")
    assert kept
    inside.send("/admin/sign-out")
    assert "signed off" in inside.text
    other = Browser(app)
    other.client.set_cookie("tablewright_admin", kept.value, path="/admin")
    assert other.open("/admin/users").path == "/admin/sign-in"


def test_who_is_dismissed_is_out_at_once(app: Flask, staff: Any, user: dict[str, Any]) -> None:
    staff.patch(f"/api/admin/users/{user['id']}/", {"is_staff": True})
    browser = Browser(app).sign_in(user["username"])
    assert browser.open("/admin/users").path == "/admin/users"
    staff.patch(f"/api/admin/users/{user['id']}/", {"is_staff": False})
    assert browser.open("/admin/users").path == "/admin/sign-in"


@pytest.mark.parametrize("token", ["", "x" * 64])
def test_forms_of_others_do_nothing(inside: Browser, staff: Any, user: dict[str, Any], token: str) -> None:
    inside.open(f"/admin/users/{user['id']}/delete", {"form_token": token, "sure": "1"})
    assert inside.status == 403
    foreign = {"Sec-Fetch-Site": "cross-site"}
    good = re.search(r'name="form_token" value="(\w+)"', inside.open("/admin/").text)
    assert good
    inside.open(f"/admin/users/{user['id']}/delete", {"form_token": good[1], "sure": "1"}, headers=foreign)
    assert inside.status == 403
    assert staff.get(f"/api/admin/users/?search={user['username']}")[1]["count"] == 1


def test_sign_in_leads_to_pages_of_ours_only(browser: Browser) -> None:
    for address in ("https://evil.example/admin/", "//evil.example/admin/", "/\\evil.example", "/api/"):
        browser.open("/admin/sign-in")
        token = re.search(r'name="form_token" value="(\w+)"', browser.text)
        assert token
        values = {"form_token": token[1], "email": STAFF_EMAIL, "password": PASSWORD, "next": address}
        assert browser.client.post("/admin/sign-in", data=values).headers["Location"] == "/admin/"
        browser.client.delete_cookie("tablewright_admin", path="/admin")


@pytest.fixture
def switched_back(staff: Any) -> Iterator[None]:
    """The plugin is on again afterwards."""
    yield
    staff.patch("/api/admin/plugins/rating_field/", {"enabled": True})


@pytest.mark.usefixtures("switched_back")
def test_plugins_are_switched_after_saying_what_that_means(inside: Browser, sheet: Any, staff: Any) -> None:
    sheet.add("Stars", "rating")
    inside.open("/admin/plugins/rating_field")
    assert "In use:" in inside.text and "Switch off" in inside.text
    inside.send("/admin/plugins/rating_field", enabled="0")
    assert "is switched off" in inside.text and "Switch on" in inside.text
    assert "is switched off" not in inside.open("/admin/plugins/rating_field").text, "it is told once"
    inside.send("/admin/plugins/rating_field", enabled="1")
    assert "is switched on" in inside.text
    assert "Others require it" in inside.open("/admin/plugins/database").text
    assert "This page goes with it" in inside.open("/admin/plugins/administration").text
    assert inside.open("/admin/plugins/nothing").status == 404


def test_users_are_made_changed_and_deleted(inside: Browser, client: Any) -> None:
    email = f"bob.{uuid4().hex[:8]}@example.com"
    inside.open("/admin/users/new").send("/admin/users", username=email, name="<b>Bob</b>", password="short")
    assert inside.status == 400 and "at least 8" in inside.text and 'value="<b>Bob</b>"' in inside.text
    inside.send("/admin/users", username=email, name="<b>Bob</b>", password=PASSWORD)
    assert inside.status == 200 and "can sign in now" in inside.text
    own = inside.path
    raw = inside.client.get(own).get_data(as_text=True)
    assert "<b>Bob" not in raw and "&lt;b&gt;Bob" in raw
    inside.send(own, username=email, name="Robert", is_staff="1")
    assert "Deactivated" in inside.text and "Robert" in inside.text
    assert Api(client).post("/api/user/token-auth/", {"email": email, "password": PASSWORD})[0] == 401
    inside.send(f"{own}/delete")
    assert inside.status == 400 and "Nothing was deleted" in inside.text
    inside.send(f"{own}/delete", sure="1")
    assert inside.path == "/admin/users" and "Robert is deleted" in inside.text
    assert inside.open(own).status == 404


def test_a_link_lets_a_user_choose_a_password_once(
    app: Flask, inside: Browser, user: dict[str, Any], mailbox: list[Any], client: Any
) -> None:
    inside.open(f"/admin/users/{user['id']}").send(f"/admin/users/{user['id']}/link", mail="1")
    link = re.search(r'readonly value="http://127.0.0.1:3000(/admin/password/[^"]+)"', inside.text)
    assert link and link[1] in mailbox[0].text
    other = Browser(app).open(link[1])
    assert other.send(link[1], password="short").status == 400
    assert "is set" in other.send(link[1], password="An0ther!secret").text
    answer = Api(client).post("/api/user/token-auth/", {"email": user["username"], "password": "An0ther!secret"})
    assert answer[0] == 200
    assert other.open(link[1]).send(link[1], password="A-third!secret").status == 400


def test_one_s_own_account_can_be_renamed_without_losing_it(inside: Browser, staff: Any) -> None:
    own = f"/admin/users/{staff.user['id']}"
    assert "This is you" in inside.open(own).text
    inside.send(own, own="1", username=STAFF_EMAIL, name="Admin")
    assert "changes are kept" in inside.text
    assert inside.send(own, username=STAFF_EMAIL, name="Admin").status == 400
    assert inside.open("/admin/").path == "/admin/"


def test_workspaces_are_shown_and_deleted(inside: Browser, api: Any) -> None:
    name = f"Place {uuid4().hex[:8]}"
    made = api.post("/api/workspaces/", {"name": name})[1]
    assert name in inside.open(f"/admin/workspaces?search={name}").text
    own = f"/admin/workspaces/{made['id']}"
    assert api.user["username"] in inside.open(own).text
    inside.send(f"{own}/delete", sure="1")
    assert f"“{name}” is deleted" in inside.text
    assert api.get("/api/workspaces/")[1] == []


def test_jobs_of_others_are_shown_and_cancelled(inside: Browser, api: Any) -> None:
    from tests.tables import Database

    base = Database(api)
    job = api.post(f"/api/applications/{base.id}/duplicate/async/", {})[1]
    assert api.user["username"] in inside.open("/admin/jobs").text
    inside.send(f"/admin/jobs/{job['id']}/cancel")
    assert "is cancelled" in inside.text
    assert api.get(f"/api/jobs/{job['id']}/")[1]["state"] == "cancelled"
    assert inside.open("/admin/").send(f"/admin/jobs/{job['id']}/cancel").status == 400


def test_settings_are_changed_or_refused(inside: Browser, staff: Any) -> None:
    before = staff.get("/api/settings/")[1]
    on = {name: "1" for name, value in before.items() if value is True}
    form = {**on, "email_verification": "no_verification", "account_deletion_grace_delay": "-1"}
    inside.open("/admin/settings").send("/admin/settings", **form)
    assert inside.status == 400 and "at least 0" in inside.text and 'value="-1"' in inside.text
    form |= {"account_deletion_grace_delay": "9"}
    try:
        assert "are changed" in inside.send("/admin/settings", **form).text
        assert staff.get("/api/settings/")[1] == {**before, "account_deletion_grace_delay": 9}
    finally:
        grace = {"account_deletion_grace_delay": before["account_deletion_grace_delay"]}
        assert staff.patch("/api/settings/update/", grace)[0] == 200


def test_plugins_add_pages(inside: Browser, staff: Any) -> None:
    page = "/admin/sections/announcements/"
    inside.open(page).send(f"{page}send", title="")
    assert inside.status == 400
    inside.send(f"{page}send", title="Maintenance <tonight>", text="At ten.")
    assert "Everybody is told" in inside.text and "Maintenance <tonight>" in inside.text
    [made] = staff.get("/api/admin/announcements/")[1]
    inside.send(f"{page}withdraw", id=str(made["id"]))
    assert staff.get("/api/admin/announcements/")[1] == []
    assert inside.send(f"{page}nothing").status == 404


def test_what_is_not_there_is_a_page_too(inside: Browser) -> None:
    assert inside.open("/admin/nothing/here").status == 404
    assert "There is no such page" in inside.text
    assert inside.open("/admin/assets/style.css").status == 200
    assert inside.open("/admin/assets/..%2Froutes.py").status == 404


def test_lists_take_as_many_queries_for_many_as_for_few(inside: Browser, staff: Any, count_sql: Any) -> None:
    word = uuid4().hex[:8]

    def queries() -> int:
        with count_sql() as statements:
            assert inside.open(f"/admin/users?search={word}").status == 200
        return len(statements)

    for number in range(5):
        body = {"username": f"{number}.{word}@example.com", "name": "Ann", "password": PASSWORD}
        staff.post("/api/admin/users/", body)
        if number == 0:
            few = queries()
    assert queries() == few <= 8
