"""Computed values stay true: whatever is done to three linked tables, a fresh evaluation changes nothing."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from plugin_api.db import begin
from plugins.database.engine.component import load_component
from plugins.database.engine.computed import graph_of, recompute
from tests.sheets import Sheet

NUMBERS = st.sampled_from([None, "0", "1", "2.5", "-7.25", "100000"])
WORDS = st.sampled_from(["", "a", "Zoë", "b c", "10"])
FORMULAS = {
    "A": [
        "field('N') * 2",
        "sum(lookup('B', 'N'))",
        "sum(lookup('B', 'F0')) + field('N')",
        "count(field('B'))",
        "join(lookup('B', 'Name'), ',')",
        "concat(field('Name'), '-', totext(field('F0')))",
        "if(field('F1') > 3, 'many', 'few')",
        "lookup('B', 'F0')",
        "field('Boss')",
        "max(lookup('Boss', 'N'))",
    ],
    "B": [
        "field('N') + 1",
        "sum(lookup('C', 'N')) * 2",
        "avg(lookup('A', 'N'))",
        "concat(field('Name'), field('F0'))",
        "count(lookup('C', 'F0'))",
        "join(field('C'), '/')",
    ],
    "C": ["field('N') / 3", "upper(field('Name'))", "sum(lookup('B', 'N'))", "length(field('F1'))"],
}


class World:
    """Three linked tables: A links to B, B to C, A to itself; computed fields F0, F1, ... over them."""

    def __init__(self, api: Any) -> None:
        self.api = api
        api.headers = {**api.headers, "ClientSessionId": str(uuid4())}
        self.sheet = Sheet(api)
        with begin():
            self.tables = {"A": self.sheet.id} | {name: self.sheet.add_table(name).id for name in "BC"}
        for table in "ABC":
            self.field(table, "N", "number", number_decimal_places=2, number_negative=True)
        self.field("A", "B", "link_row", link_row_table_id=self.tables["B"])
        self.rename("B", "Sheet", "A")
        self.field("B", "C", "link_row", link_row_table_id=self.tables["C"])
        self.field("A", "Boss", "link_row", link_row_table_id=self.tables["A"])
        for table in "ABC":
            for n in range(3):
                self.call("POST", self.rows(table), {"Name": f"{table}{n}", "N": n})

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """A request that must not fail on the server's side."""
        status, answer = self.api.call(method, path, body)
        assert status < 500, answer
        return answer

    def rows(self, table: str, rest: str = "") -> str:
        """The path of a table's rows."""
        return f"/api/database/rows/table/{self.tables[table]}/{rest}?user_field_names=true"

    def field(self, table: str, name: str, kind: str, **options: Any) -> Any:
        """Make a field."""
        path = f"/api/database/fields/table/{self.tables[table]}/"
        return self.call("POST", path, {"name": name, "type": kind, **options})

    def fields(self, table: str) -> dict[str, dict[str, Any]]:
        """The fields by name; none of a table in the trash."""
        found = self.call("GET", f"/api/database/fields/table/{self.tables[table]}/")
        return {f["name"]: f for f in found} if isinstance(found, list) else {}

    def rename(self, table: str, old: str, new: str) -> None:
        """Give a field another name."""
        body = {"name": new}
        field = self.fields(table)[old]
        if field["type"] == "formula":
            body["formula"] = field["formula"]
        self.call("PATCH", f"/api/database/fields/{field['id']}/", body)

    def ids(self, table: str) -> list[int]:
        """The rows that are there; none of a table in the trash."""
        return [row["id"] for row in self.call("GET", self.rows(table)).get("results", ())]

    def restore(self, chance: random.Random) -> None:
        """Bring something back from the trash, if there is anything."""
        found = self.call("GET", f"/api/trash/workspace/{self.sheet.workspace_id}/")["results"]
        if found:
            item = chance.choice(found)
            keys = ("trash_item_type", "trash_item_id", "parent_trash_item_id")
            self.call("PATCH", "/api/trash/restore/", {key: item[key] for key in keys})

    def retype(self, table: str, name: str, **settings: Any) -> None:
        """Change the type of a field, if it is there."""
        if name in self.fields(table):
            self.call("PATCH", f"/api/database/fields/{self.fields(table)[name]['id']}/", settings)

    def stale(self) -> dict[str, Any]:
        """The fields a fresh evaluation of everything would change, with the rows."""
        stale: dict[str, Any] = {}
        for table_id in self.tables.values():
            with begin() as unit:
                graph = graph_of(load_component(table_id, self.sheet.workspace_id))
                changed = recompute(graph, graph.nodes)
                unit.commit()
            stale.update({graph.component.by_id[found].name: rows for found, rows in changed.items() if rows})
        return stale


