"""Many writers on linked tables with rollups: what they are told, what is lost, and whether the sums are true.

    DATABASE_URL=postgresql://... REDIS_URL=redis://... python -m tests.performance.linked_writers [--seconds 60]

Starts a web process on a database of its own and drops that at the end. Orders link to items and sum up their
prices; items count their orders; a report sums up the sums of orders. Each writer has orders and items of its own
whose values it alone writes, links its orders to anybody's items, and makes and deletes rows. At the end every
value must be the last one that was acknowledged, and every sum what the bare tables say.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import statistics
import threading
import time
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.performance.rows_ratio import Client, database, full_name, sign_up, web

ITEMS, ORDERS, REPORTS = 100, 200, 10


class Shop:
    """The tables and the ids of their fields."""

    def __init__(self, client: Client, base: int) -> None:
        self.client, self.base = client, base
        self.items, self.orders, self.reports = (self._table(n) for n in ("Items", "Orders", "Reports"))
        self.price = self._field(self.items, "Price", "number")
        self.link = self._field(self.orders, "Items", "link_row", link_row_table_id=self.items)
        self.qty = self._field(self.orders, "Quantity", "number")
        back = self._named(self.items, "Orders")
        self.sum = self._field(
            self.orders, "Sum", "rollup", through_field_id=self.link, target_field_id=self.price, rollup_function="sum"
        )
        self.count = self._field(self.items, "Count", "count", through_field_id=back)
        self.total = self._field(self.orders, "Total", "formula", formula="field('Sum') + field('Quantity')")
        self.report = self._field(self.reports, "Orders", "link_row", link_row_table_id=self.orders)
        self.grand = self._field(self.reports, "Grand", "formula", formula="sum(lookup('Orders', 'Total'))")
        self._fill(self.items, [{f"field_{self.price}": n} for n in range(ITEMS)])
        self._fill(self.orders, [{f"field_{self.link}": [n % ITEMS + 1]} for n in range(ORDERS)])
        each = ORDERS // REPORTS
        groups = [list(range(n * each + 1, (n + 1) * each + 1)) for n in range(REPORTS)]
        self._fill(self.reports, [{f"field_{self.report}": group} for group in groups])

    def _table(self, name: str) -> int:
        body = {"name": name, "data": [["Name"]], "first_row_header": True}
        return int(self.client.json("POST", f"/api/database/tables/database/{self.base}/", body)["id"])

    def _field(self, table: int, name: str, kind: str, **options: Any) -> int:
        body = {"name": name, "type": kind, **options}
        return int(self.client.json("POST", f"/api/database/fields/table/{table}/", body)["id"])

    def _named(self, table: int, name: str) -> int:
        fields = self.client.json("GET", f"/api/database/fields/table/{table}/")
        return next(int(field["id"]) for field in fields if field["name"] == name)

    def _fill(self, table: int, rows: list[dict[str, Any]]) -> None:
        for start in range(0, len(rows), 200):
            body = {"items": rows[start : start + 200]}
            self.client.json("POST", f"/api/database/rows/table/{table}/batch/", body)


class Writer(threading.Thread):
    """One client with rows of its own."""

    def __init__(self, shop: Shop, address: str, number: int, writers: int, until: float) -> None:
        super().__init__()
        self.shop, self.until, self.chance = shop, until, random.Random(number)
        self.place = urlsplit(address)
        self.items = range(number + 1, ITEMS + 1, writers)
        self.orders = range(number + 1, ORDERS + 1, writers)
        self.prices: dict[int, int] = {}
        self.links: dict[int, list[int]] = {}
        self.answers: Counter[int] = Counter()
        self.took: list[float] = []

    def run(self) -> None:
        """Write until the time is over."""
        self.http = http.client.HTTPConnection(str(self.place.hostname), self.place.port, timeout=120)
        deeds = [self.change_price, self.change_links, self.change_batch, self.come_and_go]
        while time.monotonic() < self.until:
            self.chance.choices(deeds, [5, 5, 3, 1])[0]()

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request and note how it was answered."""
        begun = time.perf_counter()
        headers = {"Authorization": self.shop.client.headers["Authorization"], "Content-Type": "application/json"}
        self.http.request(method, path, json.dumps(body), headers)
        response = self.http.getresponse()
        data = response.read()
        self.answers[response.status] += 1
        self.took.append(time.perf_counter() - begun)
        return json.loads(data) if response.status == 200 and data else None

    def rows(self, table: int, rest: str = "") -> str:
        """The path of a table's rows."""
        return f"/api/database/rows/table/{table}/{rest}"

    def change_price(self) -> None:
        """Another price for one item."""
        item, price = self.chance.choice(self.items), self.chance.randint(0, 1000)
        if self.send("PATCH", self.rows(self.shop.items, f"{item}/"), {f"field_{self.shop.price}": price}):
            self.prices[item] = price

    def change_links(self) -> None:
        """Other items for one order."""
        order, items = self.chance.choice(self.orders), self._some()
        if self.send("PATCH", self.rows(self.shop.orders, f"{order}/"), {f"field_{self.shop.link}": items}):
            self.links[order] = items

    def change_batch(self) -> None:
        """Other prices for all items at once."""
        prices = {item: self.chance.randint(0, 1000) for item in self.items}
        items = [{"id": item, f"field_{self.shop.price}": price} for item, price in prices.items()]
        if self.send("PATCH", self.rows(self.shop.items, "batch/"), {"items": items}):
            self.prices.update(prices)

    def come_and_go(self) -> None:
        """A new order that is deleted again."""
        made = self.send("POST", self.rows(self.shop.orders), {f"field_{self.shop.link}": self._some()})
        if made:
            self.send("DELETE", self.rows(self.shop.orders, f"{made['id']}/"))

    def _some(self) -> list[int]:
        return sorted(self.chance.sample(range(1, ITEMS + 1), self.chance.randint(0, 5)))


