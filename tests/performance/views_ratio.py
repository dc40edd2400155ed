"""What reading rows through views costs, as a multiple of the bare statements that answer the same.

    DATABASE_URL=postgresql://... REDIS_URL=redis://... python -m tests.performance.views_ratio [--rows 100000]

Starts a web process, and a worker for the indexes, on a database of their own and drops that at the end. A grid of a
table of 21 fields is listed over HTTP: filtered, sorted by a number and by a text, searched, and as strangers see it.
The floor of a page is one statement on the same table that answers the same rows as the same JSON (that they are the
same is checked); where the answer has the number of rows too, so has the floor. The floor of the figures at the foot of
the grid is one statement with the same ten aggregates.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from typing import Any
from urllib.parse import quote

import psycopg

from tests.performance.recalculation import worker
from tests.performance.rows_ratio import FIELDS, Client, compare, database, full_name, shown_columns, sign_up, web

PAGE = 100
VIEWS = "/api/database/views"
FIGURES = {
    "sum": "sum({0})",
    "average": "avg({0})",
    "min": "min({0})",
    "max": "max({0})",
    "median": "percentile_cont(0.5) WITHIN GROUP (ORDER BY {0}::float8)",
    "std_dev": "stddev_pop({0})",
    "unique_count": "count(DISTINCT {0})",
    "empty_count": "count(*) FILTER (WHERE {0} IS NULL)",
    "not_empty_count": "count(*) FILTER (WHERE {0} IS NOT NULL)",
    "variance": "var_pop({0})",
}
_VALUES = {
    "text": "'text ' || substr(md5(n::text || '{0}'), 1, 12)",
    "long_text": "repeat('a longer text about ' || n || ' ', 4)",
    "number": "(n * 7919 + {0}) %% 1000",
    "boolean": "n %% 2 = 0",
    "date": "date '2020-01-01' + (n %% 1500)::int",
    "url": "'https://example.com/' || n",
    "email": "'person' || n || '@example.com'",
    "phone_number": "'+31 6 ' || n",
}


class Grid:
    """A large table with all kinds of fields, and a grid of it."""

    def __init__(self, client: Client, driver: psycopg.Connection[Any], rows: int) -> None:
        self.client, self.driver = client, driver
        base = sign_up(client)
        body = {"name": "Many", "data": [["Name"], ["x"]], "first_row_header": True}
        self.table = int(client.json("POST", f"/api/database/tables/database/{base}/", body)["id"])
        for number, (kind, options) in enumerate(FIELDS):
            field = {"name": f"{kind} {number}", "type": kind, **options}
            client.json("POST", f"/api/database/fields/table/{self.table}/", field)
        # More numbers, so that there are ten to compute figures about.
        for number in range(6):
            field = {"name": f"more {number}", "type": "number"}
            client.json("POST", f"/api/database/fields/table/{self.table}/", field)
        shown = client.json("GET", f"/api/database/fields/table/{self.table}/")
        self.fields = [(f"field_{field['id']}", field["type"]) for field in shown]
        self.stored = full_name(driver, self.table)
        self.grid = client.json("GET", f"{VIEWS}/table/{self.table}/")[0]["id"]
        self._fill(rows)

    def _fill(self, rows: int) -> None:
        columns = ", ".join(column for column, _ in self.fields)
        values = ", ".join(_VALUES[kind].format(n) for n, (_, kind) in enumerate(self.fields))
        self.driver.execute(
            f'INSERT INTO {self.stored} ("order", {columns}) SELECT n, {values} FROM generate_series(3, %s) n', [rows]
        )
        counted = "INSERT INTO database.row_count (table_id, change) VALUES (%s, %s)"
        self.driver.execute(counted, [self.table, rows - 2])
        self.driver.execute(f"VACUUM ANALYZE {self.stored}")

    def first(self, kind: str) -> str:
        """The first field of a type that is not the primary one."""
        return next(column for column, found in self.fields[1:] if found == kind)

    def numbers(self) -> list[str]:
        """The fields that hold numbers."""
        return [column for column, kind in self.fields if kind == "number"]

    def add(self, path: str, **body: Any) -> int:
        """Add a part to the grid."""
        return int(self.client.json("POST", f"{VIEWS}/{self.grid}/{path}/", body)["id"])

    def bare(self, where: str = "true", order: str = "", counted: bool = False) -> str:
        """One statement that answers a page as the grid lists it, and the number of rows."""
        columns = ["id", '"order"::text', *shown_columns(self.driver, self.stored, self.fields)]
        kept = f"FROM {self.stored} r WHERE r.trashed_on IS NULL AND {where}"
        chosen = f'SELECT {", ".join(columns)} {kept} ORDER BY {order}r."order", r.id LIMIT {PAGE}'
        page = f"SELECT json_agg(t)::text FROM ({chosen}) t"
        return f"SELECT ({page}), (SELECT count(*) {kept})" if counted else page

    def compare(self, name: str, rounds: int, path: str, floor: str) -> None:
        """Measure a page over HTTP against its floor, after a look at whether both are the same."""
        shown = self.client.json("GET", path)["results"]
        answered = json.loads(self.driver.execute(floor).fetchone()[0])  # type: ignore[index]
        assert [row["id"] for row in shown] == [row["id"] for row in answered], name
        assert shown == answered, name
        compare(name, 3, rounds, lambda: self.client.call("GET", path), lambda: self.driver.execute(floor).fetchone())


def measure(grid: Grid, rounds: int) -> None:
    """Pages of the grid, as members list them."""
    path, number, text = f"{VIEWS}/grid/{grid.grid}/?limit={PAGE}", grid.numbers()[0], grid.first("text")
    plain = f"{path}&exclude_count=true"
    grid.compare("page of the whole table", rounds, plain, grid.bare())
    made = grid.add("filters", field=int(number[6:]), type="higher_than", value="500")
    kept = f"{number} > 500"
    grid.compare("page, filtered", rounds, plain, grid.bare(kept))
    grid.compare("page and count, filtered", rounds, path, grid.bare(kept, counted=True))
    grid.client.call("DELETE", f"{VIEWS}/filter/{made}/")
    made = grid.add("filters", field=int(text[6:]), type="contains", value="abc")
    kept = f"{text} ILIKE '%%abc%%'".replace("%%", "%")
    grid.compare("page and count, filtered by a part of a text", rounds, path, grid.bare(kept, counted=True))
    grid.client.call("DELETE", f"{VIEWS}/filter/{made}/")
    for name, column in (("a number", number), ("a text", text)):
        made = grid.add("sortings", field=int(column[6:]))
        wait_for_index(grid, column)
        order = f"r.{column} ASC NULLS FIRST, "
        grid.compare(f"page, sorted by {name}", rounds, plain, grid.bare(order=order))
        grid.compare(f"page and count, sorted by {name}", rounds, path, grid.bare(order=order))
        grid.client.call("DELETE", f"{VIEWS}/sort/{made}/")
    texts = [column for column, kind in grid.fields if kind not in ("boolean", "password")]
    wanted = "person4711@"
    held = " OR ".join(f"{column}::text ILIKE '%{wanted}%'" for column in texts)
    grid.compare(
        "page and count, searched", rounds, f"{path}&search={quote(wanted)}", grid.bare(f"({held})", counted=True)
    )


def measure_figures(grid: Grid, rounds: int) -> None:
    """The figures of ten fields."""
    columns = grid.numbers()[: len(FIGURES)]
    chosen = dict(zip(columns, FIGURES.items(), strict=True))
    options = {c[6:]: {"aggregation_raw_type": name, "aggregation_type": name} for c, (name, _) in chosen.items()}
    grid.client.json("PATCH", f"{VIEWS}/{grid.grid}/field-options/", {"field_options": options})
    figures = ", ".join(figure.format(column) for column, (_, figure) in chosen.items())
    floor = f"SELECT {figures} FROM {grid.stored} WHERE trashed_on IS NULL"
    path = f"{VIEWS}/grid/{grid.grid}/aggregations/"
    compare(
        f"figures of {len(FIGURES)} fields", 3, max(rounds // 4, 5),
        lambda: grid.client.call("GET", path),
        lambda: grid.driver.execute(floor).fetchone(),
    )  # fmt: skip


def measure_shared(grid: Grid, rounds: int) -> None:
    """The grid as strangers see it, of whose fields two are hidden."""
    hidden = {column[6:]: {"hidden": True} for column, _ in grid.fields[-2:]}
    grid.client.json("PATCH", f"{VIEWS}/{grid.grid}/field-options/", {"field_options": hidden})
    slug = grid.client.json("PATCH", f"{VIEWS}/{grid.grid}/", {"public": True})["slug"]
    del grid.client.headers["Authorization"]
    number = grid.numbers()[0]
    path = f"{VIEWS}/grid/{slug}/public/rows/?limit={PAGE}&filter__{number}__higher_than=500"
    grid.fields = grid.fields[:-2]
    grid.compare("page and count, shared and filtered", rounds, path, grid.bare(f"{number} > 500", counted=True))


def wait_for_index(grid: Grid, column: str, seconds: float = 180) -> None:
    """Until the worker has made the index of a sorting and told the web process of it."""
    begun = time.perf_counter()
    query = "SELECT count(*) FROM pg_indexes WHERE indexname = %s"
    version = 'SELECT version FROM database."table" WHERE id = %s'
    before = grid.driver.execute(version, [grid.table]).fetchone()
    while grid.driver.execute(query, [column.replace("field_", "sorted_")]).fetchone() == (0,):
        if time.perf_counter() - begun > seconds:
            print(f"no index after {seconds:.0f} s; going on without")
            return
        time.sleep(0.5)
    while grid.driver.execute(version, [grid.table]).fetchone() == before and time.perf_counter() - begun < seconds:
        time.sleep(0.5)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    with (
        database(os.environ["DATABASE_URL"]) as url,
        web(url) as address,
        psycopg.connect(url, autocommit=True) as driver,
    ):
        grid = Grid(Client(address), driver, options.rows)
        with worker(url):
            measure(grid, options.rounds)
            measure_figures(grid, options.rounds)
            measure_shared(grid, options.rounds)


if __name__ == "__main__":
    main()
