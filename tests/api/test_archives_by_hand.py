"""Archives as others write them: short or with more than is known here, in the words of the format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.archives import archive_of, installed, unsigned_accepted
from tests.tables import Database

Json = dict[str, Any]
VIEWS = "/api/database/views"
OPTIONS = [{"id": 501, "value": "open", "color": "blue", "order": 0}, {"id": 502, "value": "done", "color": "red"}]


def field(number: int, name: str, kind: str, **settings: Any) -> Json:
    """A field as an archive describes it."""
    return {"id": number, "name": name, "type": kind, "order": number, "primary": name == "Name", **settings}


TASKS: Json = {
    "id": 10,
    "name": "Tasks",
    "order": 2,
    "field_rules": [],
    "data_sync": {"type": "ical_calendar", "ical_url": "https://a.example/"},
    "fields": [
        field(101, "Name", "text", read_only=True, immutable_type=True, unknown="x"),
        field(102, "Done", "boolean"),
        field(103, "Cost", "number", number_decimal_places=2, number_prefix="€"),
        field(104, "State", "single_select", select_options=OPTIONS, single_select_default=501),
        field(105, "Marks", "multiple_select", select_options=[{"id": 601, "value": "x", "color": "red"}]),
        field(106, "Due", "date", date_include_time=True, date_format="ISO"),
        field(107, "Owner", "link_row", link_row_table_id=20, link_row_related_field_id=202, has_related_field=True),
        field(108, "Twice", "formula", formula="field('Cost') * 2", formula_type="number", number_decimal_places=2),
        field(109, "Names", "lookup", through_field_id=107, target_field_id=201),
        field(110, "Stars", "rating", max_value=5, color="red", style="star"),
        field(111, "From afar", "type_of_a_plugin", far=True),
        field(112, "Spent", "duration", duration_format="h:mm"),
        field(113, "Part of", "link_row", link_row_table=10, link_row_related_field=None),
    ],
    "views": [
        {
            "id": 1,
            "type": "grid",
            "name": "All",
            "order": 1,
            "public": True,
            "filters": [{"id": 1, "field_id": 104, "type": "single_select_equal", "value": "502", "group": 9}],
            "filter_groups": [{"id": 9, "filter_type": "OR", "parent_group": None}],
            "sortings": [{"id": 1, "field_id": 103, "order": "DESC"}, {"field_id": 999}, "junk"],
            "group_bys": [{"field_id": 104}],
            "field_options": [{"id": 5, "field_id": 103, "width": 300, "hidden": True, "order": 4, "more": 1}],
        },
        {"id": 2, "type": "kanban", "name": "Board", "order": 2, "single_select_field_id": 104, "field_options": []},
        {"id": 3, "type": "gallery", "name": "Cards", "order": 3, "card_cover_image_field_id": 101},
        {"id": 4, "type": "view_of_a_plugin", "name": "Strange"},
    ],
    "rows": [
        {
            "id": 3,
            "order": "2.50000000000000000000",
            "created_on": "2023-01-02T03:04:05.678901+00:00",
            "created_by": "someone@example.com",
            "field_101": " spaces ",
            "field_102": "true",
            "field_103": "12.50",
            "field_104": 502,
            "field_105": [601, 999],
            "field_106": "2024-02-29T10:00:00+00:00",
            "field_107": [2, 1, 77],
            "field_110": "4",
            "field_111": {"far": 1},
            "field_112": 5400,
            "field_113": [3, {"id": 7}],
        },
        {"id": 7, "order": "1.00000000000000000000", "field_101": None, "field_104": "open", "field_103": "much"},
    ],
}
PEOPLE: Json = {
    "id": 20,
    "name": "People",
    "order": 1,
    "fields": [
        field(201, "Name", "text"),
        field(202, "Tasks", "link_row", link_row_table_id=10, link_row_related_field_id=107),
        field(203, "Sum", "rollup", through_field_id=202, target_field_id=103, rollup_function="sum"),
    ],
    "rows": [{"id": 1, "field_201": "Ann"}, {"id": 2, "field_201": "Bob", "field_202": [7]}],
}


@pytest.fixture
def target(api: Any) -> Iterator[Database]:
    """A workspace on an instance that takes archives of anybody."""
    with unsigned_accepted():
        yield Database(api)


def _installed(api: Any, target: Database, *tables: Json) -> dict[str, int]:
    """The tables that are made, by name."""
    archive = archive_of({"id": 1, "type": "database", "name": "Base", "tables": list(tables)})
    (made,) = installed(api, target.workspace_id, archive)
    return {table["name"]: table["id"] for table in made["tables"]}


def test_rows_links_and_what_follows_from_them(api: Any, target: Database) -> None:
    made = _installed(api, target, TASKS, PEOPLE)
    assert list(made) == ["People", "Tasks"]
    first, second = target.rows(made["Tasks"])
    assert (first["id"], second["id"], second["order"]) == (7, 3, "2.50000000000000000000")
    assert (second["Name"], second["Done"], second["Cost"], second["Twice"]) == ("spaces", True, "12.50", "25.00")
    assert (second["State"]["value"], [one["value"] for one in second["Marks"]]) == ("done", ["x"])
    assert (second["Due"], second["Stars"], second["Spent"]) == ("2024-02-29T10:00:00Z", 4, 5400.0)
    assert [one["value"] for one in second["Owner"]] == [one["value"] for one in second["Names"]] == ["Ann", "Bob"]
    assert {one["id"] for one in second["Part of"]} == {3, 7}
    assert (first["Name"], first["Cost"], first["State"]["value"]) == (None, None, "open")
    assert [one["value"] for one in first["Owner"]] == ["Bob"]
    people = target.rows(made["People"])
    assert [row["Sum"] for row in people] == ["12.50", "12.50"]
    new = api.post(f"/api/database/rows/table/{made['Tasks']}/?user_field_names=true", {"Name": "new"})[1]
    assert (new["id"], new["State"]["value"]) == (8, "open")


def test_fields_are_ones_of_this_instance(api: Any, target: Database) -> None:
    made = _installed(api, target, TASKS, PEOPLE)
    fields = {one["name"]: one for one in target.fields(made["Tasks"])}
    assert "From afar" not in fields
    assert not fields["Name"]["read_only"] and fields["Name"]["primary"]
    assert fields["Cost"]["number_prefix"] == "€"
    assert fields["Owner"]["link_row_related_field_id"] == target.fields(made["People"])[1]["id"]
    assert fields["Names"]["through_field_id"] == fields["Owner"]["id"]
    assert fields["State"]["single_select_default"] == fields["State"]["select_options"][0]["id"]
    assert api.get(f"/api/database/tables/{made['Tasks']}/")[1]["data_sync"] is None


def test_views_without_what_makes_no_sense(api: Any, target: Database) -> None:
    made = _installed(api, target, TASKS, PEOPLE)
    fields = {one["name"]: one for one in target.fields(made["Tasks"])}
    path = f"{VIEWS}/table/{made['Tasks']}/?include=filters,sortings,group_bys"
    grid, board, cards = api.get(path)[1]
    assert (grid["name"], grid["public"], grid["owned_by_id"]) == ("All", False, api.user["id"])
    (chosen,), (group,) = grid["filters"], grid["filter_groups"]
    assert (chosen["value"], chosen["group"]) == (str(fields["State"]["select_options"][1]["id"]), group["id"])
    assert [(one["field"], one["order"]) for one in grid["sortings"]] == [(fields["Cost"]["id"], "DESC")]
    assert [(one["field"], one["width"]) for one in grid["group_bys"]] == [(fields["State"]["id"], 200)]
    assert board["single_select_field"] == fields["State"]["id"]
    assert cards["card_cover_image_field"] is None
    options = api.get(f"{VIEWS}/{grid['id']}/field-options/")[1]["field_options"][str(fields["Cost"]["id"])]
    assert (options["width"], options["hidden"], options["order"]) == (300, True, 4)


def test_many_rows(api: Any, target: Database) -> None:
    rows = [{"id": n, "field_201": f"person {n}", "field_202": [n]} for n in range(1, 20_001)]
    tasks = [{"id": n, "field_101": f"task {n}", "field_103": f"{n}"} for n in range(1, 20_001)]
    made = _installed(api, target, {**TASKS, "rows": tasks}, {**PEOPLE, "rows": rows})
    assert target.counted(made["Tasks"]) == target.counted(made["People"]) == 20_000
    path = f"/api/database/rows/table/{made['People']}/20000/?user_field_names=true"
    last = api.get(path)[1]
    assert (last["Name"], last["Tasks"][0]["value"], last["Sum"]) == ("person 20000", "task 20000", "20000.00")