def act(world: World, chance: random.Random, number: Any, word: str) -> None:
    """Do something to the tables."""
    table = chance.choice("ABC")
    ids = world.ids(table) or [0]
    links = {"A": ["B", "Boss"], "B": ["A", "C"], "C": ["B"]}[table]
    link = chance.choice(links)
    far = {"Boss": "A"}.get(link, link)
    others = chance.sample(world.ids(far), min(chance.randint(0, 3), len(world.ids(far))))
    deeds = {
        "value": lambda: world.call("PATCH", world.rows(table, f"{chance.choice(ids)}/"), {"N": number, "Name": word}),
        "link": lambda: world.call("PATCH", world.rows(table, f"{chance.choice(ids)}/"), {link: others}),
        "batch": lambda: world.call(
            "PATCH", world.rows(table, "batch/"), {"items": [{"id": i, "N": number, link: others} for i in ids[:3]]}
        ),
        "new": lambda: world.call("POST", world.rows(table), {"N": number, "Name": word, link: others}),
        "gone": lambda: world.call("DELETE", world.rows(table, f"{chance.choice(ids)}/")),
        "move": lambda: world.call("PATCH", world.rows(table, f"{ids[-1]}/move/") + f"&before_id={ids[0]}"),
        "primary": lambda: world.call(
            "POST",
            f"/api/database/fields/table/{world.tables[table]}/change-primary-field/",
            {"new_primary_field_id": chance.choice([0, *(f["id"] for f in world.fields(table).values())])},
        ),
        "decimals": lambda: (
            world.call(
                "PATCH",
                f"/api/database/fields/{world.fields(table)['N']['id']}/",
                {"number_decimal_places": chance.randint(0, 3)},
            )
            if "N" in world.fields(table)
            else None
        ),
        "rename": lambda: (
            world.rename(table, "N", "M") if "N" in world.fields(table) else world.rename(table, "M", "N")
        ),
        "formula": lambda: world.field(
            table, f"F{chance.randint(0, 3)}", "formula", formula=chance.choice(FORMULAS[table])
        ),
        "no formula": lambda: (
            world.call("DELETE", f"/api/database/fields/{world.fields(table)['F0']['id']}/")
            if "F0" in world.fields(table)
            else None
        ),
        "undo": lambda: world.call("PATCH", "/api/user/undo/", {"scopes": {}}),
        "redo": lambda: world.call("PATCH", "/api/user/redo/", {"scopes": {}}),
        "restore": lambda: world.restore(chance),
        "type": lambda: world.retype(table, "N", type=chance.choice(["number", "text", "rating", "boolean"])),
        "link type": lambda: world.retype(table, link, type="text"),
        "no table": lambda: world.call("DELETE", f"/api/database/tables/{world.tables[chance.choice('BC')]}/"),
        "no link": lambda: (
            world.call("DELETE", f"/api/database/fields/{world.fields(table)[link]['id']}/")
            if link in world.fields(table)
            else None
        ),
    }
    weights = [6, 6, 4, 4, 2, 1, 1, 1, 1, 3, 1, 7, 4, 3, 1, 1, 1, 1]
    deed = chance.choices(list(deeds), weights)[0]
    note(f"{deed} in {table}: number {number}, name {word!r}, {link} = {others}")
    deeds[deed]()


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(seed=st.integers(0, 2**32), deeds=st.lists(st.tuples(NUMBERS, WORDS), min_size=8, max_size=25))
def test_whatever_happens_stored_values_equal_a_fresh_evaluation(make_user: Any, seed: int, deeds: Any) -> None:
    world, chance = World(make_user()), random.Random(seed)
    for table, formulas in FORMULAS.items():
        for n, formula in enumerate(chance.sample(formulas, 3)):
            note(f"{table}.F{n} = {formula}")
            world.field(table, f"F{n}", "formula", formula=formula)
    assert world.stale() == {}
    for number, word in deeds:
        act(world, chance, number, word)
        assert world.stale() == {}


@pytest.fixture
def world(api: Any) -> World:
    """Linked tables with sums over two steps."""
    made = World(api)
    made.field("C", "Third", "formula", formula="field('N') / 3")
    made.field("B", "Sum", "formula", formula="sum(lookup('C', 'Third'))")
    made.field("A", "Sum", "formula", formula="sum(lookup('B', 'Sum')) + field('N')")
    return made


def test_a_change_goes_over_two_links(world: World) -> None:
    world.call("PATCH", world.rows("A", "1/"), {"B": [1, 2]})
    world.call("PATCH", world.rows("B", "1/"), {"C": [3]})
    answer = world.call("PATCH", world.rows("C", "3/"), {"N": "30"})
    assert answer["Third"].startswith("10.0")
    sums = [row["Sum"] for row in world.call("GET", world.rows("A"))["results"]]
    assert [float(found) for found in sums] == [10, 1, 2]


def test_the_number_of_statements_does_not_grow_with_the_rows(world: World, count_sql: Any) -> None:
    def statements(size: int) -> int:
        items = [{"N": n, "B": [n % 3 + 1]} for n in range(size)]
        with count_sql() as found:
            world.call("POST", world.rows("A", "batch/"), {"items": items})
        return len(found)

    statements(2)
    assert statements(1) == statements(100)


def test_writers_of_linked_rows_at_the_same_time_lose_nothing(world: World, app: Any) -> None:
    """Each adds to its own rows' values and moves links; all succeed, and the sums are those of the values."""
    world.call("PATCH", world.rows("A", "batch/"), {"items": [{"id": i, "B": [1, 2, 3]} for i in (1, 2, 3)]})

    def write(n: int) -> list[int]:
        client, chance, found = app.test_client(), random.Random(n), []
        for _ in range(8):
            table = chance.choice("ABC")
            link = {"A": "B", "B": "C", "C": "B"}[table]
            ids = chance.sample([1, 2, 3], 2)
            body = {
                "items": [{"id": i, "N": str(chance.randint(0, 99)), link: chance.sample([1, 2, 3], 2)} for i in ids]
            }
            answer = client.patch(world.rows(table, "batch/"), json=body, headers=world.api.headers)
            found.append(answer.status_code)
        return found

    with ThreadPoolExecutor(8) as threads:
        codes = [code for found in threads.map(write, range(10)) for code in found]
    assert codes == [200] * 80
    assert world.stale() == {}
