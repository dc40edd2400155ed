"""Builders over HTTP: pages and their addresses, theme and settings, undo, trash, copies, snapshots, permissions."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from core.trash.removal import remove_due
from tests.archives import archive_of, exported, imported, installed, unsigned_accepted
from tests.sites import APPLICATIONS, HEADERS, Site, ok
from tests.tables import recorded, scalar

PAGES = "/api/builder/pages/"
PLUGINS = "/api/admin/plugins/builder/"
TEXT = {"name": "id", "type": "text"}


@pytest.fixture
def site(api: Any) -> Site:
    """A builder without pages but the shared one."""
    return Site(api)


def _image(api: Any) -> dict[str, Any]:
    content = io.BytesIO()
    Image.new("RGB", (1, 1)).save(content, "PNG")
    content.seek(0)
    return dict(api.call("POST", "/api/user-files/upload-file/", data={"file": (content, "icon.png")})[1])


def _refused(answer: tuple[int, Any]) -> str:
    assert answer[0] == 400, answer
    return str(answer[1]["error"])


def test_a_new_builder_has_its_shared_page_and_may_start_with_others(site: Site) -> None:
    assert list(site.pages()) == ["__shared__"]
    started = Site(site.api, site.workspace_id, "Started", init_with_data=True)
    assert [page["path"] for page in started.pages().values()] == ["__shared__", "/", "/examples"]
    assert [page["order"] for page in started.pages().values()] == [1, 1, 2]


def test_addresses_are_answered_by_one_page(site: Site) -> None:
    post = site.api.post
    site.page("Order", "/o/:id", path_params=[TEXT])
    same = {"name": "Other", "path": "/o/:nr", "path_params": [{"name": "nr", "type": "numeric"}]}
    assert _refused(post(site.pages_path, same)) == "ERROR_PAGE_PATH_NOT_UNIQUE"
    assert _refused(post(site.pages_path, {"name": "Order", "path": "/x"})) == "ERROR_PAGE_NAME_NOT_UNIQUE"
    other = site.page("Other", "/o/id")
    assert _refused(site.api.patch(f"{PAGES}{other}/", same | {"name": "Order"})) == "ERROR_PAGE_PATH_NOT_UNIQUE"
    assert _refused(site.api.patch(f"{PAGES}{other}/", {"path": "/q/:id"})) == "ERROR_PATH_PARAM_NOT_DEFINED"
    assert site.api.patch(f"{PAGES}{other}/", {"path": "/q/:id", "path_params": [TEXT]})[0] == 200


@pytest.mark.parametrize("path", ["a", "/a b", "/a?b=1", "/a#b", "", "//" + "x" * 254])
def test_paths_are_parts_of_addresses(site: Site, path: str) -> None:
    answer = site.api.post(site.pages_path, {"name": "A", "path": path})
    assert (_refused(answer), list(answer[1]["detail"])) == ("ERROR_REQUEST_BODY_VALIDATION", ["path"])


def test_pages_made_at_once_have_different_names_and_places(app: Flask, site: Site) -> None:
    def make(number: int) -> int:
        body = {"name": f"Page {number // 2}", "path": f"/{number}"}
        return app.test_client().post(site.pages_path, json=body, headers=site.api.headers).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(make, range(12)))
    assert sorted(answers) == [200] * 6 + [400] * 6
    assert sorted(page["order"] for page in site.pages().values()) == [1, 1, 2, 3, 4, 5, 6]


def test_every_change_of_pages_is_undone_and_redone(site: Site) -> None:
    first, second = site.page("First", "/first"), site.page("Second", "/second")
    states = [site.pages()]

    def did(answer: tuple[int, Any]) -> None:
        ok(answer)
        states.append(site.pages())

    did(site.api.patch(f"{PAGES}{first}/", {"name": "Renamed", "roles": ["a"]}, headers=HEADERS))
    did(site.api.post(f"{site.pages_path}order/", {"page_ids": [second, first]}, headers=HEADERS))
    did(site.api.delete(f"{PAGES}{second}/", headers=HEADERS))
    for state in reversed(states[:-1]):
        assert site.do("undo", application=site.id) == "SUCCESS"
        assert site.pages() == state
    for state in states[1:]:
        assert site.do("redo", application=site.id) == "SUCCESS"
        assert site.pages() == state
    assert site.do("redo", application=site.id) == "NOTHING_TO_DO"
    for _ in range(3):
        assert site.do("undo", application=site.id) == "SUCCESS"
    assert [site.do("undo", application=site.id) for _ in range(3)] == ["SUCCESS", "SUCCESS", "NOTHING_TO_DO"]
    assert list(site.pages()) == ["__shared__"]


def test_what_changed_nothing_is_neither_recorded_nor_told(site: Site) -> None:
    page = site.page()
    before = len(recorded("action", site.api, "params")), len(recorded("outbox", site.api, "payload"))
    ok(site.api.patch(f"{PAGES}{page}/", {"name": "Shop", "path": "/shop"}))
    ok(site.api.post(f"{site.pages_path}order/", {"page_ids": [page]}))
    ok(site.api.patch(f"/api/builder/{site.id}/theme/", {"primary_color": "#5190efff"}))
    ok(site.api.patch(site.path, {"login_page_id": None}))
    assert (len(recorded("action", site.api, "params")), len(recorded("outbox", site.api, "payload"))) == before


def test_changes_are_told(site: Site) -> None:
    page = site.page()
    ok(site.api.patch(f"{PAGES}{page}/", {"name": "Store"}))
    ok(site.api.patch(f"/api/builder/{site.id}/theme/", {"primary_color": "#010203ff"}))
    ok(site.api.delete(f"{PAGES}{page}/"))
    told = [event for event in recorded("outbox", site.api, "payload") if event.get("builder_id") == site.id]
    assert [event["type"] for event in told] == ["page_created", "page_updated", "theme_updated", "page_deleted"]
    assert told[1]["page"]["name"] == "Store"
    assert told[2]["properties"]["primary_color"] == "#010203ff"


def test_a_page_from_the_trash_gets_another_name_and_path_where_they_are_taken(site: Site) -> None:
    gone = site.page("Item", "/i/:id", path_params=[TEXT])
    ok(site.api.patch(site.path, {"login_page_id": gone}))
    ok(site.api.delete(f"{PAGES}{gone}/"))
    assert site.shown()["login_page_id"] is None
    entry = ok(site.api.get(f"/api/trash/workspace/{site.workspace_id}/"))["results"][0]
    assert (entry["trash_item_type"], entry["name"], entry["parent_name"]) == ("builder_page", "Item", "Site")
    site.page("Item", "/i/:nr", path_params=[{"name": "nr", "type": "numeric"}])
    ok(site.api.patch("/api/trash/restore/", {"trash_item_type": "builder_page", "trash_item_id": gone}))
    back = site.pages()["Item 2"]
    assert (back["id"], back["path"]) == (gone, "/i/:id/2")
    assert site.shown()["login_page_id"] == gone


def test_strangers_restore_nothing(site: Site, make_user: Any) -> None:
    gone = site.page()
    ok(site.api.delete(f"{PAGES}{gone}/"))
    body = {"trash_item_type": "builder_page", "trash_item_id": gone}
    assert _refused(make_user("Bob").patch("/api/trash/restore/", body)) == "ERROR_USER_NOT_IN_GROUP"


def test_a_copied_page_is_numbered(site: Site) -> None:
    page = site.page("Item", "/i/:id", path_params=[TEXT], query_params=[{"name": "tab", "type": "text"}])
    path = f"{PAGES}{page}/duplicate/async/"
    for number in (2, 3):
        copy = site.run(site.api.post(path, headers=HEADERS))["duplicated_page"]
        assert (copy["name"], copy["path"], copy["order"]) == (f"Item {number}", f"/i/:id/{number}", number)
        assert (copy["path_params"], copy["query_params"]) == ([TEXT], [{"name": "tab", "type": "text"}])
    assert site.do("undo", application=site.id) == "SUCCESS"
    assert list(site.pages()) == ["__shared__", "Item", "Item 2"]
    shared = site.pages()["__shared__"]["id"]
    job = site.run(site.api.post(f"{PAGES}{shared}/duplicate/async/"))
    assert (job["state"], job["duplicated_page"]) == ("failed", None)


def _furnished(site: Site) -> None:
    """All a builder can have."""
    shop, item = site.page(), site.page("Item", "/i/:id", path_params=[TEXT])
    ok(site.api.patch(f"{PAGES}{item}/", {"visibility": "logged-in", "role_type": "allow_all_except", "roles": ["a"]}))
    ok(site.api.post(f"{site.pages_path}order/", {"page_ids": [item, shop]}))
    ok(site.api.patch(f"/api/builder/{site.id}/theme/", {"primary_color": "#010203ff", "body_font_size": 20}))
    scripts = [{"type": "javascript", "url": "https://example.com/a.js", "load_type": "defer"}]
    code = {"css": "h1 {color: red}", "js": "let a = 1"}
    image = {"name": _image(site.api)["name"]}
    site.set(login_page_id=item, favicon_file=image, scripts=scripts, custom_code=code)


def _alike(shown: dict[str, Any]) -> dict[str, Any]:
    """A builder without what every copy has of its own."""
    own = {"id", "builder_id"}
    pages = [{key: value for key, value in page.items() if key not in own} for page in shown["pages"]]
    names = {page["id"]: page["name"] for page in shown["pages"]}
    kept = {key: shown[key] for key in ("favicon_file", "theme", "scripts", "custom_code")}
    return {**kept, "pages": pages, "login": names[shown["login_page_id"]]}


def test_copies_of_builders_have_all_there_is(site: Site) -> None:
    _furnished(site)
    copy = site.duplicate()
    assert copy["name"] == "Site 2"
    assert _alike(copy) == _alike(site.shown())
    assert _alike(copy)["login"] == "Item"
    assert copy["login_page_id"] != site.shown()["login_page_id"]


def test_snapshots_of_builders_are_what_they_were(site: Site) -> None:
    _furnished(site)
    before = _alike(site.shown())
    snapshots = f"/api/snapshots/application/{site.id}/"
    assert site.run(site.api.post(snapshots, {"name": "Monday"}))["state"] == "finished"
    site.page("Later", "/later")
    ok(site.api.patch(f"/api/builder/{site.id}/theme/", {"primary_color": "#ffffffff"}))
    snapshot = ok(site.api.get(snapshots))[0]["id"]
    assert site.run(site.api.post(f"/api/snapshots/{snapshot}/restore/"))["state"] == "finished"
    assert _alike(next(found for found in site.all() if found["name"] == "Monday")) == before


def test_archived_builders_are_what_they_were(site: Site) -> None:
    _furnished(site)
    archive = exported(site.api, site.workspace_id)
    elsewhere = Site(site.api, name="Other")
    made = installed(site.api, elsewhere.workspace_id, archive)
    assert [(one["name"], one["type"]) for one in made] == [("Site", "builder")]
    assert _alike(made[0]) == _alike(site.shown())
    ids = {page["id"] for page in made[0]["pages"]}
    assert made[0]["login_page_id"] in ids
    assert not ids & {page["id"] for page in site.shown()["pages"]}


def test_what_archives_say_of_builders_is_not_trusted(site: Site) -> None:
    page = {"id": 7, "name": "Item", "path": "/i/:id", "path_params": [TEXT], "visibility": "nobody", "order": "x"}
    theme = {"primary_color": 5, "body_font_size": "big", "link_font_size": 20, "page_background_file": {"name": "no"}}
    told = {"id": 1, "type": "builder", "name": "Told", "theme": theme, "pages": [page], "login_page_id": 99}
    with unsigned_accepted():
        made = installed(site.api, site.workspace_id, archive_of({**told, "scripts": "none", "favicon_file": 3}))[0]
        assert [(found["name"], found["visibility"]) for found in made["pages"]] == [
            ("__shared__", "all"),
            ("Item", "all"),
        ]
        defaults = site.shown()["theme"]
        assert made["theme"] == {**defaults, "primary_color": "5", "link_font_size": 20}
        assert (made["login_page_id"], made["scripts"], made["favicon_file"]) == (None, [], None)
        for bad in ({"name": "A"}, {**page, "path": "/x"}, {**page, "id": 0}, [], "a"):
            job = imported(site.api, site.workspace_id, archive_of({**told, "pages": [bad]}))
            assert job["state"] == "failed", bad
        twice = [page, {**page, "id": 8, "name": "Other"}]
        job = imported(site.api, site.workspace_id, archive_of({**told, "pages": twice}))
        assert (job["state"], "same" in job["human_readable_error"]) == ("failed", True)


def test_a_builder_leaves_nothing_behind(site: Site) -> None:
    _furnished(site)
    ok(site.api.delete(site.path))
    ok(site.api.delete(f"/api/trash/workspace/{site.workspace_id}/"))
    remove_due()
    for table in ("page", "builder"):
        assert scalar(f"SELECT count(*) FROM builder.{table} WHERE application_id = %(id)s", id=site.id) == 0


def test_settings_that_do_not_fit_are_refused(site: Site) -> None:
    elsewhere = Site(site.api, site.workspace_id, "Other").page()
    for page in (elsewhere, site.pages()["__shared__"]["id"], 99999999):
        detail = site.api.patch(site.path, {"login_page_id": page})[1]["detail"]
        assert detail["login_page_id"][0]["code"] == "invalid_login_page_id"
    assert _refused(site.api.patch(site.path, {"scripts": [{"type": "applet", "url": "https://example.com"}]}))
    assert _refused(site.api.patch(site.path, {"favicon_file": {"name": "nobody.png"}}))
    assert _refused(site.api.patch(site.path, {"name": "Renamed", "custom_code": "h1 {}"}))
    assert site.shown()["name"] == "Site"


def test_settings_may_be_given_at_the_start(api: Any) -> None:
    assert Site(api, custom_code={"css": "a {}"}).shown()["custom_code"] == {"css": "a {}", "js": ""}


def test_a_renamed_builder_is_recorded_but_not_undone(site: Site) -> None:
    ok(site.api.patch(site.path, {"name": "Renamed"}, headers=HEADERS))
    assert site.do("undo", workspace=site.workspace_id) == "NOTHING_TO_DO"
    done = recorded("action", site.api, "params")[-1]
    assert (done["original_application_name"], done["application_name"]) == ("Site", "Renamed")
    ok(site.api.delete(site.path, headers=HEADERS))
    assert site.do("undo", workspace=site.workspace_id) == "SUCCESS"
    assert site.shown()["name"] == "Renamed"


def test_the_theme_belongs_to_one_builder_and_is_undone(site: Site) -> None:
    other, path = Site(site.api, site.workspace_id, "Other"), f"/api/builder/{site.id}/theme/"
    start = site.shown()["theme"]
    image = _image(site.api)
    changed = ok(site.api.patch(path, {"link_font_size": 20, "page_background_file": image}, headers=HEADERS))
    assert changed == {**start, "link_font_size": 20, "page_background_file": changed["page_background_file"]}
    assert changed["page_background_file"]["url"] == image["url"]
    assert other.shown()["theme"] == start
    assert site.do("undo", application=site.id) == "SUCCESS"
    assert site.shown()["theme"] == start
    assert site.do("redo", application=site.id) == "SUCCESS"
    assert site.shown()["theme"]["link_font_size"] == 20


def test_outsiders_and_visitors_are_kept_out(site: Site, make_user: Any, anonymous: Any) -> None:
    page = site.page()
    for other in (make_user("Bob"), anonymous):
        answers = [
            other.post(site.pages_path, {"name": "A", "path": "/a"}),
            other.post(f"{site.pages_path}order/", {"page_ids": []}),
            other.patch(f"{PAGES}{page}/", {"name": "A"}),
            other.delete(f"{PAGES}{page}/"),
            other.post(f"{PAGES}{page}/duplicate/async/"),
            other.patch(f"/api/builder/{site.id}/theme/", {}),
        ]
        assert {status for status, _ in answers} == {401}


def test_lists_of_applications_take_as_many_statements_whatever_is_in_them(site: Site, count_sql: Any) -> None:
    path = f"{APPLICATIONS}workspace/{site.workspace_id}/"
    with count_sql() as few:
        ok(site.api.get(path))
    for number in range(3):
        other = Site(site.api, site.workspace_id, f"Site {number}", init_with_data=True)
        other.page()
    with count_sql() as many:
        assert len(ok(site.api.get(path))) == 4
    assert len(many) == len(few)


@pytest.fixture
def switched_off(staff: Any) -> Iterator[Any]:
    """Switches the plugin off, and on again afterwards."""
    yield lambda: ok(staff.patch(PLUGINS, {"enabled": False}))
    staff.patch(PLUGINS, {"enabled": True})


def test_builders_stay_readable_while_their_plugin_is_off(site: Site, switched_off: Any) -> None:
    page = site.page()
    before = site.shown()
    switched_off()
    assert site.shown() == before
    assert site.all() == [before]
    status, refused = site.api.patch(f"{PAGES}{page}/", {"name": "A"})
    assert (status, refused["error"]) == (404, "ERROR_PLUGIN_DISABLED")
    assert _refused(site.api.patch(site.path, {"custom_code": {"css": ""}})) == "ERROR_PLUGIN_DISABLED"
    assert _refused(site.api.post(f"{site.path}duplicate/async/")) == "ERROR_PLUGIN_DISABLED"
    body = {"name": "New", "type": "builder"}
    answer = site.api.post(f"{APPLICATIONS}workspace/{site.workspace_id}/", body)
    assert _refused(answer) == "ERROR_PLUGIN_DISABLED"
    assert ok(site.api.patch(site.path, {"name": "Renamed"}))["name"] == "Renamed"
    ok(site.api.delete(site.path))
    ok(site.api.patch("/api/trash/restore/", {"trash_item_type": "application", "trash_item_id": site.id}))
    assert site.pages()["Shop"]["id"] == page
