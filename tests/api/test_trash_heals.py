"""What comes back from the trash fits into what is there by then; what is gone for good leaves nothing."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask

from core.trash.removal import remove_due
from plugin_api.db import begin, connection
from tests.conftest import Api
from tests.everything import everything
from tests.sessions import DONE, NOTHING, Session
from tests.tables import recorded, scalar


class Linked(Session):
    """Tables of people and cities that link each other, with values that follow over the link."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.cities = self.table("Cities", [["Name"], ["Rome"], ["Oslo"]])
        self.people = self.table("People", [["Name"], ["Ann"], ["Bob"]])
        self.link = self.add_field(self.people, "City", "link_row", link_row_table_id=self.cities)
        through = {"through_field_name": "City", "target_field_name": "Name"}
        self.lookup = self.add_field(self.people, "Its name", "lookup", **through)
        self.add_field(self.people, "Shout", "formula", formula="upper(join(field('Its name'), '+'))")
        self.write(self.people, 1, City=["Rome", "Oslo"])
        self.write(self.people, 2, City=["Oslo"])

    def delete(self, path: str) -> None:
        """Delete something."""
        self.ok(*self.api.delete(f"/api/database/{path}"))

    def restore(self, kind: str, item_id: int, parent_id: int | None = None) -> tuple[int, str]:
        """Restore something; status and error code."""
        body = {"trash_item_type": kind, "trash_item_id": item_id, "parent_trash_item_id": parent_id}
        status, answer = self.api.patch("/api/trash/restore/", body)
        return status, "" if answer is None else answer["error"]

    def empty(self) -> None:
        """Empty the trash, and do the worker's part."""
        self.ok(*self.api.delete(f"/api/trash/workspace/{self.workspace_id}/"))
        remove_due()

    def told(self) -> list[tuple[str, list[str], str]]:
        """The people with their cities, as links, lookups and formulas show them."""
        names = [self.column(self.people, name) for name in ("Name", "City", "Its name", "Shout")]
        return [(name, city, shout) for name, city, its, shout in zip(*names, strict=True) if city == its]


@pytest.fixture
def linked(api: Any) -> Linked:
    """The tables."""
    return Linked(api)


BEFORE = [("Ann", ["Rome", "Oslo"], "ROME+OSLO"), ("Bob", ["Oslo"], "OSLO")]


def test_a_linked_row_comes_back_into_links_and_lookups(linked: Linked) -> None:
    linked.delete(f"rows/table/{linked.cities}/1/")
    assert linked.told() == [("Ann", ["Oslo"], "OSLO"), ("Bob", ["Oslo"], "OSLO")]
    assert linked.restore("row", 1, linked.cities) == (204, "")
    assert linked.told() == BEFORE


def test_a_row_comes_back_while_what_it_links_to_is_in_the_trash(linked: Linked) -> None:
    linked.delete(f"rows/table/{linked.people}/1/")
    linked.delete(f"rows/table/{linked.cities}/1/")
    assert linked.restore("row", 1, linked.people) == (204, "")
    assert linked.told()[0] == ("Ann", ["Oslo"], "OSLO")
    assert linked.restore("row", 1, linked.cities) == (204, "")
    assert linked.told() == BEFORE


def test_a_row_comes_back_when_what_it_linked_to_is_gone_for_good(linked: Linked) -> None:
    linked.delete(f"rows/table/{linked.cities}/1/")
    linked.empty()
    linked.delete(f"rows/table/{linked.people}/1/")
    assert linked.restore("row", 1, linked.people) == (204, "")
    assert linked.told()[0] == ("Ann", ["Oslo"], "OSLO")


def test_the_target_of_a_lookup_comes_back(linked: Linked) -> None:
    extra = linked.add_field(linked.cities, "Land", "text")
    linked.write(linked.cities, 1, Land="Italy")
    linked.add_field(linked.people, "Land", "lookup", through_field_name="City", target_field_name="Land")
    before = linked.column(linked.people, "Land")
    assert before == [["Italy", None], [None]]
    linked.delete(f"fields/{extra}/")
    broken = next(field for field in linked.fields(linked.people) if field["name"] == "Land")
    assert broken["error"]
    assert linked.restore("field", extra) == (204, "")
    assert linked.column(linked.people, "Land") == before
    assert next(field for field in linked.fields(linked.people) if field["name"] == "Land")["error"] is None


