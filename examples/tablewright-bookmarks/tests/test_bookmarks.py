"""Bookmarks over HTTP: making and changing them, undo, the trash, copies, snapshots and imports."""

from __future__ import annotations

from typing import Any

from tablewright_bookmarks.importing import links

from plugin_api.testing import Bench, Instance

FILE = """<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><p>
<DT><A HREF="https://example.com/one">One &amp; only</A>
<DT><A HREF="https://example.com/two"></A>
<DT><A HREF="javascript:alert(1)">A script</A>
</DL>"""


class Bookmarks:
    """An application of bookmarks."""

    def __init__(self, instance: Instance) -> None:
        self.bench = Bench(instance)
        body = {"name": "Links", "type": "bookmarks"}
        self.id = int(self.bench.done("POST", f"/api/applications/workspace/{self.bench.workspace_id}/", body)["id"])

    def add(self, title: str, url: str = "https://example.com/") -> dict[str, Any]:
        """Make a bookmark."""
        return dict(self.bench.done("POST", f"/api/bookmarks/application/{self.id}/", {"title": title, "url": url}))

    def titles(self, query: str = "", application_id: int = 0) -> list[str]:
        """What the bookmarks are called."""
        listed = self.bench.done("GET", f"/api/bookmarks/application/{application_id or self.id}/{query}")
        return [str(found["title"]) for found in listed["results"]]


def test_bookmarks_are_made_listed_and_counted(instance: Instance) -> None:
    found = Bookmarks(instance)
    for title in ("One", "Two", "100% three"):
        found.add(title)
    assert found.titles() == ["One", "Two", "100% three"]
    assert found.titles("?search=0%25") == ["100% three"]
    assert found.titles("?limit=1&offset=1") == ["Two"]
    assert found.bench.done("GET", f"/api/applications/{found.id}/")["bookmark_count"] == 3


def test_every_change_is_undone_and_redone(instance: Instance) -> None:
    found = Bookmarks(instance)
    made = found.add("One")
    found.bench.undo()
    assert found.titles() == []
    found.bench.redo()
    found.bench.done("PATCH", f"/api/bookmarks/{made['id']}/", {"title": "Uno", "note": "In Spanish"})
    found.bench.undo()
    assert found.titles() == ["One"]
    found.bench.redo()
    assert found.titles() == ["Uno"]
    found.bench.done("DELETE", f"/api/bookmarks/{made['id']}/")
    found.bench.undo()
    assert found.titles() == ["Uno"]
    found.bench.redo()
    assert found.titles() == []


def test_deleted_bookmarks_are_in_the_trash(instance: Instance) -> None:
    found = Bookmarks(instance)
    made = found.add("One")
    found.bench.done("DELETE", f"/api/bookmarks/{made['id']}/")
    trash = found.bench.done("GET", f"/api/trash/workspace/{found.bench.workspace_id}/?application_id={found.id}")
    (item,) = trash["results"]
    assert (item["name"], item["trash_item_type"], item["parent_name"]) == ("One", "bookmark", "Links")
    assert found.bench.ask("PATCH", f"/api/bookmarks/{made['id']}/", {"title": "Two"})[0] == 404
    found.bench.done("PATCH", "/api/trash/restore/", {"trash_item_type": "bookmark", "trash_item_id": made["id"]})
    assert found.titles() == ["One"]


def test_the_file_of_a_browser_is_imported_and_taken_out_again(instance: Instance) -> None:
    found = Bookmarks(instance)
    ended = found.bench.job("/api/jobs/", {"type": "import_bookmarks", "application_id": found.id, "html": FILE})
    assert (ended["imported"], ended["refused"]) == (2, 1)
    assert found.titles() == ["One & only", "https://example.com/two"]
    found.bench.undo()
    assert found.titles() == []
    found.bench.redo()
    found.bench.undo()
    assert found.titles() == []


def test_copies_and_snapshots_have_the_bookmarks(instance: Instance) -> None:
    found = Bookmarks(instance)
    found.add("One")
    found.bench.done("DELETE", f"/api/bookmarks/{found.add('Two')['id']}/")
    copied = found.bench.job(f"/api/applications/{found.id}/duplicate/async/", {})["duplicated_application"]
    assert found.titles(application_id=copied["id"]) == ["One"]
    taken = found.bench.job(f"/api/snapshots/application/{found.id}/", {"name": "Then"})["snapshot"]
    found.bench.done("DELETE", f"/api/bookmarks/{found.add('Three')['id']}/")
    found.bench.job(f"/api/snapshots/{taken['id']}/restore/", {})
    there = found.bench.done("GET", f"/api/applications/workspace/{found.bench.workspace_id}/")
    (restored,) = [one for one in there if one["name"] == "Then"]
    assert found.titles(application_id=restored["id"]) == ["One"]


def test_what_makes_no_sense_is_refused(instance: Instance) -> None:
    found = Bookmarks(instance)
    path = f"/api/bookmarks/application/{found.id}/"
    assert found.bench.ask("POST", path, {"title": "One", "url": "javascript:alert(1)"})[0] == 400
    assert found.bench.ask("POST", path, {"url": "https://example.com/"})[0] == 400
    assert found.bench.ask("GET", f"/api/bookmarks/application/{found.bench.database_id}/")[0] == 404
    assert found.bench.ask("DELETE", "/api/bookmarks/0/")[0] == 404
    body = {"type": "import_bookmarks", "application_id": found.bench.database_id, "html": FILE}
    assert found.bench.ask("POST", "/api/jobs/", body)[0] == 404
    assert found.titles() == []


def test_only_links_that_lead_somewhere_are_bookmarks() -> None:
    good, refused = links(FILE + "<a>No address</a><a href='https://example.com/a b'>Spaces</a>")
    assert [link["url"] for link in good] == ["https://example.com/one", "https://example.com/two"]
    assert refused == 2
