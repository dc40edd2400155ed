"""The tables that are measured: seeded values, put in through the product's own import."""

from __future__ import annotations

import csv
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.performance import import_ratio
from tests.performance.million.instance import Instance
from tests.performance.rows_ratio import full_name, shown_columns

SEED = 20_26
_PART = 8 << 20
RARE = "zanzibar"
"""A word that one row in RARELY has."""
RARELY = 50_000
_DECIMAL = {"number_decimal_places": 2, "number_negative": True}
_MOMENT = {"date_include_time": True}
_OPTIONS = {"select_options": [{"value": name, "color": "blue"} for name in import_ratio.OPTIONS]}
FIELDS: list[tuple[str, dict[str, Any]]] = [
    *[("text", {})] * 8,
    *[("long_text", {})] * 2,
    *[("number", {})] * 4,
    *[("number", _DECIMAL)] * 3,
    *[("boolean", {})] * 3,
    *[("date", {})] * 2,
    *[("date", _MOMENT)] * 2,
    ("url", {}),
    ("email", {}),
    ("phone_number", {}),
    *[("single_select", _OPTIONS)] * 2,
    ("rating", {}),
]
"""With the primary field, a text, these are 30."""


@dataclass
class Table:
    """A table under measurement. fields: column and type, in the order of the API; stored: its name in SQL."""

    id: int
    fields: list[tuple[str, str]]
    stored: str
    rows: int = 0

    def first(self, kind: str, nth: int = 0) -> str:
        """The column of the n-th field of a type that is not the primary one."""
        return [column for column, found in self.fields[1:] if found == kind][nth]


def new_table(product: Instance, name: str, fields: list[tuple[str, dict[str, Any]]]) -> Table:
    """A table with those fields beside its primary one, and no rows."""
    path = f"/api/database/tables/database/{product.database_id}/"
    made = int(product.client.json("POST", path, {"name": name, "data": [["text"]], "first_row_header": True})["id"])
    for number, (kind, options) in enumerate(fields):
        body = {"name": f"{kind} {number}", "type": kind, **options}
        product.client.json("POST", f"/api/database/fields/table/{made}/", body)
    return Table(made, shown(product, made), full_name(product.driver, made))


def shown(product: Instance, table_id: int) -> list[tuple[str, str]]:
    """The columns and types of a table's fields."""
    found = product.client.json("GET", f"/api/database/fields/table/{table_id}/")
    return [(f"field_{one['id']}", one["type"]) for one in found]


def values(rows: int) -> Iterator[list[list[Any]]]:
    """The rows of the table, always the same, a thousand at a time."""
    chance = random.Random(SEED)
    kinds = [("text", {}), *FIELDS]
    for start in range(0, rows, 1000):
        yield [_row(n, kinds, chance) for n in range(start, min(start + 1000, rows))]


def _row(n: int, kinds: list[tuple[str, dict[str, Any]]], chance: random.Random) -> list[Any]:
    made = [value(kind, options, chance) for kind, options in kinds]
    made[0] = f"row {n}"
    if n % RARELY == RARELY // 2:
        made[1] = f"{made[1]} {RARE}"
    return made


def value(kind: str, options: dict[str, Any], chance: random.Random) -> str:
    """A value as a file has it."""
    match kind:
        case "url":
            return f"https://example.com/{chance.randint(1, 10**6)}"
        case "phone_number":
            return f"+31 6 {chance.randint(0, 10**8 - 1):08}"
        case "rating":
            return str(chance.randint(0, 5))
    return import_ratio.value(kind, options, chance)


def written(rows: int, folder: Path) -> Path:
    """The rows as a CSV file."""
    made = folder / "rows.csv"
    with made.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        for some in values(rows):
            writer.writerows(some)
    return made


def fill(product: Instance, table: Table, rows: int) -> float:
    """Import the rows from a CSV file as a client does, from the first part sent to the end of the job; the seconds."""
    with tempfile.TemporaryDirectory() as folder:
        file = written(rows, Path(folder))
        begun = time.perf_counter()
        upload = send(product, file)
        body = {"table_id": table.id, "first_row_header": False, "separator": "comma"}
        columns = [int(column[6:]) for column, _ in table.fields]
        path = f"/api/database/imports/{upload}/import/"
        job = product.wait_for(product.client.json("POST", path, {**body, "columns": columns}))
        took = time.perf_counter() - begun
    report = job["report"]
    if report["failing_row_count"]:
        raise SystemExit(f"rows were refused: {list(report['failing_rows'].items())[:3]}")
    table.rows += rows
    return took


def send(product: Instance, file: Path) -> str:
    """Send a file in parts; answers the id of the upload."""
    client = product.another_client()
    size = file.stat().st_size
    upload = str(client.json("POST", "/api/database/imports/", {"name": file.name, "size": size})["id"])
    client.headers["Content-Type"] = "application/octet-stream"
    sent = 0
    with file.open("rb") as source:
        while part := source.read(_PART):
            client.headers["Upload-Offset"] = str(sent)
            client.call("PATCH", f"/api/database/imports/{upload}/", part)
            sent += len(part)
    return upload


def page_sql(product: Instance, table: Table, where: str = "true", order: str = "", limit: str = "LIMIT 100") -> str:
    """One statement that answers a page as the API shows it; order begins what rows are ordered by."""
    chosen = ", ".join(["id", '"order"::text', *_columns(product, table)])
    rows = f"FROM {table.stored} r WHERE r.trashed_on IS NULL AND {where}"
    return f'SELECT json_agg(t)::text FROM (SELECT {chosen} {rows} ORDER BY {order}r."order", r.id {limit}) t'


def _columns(product: Instance, table: Table) -> Iterator[str]:
    plain = shown_columns(product.driver, table.stored, table.fields)
    for (column, kind), shown in zip(table.fields, plain, strict=True):
        if kind == "single_select":
            option = "json_build_object('id', o.id, 'value', o.value, 'color', o.color)"
            yield f"(SELECT {option} FROM database.select_option o WHERE o.id = r.{column}) AS {column}"
        else:
            yield shown
