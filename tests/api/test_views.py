"""Views over HTTP: making, changing, ordering, copying and deleting them, and the rows they show."""

from __future__ import annotations

from typing import Any

import pytest

from plugin_api.db import begin, connection
from tests.sessions import DONE, Session
from tests.tables import run_job

VIEWS = "/api/database/views"


class Viewing(Session):
    """A table of three people and its grid."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.sheet = self.table("People", [["Name", "City"], ["Ann", "Rome"], ["Bob", "Paris"], ["Cid", "Rome"]])
        self.ids = {field["name"]: field["id"] for field in self.fields(self.sheet)}
        self.grid = self.views()[0]["id"]

    def views(self, include: str = "", table: int | None = None) -> list[dict[str, Any]]:
        """The views of the table."""
        return list(self.ok(*self.api.get(f"{VIEWS}/table/{table or self.sheet}/?include={include}")))

    def add(self, path: str, body: dict[str, Any], view: int | None = None) -> int:
        """Add a part to a view."""
        return int(self.ok(*self.api.post(f"{VIEWS}/{view or self.grid}/{path}/", body))["id"])

    def shown(self, view: int | None = None) -> list[str]:
        """The names of the rows a view shows."""
        path = f"/api/database/rows/table/{self.sheet}/?user_field_names=true&view_id={view or self.grid}"
        return [row["Name"] for row in self.ok(*self.api.get(path))["results"]]

    def parts(self, view: int | None = None) -> dict[str, Any]:
        """All parts of a view without their ids."""
        path = f"{VIEWS}/{view or self.grid}/?include=filters,sortings,group_bys"
        found = self.ok(*self.api.get(path))
        keys = ("filters", "filter_groups", "sortings", "group_bys")
        return {key: [{k: v for k, v in one.items() if k not in ("id", "view")} for one in found[key]] for key in keys}


@pytest.fixture
def people(api: Any) -> Viewing:
    """People and a grid."""
    return Viewing(api)


def test_every_table_has_a_grid(people: Viewing) -> None:
    assert [(view["name"], view["type"], view["order"]) for view in people.views()] == [("Grid", "grid", 1)]
    plain = people.table()
    assert [view["name"] for view in people.views(table=plain)] == ["Grid"]


def test_filters_groups_and_sortings_decide_about_rows(people: Viewing) -> None:
    people.add("filters", {"field": people.ids["City"], "type": "equal", "value": "Rome"})
    people.add("sortings", {"field": people.ids["Name"], "order": "DESC"})
    assert people.shown() == ["Cid", "Ann"]
    group = people.add("filter-groups", {"filter_type": "OR"})
    for name in ("Ann", "Bob"):
        people.add("filters", {"field": people.ids["Name"], "type": "equal", "value": name, "group": group})
    assert people.shown() == ["Ann"]
    people.ok(*people.api.patch(f"{VIEWS}/{people.grid}/", {"filter_type": "OR"}))
    assert people.shown() == ["Cid", "Bob", "Ann"]
    people.ok(*people.api.delete(f"{VIEWS}/filter-group/{group}/"))
    assert people.shown() == ["Cid", "Ann"]
    people.ok(*people.api.patch(f"{VIEWS}/{people.grid}/", {"filters_disabled": True}))
    assert people.shown() == ["Cid", "Bob", "Ann"]


def test_everything_is_undone_and_redone(people: Viewing) -> None:
    states = [(people.parts(), people.views())]

    def note() -> None:
        states.append((people.parts(), people.views()))

    group = people.add("filter-groups", {"filter_type": "OR"})
    note()
    one = people.add("filters", {"field": people.ids["Name"], "type": "equal", "value": "Ann", "group": group})
    note()
    people.ok(*people.api.patch(f"{VIEWS}/filter/{one}/", {"value": "Bob"}))
    note()
    people.ok(*people.api.delete(f"{VIEWS}/filter-group/{group}/"))
    note()
    sort = people.add("sortings", {"field": people.ids["Name"]})
    note()
    people.ok(*people.api.patch(f"{VIEWS}/sort/{sort}/", {"order": "DESC"}))
    note()
    people.ok(*people.api.delete(f"{VIEWS}/sort/{sort}/"))
    note()
    people.add("group_bys", {"field": people.ids["City"]})
    note()
    people.ok(*people.api.patch(f"{VIEWS}/{people.grid}/", {"name": "Main", "row_height_size": "large"}))
    note()
    for state in reversed(states[:-1]):
        assert people.undo() == DONE
        assert (people.parts(), people.views()) == state
    for state in states[1:]:
        assert people.redo() == DONE
        assert (people.parts(), people.views()) == state


def test_views_come_go_and_change_places(people: Viewing) -> None:
    body = {"name": "Cards", "type": "gallery"}
    cards = people.ok(*people.api.post(f"{VIEWS}/table/{people.sheet}/", body))["id"]
    people.ok(*people.api.post(f"{VIEWS}/table/{people.sheet}/order/", {"view_ids": [cards, people.grid]}))
    people.ok(*people.api.delete(f"{VIEWS}/{cards}/"))
    names = [["Grid"], ["Cards", "Grid"], ["Grid", "Cards"], ["Grid"]]
    for expected in names[1:]:
        assert people.undo() == DONE
        assert [view["name"] for view in people.views()] == expected
    for expected in reversed(names[:-1]):
        assert people.redo() == DONE
        assert [view["name"] for view in people.views()] == expected
    item = {"trash_item_type": "view", "trash_item_id": cards}
    assert people.api.patch("/api/trash/restore/", item)[0] == 204
    assert [view["name"] for view in people.views()] == ["Cards", "Grid"]


def test_a_copy_has_all_that_the_original_has(people: Viewing) -> None:
    group = people.add("filter-groups", {"filter_type": "OR"})
    inner = people.add("filter-groups", {"parent_group": group})
    people.add("filters", {"field": people.ids["City"], "type": "equal", "value": "Rome", "group": inner})
    people.add("sortings", {"field": people.ids["Name"], "order": "DESC"})
    options = {"field_options": {str(people.ids["City"]): {"width": 321, "hidden": True}}}
    people.ok(*people.api.patch(f"{VIEWS}/{people.grid}/field-options/", options))
    copy = people.ok(*people.api.post(f"{VIEWS}/{people.grid}/duplicate/"))
    assert (copy["name"], copy["order"], copy["public"]) == ("Grid 2", 2, False)
    assert people.shown(copy["id"]) == ["Cid", "Ann"]
    read = people.ok(*people.api.get(f"{VIEWS}/{copy['id']}/field-options/"))["field_options"]
    assert read[str(people.ids["City"])]["width"] == 321


def test_a_copied_table_has_copies_of_its_views(people: Viewing) -> None:
    people.add("filters", {"field": people.ids["City"], "type": "equal", "value": "Rome"})
    people.add("sortings", {"field": people.ids["Name"], "order": "DESC"})
    job = people.ok(*people.api.post(f"/api/database/tables/{people.sheet}/duplicate/async/"))
    run_job(job["id"])
    copy = people.tables()[1]["id"]
    fields = {field["name"]: field["id"] for field in people.fields(copy)}
    view = people.views("filters,sortings", copy)[0]
    assert [found["field"] for found in (*view["filters"], *view["sortings"])] == [fields["City"], fields["Name"]]


def test_parts_follow_their_fields(people: Viewing) -> None:
    people.add("filters", {"field": people.ids["City"], "type": "contains", "value": "o"})
    people.add("sortings", {"field": people.ids["City"]})
    before = people.parts()
    people.change(people.ids["City"], type="boolean")
    assert [len(found) for found in people.parts().values()] == [0, 0, 1, 0]
    assert people.undo() == DONE
    assert people.parts() == before
    people.ok(*people.api.delete(f"/api/database/fields/{people.ids['City']}/"))
    assert [len(found) for found in people.parts().values()] == [0, 0, 0, 0]
    assert people.undo() == DONE
    assert people.parts() == before


def test_personal_views_are_their_owners(people: Viewing, make_user: Any) -> None:
    body = {"name": "Mine", "type": "grid", "ownership_type": "personal"}
    mine = people.ok(*people.api.post(f"{VIEWS}/table/{people.sheet}/", body))["id"]
    other = make_user()
    with begin():
        connection().exec_driver_sql(
            "INSERT INTO core.membership (workspace_id, user_id, permissions) VALUES (%(w)s, %(u)s, 'ADMIN')",
            {"w": people.workspace_id, "u": other.user["id"]},
        )
    assert [view["name"] for view in other.get(f"{VIEWS}/table/{people.sheet}/")[1]] == ["Grid"]
    assert other.get(f"{VIEWS}/{mine}/")[0] == 401
    assert other.delete(f"{VIEWS}/{mine}/")[0] == 401
    rows = f"/api/database/rows/table/{people.sheet}/?view_id={mine}"
    assert other.get(rows)[0] == 401


def test_what_does_not_fit_is_refused(people: Viewing) -> None:
    grid, other = people.grid, people.table("Other", [["X"], ["1"]])
    strange = people.fields(other)[0]["id"]
    flag = people.add_field(people.sheet, "Flag", "boolean")
    files = people.add_field(people.sheet, "Files", "file")
    people.add("sortings", {"field": people.ids["Name"]})
    refusals = [
        ("filters", {"field": strange, "type": "equal", "value": ""}, "ERROR_FIELD_NOT_IN_TABLE"),
        ("filters", {"field": flag, "type": "contains"}, "ERROR_VIEW_FILTER_TYPE_UNSUPPORTED_FIELD"),
        ("filters", {"field": flag, "type": "boolean", "group": 0}, "ERROR_VIEW_FILTER_GROUP_DOES_NOT_EXIST"),
        ("sortings", {"field": people.ids["Name"]}, "ERROR_VIEW_SORT_FIELD_ALREADY_EXISTS"),
        ("sortings", {"field": files}, "ERROR_VIEW_SORT_FIELD_NOT_SUPPORTED"),
        ("sortings", {"field": people.ids["City"], "type": "order"}, "ERROR_VIEW_SORT_FIELD_NOT_SUPPORTED"),
    ]
    for path, body, code in refusals:
        assert people.api.post(f"{VIEWS}/{grid}/{path}/", body)[1]["error"] == code, body
    cards = people.ok(*people.api.post(f"{VIEWS}/table/{people.sheet}/", {"name": "C", "type": "gallery"}))["id"]
    body = {"field": people.ids["Name"]}
    assert people.api.post(f"{VIEWS}/{cards}/group_bys/", body)[1]["error"] == "ERROR_VIEW_GROUP_BY_NOT_SUPPORTED"
    cover = {"card_cover_image_field": people.ids["Name"]}
    assert people.api.patch(f"{VIEWS}/{cards}/", cover)[1]["error"] == "ERROR_INCOMPATIBLE_FIELD"


def test_reading_views_costs_the_same_for_many(people: Viewing, count_sql: Any) -> None:
    def cost() -> int:
        with count_sql() as statements:
            people.views("filters,sortings,group_bys")
        return len(statements)

    few = cost()
    for n in range(5):
        view = people.ok(*people.api.post(f"{VIEWS}/table/{people.sheet}/", {"name": f"v{n}", "type": "grid"}))["id"]
        people.add("filters", {"field": people.ids["City"], "type": "equal", "value": "Rome"}, view)
    assert cost() == few


def test_filters_in_copies_of_tables_are_about_the_options_of_the_copy(people: Viewing) -> None:
    options = [{"value": "Red", "color": "red"}, {"value": "Blue", "color": "blue"}]
    color = people.add_field(people.sheet, "Color", "single_select", select_options=options)
    people.write(people.sheet, 2, Color="Blue")
    red, blue = (
        one["id"] for one in next(f for f in people.fields(people.sheet) if f["id"] == color)["select_options"]
    )
    people.add("filters", {"field": color, "type": "single_select_is_any_of", "value": f"{red}, {blue}"})
    people.add("filters", {"field": people.ids["Name"], "type": "contains_not", "value": str(blue)})
    assert people.shown() == ["Bob"]
    before = {table["id"] for table in people.tables()}
    people.run(people.api.post(f"/api/database/tables/{people.sheet}/duplicate/async/"))
    (copy,) = {table["id"] for table in people.tables()} - before
    grid = people.views("filters", copy)[0]
    assert [found["value"] for found in grid["filters"]][1] == str(blue)
    path = f"/api/database/rows/table/{copy}/?user_field_names=true&view_id={grid['id']}"
    assert [row["Name"] for row in people.ok(*people.api.get(path))["results"]] == ["Bob"]
