"""Figures about fields: each type on each kind of value, at the foot of grids, all by one query."""

from __future__ import annotations

from typing import Any

import pytest

from plugin_api.aggregations import aggregation_type
from plugin_api.platform import registry
from tests.viewing import VIEWS, People
from tests.world import World


@pytest.fixture
def people(api: Any) -> People:
    """People and a grid."""
    return People(api)


def test_figures_about_numbers(people: People) -> None:
    field = people.add_field(people.sheet, "Age", "number", number_decimal_places=1)
    for row_id, age in ((1, 30), (2, 40), (3, 50.5)):
        people.write(people.sheet, row_id, Age=age)

    def figure(name: str) -> Any:
        path = f"{VIEWS}/grid/{people.grid}/aggregation/{field}/?type={name}"
        return people.ok(*people.api.get(path))["value"]

    assert {name: figure(name) for name in ("count", "empty_count", "not_empty_count", "unique_count")} == {
        "count": 4,
        "empty_count": 1,
        "not_empty_count": 3,
        "unique_count": 3,
    }
    assert [figure(name) for name in ("min", "max", "sum", "median")] == [30, 50.5, 120.5, 40]
    assert figure("average") == pytest.approx(40.166667, abs=1e-5)
    assert figure("variance") == pytest.approx(70.055556, abs=1e-5)
    assert figure("std_dev") == pytest.approx(8.369919, abs=1e-5)
    assert figure("decile")[4] == 40
    assert len(figure("decile")) == 9
    assert figure("distribution") == [[30.0, 1], [40.0, 1], [50.5, 1], [None, 1]]


def test_the_commonest_values_come_first_and_are_ten_at_most(people: People) -> None:
    path = f"{VIEWS}/grid/{people.grid}/aggregation/{people.ids['City']}/?type=distribution&include=total"
    assert people.ok(*people.api.get(path)) == {"value": [["Paris", 2], ["", 1], ["Rome", 1]], "total": 4}
    for number in range(12):
        people.row(people.sheet, City=f"City {number}")
    found = people.ok(*people.api.get(path))
    assert (len(found["value"]), found["total"]) == (10, 16)


def test_figures_about_durations_and_moments(people: People) -> None:
    people.add_field(people.sheet, "Span", "duration", duration_format="h:mm:ss")
    people.add_field(people.sheet, "Day", "date")
    people.add_field(people.sheet, "Moment", "date", date_include_time=True)
    people.write(people.sheet, 1, Span=90, Day="2024-02-29", Moment="2024-02-29T10:00:00Z")
    people.write(people.sheet, 2, Span=30, Day="2020-01-01", Moment="2020-01-01T10:00:00Z")

    def figure(name: str, kind: str) -> Any:
        path = f"{VIEWS}/grid/{people.grid}/aggregation/{people.ids[name]}/?type={kind}"
        return people.ok(*people.api.get(path))["value"]

    assert [figure("Span", kind) for kind in ("sum", "average", "min", "max", "median")] == [120, 60, 30, 90, 60]
    assert [figure("Day", kind) for kind in ("min", "max")] == ["2020-01-01", "2024-02-29"]
    assert figure("Moment", "max") == "2024-02-29T10:00:00Z"
    assert people.api.get(f"{VIEWS}/grid/{people.grid}/aggregation/{people.ids['Day']}/?type=sum")[0] == 400


def test_every_figure_about_every_type_of_field(api: Any) -> None:
    world = World(api)
    api.post(f"/api/database/rows/table/{world.table_id}/", world.row())
    types = {field["id"]: field["type"] for field in world.base.fields(world.table_id)}
    for field_id, kind in types.items():
        for name in registry("aggregation_types"):
            path = f"{VIEWS}/grid/{world.view_id}/aggregation/{field_id}/?type={name}"
            status, answer = api.get(path)
            assert (status, answer.get("error")) in (
                (200, None),
                (400, "ERROR_AGGREGATION_TYPE_DOES_NOT_EXIST"),
            ), f"{name} of {kind}: {answer}"
            if name in ("count", "empty_count", "not_empty_count"):
                assert status == 200, f"{name} of {kind}"


def test_empty_and_not_empty_make_up_all_rows(api: Any) -> None:
    world = World(api)
    api.post(f"/api/database/rows/table/{world.table_id}/", world.row())
    for field_id in world.fields.values():
        path = f"{VIEWS}/grid/{world.view_id}/aggregation/{field_id}/"
        counts = [api.get(f"{path}?type={name}")[1]["value"] for name in ("empty_count", "not_empty_count", "count")]
        assert counts[0] + counts[1] == counts[2], field_id


def test_the_foot_of_a_grid_costs_two_queries(people: People, count_sql: Any) -> None:
    for number in range(10):
        people.add_field(people.sheet, f"N{number}", "number")
    kinds = ("sum", "average", "median", "distribution", "unique_count")
    wanted = {f"N{n}": {"aggregation_raw_type": kinds[n % 5], "aggregation_type": kinds[n % 5]} for n in range(10)}
    people.settings(people.grid, **wanted)
    path = f"{VIEWS}/grid/{people.grid}/aggregations/?include=total"
    people.ok(*people.api.get(path))
    with count_sql() as statements:
        found = people.ok(*people.api.get(path))
    assert len(statements) == 2, statements
    assert (len(found), found["total"]) == (11, 4)


def test_a_figure_that_does_not_fit_is_out_of_sight_until_it_fits_again(people: People) -> None:
    field = people.add_field(people.sheet, "Age", "number")
    people.write(people.sheet, 1, Age=5)
    people.settings(people.grid, Age={"aggregation_raw_type": "sum", "aggregation_type": "sum"})
    path = f"{VIEWS}/grid/{people.grid}/aggregations/"
    assert people.ok(*people.api.get(path)) == {f"field_{field}": 5}
    people.change(field, type="text")
    assert people.ok(*people.api.get(path)) == {}
    options = people.listed("include=field_options")["field_options"][str(field)]
    assert (options["aggregation_raw_type"], options["aggregation_type"]) == ("", "")
    people.undo()
    assert people.ok(*people.api.get(path)) == {f"field_{field}": 5}


def test_settings_take_only_figures_that_exist(people: People) -> None:
    body = {"field_options": {str(people.ids["City"]): {"aggregation_raw_type": "nope"}}}
    status, answer = people.api.patch(f"{VIEWS}/{people.grid}/field-options/", body)
    assert (status, answer["detail"]["field_options"][0]["code"]) == (400, "invalid_value")


def test_a_type_of_a_plugin_that_is_off_is_none(people: People, staff: Any) -> None:
    plugin = "/api/admin/plugins/aggregations/"
    assert staff.patch(plugin, {"enabled": False})[0] == 200
    try:
        assert aggregation_type("sum") is None
        people.settings(people.grid, City={"aggregation_raw_type": "count"})
        assert people.ok(*people.api.get(f"{VIEWS}/grid/{people.grid}/aggregations/")) == {}
    finally:
        assert staff.patch(plugin, {"enabled": True})[0] == 200