def problems(shop: Shop, driver: psycopg.Connection[Any], writers: list[Writer]) -> list[str]:
    """What is not as it should be."""
    items, orders, reports = (full_name(driver, table) for table in (shop.items, shop.orders, shop.reports))
    schema = items.partition(".")[0]
    pairs, grouped = f"{schema}.link_{shop.link}", f"{schema}.link_{shop.report}"
    found = []
    stored = dict(driver.execute(f"SELECT id, field_{shop.price} FROM {items}").fetchall())
    lost = [item for writer in writers for item, price in writer.prices.items() if stored[item] != price]
    found += [f"{len(lost)} prices lost"] if lost else []
    gathered = f"SELECT left_id, array_agg(right_id ORDER BY right_id) FROM {pairs} GROUP BY 1"
    linked = dict(driver.execute(gathered).fetchall())
    lost = [order for writer in writers for order, ids in writer.links.items() if linked.get(order, []) != ids]
    found += [f"{len(lost)} links lost"] if lost else []
    joined = f"{pairs} p JOIN {items} i ON i.id = p.right_id WHERE p.left_id = o.id"
    sums = f"(SELECT coalesce(sum(i.field_{shop.price}), 0) FROM {joined})"
    checks = {
        "sums": f"SELECT count(*) FROM {orders} o WHERE o.trashed_on IS NULL AND o.field_{shop.sum} <> {sums}",
        "totals": f"SELECT count(*) FROM {orders} o WHERE o.trashed_on IS NULL"
        f" AND o.field_{shop.total} <> o.field_{shop.sum} + coalesce(o.field_{shop.qty}, 0)",
        "counts": f"SELECT count(*) FROM {items} i WHERE i.field_{shop.count} <> (SELECT count(*) FROM {pairs} p"
        f" JOIN {orders} o ON o.id = p.left_id WHERE p.right_id = i.id AND o.trashed_on IS NULL)",
        "reports": f"SELECT count(*) FROM {reports} r WHERE r.field_{shop.grand} <>"
        f" (SELECT coalesce(sum(o.field_{shop.total}), 0) FROM {grouped} p JOIN {orders} o ON o.id = p.right_id"
        " WHERE p.left_id = r.id AND o.trashed_on IS NULL)",
    }
    for name, query in checks.items():
        wrong = driver.execute(query).fetchone()[0]  # type: ignore[index]
        found += [f"{wrong} {name} wrong"] if wrong else []
    return found


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--writers", type=int, default=50)
    options = parser.parse_args()
    with (
        database(os.environ["DATABASE_URL"]) as url,
        web(url) as address,
        psycopg.connect(url, autocommit=True) as driver,
    ):
        client = Client(address)
        shop = Shop(client, sign_up(client))
        until = time.monotonic() + options.seconds
        writers = [Writer(shop, address, n, options.writers, until) for n in range(options.writers)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        answers = sum((writer.answers for writer in writers), Counter())
        took = sorted(seconds for writer in writers for seconds in writer.took)
        middle, high = statistics.median(took), took[int(len(took) * 0.99)]
        print(f"{len(took)} writes in {options.seconds:g} s by {options.writers} writers: {dict(answers)}")
        print(f"median {middle * 1000:.0f} ms, 99 % within {high * 1000:.0f} ms")
        found = problems(shop, driver, writers)
        if found or any(status >= 400 for status in answers):
            raise SystemExit("; ".join(found) or "some writes were refused")
        print("nothing lost, every computed value true")


if __name__ == "__main__":
    main()
