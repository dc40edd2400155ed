"""Searching rows: in both ways, over every type, and through the index of a large table, which is never behind."""

from __future__ import annotations

import random
from typing import Any
from urllib.parse import quote

import pytest

from core.trash.removal import remove_due
from plugin_api.db import begin, connection
from plugins.database.search import upkeep
from tests.sessions import Session

OPTIONS = [{"value": "Crimson", "color": "red"}, {"value": "Azure", "color": "blue"}]
FOUND: dict[str, tuple[dict[str, Any], Any, str]] = {
    "text": ({}, "Zoë writes", "ZOE"),
    "long_text": ({}, "first\nsecond", "second"),
    "number": ({"number_decimal_places": 2}, "12.50", "12.5"),
    "date": ({"date_format": "EU"}, "2024-02-29", "29/02"),
    "url": ({}, "https://example.com", "example"),
    "email": ({}, "ann@example.com", "ann@"),
    "phone_number": ({}, "+31 10 123", "10 123"),
    "single_select": ({"select_options": OPTIONS}, "Crimson", "crim"),
    "multiple_select": ({"select_options": OPTIONS}, ["Azure"], "azu"),
    "duration": ({"duration_format": "h:mm"}, "1:30", "1:30"),
    "formula": ({"formula": "concat(field('Name'), '-computed')"}, None, "r1-comp"),
}


class Searching(Session):
    """Tables that are searched."""

    def found(self, table: int, text: str, mode: str = "compat") -> list[int]:
        """The ids of the rows with a text."""
        path = f"/api/database/rows/table/{table}/?search={quote(text)}&search_mode={mode}&size=200"
        return [row["id"] for row in self.ok(*self.api.get(path))["results"]]


@pytest.fixture
def base(api: Any) -> Searching:
    """A database."""
    return Searching(api)


@pytest.fixture
def small_indexes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables count as large from one row on."""
    monkeypatch.setattr(upkeep, "ROWS", 1)
    monkeypatch.setattr(upkeep, "_STEP", 2)
    monkeypatch.setattr(upkeep, "_AT_A_TIME", 2)


def _index(table: int) -> tuple[str | None, int]:
    """The state of a table's index, and how many rows wait for it."""
    with begin():
        state = connection().exec_driver_sql(f"SELECT state FROM database.search_index WHERE table_id = {table}")
        waiting = connection().exec_driver_sql(f"SELECT count(*) FROM database.search_queue WHERE table_id = {table}")
        return state.scalar_one_or_none(), waiting.scalar_one()


@pytest.mark.parametrize("type_name", FOUND)
@pytest.mark.parametrize("indexed", [False, True], ids=["all rows", "index"])
def test_what_people_see_of_a_value_is_found(
    base: Searching, small_indexes: None, type_name: str, indexed: bool
) -> None:
    options, value, text = FOUND[type_name]
    table = base.table("Sheet", [["Name"], ["r1"], ["r2"]])
    base.add_field(table, "Value", type_name, **options)
    if value is not None:
        base.write(table, 1, Value=value)
    if indexed:
        upkeep.build_indexes()
        assert _index(table) == ("ready", 0)
    for mode in ("compat", "full-text-with-compat"):
        assert base.found(table, text, mode) == [1]
        assert base.found(table, "nowhere", mode) == []


@pytest.mark.parametrize("indexed", [False, True], ids=["all rows", "index"])
def test_people_and_linked_rows_are_found_by_words_alone(base: Searching, small_indexes: None, indexed: bool) -> None:
    sheet = base.table("People", [["Name"], ["r1"], ["r2"]])
    base.add_field(sheet, "Who", "multiple_collaborators")
    base.write(sheet, 2, Who=[{"id": base.api.user["id"]}])
    if indexed:
        upkeep.build_indexes()
    assert base.found(sheet, base.api.user["first_name"], "compat") == []
    assert base.found(sheet, base.api.user["first_name"], "full-text-with-compat") == [2]
    other = base.table("Other", [["Name"], ["Needle"]])
    table = base.table("Sheet", [["Name"], ["r1"], ["r2"]])
    base.add_field(table, "Link", "link_row", link_row_table_id=other)
    base.write(table, 2, Link=["Needle"])
    if indexed:
        upkeep.build_indexes()
        assert [_index(one)[0] for one in (sheet, table)] == ["ready", "ready"]
    assert base.found(table, "needle", "compat") == []
    assert base.found(table, "needle", "full-text-with-compat") == [2]
    assert base.found(table, "2") == [2]  # the id of the row


def test_signs_with_a_meaning_to_the_database_have_none(base: Searching, small_indexes: None) -> None:
    table = base.table("Sheet", [["Name"], ["100% sure"], ["100 sure"], ["a_b\\c"], ["axbxc"]])
    for _ in range(2):
        assert base.found(table, "100%") == [1]
        assert base.found(table, "a_b\\") == [3]
        upkeep.build_indexes()


