"""The page for administrators in a real Chromium, without scripts: by keyboard, in the dark, on a narrow screen.

SCREENSHOTS names a folder in which the pages are kept as pictures, to be looked at.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.serving import make_server

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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 380])
def test_pages_are_there_for_everybody(visit: Any, scheme: str, width: int) -> None:
    page = visit(color_scheme=scheme, viewport={"width": width, "height": 800}, scripts=True)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("requestfailed", lambda request: problems.append(request.url))
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
