"""Importing links over HTTP: rows named in files, both sides, what follows, upserts, permissions."""

from __future__ import annotations

from typing import Any

import pytest

from plugin_api import json_text
from plugins.database.tables import jobs, sources
from tests.tables import TABLES, Database, recorded, scalar


class Linked(Database):
    """Tasks link to People by the field Who, which People show as Tasks; Note and Hours are beside it."""

    def __init__(self, api: Any, **options: Any) -> None:
        super().__init__(api)
        self.people = self.table("People", [["Name"], ["Ann"], ["Bob"], ["Cid, the elder"], ["Bob"]])
        self.tasks = self.table("Tasks", [["Name"], ["Wash"], ["Cook"]])
        self.who = self.add_field(self.tasks, "Who", "link_row", link_row_table_id=self.people, **options)
        self.add_field(self.tasks, "Note", "text")
        self.name = self.fields(self.tasks)[0]["id"]

    def upsert(self, data: list[list[Any]], **configuration: Any) -> dict[str, Any]:
        """Import tasks, found by their names."""
        keys = {"upsert_fields": [self.name], "upsert_values": [row[:1] for row in data]}
        return self.import_rows(self.tasks, data, **keys, **configuration)

    def links(self, table: int, field: str = "Who") -> dict[str, list[int]]:
        """The ids of the linked rows by the name of the row."""
        return {row["Name"]: [link["id"] for link in row[field]] for row in self.rows(table)}


@pytest.fixture
def linked(api: Any) -> Linked:
    """Linked tables."""
    return Linked(api)


