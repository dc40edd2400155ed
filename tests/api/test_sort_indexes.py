"""Indexes that views of large tables are sorted with: they come, they are used, they change nothing, they go."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest

from plugin_api.db import begin, connection
from plugins.database.engine import field_indexes, sort_indexes
from plugins.views.indexes import keep_indexes
from tests.viewing import VIEWS, People

NAMES = ["Émile", "emile", "Emile", "", "10", "9", "!x", "ann", "Ann", "Ænon", "x" * 150 + "b", "x" * 150 + "a"]


@pytest.fixture
def people(api: Any, monkeypatch: pytest.MonkeyPatch) -> People:
    """A table that counts as large, with names that are hard to sort."""
    monkeypatch.setattr(sort_indexes, "ROWS", 10)
    people = People(api)
    people.add_field(people.sheet, "Age", "number")
    chosen = random.Random(4)
    for _ in range(2):
        items = [{"Name": name, "Age": chosen.choice([None, 1, 2, 30])} for name in chosen.sample(NAMES, len(NAMES))]
        path = f"/api/database/rows/table/{people.sheet}/batch/?user_field_names=true"
        people.ok(*people.api.post(path, {"items": items}))
    return people


def _indexes(people: People) -> set[int]:
    with begin():
        return sort_indexes.existing(people.shape(people.sheet))


def _plan(statement: str, parameters: dict[str, Any]) -> str:
    with begin():
        connection().exec_driver_sql("SET LOCAL enable_sort = off")
        connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
        return "\n".join(row[0] for row in connection().exec_driver_sql(f"EXPLAIN {statement}", parameters))


@pytest.mark.parametrize("name", ["Name", "Age"])
@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_the_order_is_the_same_with_and_without(people: People, name: str, order: str) -> None:
    field = people.ids[name]
    made = people.add("sortings", {"field": field, "order": order})
    before = [row["id"] for row in people.listed("size=200")["results"]]
    keep_indexes()
    assert _indexes(people) == {field}
    assert [row["id"] for row in people.listed("size=200")["results"]] == before
    people.ok(*people.api.delete(f"{VIEWS}/sort/{made['id']}/"))
    keep_indexes()
    assert _indexes(people) == set()


def test_listings_use_the_index(people: People, count_sql: Any) -> None:
    people.add("sortings", {"field": people.ids["Name"]})
    keep_indexes()
    people.listed("exclude_count=true")
    with count_sql() as statements:
        people.listed("exclude_count=true&limit=5")
    given = {"wanted": people.grid, "acting_user_id": 1, "known_state": ""}
    assert f"sorted_{people.ids['Name']}" in _plan(statements[-1], given)


def test_fields_with_an_index_can_change(people: People) -> None:
    field = people.ids["Name"]
    people.add("sortings", {"field": field})
    keep_indexes()
    people.write(people.sheet, 1, Name="y" * 20_000)
    people.change(field, type="long_text")
    people.change(field, type="number")
    keep_indexes()
    assert _indexes(people) == {field}
    assert people.listed("limit=1")["results"]


def test_fields_that_cannot_be_indexed_are_left(people: People) -> None:
    field = people.add_field(people.sheet, "Color", "single_select")
    people.add("sortings", {"field": field})
    keep_indexes()
    assert _indexes(people) == set()


def test_filters_that_compare_values_have_indexes_while_a_view_has_them(people: People) -> None:
    age, name = people.ids["Age"], people.ids["Name"]
    made = people.add("filters", {"field": age, "type": "higher_than", "value": "1"})
    people.add("filters", {"field": name, "type": "equal", "value": "ann"})  # texts may be too long for one
    before = people.listed("size=200")["results"]
    keep_indexes()
    assert _filter_indexes(people) == {age}
    assert people.listed("size=200")["results"] == before
    people.add("sortings", {"field": age})
    keep_indexes()
    assert (_indexes(people), _filter_indexes(people)) == ({age}, set())  # the one for the order does for both
    people.ok(*people.api.delete(f"{VIEWS}/filter/{made['id']}/"))
    keep_indexes()
    assert _filter_indexes(people) == set()


def test_listings_use_the_index_of_a_filter(people: People, count_sql: Any) -> None:
    people.add("filters", {"field": people.ids["Age"], "type": "equal", "value": "30"})
    expected = people.listed()["count"]
    keep_indexes()
    with count_sql() as statements:
        assert people.listed("count=true")["count"] == expected
    counting = next(statement for statement in statements if statement.startswith("SELECT count(*)"))
    names = re.findall(r"%\((\w+)\)s", counting)
    assert f"filtered_{people.ids['Age']}" in _plan(counting, dict.fromkeys(names, 30))


def _filter_indexes(people: People) -> set[int]:
    with begin():
        return field_indexes.existing(people.shape(people.sheet), field_indexes.FILTERED)
