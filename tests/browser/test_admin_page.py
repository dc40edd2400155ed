"""The page for administrators in a real Chromium, without scripts: by keyboard, in the dark, on a narrow screen.

SCREENSHOTS names a folder in which the pages are kept as pictures, to be looked at.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.serving import make_server

from core.db.models import Job
from plugin_api.db import begin, session
from tests import licensing
from tests.api.test_audit_log_page import finish_exports
from tests.conftest import PASSWORD, STAFF_EMAIL

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here: apt-get install chromium"),
]
PAGES = {
    "overview": "/admin/",
    "plugins": "/admin/plugins",
    "plugin": "/admin/plugins/database",
    "users": "/admin/users",
    "new-user": "/admin/users/new",
    "workspaces": "/admin/workspaces",
    "jobs": "/admin/jobs",
    "settings": "/admin/settings",
    "announcements": "/admin/sections/announcements/",
    "licences": "/admin/sections/licenses/",
    "audit-log": "/admin/sections/audit_log/",
    "audit-log-filtered": "/admin/sections/audit_log/?user=nobody@example.com&from=2024",
}
_LOOK = """() => {
  const names = [...document.querySelectorAll('input:not([type=hidden]), textarea, select')]
    .filter(one => !one.labels?.length && !one.ariaLabel).map(one => one.name);
  const named = [...document.querySelectorAll('a, button')].filter(one => !one.textContent.trim()).length;
  const ids = [...document.querySelectorAll('[id]')].map(one => one.id);
  const levels = [...document.querySelectorAll('h1, h2, h3')].map(one => one.tagName);
  return {names, named, twice: ids.filter((one, place) => ids.indexOf(one) !== place), levels,
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    captions: [...document.querySelectorAll('table')].every(one => one.caption),
    main: document.querySelectorAll('main').length, lang: document.documentElement.lang};
}"""
_CONTRAST = """() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => { const f = c => (c /= 255) <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
    return .2126 * f(r) + .7152 * f(g) + .0722 * f(b); };
  const ground = one => { for (; one; one = one.parentElement) { const c = rgb(getComputedStyle(one).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
  return [...document.querySelectorAll('body *')].filter(one => one.checkVisibility() &&
      [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
    .map(one => { const [a, b] = [light(rgb(getComputedStyle(one).color)), light(ground(one))];
      return [one.tagName + '.' + one.className, (Math.max(a, b) + .05) / (Math.min(a, b) + .05)]; })
    .filter(([name, ratio]) => ratio < 4.5);
}"""


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """Where the product answers."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def running_job(app: Flask) -> Iterator[None]:
    """A job that waits, of a type whose name is long."""
    with begin():
        job = Job(type="recalculate_everything_of_a_workspace", state="pending")
        session().add(job)
        session().flush()
        number = job.id
    yield
    with begin():
        session().execute(sa.delete(Job).where(Job.id == number))


@pytest.fixture
def visit(chromium: Any, address: str) -> Iterator[Any]:
    """A function that opens a new, signed-in window; it runs no scripts of pages."""
    opened: list[Any] = []

    def visit(signed_in: bool = True, **options: Any) -> Any:
        context = chromium.new_context(base_url=address, java_script_enabled=options.pop("scripts", False), **options)
        opened.append(context)
        page = context.new_page()
        page.goto("/admin/")
        if signed_in:
            page.get_by_label("E-mail address").fill(STAFF_EMAIL)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("heading", name="Overview").wait_for()
        return page

    yield visit
    for context in opened:
        context.close()


@pytest.fixture
def licences(staff: Any, instance: Any, tmp_path: Path) -> Iterator[Any]:
    """A function that writes licences this instance believes; what is registered is removed afterwards."""
    key = tmp_path / "seller.pub"
    key.write_bytes(licensing.PUBLIC)
    instance(license_public_keys=(str(key),), license_mode="enforced")
    instance_id = staff.get("/api/settings/instance-id/")[1]["instance_id"]
    yield lambda **said: licensing.issue(instance_id, **said)
    for one in staff.get("/api/licenses/")[1]:
        staff.delete(f"/api/licenses/{one['id']}/")


@pytest.fixture
def registered_licences(staff: Any, licences: Any, api: Any) -> None:
    """One with a seat that is taken, one for everybody, one that is to come."""
    later = licensing.NOW + timedelta(days=30)
    for said in ({}, {"product_code": "enterprise", "seats": 50}, {"product_code": "sso", "valid_from": later}):
        status, made = staff.post("/api/licenses/", {"license": licences(**said)})
        assert status == 200, made
        if not said:
            assert staff.post(f"/api/licenses/{made['id']}/{api.user['id']}/")[0] == 200


def heading(page: Any) -> str:
    """What the page is about."""
    return str(page.get_by_role("heading", level=1).inner_text())


def test_an_administrator_makes_a_user_and_deactivates_them(visit: Any) -> None:
    page, email = visit(), f"ann.{uuid4().hex[:8]}@example.com"
    page.get_by_role("link", name="Users").click()
    page.get_by_role("link", name="New user").click()
    page.get_by_label("Name").fill("Ann Example")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill("short123"[:5])
    page.get_by_role("button", name="Make the user").click()
    assert "at least 8" in page.get_by_role("main").inner_text()
    assert page.get_by_label("E-mail address").input_value() == email
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the user").click()
    assert heading(page).startswith("Ann Example")
    page.get_by_label("Active").uncheck()
    page.get_by_role("button", name="Keep the changes").click()
    assert "Deactivated" in heading(page)
    page.get_by_role("link", name="Users").first.click()
    page.get_by_role("searchbox").fill(email)
    page.get_by_role("searchbox").press("Enter")
    assert page.get_by_role("table").get_by_role("row").count() == 2
    page.get_by_role("link", name="Ann Example").click()
    page.get_by_label("I am sure").check()
    page.get_by_role("button", name="Delete Ann Example").click()
    assert "Ann Example is deleted" in page.get_by_role("status").inner_text()


def test_a_plugin_is_switched_off_and_on(visit: Any) -> None:
    page = visit()
    page.get_by_role("link", name="Plugins", exact=True).click()
    page.get_by_role("link", name="UUID").click()
    page.get_by_role("button", name="Switch off").click()
    assert "switched off" in page.get_by_role("status").inner_text()
    page.get_by_role("button", name="Switch on").click()
    assert "switched on" in page.get_by_role("status").inner_text()
    page.reload()
    assert page.get_by_role("status").count() == 0


def test_the_keyboard_is_enough(visit: Any) -> None:
    page = visit(signed_in=False)
    page.get_by_label("E-mail address").focus()
    page.keyboard.type(STAFF_EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Overview").wait_for()
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    assert page.locator(":focus").bounding_box()["x"] >= 0, "the link is seen once it has the focus"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_licences_are_registered_and_seats_given_and_taken(visit: Any, licences: Any, api: Any) -> None:
    page, email = visit(), api.user["username"]
    page.get_by_role("link", name="Licences").click()
    assert "need a licence" in page.get_by_role("main").inner_text()
    page.get_by_label("Licence", exact=True).fill("nonsense")
    page.get_by_role("button", name="Register").click()
    assert "no valid licence" in page.get_by_role("alert").inner_text()
    page.get_by_label("Licence", exact=True).fill(licences())
    page.get_by_role("button", name="Register").click()
    assert "is registered" in page.get_by_role("status").inner_text()
    premium = page.get_by_role("region", name="Premium")
    premium.get_by_label("Give a seat").fill(email)
    premium.get_by_role("button", name="Give the seat").click()
    assert "has a seat" in page.get_by_role("status").inner_text()
    assert "1 of 2 taken" in premium.inner_text()
    premium.get_by_text("Who has a seat").click()
    premium.get_by_role("button", name="Take the seat").click()
    assert "0 of 2 taken" in premium.inner_text()
    premium.get_by_role("button", name="Fill all seats").click()
    assert "2 of 2 taken" in premium.inner_text()
    premium.get_by_label("Give a seat").fill("nobody@example.com")
    premium.get_by_role("button", name="Give the seat").click()
    assert "Nobody has an account" in page.get_by_role("alert").inner_text()
    premium.get_by_role("button", name="Take all seats").click()
    premium.get_by_role("button", name="Check again").click()
    assert "is checked" in page.get_by_role("status").inner_text()
    premium.get_by_text("Remove it").click()
    premium.get_by_label("I am sure").check()
    premium.get_by_role("button", name="Remove the licence").click()
    assert "No licence is registered" in page.get_by_role("main").inner_text()


# Of radio buttons, the one that is chosen is the one the keyboard comes to.
_STOPS = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea, select, summary')]
  .filter(one => one.checkVisibility() && (one.type !== 'radio' || one.checked)).length"""
_PLACE = """() => [...document.querySelectorAll('*')].indexOf(document.activeElement)"""


def test_the_audit_log_is_filtered_by_keyboard(visit: Any, api: Any) -> None:
    page, email = visit(), api.user["username"]
    page.get_by_role("link", name="Audit log").click()
    page.get_by_label("User").focus()
    page.keyboard.type(email)
    page.keyboard.press("Enter")
    table = page.get_by_role("region", name="Filtered entries, the newest first")
    assert table.get_by_role("rowheader").first.inner_text().startswith("Create user")
    assert page.get_by_label("User").input_value() == email
    page.get_by_label("What was done").select_option("Create table")
    page.get_by_role("button", name="Filter").click()
    assert "No entry is as asked for." in page.get_by_role("main").inner_text()
    page.get_by_role("link", name="Show everything").click()
    finish_exports()
    page.get_by_role("button", name="Export as CSV").click()
    assert "The export is begun" in page.get_by_role("status").inner_text()
    finish_exports()
    page.reload()
    assert page.get_by_role("link", name="Export of").count() >= 1


@pytest.mark.usefixtures("registered_licences")
@pytest.mark.parametrize("name", ["licences", "jobs", "users", "plugin", "overview", "settings", "audit-log"])
def test_the_focus_goes_through_a_page_as_it_is_read(visit: Any, name: str) -> None:
    page = visit(scripts=True)
    page.goto(PAGES[name])
    places: list[int] = []
    for _ in range(page.evaluate(_STOPS)):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        outline = focused.evaluate("one => getComputedStyle(one).outlineStyle")
        assert outline != "none", focused.evaluate("one => one.outerHTML")
        places.append(page.evaluate(_PLACE))
    assert places == sorted(set(places)), "each once, in the order of the page"


@pytest.mark.usefixtures("registered_licences")
def test_a_screen_reader_is_told_what_is_what(visit: Any) -> None:
    page = visit()
    page.goto(PAGES["licences"])
    told = page.get_by_role("main").aria_snapshot()
    for part in (
        'heading "Licences" [level=1]',
        'region "Register a licence"',
        'textbox "Licence"',
        'region "Premium Counts"',
        'button "Fill all seats of Premium"',
        'textbox "Give a seat to the user with this address"',
        'region "Enterprise Counts"',
        'heading "Feature sso Not yet" [level=2]',
    ):
        assert part in told, (part, told)
    assert page.get_by_role("navigation", name="Administration").get_by_role("link", name="Licences").count() == 1


_LEFT = "net::ERR_ABORTED"
"""What becomes of requests for icons when the next page is opened before they are answered."""


@pytest.mark.usefixtures("registered_licences", "running_job")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 380])
def test_pages_are_there_for_everybody(visit: Any, scheme: str, width: int) -> None:
    page = visit(color_scheme=scheme, viewport={"width": width, "height": 800}, scripts=True)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("requestfailed", lambda request: problems.append(request.url) if request.failure != _LEFT else None)
    for name, path in PAGES.items():
        assert page.goto(path).status == 200, path
        look = page.evaluate(_LOOK)
        assert look["names"] == look["twice"] == [] and look["named"] == 0, (path, look)
        assert look["levels"].count("H1") == 1 and look["levels"][0] == "H1", (path, look)
        assert look["captions"] and look["main"] == 1 and look["lang"] == "en", (path, look)
        assert look["wide"] <= 0, f"{path} is wider than the screen"
        assert page.evaluate(_CONTRAST) == [], path
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{name}-{scheme}-{width}.png", full_page=True)
    assert problems == []