@pytest.fixture
def database(api: Any) -> Database:
    """A database whose admin is `api`."""
    return Database(api)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of a few rows."""
    monkeypatch.setattr(json_text, "PIECE_BYTES", 64)
    monkeypatch.setattr(jobs, "_UPSERT_ROWS", 3)
    monkeypatch.setattr(jobs, "_FOLLOWED_ROWS", 2)


def _codes(job: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    return {
        row: {column: [one["code"] for one in found] for column, found in problems.items()}
        for row, problems in job["report"]["failing_rows"].items()
    }


def test_links_take_part_in_the_order_of_fields_and_are_found_by_name(linked: Linked) -> None:
    job = linked.import_rows(
        linked.tasks,
        [
            ["one", "Ann", "x"],
            ["several", "Ann,Bob", "y"],
            ["quoted", ' "Cid, the elder" , Ann,Ann', "z"],
            ["names", ["Cid, the elder", "Bob"], ""],
            ["ids", [4, 2], ""],
            ["id", 3, ""],
            ["empty", "", ""],
            ["nothing", None, ""],
            ["no rows of these ids", [99999, 2**62, 1], ""],
            ["short"],
        ],
    )
    assert (job["state"], job["report"]["failing_rows"]) == ("finished", {})
    assert linked.links(linked.tasks) == {
        "Wash": [],
        "Cook": [],
        "one": [1],
        "several": [1, 2],
        "quoted": [1, 3],
        "names": [2, 3],
        "ids": [2, 4],
        "id": [3],
        "empty": [],
        "nothing": [],
        "no rows of these ids": [1],
        "short": [],
    }
    assert [row["Note"] for row in linked.rows(linked.tasks)][2:5] == ["x", "y", "z"]


def test_bad_links_are_reported_and_the_other_rows_imported(linked: Linked) -> None:
    data: list[list[Any]] = [
        ["good", "Ann", ""],
        ["unknown", "Ann,Nobody", ""],
        ["a mixture", [1, "Ann"], ""],
        ["no row", True, ""],
        ["nor this", [[1]], ""],
        ["nor that", {"id": 1}, ""],
        ["good too", "Bob", ""],
    ]
    job = linked.import_rows(linked.tasks, data)
    column = f"field_{linked.who}"
    assert job["state"] == "finished"
    assert _codes(job) == {
        "1": {column: ["invalid"]},
        "2": {column: ["not_same_type"]},
        **{row: {column: ["invalid"]} for row in ("3", "4", "5")},
    }
    assert "Nobody" in str(job["report"]["failing_rows"]["1"])
    assert linked.links(linked.tasks) == {"Wash": [], "Cook": [], "good": [1], "good too": [2]}


def test_links_to_one_row_only_take_one(api: Any) -> None:
    linked = Linked(api, link_row_multiple_relationships=False)
    job = linked.import_rows(linked.tasks, [["two", "Ann,Bob"], ["one", "Bob"]])
    assert _codes(job) == {"0": {f"field_{linked.who}": ["max_length"]}}
    assert linked.links(linked.tasks)["one"] == [2]


def test_rows_in_the_trash_have_no_name(linked: Linked) -> None:
    assert linked.api.delete(f"/api/database/rows/table/{linked.people}/2/")[0] == 204
    linked.import_rows(linked.tasks, [["new", "Bob"], ["by id", [2, 4]]])
    assert {name: ids for name, ids in linked.links(linked.tasks).items() if ids} == {"new": [4], "by id": [4]}


def test_both_sides_show_the_links_and_are_told(linked: Linked) -> None:
    linked.import_rows(linked.tasks, [["Iron", "Bob"], ["Mow", "Ann,Bob"]])
    assert [row["Tasks"] and [link["value"] for link in row["Tasks"]] for row in linked.rows(linked.people)] == [
        ["Mow"],
        ["Iron", "Mow"],
        [],
        [],
    ]
    told = [found for found in recorded("outbox", linked.api, "payload") if found["type"] == "linked_rows_changed"]
    seen = next(field["id"] for field in linked.fields(linked.people) if field["name"] == "Tasks")
    assert [(found["table_id"], found["field_ids"], found["row_ids"]) for found in told] == [
        (linked.people, [seen], [1, 2])
    ]


def test_links_seen_from_one_side_only(api: Any) -> None:
    linked = Linked(api, has_related_field=False)
    linked.import_rows(linked.tasks, [["Iron", "Bob"]])
    assert linked.links(linked.tasks)["Iron"] == [2]
    assert [field["name"] for field in linked.fields(linked.people)] == ["Name"]


def test_links_of_the_related_field_are_imported_too(linked: Linked) -> None:
    linked.import_rows(linked.people, [["Eve", "Cook,Wash"]])
    assert linked.links(linked.tasks) == {"Wash": [5], "Cook": [5]}


def test_a_table_that_links_to_itself_knows_the_rows_it_had_before(database: Database, small_pieces: None) -> None:
    table = database.table("Parts", [["Name"], ["car"], ["wheel"]])
    database.add_field(table, "Part of", "link_row", link_row_table_id=table, has_related_field=False)
    data = [*([f"bolt {n}", "wheel,car"] for n in range(9)), ["nut", "bolt 1"]]
    job = database.import_rows(table, data)
    assert list(job["report"]["failing_rows"]) == ["9"]
    found = {row["Name"]: [link["value"] for link in row["Part of"]] for row in database.rows(table)}
    assert found == {"car": [], "wheel": [], **{f"bolt {n}": ["car", "wheel"] for n in range(9)}}


def test_computed_fields_of_both_tables_follow(linked: Linked, small_pieces: None) -> None:
    linked.add_field(linked.people, "Rate", "number")
    linked.add_field(linked.tasks, "Hours", "number")
    for row, rate in ((1, 10), (2, 20)):
        linked.api.patch(f"/api/database/rows/table/{linked.people}/{row}/?user_field_names=true", {"Rate": rate})
    linked.add_field(linked.tasks, "Price", "formula", formula="sum(lookup('Who', 'Rate')) * field('Hours')")
    linked.add_field(linked.people, "Earned", "formula", formula="sum(lookup('Tasks', 'Price'))")
    linked.add_field(linked.people, "Busy", "count", through_field_id=_related(linked))

    def people() -> list[tuple[float, int]]:
        return [(float(row["Earned"]), int(row["Busy"])) for row in linked.rows(linked.people)][:2]

    linked.import_rows(linked.tasks, [["Iron", "Ann", "", 2], ["Mow", "Ann,Bob", "", 1], *[["x", "", "", 9]] * 5])
    assert [float(row["Price"]) for row in linked.rows(linked.tasks)][2:4] == [20, 30]
    assert people() == [(50, 2), (30, 1)]
    linked.upsert([["Iron", "Bob", "", 3], ["Mow", "", "", 1], ["Sew", "Ann", "", 4]])
    assert [float(row["Price"]) for row in linked.rows(linked.tasks) if row["Name"] in ("Iron", "Sew")] == [60, 40]
    assert people() == [(40, 1), (60, 1)]


def _related(linked: Linked) -> int:
    return int(next(field["id"] for field in linked.fields(linked.people) if field["name"] == "Tasks"))


def test_upserts_make_links_exactly_those_given(linked: Linked, small_pieces: None) -> None:
    linked.upsert([["Wash", "Ann,Bob"], ["Cook", "Bob"], ["Iron", "Ann"], ["Mow", "Nobody"], ["Sew", [3, 1]]])
    first = {"Wash": [1, 2], "Cook": [2], "Iron": [1], "Sew": [1, 3]}
    assert linked.links(linked.tasks) == first
    linked.upsert([["Sew", [3, 4]], ["Knit", "Bob"], ["Cook"], ["Wash", "Bob,Ann"]])
    assert linked.links(linked.tasks) == {**first, "Sew": [3, 4], "Knit": [2], "Cook": []}
    assert [row["id"] for row in linked.rows(linked.tasks)] == [1, 2, 3, 4, 5]
    linked.upsert([["Sew"], ["Knit"]])  # where no row goes as far as the links, they stay
    assert linked.links(linked.tasks)["Sew"] == [3, 4]


def test_upserts_leave_links_to_rows_in_the_trash_and_skipped_fields(linked: Linked) -> None:
    linked.upsert([["Wash", "Ann,Bob"], ["Cook", "Bob"]])
    linked.api.delete(f"/api/database/rows/table/{linked.people}/2/")
    linked.upsert([["Wash", "", "clean"], ["Cook", "Nobody", "well"]], skipped_fields=[linked.who])
    linked.upsert([["Cook", [1]]])
    assert linked.links(linked.tasks) == {"Wash": [1], "Cook": [1]}
    assert [row["Note"] for row in linked.rows(linked.tasks)] == ["clean", None]
    linked.api.patch(
        "/api/trash/restore/", {"trash_item_type": "row", "parent_trash_item_id": linked.people, "trash_item_id": 2}
    )
    assert linked.links(linked.tasks) == {"Wash": [1, 2], "Cook": [1, 2]}


def test_rows_are_not_found_by_their_links(linked: Linked, api: Any) -> None:
    how = {"upsert_fields": [linked.who], "upsert_values": [["Ann"]]}
    status, answer = api.post(f"{TABLES}{linked.tasks}/import/async/", {"data": [["a"]], "configuration": how})
    assert (status, answer["error"]) == (400, "ERROR_FIELD_NOT_IN_TABLE")


def test_rows_the_database_refuses_leave_their_links_out(linked: Linked) -> None:
    linked.add_field(linked.tasks, "Code", "text", field_constraints=[{"type_name": "unique_with_empty"}])
    data = [[f"task {n}", [n % 4 + 1], "", str(n % 7)] for n in range(10)]
    job = linked.import_rows(linked.tasks, data)
    assert list(job["report"]["failing_rows"]) == ["7", "8", "9"]
    expected = {f"task {n}": [n % 4 + 1] for n in range(7)}
    assert linked.links(linked.tasks) == {"Wash": [], "Cook": [], **expected}


def test_a_row_the_database_refuses_does_not_give_its_place_away(linked: Linked, small_pieces: None) -> None:
    linked.add_field(linked.tasks, "Code", "text", field_constraints=[{"type_name": "unique_with_empty"}])
    data = [[f"task {n}", [n % 4 + 1], "", "0" if n % 3 == 0 else str(n)] for n in range(20)]
    job = linked.import_rows(linked.tasks, data)
    assert job["report"]["failing_row_count"] == 6
    expected = {f"task {n}": [n % 4 + 1] for n in range(20) if n % 3 or n == 0}
    assert linked.links(linked.tasks) == {"Wash": [], "Cook": [], **expected}
    places = [row["order"] for row in linked.rows(linked.tasks)]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("upsert", [False, True])
def test_statements_follow_the_batches_not_the_rows(
    linked: Linked, count_sql: Any, monkeypatch: pytest.MonkeyPatch, upsert: bool
) -> None:
    """Ten thousand rows in two batches take no more statements than a few do."""
    used = []
    for size in (10, 10_000):
        monkeypatch.setattr(jobs, "_UPSERT_ROWS", size // 2)
        data = [[f"{size} {n}", "Ann,Bob" if n % 2 else '"Cid, the elder"'] for n in range(size)]
        batches = [data[: size // 2], data[size // 2 :]]
        for module in (jobs, sources):
            monkeypatch.setattr(module, "read_batches", lambda file, kind, b=batches: iter(_part(b, kind)))
        with count_sql() as statements:
            job = linked.upsert(data) if upsert else linked.import_rows(linked.tasks, data)
        assert (job["state"], job["report"]["failing_row_count"]) == ("finished", 0)
        assert len([found for found in statements if "unnest(%(names)s" in found]) == len(batches)
        used.append(len(statements))
    pairs = f'SELECT count(*) FROM "ws_{linked.workspace_id}"."link_{linked.who}"'
    assert scalar(pairs) == 3 * (10 + 10_000) // 2
    assert used[1] <= used[0] + 8, used  # what follows is computed for 5000 rows at a time


def _part(batches: list[list[list[Any]]], kind: tuple[str, ...]) -> list[list[list[Any]]]:
    return batches if kind == jobs.DATA else [[row[:1] for row in batch] for batch in batches]
