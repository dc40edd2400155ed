"""Whatever happens to rows, links and fields of three linked tables: stored values are what the formulas are now."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from plugins.formulas.errors import FormulaError
from tests.formulas import Workbook

_VALUES = [None, "0", "2.5", "-1.25", "1000"]


class Tables:
    """Items, orders linked to them, days linked to orders; formulas over one and two links, both ways."""

    def __init__(self, api: Any) -> None:
        self.book = book = Workbook(api)
        self.items, self.orders = book.items.id, book.orders
        path = f"/api/database/tables/database/{book.items.database_id}/"
        self.days = int(api.post(path, {"name": "Days"})[1]["id"])
        book.add("Orders", "link_row", self.days, link_row_table_id=self.orders)
        fields: list[tuple[int, str, str]] = [
            (self.items, "Double", "field('Num') * 2"),
            (self.items, "Label", "concat(field('Name'), '=', field('Double'))"),
            (self.orders, "Doubles", "lookup('Items', 'Double')"),
            (self.orders, "Total", "sum(field('Doubles')) + 1"),
            (self.orders, "Names", "field('Items')"),
            (self.orders, "Latest", "max(lookup('Items', 'Day'))"),
            (self.days, "All", "lookup('Orders', 'Doubles')"),
            (self.days, "Sum", "sum(lookup('Orders', 'Total'))"),
            (self.days, "Things", "join(lookup('Orders', 'Items'), ', ')"),
            (self.days, "Some", "count(filter(lookup('Orders', 'Total'), lookup('Orders', 'Total') > 2))"),
            (self.items, "Back", "join(lookup('Orders', 'Name'), '+')"),
        ]
        self.formulas = [(table, name, formula) for table, name, formula in fields]
        book.api.patch(book.items.field(self._related(self.items)), {"name": "Orders"})
        for table, name, formula in fields:
            book.add(name, "formula", table, formula=formula)

    def _related(self, table: int) -> int:
        fields = self.book.api.get(f"/api/database/fields/table/{table}/")[1]
        return int(next(field["id"] for field in fields if field["type"] == "link_row"))

    def fields(self, table: int) -> dict[str, int]:
        """Ids of a table's fields by name."""
        return {field["name"]: field["id"] for field in self.book.api.get(f"/api/database/fields/table/{table}/")[1]}

    def rows(self, table: int) -> list[int]:
        """Ids of a table's rows."""
        return [row["id"] for row in self.book.api.get(f"/api/database/rows/table/{table}/")[1]["results"]]

    def check(self) -> None:
        """Stored values are fresh ones."""
        self.book.forget()
        for table, name, formula in self.formulas:
            try:
                fresh = self.book.values(formula, table)
            except FormulaError:
                fresh = [None] * len(self.rows(table))
            assert self.book.column(name, table) == fresh, (name, formula)

    def change(self, chance: Random) -> None:
        """One random change."""
        table = chance.choice([self.items, self.orders, self.days])
        kind = chance.choice(["value", "value", "link", "link", "row", "delete", "rename", "primary"])
        rows, api = self.rows(table), self.book.api
        path = f"/api/database/rows/table/{table}/"
        if kind == "row" or not rows:
            status = api.post(f"{path}?user_field_names=true", {"Name": chance.choice("ab")})[0]
        elif kind == "delete":
            status = api.delete(f"{path}{chance.choice(rows)}/")[0]
        elif kind == "rename":
            status = self._rename()
        elif kind == "primary":
            fields = self.fields(self.items)
            new = fields[chance.choice(["Name", "Label", "Text"])]
            path = f"/api/database/fields/table/{self.items}/change-primary-field/"
            status = api.post(path, {"new_primary_field_id": new})[0]
            status = 200 if status == 400 else status  # it is the primary field already
        else:
            values = self._values(table, kind, chance)
            status = api.patch(f"{path}{chance.choice(rows)}/?user_field_names=true", values)[0]
        assert status in (200, 204)

    def _values(self, table: int, kind: str, chance: Random) -> dict[str, Any]:
        if kind == "link":
            name, other = {
                self.items: ("Orders", self.orders),
                self.orders: ("Items", self.items),
                self.days: ("Orders", self.orders),
            }[table]
            rows = self.rows(other)
            return {name: chance.sample(rows, min(len(rows), chance.randrange(4)))}
        values = {"Name": chance.choice(["x", "y", ""])}
        return {**values, "Num": chance.choice(_VALUES)} if table == self.items else values

    def _rename(self) -> int:
        """A name that is looked up goes or comes back."""
        fields = self.fields(self.items)
        old, new = ("Day", "Date") if "Day" in fields else ("Date", "Day")
        return int(self.book.api.patch(self.book.items.field(fields[old]), {"name": new})[0])


@pytest.mark.parametrize("seed", range(4))
def test_stored_values_are_fresh(api: Any, seed: int) -> None:
    tables, chance = Tables(api), Random(seed)
    tables.check()
    for _ in range(12):
        for _ in range(chance.randrange(1, 5)):
            tables.change(chance)
        tables.check()
