"""Computing the fields of large tables by a job: the same values in the end, whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from plugin_api.db import begin, connection
from plugins.database.fields import recalculation
from tests.tables import Database, run_job


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables count as large from one row on, and a step is two rows."""
    monkeypatch.setattr(recalculation, "AT_ONCE", 0)
    monkeypatch.setattr(recalculation, "STEP", 2)


class Shop(Database):
    """Items, and orders that link to them, add up their prices, and double the sum."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.items = self.table("Items", [["Name"], *([f"i{n}"] for n in range(5))])
        self.orders = self.table("Orders", [["Name"], *([f"o{n}"] for n in range(5))])
        self.price = self.add_field(self.items, "Price", "number")
        self.link = self.add_field(self.orders, "Items", "link_row", link_row_table_id=self.items)
        for n in range(1, 6):
            self.write(self.items, n, Price=n)
            self.write(self.orders, n, Items=[n, n % 5 + 1])

    def write(self, table: int, row_id: int, **values: Any) -> None:
        """Change a row."""
        path = f"/api/database/rows/table/{table}/{row_id}/?user_field_names=true"
        assert self.api.patch(path, values)[0] == 200

    def formulas(self) -> None:
        """Add the sum and its double."""
        self.add_field(self.orders, "Sum", "formula", formula="sum(lookup('Items', 'Price'))")
        self.add_field(self.orders, "Double", "formula", formula="field('Sum') * 2")

    def column(self, name: str) -> list[Any]:
        """The values of a field of the orders."""
        return [row[name] for row in self.rows(self.orders)]

    def pending(self) -> int:
        """How many recalculations of the orders are not done."""
        count = "SELECT count(*) FROM database.recalculation WHERE table_id = %(id)s"
        with begin():
            return int(connection().exec_driver_sql(count, {"id": self.orders}).scalar_one())

    def jobs(self) -> list[dict[str, Any]]:
        """The jobs that compute fields, latest first."""
        return [job for job in self.api.get("/api/jobs/")[1]["jobs"] if job["type"] == recalculation.JOB]


@pytest.fixture
def shop(api: Any) -> Shop:
    """Items and orders."""
    return Shop(api)


def test_small_tables_are_computed_at_once(shop: Shop) -> None:
    shop.formulas()
    assert shop.column("Double") == ["6", "10", "14", "18", "12"]
    assert shop.jobs() == []


def test_large_tables_are_computed_by_a_job_that_shows_how_far_it_is(shop: Shop, steps: None) -> None:
    shop.formulas()
    assert shop.column("Double") == [None] * 5
    jobs = shop.jobs()
    assert [job["table_id"] for job in jobs] == [shop.orders, shop.orders]
    for job in reversed(jobs):
        run_job(job["id"])
    assert shop.column("Sum") == ["3", "5", "7", "9", "6"]
    assert shop.column("Double") == ["6", "10", "14", "18", "12"]
    assert {(job["state"], job["progress_percentage"]) for job in shop.jobs()} == {("finished", 100)}
    assert shop.pending() == 0


def test_one_job_computes_what_follows_too(shop: Shop, steps: None) -> None:
    shop.formulas()
    run_job(shop.jobs()[-1]["id"])  # that of the sum, when the double was there already
    assert shop.column("Double") == ["6", "10", "14", "18", "12"]


def test_a_row_that_is_written_meanwhile_is_computed_with_the_write(shop: Shop, steps: None) -> None:
    shop.formulas()
    shop.write(shop.orders, 1, Items=[5])
    assert shop.column("Sum")[0] == "5"


def _between(monkeypatch: pytest.MonkeyPatch, act: Callable[[int], None]) -> None:
    """Do something before each step."""
    real, calls = recalculation._step, iter(range(1000))

    def step(*args: Any) -> int | None:
        act(next(calls))
        return real(*args)

    monkeypatch.setattr(recalculation, "_step", step)


def test_writes_between_the_steps_are_kept(shop: Shop, steps: None, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.formulas()
    jobs = shop.jobs()
    _between(monkeypatch, lambda n: shop.write(shop.items, n % 5 + 1, Price=100 * (n % 5 + 1)) if n < 5 else None)
    for job in reversed(jobs):
        run_job(job["id"])
    assert shop.column("Sum") == ["300", "500", "700", "900", "600"]
    assert shop.column("Double") == ["600", "1000", "1400", "1800", "1200"]


def test_fields_that_change_between_the_steps(shop: Shop, steps: None, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.formulas()
    double = next(field["id"] for field in shop.fields(shop.orders) if field["name"] == "Double")

    def act(n: int) -> None:
        if n == 2:
            body = {"formula": "field('Sum') * 3"}
            assert shop.api.patch(f"/api/database/fields/{double}/", body)[0] == 200
        if n == 4:
            assert shop.api.delete(f"/api/database/fields/{shop.price}/")[0] == 200

    jobs = shop.jobs()
    _between(monkeypatch, act)
    for job in reversed(jobs):
        run_job(job["id"])
    for job in reversed([job for job in shop.jobs() if job["state"] == "pending"]):
        run_job(job["id"])
    assert shop.column("Double") == [None] * 5
    assert shop.pending() == 0


def test_what_a_cancelled_job_left_is_finished_all_the_same(shop: Shop, steps: None) -> None:
    shop.formulas()
    for job in shop.jobs():
        assert shop.api.post(f"/api/jobs/{job['id']}/cancel/")[0] == 200
        run_job(job["id"])
    assert shop.column("Double") == [None] * 5
    recalculation.work_off_abandoned()
    assert shop.column("Double") == [None] * 5
    with begin():
        connection().exec_driver_sql("UPDATE database.recalculation SET touched_on = now() - interval '3 minutes'")
    recalculation.work_off_abandoned()
    assert shop.column("Double") == ["6", "10", "14", "18", "12"]
    assert shop.pending() == 0
