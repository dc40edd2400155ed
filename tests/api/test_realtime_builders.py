"""What members are told of builders, and who may have their pages open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.api.test_notifications import join
from tests.live import Browser, Live, live
from tests.outbox import deliver
from tests.sites import HEADERS, Site, ok

PAGES = "/api/builder/pages/"


@pytest.fixture
def server(app: Flask) -> Iterator[Live]:
    """A web server with websockets."""
    with live(app) as made:
        yield made


@pytest.fixture
def site(api: Any) -> Site:
    """A builder, of whose making nobody is told any more."""
    made = Site(api)
    deliver()
    return made


@pytest.fixture
def builder(server: Live, site: Site, make_user: Any) -> Browser:
    """Somebody else who builds."""
    return _member(server, site, make_user("Bo"), "BUILDER")


def _member(server: Live, site: Site, who: Any, role: str) -> Browser:
    join(site.api, site.workspace_id, who, role)
    browser = server.open(who)
    browser.told()
    return browser


def _types(browser: Browser) -> list[str]:
    return [message["type"] for message in browser.told()]


def test_pages_are_told_of(site: Site, builder: Browser) -> None:
    first = site.page("First", "/first")
    [told] = builder.told()
    assert told == {"type": "page_created", "page": site.pages()["First"]} and told["page"]["id"] == first
    second = site.page("Second", "/second")
    ok(site.api.patch(f"{PAGES}{first}/", {"name": "Once"}))
    ok(site.api.post(f"/api/builder/{site.id}/pages/order/", {"page_ids": [second, first]}))
    ok(site.api.delete(f"{PAGES}{first}/"))
    created, updated, ordered, deleted = builder.told()
    assert (created["type"], created["page"]["id"]) == ("page_created", second)
    assert (updated["type"], updated["page"]["name"]) == ("page_updated", "Once")
    assert ordered == {"type": "pages_reordered", "builder_id": site.id, "order": [second, first]}
    assert deleted == {"type": "page_deleted", "page_id": first, "builder_id": site.id}
    ok(site.api.patch("/api/trash/restore/", {"trash_item_type": "builder_page", "trash_item_id": first}))
    [restored] = builder.told()
    assert (restored["type"], restored["page"]["id"]) == ("page_created", first)


def test_a_copied_page_is_told_of(site: Site, builder: Browser) -> None:
    first = site.page("First", "/first")
    builder.told()
    site.run(site.api.post(f"{PAGES}{first}/duplicate/async/"))
    [told] = builder.told()
    assert told["type"] == "page_created" and told["page"]["id"] != first


def test_the_theme_is_told_of(site: Site, builder: Browser) -> None:
    theme = ok(site.api.patch(f"/api/builder/{site.id}/theme/", {"primary_color": "#112233ff"}))
    [told] = builder.told()
    assert told == {"type": "theme_updated", "builder_id": site.id, "properties": theme}


def test_only_those_who_see_pages_are_told(server: Live, site: Site, make_user: Any, builder: Browser) -> None:
    viewer = _member(server, site, make_user("Vi"), "VIEWER")
    builder.told()
    page = site.page("First", "/first")
    ok(site.api.patch(f"/api/builder/{site.id}/theme/", {"primary_color": "#112233ff"}))
    assert viewer.told() == []
    assert viewer.ask(page="page", page_id=page)["type"] == "page_refused"
    assert server.open(make_user("Stranger")).ask(page="page", page_id=page)["type"] == "page_refused"
    assert server.open(None).ask(page="page", page_id=page)["type"] == "page_refused"
    assert _types(builder) == ["page_created", "theme_updated"]


def test_an_open_page_is_closed_when_it_is_deleted_or_access_ends(
    server: Live, site: Site, make_user: Any, builder: Browser
) -> None:
    first, second = site.page("First", "/first"), site.page("Second", "/second")
    builder.told()
    builder.page("page", page_id=first).page("page", page_id=second)
    ok(site.api.delete(f"{PAGES}{first}/"))
    told = builder.told()
    assert [one["type"] for one in told] == ["page_deleted", "page_discard"]
    assert told[1]["parameters"] == {"page_id": first}
    people = ok(site.api.get(f"/api/workspaces/users/workspace/{site.workspace_id}/"))
    [member] = [one["id"] for one in people if one["user_id"] != site.api.user["id"]]
    ok(site.api.patch(f"/api/workspaces/users/{member}/", {"permissions": "VIEWER"}))
    discarded = [one for one in builder.told() if one["type"] == "page_discard"]
    assert [one["parameters"] for one in discarded] == [{"page_id": second}]


def test_the_sender_has_its_answer(server: Live, site: Site) -> None:
    mine, other = server.open(site.api), server.open(site.api)
    body = {"name": "First", "path": "/first"}
    ok(site.api.call("POST", site.pages_path, json=body, headers={"WebSocketId": mine.id}))
    assert (_types(mine), _types(other)) == ([], ["page_created"])


def test_elements_are_told_of_where_their_page_is_open(site: Site, builder: Browser) -> None:
    first, second = site.page("First", "/first"), site.page("Second", "/second")
    builder.page("page", page_id=first)
    builder.told()
    ok(site.api.post(f"/api/builder/page/{second}/elements/", {"type": "heading"}))
    made = ok(site.api.post(f"/api/builder/page/{first}/elements/", {"type": "column"}, headers=HEADERS))
    inner = {"type": "text", "parent_element_id": made["id"], "place_in_container": "2"}
    ok(site.api.post(f"/api/builder/page/{first}/elements/", inner))
    path = f"/api/builder/element/{made['id']}/"
    ok(site.api.patch(path, {"column_gap": 1}))
    ok(site.api.patch(path, {"column_amount": 1}))
    ok(site.api.patch(f"{path}move/", {}))
    copies = ok(site.api.post(f"{path}duplicate/"))["elements"]
    ok(site.api.delete(path))
    told = builder.told()
    assert told[0] == {"type": "element_created", "element": made, "before_id": None}
    assert [one["type"] for one in told[1:5]] == [
        "element_created",
        "element_updated",
        "element_updated",
        "element_orders_recalculated",
    ]
    moved, copied, deleted = told[5:]
    assert (moved["type"], moved["element_id"], moved["page_id"]) == ("element_moved", made["id"], first)
    assert copied == {"type": "elements_created", "page_id": first, "elements": copies}
    assert deleted == {"type": "element_deleted", "page_id": first, "element_id": made["id"]}


def test_undone_changes_of_elements_are_told_of(site: Site, builder: Browser) -> None:
    page = site.page("First", "/first")
    builder.page("page", page_id=page)
    ok(site.api.post(f"/api/builder/page/{page}/elements/", {"type": "heading"}, headers=HEADERS))
    builder.told()
    assert site.do("undo", application=site.id) == "SUCCESS"
    assert builder.told() == [{"type": "element_orders_recalculated", "page_id": page}]
