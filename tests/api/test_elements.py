"""Elements of pages over HTTP: places, undo that must not break others, copies, archives, trash, types that are off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.archives import exported, installed
from tests.sites import HEADERS, Site, ok
from tests.tables import run_job

BUILDER, HEADINGS = "/api/builder", "/api/admin/plugins/heading_element/"


class Page(Site):
    """A builder with a page for elements."""

    def __init__(self, api: Any, workspace_id: int | None = None) -> None:
        super().__init__(api, workspace_id)
        self.page_id = self.page()

    def of(self, page_id: int | None = None) -> str:
        """Of the elements of a page."""
        return f"{BUILDER}/page/{page_id or self.page_id}/elements/"

    def add(self, type_name: str = "heading", page_id: int | None = None, **values: Any) -> int:
        """Make an element."""
        return int(ok(self.api.post(self.of(page_id), {"type": type_name, **values}, headers=HEADERS))["id"])

    def change(self, element_id: int, **values: Any) -> dict[str, Any]:
        """Change an element."""
        return dict(ok(self.api.patch(f"{BUILDER}/element/{element_id}/", values, headers=HEADERS)))

    def delete(self, element_id: int) -> None:
        """Delete an element."""
        ok(self.api.delete(f"{BUILDER}/element/{element_id}/", headers=HEADERS))

    def elements(self, page_id: int | None = None) -> list[dict[str, Any]]:
        """The elements of a page."""
        return list(ok(self.api.get(self.of(page_id))))

    def tree(self, page_id: int | None = None) -> list[tuple[Any, ...]]:
        """What is where, without ids."""
        found = self.elements(page_id)
        place = {one["id"]: n for n, one in enumerate(found)}
        keys = ("type", "order", "place_in_container", "style_padding_top", "styles")
        return [(*(one[key] for key in keys), place.get(one["parent_element_id"]), one.get("value")) for one in found]


@pytest.fixture
def site(api: Any) -> Page:
    """A page without elements."""
    return Page(api)


def test_orders_between_neighbours_never_run_out(site: Page) -> None:
    last = site.add(value="'last'")
    made = [site.add(value=f"'{n}'", before_id=last) for n in range(60)]
    assert [one["id"] for one in site.elements()] == [*made, last]
    first = made[0]
    made = [site.add(before_id=first) for _ in range(30)]
    assert [one["id"] for one in site.elements()][:31] == [*made, first]


def test_an_element_cannot_be_in_itself(site: Page) -> None:
    outer = site.add("simple_container")
    inner = site.add("simple_container", parent_element_id=outer)
    status, answer = site.api.patch(f"{BUILDER}/element/{outer}/move/", {"parent_element_id": inner})
    assert (status, len(answer)) == (400, 1)
    assert site.api.patch(f"{BUILDER}/element/{outer}/move/", {"parent_element_id": outer})[0] == 400


def test_before_an_element_elsewhere_is_refused(site: Page) -> None:
    inner = site.add(parent_element_id=site.add("simple_container"))
    assert site.api.post(site.of(), {"type": "text", "before_id": inner})[0] == 400


def test_undo_does_not_take_what_others_put_into_an_element(site: Page) -> None:
    box = site.add("simple_container")
    body = {"type": "heading", "parent_element_id": box}
    ok(site.api.post(site.of(), body, headers={"ClientSessionId": "other"}))
    assert site.do("undo", application=site.id) == "SKIPPED_DUE_TO_ERROR"
    assert len(site.elements()) == 2


def test_undo_does_not_bring_back_what_has_no_place_any_more(site: Page) -> None:
    box = site.add("simple_container")
    site.delete(site.add(parent_element_id=box))
    ok(site.api.delete(f"{BUILDER}/element/{box}/", headers={"ClientSessionId": "other"}))
    assert site.do("undo", application=site.id) == "SKIPPED_DUE_TO_ERROR"
    assert site.elements() == []


def test_fewer_columns_are_undone_with_all_that_moved(site: Page) -> None:
    columns = site.add("column", column_amount=3)
    for place in "012":
        site.add(value=place, parent_element_id=columns, place_in_container=place)
    before = site.tree()
    site.change(columns, column_amount=1)
    after = site.tree()
    assert {one[2] for one in after} == {None, "0"}
    assert site.do("undo", application=site.id) == "SUCCESS"
    assert site.tree() == before
    assert site.do("redo", application=site.id) == "SUCCESS"
    assert site.tree() == after


def furnished(site: Page) -> None:
    """Elements of every kind of reference: in each other, to pages, on the shared page."""
    other = site.page("Other", "/other")
    form = site.add("form_container", parent_element_id=site.add("column"), place_in_container="1")
    site.add("choice", parent_element_id=form, options=[{"name": "A", "value": "a"}])
    site.add("link", navigate_to_page_id=other, style_padding_top=3)
    site.add("button", styles={"button": {"button_font_size": 20}})
    item = {"uid": "a", "name": "A", "navigate_to_page_id": other}
    shared = site.pages()["__shared__"]["id"]
    header = site.add("header", shared, share_type="only", pages=[other])
    site.add("menu", shared, parent_element_id=header, menu_items=[{**item, "children": [{**item, "uid": "b"}]}])


def leads_to(site: Page, shown: dict[str, Any]) -> list[str]:
    """The names of the pages the elements of a builder lead to."""
    names = {page["id"]: page["name"] for page in shown["pages"]}
    found = [one for page in shown["pages"] for one in site.elements(page["id"])]
    targets = [one["navigate_to_page_id"] for one in found if one["type"] == "link"]
    for menu in (one for one in found if one["type"] == "menu"):
        targets += [menu["menu_items"][0]["navigate_to_page_id"]]
        targets += [menu["menu_items"][0]["children"][0]["navigate_to_page_id"]]
    targets += [page for one in found if one["type"] == "header" for page in one["pages"]]
    return [names[target] for target in targets]


def trees(site: Page, shown: dict[str, Any]) -> list[Any]:
    """What is where on every page of a builder."""
    return [site.tree(page["id"]) for page in shown["pages"]]


def test_copies_of_builders_have_everything(site: Page) -> None:
    furnished(site)
    copy = site.duplicate()
    assert trees(site, copy) == trees(site, site.shown())
    assert leads_to(site, copy) == ["Other"] * 4


def test_copies_of_pages_have_everything(site: Page) -> None:
    furnished(site)
    job = ok(site.api.post(f"{BUILDER}/pages/{site.page_id}/duplicate/async/"))["id"]
    run_job(job)
    copy = ok(site.api.get(f"/api/jobs/{job}/"))["duplicated_page"]["id"]
    assert site.tree(copy) == site.tree()


def test_archives_have_everything(site: Page) -> None:
    furnished(site)
    (found,) = installed(site.api, site.workspace_id, exported(site.api, site.workspace_id))
    assert trees(site, found) == trees(site, site.shown())
    assert leads_to(site, found) == ["Other"] * 4


def test_links_to_pages_in_the_trash_lead_nowhere_until_they_are_back(site: Page) -> None:
    other = site.page("Other", "/other")
    link = site.add("link", navigate_to_page_id=other)
    ok(site.api.delete(f"{BUILDER}/pages/{other}/", headers=HEADERS))
    assert site.elements()[0]["navigate_to_page_id"] is None
    site.change(link, value="'a'")
    assert site.do("undo", application=site.id) == "SUCCESS"
    assert site.do("undo", application=site.id) == "SUCCESS"
    assert site.elements()[0]["navigate_to_page_id"] == other


def test_elements_of_pages_in_the_trash_are_gone(site: Page) -> None:
    made = site.add()
    ok(site.api.delete(f"{BUILDER}/pages/{site.page_id}/", headers=HEADERS))
    for answer in (
        site.api.patch(f"{BUILDER}/element/{made}/", {"value": ""}),
        site.api.delete(f"{BUILDER}/element/{made}/"),
    ):
        assert (answer[0], answer[1]["error"]) == (404, "ERROR_ELEMENT_DOES_NOT_EXIST")


def test_listing_costs_the_same_for_many(site: Page, count_sql: Any) -> None:
    counts = []
    for _ in range(2):
        box = site.add("simple_container")
        for _ in range(5):
            site.add("link", parent_element_id=box)
        with count_sql() as statements:
            site.elements()
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 4


@pytest.fixture
def headings_off(staff: Any) -> Iterator[Any]:
    """Switches headings off, and on again afterwards."""
    yield lambda: ok(staff.patch(HEADINGS, {"enabled": False}))
    staff.patch(HEADINGS, {"enabled": True})


def test_types_that_are_off_stay_readable(site: Page, headings_off: Any) -> None:
    heading = site.add()
    headings_off()
    assert site.api.post(site.of(), {"type": "heading"})[1]["error"] == "ERROR_PLUGIN_DISABLED"
    assert site.elements()[0]["level"] == 1
    assert site.change(heading, level=2)["level"] == 2
