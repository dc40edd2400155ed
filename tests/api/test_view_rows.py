"""Rows through views: pages, filters and orders of the request, groups, metadata, and what a listing costs."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.viewing import VIEWS, People


@pytest.fixture
def people(api: Any) -> People:
    """People and a grid."""
    return People(api)


def _ids(answer: dict[str, Any]) -> list[int]:
    return [row["id"] for row in answer["results"]]


def test_windows(people: People) -> None:
    assert _ids(people.listed("limit=2&offset=1")) == [2, 3]
    assert _ids(people.listed("size=3&page=2")) == [4]
    assert _ids(people.listed("size=0")) == _ids(people.listed("limit=x&offset=-3")) == [1, 2, 3, 4]
    past = people.listed("limit=2&offset=99")
    assert (past["results"], past["count"], past["next"]) == ([], 4, None)
    assert past["previous"].endswith(f"/grid/{people.grid}/?limit=2&offset=97")
    assert people.listed("count") == {"count": 4}
    assert people.listed("exclude_count=true&limit=1").keys() == {"results"}


def test_filters_and_orders_of_the_request_replace_the_saved_ones(people: People) -> None:
    city, name = people.ids["City"], people.ids["Name"]
    people.add("filters", {"field": city, "type": "equal", "value": "Paris"})
    people.add("sortings", {"field": name, "order": "DESC"})
    assert people.names() == ["Cid", "Ann"]
    assert people.names(f"filter__field_{name}__equal=Bob") == ["Bob"]
    assert people.names(f"order_by=field_{name}") == ["Ann", "Cid"]
    nothing = quote(json.dumps({"filter_type": "AND", "filters": [], "groups": []}))
    assert people.names(f"filters={nothing}") == ["Dee", "Cid", "Bob", "Ann"]
    assert people.names("search=ann&search_mode=compat") == ["Ann"]
    assert people.names("search=Bob") == []


def test_fields_are_chosen_by_id(people: People) -> None:
    name, city = f"field_{people.ids['Name']}", f"field_{people.ids['City']}"
    assert people.listed(f"limit=1&include_fields={city}")["results"][0].keys() == {"id", "order", city}
    assert city not in people.listed(f"limit=1&exclude_fields={city}")["results"][0]
    both = people.listed(f"limit=1&include_fields={name},{people.ids['City']},nonsense")["results"][0]
    assert both.keys() == {"id", "order", name, city}
    assert people.listed("limit=1&include_fields=City")["results"][0].keys() == {"id", "order"}
    gallery = people.view("gallery")
    shown = people.listed(f"include_fields={city}", "gallery", gallery)["results"][0]
    assert name in shown


def test_a_listing_costs_one_query_or_two(people: People, count_sql: Any) -> None:
    for name in range(8):
        people.add_field(people.sheet, f"Number {name}", "number")
    people.add("filters", {"field": people.ids["City"], "type": "not_empty", "value": ""})
    people.ok(*people.api.get(f"{VIEWS}/{people.grid}/field-options/"))
    people.listed()
    costs = (
        ("", 1),
        ("include=field_options", 1),
        ("count", 2),
        ("exclude_count=true", 1),
        ("include=row_metadata", 3),
    )
    for query, most in costs:
        people.listed(query)
        with count_sql() as statements:
            people.listed(query)
        assert len(statements) <= most, (query, statements)


def test_groups_of_the_shown_rows_with_their_whole_counts(people: People, count_sql: Any) -> None:
    city, name = people.ids["City"], people.ids["Name"]
    people.add("group_bys", {"field": city, "order": "DESC"})
    found = people.listed()
    key = f"field_{city}"
    assert _ids(found) == [2, 1, 3, 4]
    groups = found["group_by_metadata"][key]
    assert groups == [{"count": 1, key: "Rome"}, {"count": 2, key: "Paris"}, {"count": 1, key: ""}]
    assert people.listed("limit=2")["group_by_metadata"][key] == groups[:2]
    people.add("group_bys", {"field": name})
    both = people.listed("limit=1")["group_by_metadata"]
    assert both == {key: groups[:1], f"field_{name}": [{"count": 1, key: "Rome", f"field_{name}": "Bob"}]}
    with count_sql() as statements:
        people.listed()
    assert len(statements) <= 3
    assert people.listed("search=Paris")["group_by_metadata"][key] == [{"count": 2, key: "Paris"}]


GROUPED = [
    ("number", {"number_decimal_places": 1}, 1.5, "1.5"),
    ("boolean", {}, True, True),
    ("date", {}, "2024-02-29", "2024-02-29"),
    ("duration", {"duration_format": "h:mm"}, 3600, 3600),
    ("rating", {}, 3, 3),
    ("email", {}, "a@example.com", "a@example.com"),
]


@pytest.mark.parametrize(("kind", "options", "value", "shown"), GROUPED)
def test_groups_of_each_kind(people: People, kind: str, options: dict[str, Any], value: Any, shown: Any) -> None:
    field = people.add_field(people.sheet, "Kind", kind, **options)
    people.write(people.sheet, 2, Kind=value)
    people.add("group_bys", {"field": field, "order": "DESC"})
    found = people.listed()["group_by_metadata"][f"field_{field}"]
    assert found[0] == {"count": 1, f"field_{field}": shown}
    assert sum(group["count"] for group in found) == 4


def test_groups_of_references_are_told_by_ids(people: People) -> None:
    options = [{"value": "x", "color": "red"}, {"value": "y", "color": "blue"}]
    towns = people.table("Towns", [["Town"], ["Bern"], ["Oslo"]])
    values: dict[str, tuple[Any, Any]] = {}
    single = people.add_field(people.sheet, "Single", "single_select", select_options=options)
    many = people.add_field(people.sheet, "Many", "multiple_select", select_options=options)
    people.add_field(people.sheet, "Towns", "link_row", link_row_table_id=towns)
    people.add_field(people.sheet, "People", "multiple_collaborators")
    by_field = {
        field["id"]: [one["id"] for one in field.get("select_options", ())] for field in people.fields(people.sheet)
    }
    user = people.api.user["id"]
    values["Single"] = (by_field[single][0], by_field[single][0])
    values["Many"] = (by_field[many], f"{by_field[many][0]},{by_field[many][1]}")
    values["Towns"] = ([1, 2], "1,2")
    values["People"] = ([{"id": user}], str(user))
    for name, (value, shown) in values.items():
        people.write(people.sheet, 2, **{name: value})
        field = people.ids[name]
        made = people.add("group_bys", {"field": field})
        groups = people.listed()["group_by_metadata"][f"field_{field}"]
        assert {"count": 1, f"field_{field}": shown} in groups, name
        assert len(groups) == 2
        people.ok(*people.api.delete(f"{VIEWS}/group_by/{made['id']}/"))


def test_groups_of_formulas(people: People) -> None:
    options = [{"value": "x", "color": "red"}]
    people.add_field(people.sheet, "Single", "single_select", select_options=options)
    people.add_field(people.sheet, "People", "multiple_collaborators")
    for formula in ("upper(field('City'))", "field('Single')", "field('People')", "1 + 1", "field('City') = 'Rome'"):
        field = people.add_field(people.sheet, f"F {formula}"[:60], "formula", formula=formula)
        status, made = people.api.post(f"{VIEWS}/{people.grid}/group_bys/", {"field": field})
        assert status in (200, 400), made
        if status == 200:
            groups = people.listed()["group_by_metadata"][f"field_{field}"]
            assert sum(group["count"] for group in groups) == 4, formula
            people.ok(*people.api.delete(f"{VIEWS}/group_by/{made['id']}/"))


def test_files_and_lists_cannot_be_grouped(people: People) -> None:
    field = people.add_field(people.sheet, "Files", "file")
    status, answer = people.api.post(f"{VIEWS}/{people.grid}/group_bys/", {"field": field})
    assert (status, answer["error"]) == (400, "ERROR_VIEW_GROUP_BY_FIELD_NOT_SUPPORTED")


def test_linked_rows_can_be_limited(people: People) -> None:
    towns = people.table("Towns", [["Town"], ["Bern"], ["Oslo"], ["Bonn"]])
    link = people.add_field(people.sheet, "Towns", "link_row", link_row_table_id=towns)
    people.write(people.sheet, 1, Towns=[3, 1, 2])
    key = f"field_{link}"

    def shown(query: str) -> list[str]:
        return [one["value"] for one in people.listed(query)["results"][0][key]]

    assert shown("") == shown("limit_linked_items=3") == shown("limit_linked_items=x") == ["Bern", "Oslo", "Bonn"]
    assert shown("limit_linked_items=2") == ["Bern", "Oslo"]


def test_rows_by_ids(people: People) -> None:
    path = f"{VIEWS}/grid/{people.grid}/"
    people.add("filters", {"field": people.ids["Name"], "type": "equal", "value": "nobody"})
    found = people.ok(*people.api.post(path, {"row_ids": [3, 1, 99], "field_ids": [people.ids["City"]]}))
    assert [(row["id"], row.keys()) for row in found] == [
        (1, {"id", "order", f"field_{people.ids['City']}"}),
        (3, {"id", "order", f"field_{people.ids['City']}"}),
    ]
    status, answer = people.api.post(path, {"row_ids": []})
    assert (status, answer["detail"]["row_ids"][0]["code"]) == (400, "empty")


def test_strangers_members_and_other_types(people: People, make_user: Any, anonymous: Any) -> None:
    gallery = people.view("gallery")
    path = f"{VIEWS}/grid/{people.grid}/"
    assert people.api.get(f"{VIEWS}/grid/{gallery}/")[1]["error"] == "ERROR_GRID_DOES_NOT_EXIST"
    assert people.api.get(f"{VIEWS}/gallery/{people.grid}/")[1]["error"] == "ERROR_GALLERY_DOES_NOT_EXIST"
    assert make_user().get(path)[1]["error"] == "ERROR_USER_NOT_IN_GROUP"
    assert anonymous.get(path)[0] == 401