def test_the_index_answers_as_looking_at_all_rows_does(base: Searching, small_indexes: None) -> None:
    """Whatever is written, deleted, restored or changed, and whenever the index catches up."""
    chance = random.Random(7)
    words = ["alpha", "beta", "gamma", "Crimson", "12.5", "delta", "b"]
    table = base.table("Sheet", [["Name"], *([chance.choice(words)] for _ in range(8))])
    number = base.add_field(table, "Number", "number", number_decimal_places=1)
    select = base.add_field(table, "Select", "single_select", select_options=OPTIONS)
    base.add_field(table, "Both", "formula", formula="concat(field('Name'), totext(field('Number')))")
    upkeep.build_indexes()

    def ids() -> list[int]:
        return [row["id"] for row in base.rows(table)] or [0]

    def rename_option() -> None:
        options = next(f for f in base.fields(table) if f["name"] == "Select")["select_options"]
        options[0]["value"] = chance.choice(["Crimson", "delta", "omega"])
        base.change(select, select_options=options)

    deeds = [
        lambda: base.row(table, Name=chance.choice(words), Number=chance.choice(["12.5", "7"]), Select="Azure"),
        lambda: base.api.patch(base.rows_path(table, f"{chance.choice(ids())}/"), {"Name": chance.choice(words)}),
        lambda: base.api.delete(f"/api/database/rows/table/{table}/{chance.choice(ids())}/"),
        base.undo,
        base.redo,
        rename_option,
        lambda: base.change(number, number_decimal_places=chance.randint(0, 2)),
        upkeep.catch_up,
        upkeep.build_indexes,
    ]
    used = 0
    for _ in range(60):
        chance.choices(deeds, [5, 6, 2, 3, 2, 1, 1, 4, 3])[0]()
        used += _index(table)[0] == "ready"
        for word in words:
            expected = [
                row["id"]
                for row in base.rows(table)
                if word.lower() in "\n".join(str(value or "") for value in _texts(row)).lower()
            ]
            assert base.found(table, word) == expected, word
    assert used > 30


@pytest.mark.parametrize("indexed", [False, True], ids=["all rows", "index"])
def test_searches_after_one_another_find_their_own_rows_and_count_them(
    base: Searching, small_indexes: None, indexed: bool
) -> None:
    table = base.table("Sheet", [["Name"], *(["odd" if n % 2 else "even"] for n in range(9)), ["nr 3"]])
    if indexed:
        upkeep.build_indexes()
    grid = f"/api/database/views/grid/{base.ok(*base.api.get(f'/api/database/views/table/{table}/'))[0]['id']}/"
    column = f"field_{base.fields(table)[0]['id']}"
    rows = f"/api/database/rows/table/{table}/"
    found = {"odd": [2, 4, 6, 8], "even": [1, 3, 5, 7, 9], "3": [3, 10], "8": [8], "nr 3": [10], "none": []}
    for path in (f"{rows}?size=3&page=1", f"{rows}?size=3&page=2", f"{rows}?", f"{grid}?limit=3&offset=3", f"{grid}?"):
        first = 3 if "=2" in path or "offset" in path else 0
        most = 3 if "=3" in path else 100
        for _ in range(2):
            for text, ids in found.items():
                answer = base.ok(*base.api.get(f"{path}&search={quote(text)}"))
                assert answer["count"] == len(ids), (path, text)
                assert [row["id"] for row in answer["results"]] == ids[first : first + most], (path, text)
    for text, ids in found.items():
        answer = base.ok(*base.api.get(f"{grid}?group_by={column}&search={quote(text)}"))
        groups = answer["group_by_metadata"][column]
        assert sum(group["count"] for group in groups) == len(ids)


def _texts(row: dict[str, Any]) -> list[str]:
    select = row["Select"]["value"] if row["Select"] else ""
    return [row["Name"], row["Number"], select, row["Both"]]


def test_an_index_goes_with_its_table(base: Searching, small_indexes: None) -> None:
    table = base.table("Sheet", [["Name"], ["a"]])
    upkeep.build_indexes()
    base.write(table, 1, Name="b")
    assert _index(table) == ("ready", 1)
    base.ok(*base.api.delete(f"/api/database/tables/{table}/"))
    assert base.api.delete(f"/api/trash/workspace/{base.workspace_id}/")[0] == 204
    remove_due()
    assert _index(table) == (None, 0)
    with begin():
        left = f"SELECT to_regclass('\"ws_{base.workspace_id}\".search_{table}')"
        assert connection().exec_driver_sql(left).scalar_one() is None


def test_catching_up_costs_the_same_for_many_rows(
    base: Searching, small_indexes: None, count_sql: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = base.table("Sheet", [["Name"], *([str(n)] for n in range(5))])
    upkeep.build_indexes()

    def cost(rows: int) -> int:
        items = [{"id": n + 1, "Name": f"{rows} {n}"} for n in range(rows)]
        base.ok(*base.api.patch(base.rows_path(table, "batch/"), {"items": items}))
        with count_sql() as statements:
            upkeep.catch_up()
        return len(statements)

    monkeypatch.setattr(upkeep, "_AT_A_TIME", 100)
    cost(1)
    assert cost(1) == cost(5)
    assert _index(table)[1] == 0