def test_a_link_waits_for_its_table_and_goes_with_it(linked: Linked) -> None:
    linked.delete(f"fields/{linked.link}/")
    linked.delete(f"tables/{linked.cities}/")
    assert linked.restore("field", linked.link)[0] == 400
    assert linked.restore("table", linked.cities) == (204, "")
    assert linked.restore("field", linked.link) == (204, "")
    assert linked.told() == BEFORE


def test_a_table_comes_back_without_the_table_it_linked_that_is_gone_for_good(linked: Linked) -> None:
    linked.delete(f"tables/{linked.cities}/")
    linked.empty()
    linked.delete(f"tables/{linked.people}/")
    assert linked.restore("table", linked.people) == (204, "")
    assert linked.column(linked.people, "Name") == ["Ann", "Bob"]
    assert "City" not in linked.names(linked.people)
    lookup = next(field for field in linked.fields(linked.people) if field["name"] == "Its name")
    assert lookup["error"]
    linked.row(linked.people, Name="Cid")


def test_two_of_the_same_name_come_back_under_names_of_their_own(linked: Linked) -> None:
    first = linked.add_field(linked.people, "Size", "text")
    linked.delete(f"fields/{first}/")
    second = linked.add_field(linked.people, "Size", "text")
    linked.delete(f"fields/{second}/")
    linked.add_field(linked.people, "Size", "text")
    assert [linked.restore("field", one)[0] for one in (first, second)] == [204, 204]
    sizes = [name for name in linked.names(linked.people) if name.startswith("Size")]
    assert len(set(sizes)) == 3
    assert "Size (Restored)" in sizes


def test_what_is_restored_and_emptied_is_recorded(linked: Linked, api: Any) -> None:
    linked.delete(f"rows/table/{linked.cities}/1/")
    linked.restore("row", 1, linked.cities)
    linked.delete(f"tables/{linked.cities}/")
    linked.empty()
    found = [one for one in recorded("action", api, "params") if "trash" in one["type"]]
    assert [(one["type"], one.get("item_type"), one.get("item_count")) for one in found] == [
        ("restore_from_trash", "row", None),
        ("empty_trash", None, 1),
    ]


def test_undoing_is_not_recorded_as_restoring(linked: Linked, api: Any) -> None:
    linked.delete(f"rows/table/{linked.cities}/1/")
    assert linked.undo() == DONE
    assert not [one for one in recorded("action", api, "params") if one["type"] == "restore_from_trash"]


def test_a_database_with_everything_leaves_nothing_behind(api: Any) -> None:
    base = everything(api).base
    tables = [table["id"] for table in base.tables()]
    fields = [field["id"] for table in tables for field in base.fields(table)]
    with begin():
        sql = "DELETE FROM core.application WHERE workspace_id = %s AND kept_by IS NOT NULL"
        connection().exec_driver_sql(sql, (base.workspace_id,))
    assert api.delete(f"/api/applications/{base.id}/")[0] == 204
    assert api.delete(f"/api/trash/workspace/{base.workspace_id}/")[0] == 204
    remove_due()
    for source, column, ids in (
        ('database."table"', "id", tables),
        ("database.field", "id", fields),
        ("database.select_option", "field_id", fields),
        ("views.view", "table_id", tables),
        ("views.filter", "field_id", fields),
        ("views.sort", "field_id", fields),
        ("views.field_options", "field_id", fields),
        ("data_sync.data_sync", "table_id", tables),
        ("row_comments.comment", "table_id", tables),
        ("webhooks.webhook", "table_id", tables),
        ("field_permissions.field_permission", "field_id", fields),
    ):
        assert scalar(f"SELECT count(*) FROM {source} WHERE {column} = ANY(%(ids)s)", ids=ids) == 0, source


def test_two_undos_at_once_undo_two_things(linked: Linked, app: Flask) -> None:
    for n in range(6):
        linked.row(linked.people, Name=f"New {n}")
    found: list[str] = []

    def undo() -> None:
        other = Api(app.test_client())
        other.headers = dict(linked.api.headers)
        for _ in range(2):
            found.append(other.patch("/api/user/undo/", {"scopes": {"table": linked.people}})[1]["result_code"])

    threads = [threading.Thread(target=undo) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [DONE] * 6
    assert linked.column(linked.people, "Name") == ["Ann", "Bob"]
    for way, last in (("redo", DONE), ("undo", DONE)):
        assert [getattr(linked, way)() for _ in range(6)] == [last] * 6
    assert linked.redo() == DONE
    assert [linked.redo() for _ in range(6)][-1] == NOTHING
