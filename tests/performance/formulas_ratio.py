"""What formulas cost, as a multiple of the bare statements that compute the same.

    DATABASE_URL=postgresql://... REDIS_URL=redis://... python -m tests.performance.formulas_ratio [--rows 100000]

Starts a web process on a database of its own and drops that at the end. Two ratios: adding a formula field to a
table over HTTP, to the ALTER TABLE and UPDATE that fill the same column of a copy of the table, indexes included; and
changing one value that 1,000 rows roll up, to the bare UPDATEs of that value and of those rows in such copies.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import psycopg

from tests.performance.rows_ratio import Client, database, full_name, sign_up, web

FORMULA = "concat(upper(field('Name')), ': ', field('Number') * 2 + 1)"
BARE = "upper(coalesce({name}, '')) || ': ' || (coalesce({number}, 0) * 2 + 1)::text"
LINKED = 1_000


def timed(call: Callable[[], Any]) -> float:
    """How long a call takes, in milliseconds."""
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


def tell(name: str, bound: float, ours: list[float], bare: list[float]) -> None:
    """Print the medians and their ratio."""
    mine, floor = statistics.median(ours), statistics.median(bare)
    print(f"{name}: {mine:.1f} ms, floor {floor:.1f} ms, ratio {mine / floor:.2f} (at most {bound:g})", flush=True)


def add_formula(client: Client, driver: psycopg.Connection[Any], base: int, rows: int, rounds: int) -> None:
    """A formula field on a table with rows, against a column of a copy of the table."""
    table, stored = filled(client, driver, base, rows)
    ids = {f["name"]: f["id"] for f in client.json("GET", f"/api/database/fields/table/{table}/")}
    copy(driver, stored, "bare")
    value = BARE.format(name=f"field_{ids['Name']}", number=f"field_{ids['Number']}")
    ours, bare = [], []
    for n in range(rounds):
        body = {"name": f"F{n}", "type": "formula", "formula": FORMULA}
        begun = time.perf_counter()
        made = client.json("POST", f"/api/database/fields/table/{table}/", body)
        ours.append((time.perf_counter() - begun) * 1000)
        client.json("DELETE", f"/api/database/fields/{made['id']}/")
        driver.execute(f"VACUUM FULL {stored}")

        def add(column: str = f"f{n}") -> None:
            driver.execute(f"ALTER TABLE bare ADD COLUMN {column} text")
            driver.execute(f"UPDATE bare SET {column} = {value}")

        bare.append(timed(add))
        driver.execute(f"ALTER TABLE bare DROP COLUMN f{n}")
        driver.execute("VACUUM FULL bare")
    tell(f"adding a formula to {rows} rows", 2, ours, bare)


def copy(driver: psycopg.Connection[Any], stored: str, name: str) -> None:
    """The same table once more, with its rows and indexes."""
    driver.execute(f"CREATE TABLE {name} (LIKE {stored} INCLUDING ALL)")
    driver.execute(f"INSERT INTO {name} SELECT * FROM {stored}")
    driver.execute(f"VACUUM ANALYZE {name}")


def filled(client: Client, driver: psycopg.Connection[Any], base: int, rows: int) -> tuple[int, str]:
    """A table with a text and a number in each row."""
    body = {"name": "Many", "data": [["Name"], ["x"]], "first_row_header": True}
    table = int(client.json("POST", f"/api/database/tables/database/{base}/", body)["id"])
    number = client.json("POST", f"/api/database/fields/table/{table}/", {"name": "Number", "type": "number"})["id"]
    name = next(f["id"] for f in client.json("GET", f"/api/database/fields/table/{table}/") if f["name"] == "Name")
    stored = full_name(driver, table)
    driver.execute(
        f'INSERT INTO {stored} ("order", field_{name}, field_{number})'
        " SELECT n, 'row number ' || n, n FROM generate_series(2, %s) n",
        [rows],
    )
    driver.execute(f"VACUUM ANALYZE {stored}")
    return table, stored


def roll_up(client: Client, driver: psycopg.Connection[Any], base: int, rounds: int) -> None:
    """One item that 1,000 orders link to and sum up."""
    items, stored_items = filled(client, driver, base, 10)
    orders, stored = filled(client, driver, base, LINKED)
    fields = f"/api/database/fields/table/{orders}/"
    link = client.json("POST", fields, {"name": "Items", "type": "link_row", "link_row_table_id": items})
    body = {"name": "Sum", "type": "formula", "formula": "sum(lookup('Items', 'Number'))"}
    total = client.json("POST", fields, body)["id"]
    number = next(f for f in client.json("GET", f"/api/database/fields/table/{items}/") if f["name"] == "Number")["id"]
    for start in range(1, LINKED + 1, 200):
        batch = [{"id": n, f"field_{link['id']}": [1]} for n in range(start, start + 200)]
        client.json("PATCH", f"/api/database/rows/table/{orders}/batch/", {"items": batch})
    copy(driver, stored_items, "bare_items")
    copy(driver, stored, "bare_orders")
    copy(driver, f"{stored.partition('.')[0]}.link_{link['id']}", "bare_pairs")
    sums = (
        f"UPDATE bare_orders o SET field_{total} = (SELECT coalesce(sum(i.field_{number}), 0) FROM bare_pairs p"
        " JOIN bare_items i ON i.id = p.right_id WHERE p.left_id = o.id)"
        " WHERE o.id IN (SELECT left_id FROM bare_pairs WHERE right_id = 1)"
    )
    ours, bare = [], []
    for n in range(rounds + 3):
        body = {f"field_{number}": n}
        ours.append(timed(lambda body=body: client.json("PATCH", f"/api/database/rows/table/{items}/1/", body)))  # type: ignore[misc]

        def change(n: int = n) -> None:
            with driver.transaction():
                driver.execute(f"UPDATE bare_items SET field_{number} = {n} WHERE id = 1")
                driver.execute(sums)

        bare.append(timed(change))
    tell(f"changing a value that {LINKED} rows roll up", 3, ours[3:], bare[3:])


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with (
        database(os.environ["DATABASE_URL"]) as url,
        web(url) as address,
        psycopg.connect(url, autocommit=True) as driver,
    ):
        client = Client(address)
        base = sign_up(client)
        add_formula(client, driver, base, options.rows, options.rounds)
        roll_up(client, driver, base, options.rounds * 6)


if __name__ == "__main__":
    main()
