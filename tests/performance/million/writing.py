"""Writing to a large table: single rows against the same on a small one, batches against a bare INSERT."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

from tests.performance.million.data import FIELDS, Table, fill, new_table, shown
from tests.performance.million.instance import Instance
from tests.performance.million.report import Report, in_turns
from tests.performance.rows_ratio import SAMPLES, full_name

SMALL = 1_000
FORMULAS = (
    "concat(upper(field('{text}')), ': ', field('{number}'))",
    "field('{number}') * 2 + field('{decimal}')",
    "if(field('{boolean}'), 'yes', field('{text}'))",
    "date_diff('day', field('{date}'), todate('2030-01-01', 'YYYY-MM-DD'))",
    "length(field('{text}')) + field('{number}')",
)
NAMES = {"text": "text 1", "number": "number 10", "decimal": "number 14", "boolean": "boolean 17", "date": "date 20"}


def small(product: Instance) -> Table:
    """The same table with a thousand rows."""
    table = new_table(product, "Small", FIELDS)
    fill(product, table, SMALL)
    product.driver.execute(f"VACUUM ANALYZE {table.stored}")
    return table


def with_computed(product: Instance, table: Table, wait: Callable[[int], None]) -> str:
    """Five formulas, and a rollup over links to a table of its own; the link field. wait: until a table is idle."""
    path = f"/api/database/fields/table/{table.id}/"
    for n, formula in enumerate(FORMULAS):
        body = {"name": f"formula {n}", "type": "formula", "formula": formula.format(**NAMES)}
        product.client.json("POST", path, body)
        wait(table.id)
    linked = new_table(product, "Linked", [("number", {})])
    items = {"items": [{linked.fields[1][0]: n} for n in range(100)]}
    product.client.json("POST", f"/api/database/rows/table/{linked.id}/batch/", items)
    body = {"name": "Links", "type": "link_row", "link_row_table_id": linked.id}
    link = product.client.json("POST", path, body)["id"]
    rollup = {
        "name": "Sum",
        "type": "rollup",
        "through_field_id": link,
        "target_field_id": int(linked.fields[1][0][6:]),
        "rollup_function": "sum",
    }
    product.client.json("POST", path, rollup)
    wait(table.id)
    return f"field_{link}"


class Single:
    """One row of a table, written again and again."""

    def __init__(self, product: Instance, table: Table, link: str) -> None:
        self.client, self.path = product.client, f"/api/database/rows/table/{table.id}/"
        self.text, self.number, self.link = table.first("text"), table.first("number"), link
        self.made: list[int] = []

    def body(self) -> bytes:
        """Values that were not there before, links among them."""
        fresh = uuid.uuid4()
        value = {self.text: fresh.hex, self.number: fresh.int % 1000, self.link: [fresh.int % 100 + 1]}
        return json.dumps(value).encode()

    def create(self) -> None:
        """One more row."""
        self.made.append(json.loads(self.client.call("POST", self.path, self.body()))["id"])

    def update(self) -> None:
        """Another value in a row."""
        self.client.call("PATCH", f"{self.path}500/", self.body())

    def delete(self) -> None:
        """One row fewer."""
        self.client.call("DELETE", f"{self.path}{self.made.pop()}/")


def rows(product: Instance, large: tuple[Table, str], little: tuple[Table, str], report: Report, rounds: int) -> None:
    """Create, change and delete a row with five formulas and a rollup."""
    ours, bare = Single(product, *large), Single(product, *little)
    for case in ("create", "update", "delete"):
        first, second = in_turns(rounds, getattr(ours, case), getattr(bare, case))
        name = f"{case} one row, with 5 formulas and a rollup"
        report.add(name, f"{first:.2f} ms", f"{second:.2f} ms ({SMALL} rows)", first / second, 1.5)


def batches(product: Instance, table: Table, report: Report, rounds: int) -> None:
    """Batches against one INSERT of the same values into a table with the same columns and indexes."""
    columns = shown(product, table.id)
    names = [column for column, kind in columns if kind in ("text", "long_text", "number", "boolean", "url", "email")]
    floor = _floor(product, table, names)
    kinds = dict(columns)
    for size, bound in ((200, 5.0), (5_000, 3.0)):
        values = [{name: SAMPLES[kinds[name]](n) for name in names} for n in range(size)]
        body = json.dumps({"items": values}).encode()
        path = f"/api/database/rows/table/{table.id}/batch/"
        slots = ", ".join([f"({', '.join(['%s'] * len(names))})"] * min(size, 1000))
        insert = f"INSERT INTO {floor} ({', '.join(names)}) VALUES {slots}"
        parts = [values[at : at + 1000] for at in range(0, size, 1000)]
        flat = [[row[name] for row in part for name in names] for part in parts]

        def bare(insert: str = insert, flat: list[list[Any]] = flat) -> None:
            with product.driver.transaction():
                for part in flat:
                    product.driver.execute(insert, part, prepare=True)

        def ours(path: str = path, body: bytes = body) -> None:
            product.client.call("POST", path, body)

        case = f"batch of {size} rows x {len(names)} values"
        report.compare(case, bound, max(5, rounds * 200 // size), ours, bare)


def _floor(product: Instance, table: Table, names: list[str]) -> str:
    """An empty table with the columns, the key and the index of the order that the product's table has."""
    product.driver.execute("DROP TABLE IF EXISTS bare_batch")
    stored = full_name(product.driver, table.id)
    product.driver.execute(f'CREATE TABLE bare_batch AS SELECT id, "order", {", ".join(names)} FROM {stored} LIMIT 0')
    product.driver.execute("ALTER TABLE bare_batch ADD PRIMARY KEY (id)")
    product.driver.execute("ALTER TABLE bare_batch ALTER id ADD GENERATED ALWAYS AS IDENTITY")
    product.driver.execute('CREATE INDEX ON bare_batch ("order", id)')
    return "bare_batch"
