"""Tables for tests of formulas, and evaluating a formula on them without making a field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.db import begin, connection
from plugin_api.fields import Row
from plugins.database.engine.component import Component, load_component
from plugins.database.shape import compile_columns
from plugins.formulas.compiler import Compiled, compiled
from plugins.formulas.representation import as_json
from plugins.formulas.tables import TableScope
from plugins.formulas.types import column_type
from tests.sheets import Sheet

KINDS = [{"value": "Big", "color": "red"}, {"value": "Small", "color": "blue"}]

FIELDS: list[tuple[str, str, dict[str, Any]]] = [
    ("Text", "text", {}),
    ("Num", "number", {"number_decimal_places": 2, "number_negative": True}),
    ("Int", "number", {}),
    ("Flag", "boolean", {}),
    ("Day", "date", {}),
    ("At", "date", {"date_include_time": True}),
    ("Kind", "single_select", {"select_options": KINDS}),
    ("Tags", "multiple_select", {"select_options": KINDS}),
    ("Site", "url", {}),
]

ROWS: list[dict[str, Any]] = [
    {
        "Name": "one",
        "Text": "Hello World",
        "Num": "2.50",
        "Int": 7,
        "Flag": True,
        "Day": "2020-02-29",
        "At": "2021-03-04T05:06:07Z",
        "Kind": "Big",
        "Tags": ["Big", "Small"],
        "Site": "https://example.com",
    },
    {
        "Name": "two",
        "Text": "a,b,c",
        "Num": "-1.25",
        "Int": 0,
        "Day": "2019-12-31",
        "At": "2019-12-31T23:59:59Z",
        "Kind": "Small",
        "Tags": ["Small"],
    },
    {"Name": "three"},
]


class Workbook:
    """Orders linked to items: order 1 has two items, order 2 one without values, order 3 none.

    Items have a field of each plain type, and one field of each type that is made of others.
    """

    def __init__(self, api: Any) -> None:
        self.api = api
        self._kept: Component | None = None
        self.items = Sheet(api)
        for name, kind, options in FIELDS:
            self.items.add(name, kind, **options)
        self.items.insert(*ROWS)
        with begin():
            self.orders = self.items.add_table("Orders").id
        self.link = self.add("Items", "link_row", link_row_table_id=self.items.id)
        body = {"items": [{"Name": "1", "Items": [1, 2]}, {"Name": "2", "Items": [3]}, {"Name": "3"}]}
        status, answer = api.post(f"/api/database/rows/table/{self.orders}/batch/?user_field_names=true", body)
        assert status == 200, answer

    def add(self, name: str, kind: str, table: int | None = None, **options: Any) -> int:
        """Create a field; answers its id."""
        path = f"/api/database/fields/table/{table or self.orders}/"
        status, body = self.api.post(path, {"name": name, "type": kind, **options})
        assert status == 200, body
        self._kept = None
        return int(body["id"])

    def forget(self) -> None:
        """Fields may have changed otherwise."""
        self._kept = None

    def refused(self, name: str, kind: str, **options: Any) -> str:
        """The code a field is refused with."""
        path = f"/api/database/fields/table/{self.orders}/"
        status, body = self.api.post(path, {"name": name, "type": kind, **options})
        assert status == 400, body
        return str(body["error"])

    def column(self, name: str, table: int | None = None) -> list[Any]:
        """A field's values, as the API shows them."""
        path = f"/api/database/rows/table/{table or self.orders}/?user_field_names=true"
        return [row[name] for row in self.api.get(path)[1]["results"]]

    def field(self, field_id: int) -> dict[str, Any]:
        """A field's JSON."""
        return dict(self.api.get(f"/api/database/fields/{field_id}/")[1])

    def compiled(self, formula: str, table: int | None = None) -> Compiled:
        """The formula in a table (the items, if none is given). FormulaError when it is wrong."""
        with begin():
            return compiled(formula, TableScope(self._component(), table or self.items.id))

    def values(self, formula: str, table: int | None = None) -> list[Any]:
        """What the formula is in each row, as the API would show it; computed as the row engine does."""
        return [row[0] for row in self.rows_of([formula], table)]

    def rows_of(self, formulas: Sequence[str], table: int | None = None) -> list[list[Any]]:
        """What several formulas are in each row, by one statement; values are cast as columns would hold them."""
        table = table or self.items.id
        with begin():
            component = self._component()
            row = component.rows(table).alias("t")
            shown = [self._shown(compiled(formula, TableScope(component, table)), row) for formula in formulas]
            columns = compile_columns([sa.func.json_build_array(*shown).label("shown")], row)
            source = f'"{row.element.schema}"."{row.element.name}"'  # type: ignore[attr-defined]
            statement = f"SELECT {columns} FROM {source} AS t WHERE t.trashed_on IS NULL ORDER BY t.id"
            return list(connection().exec_driver_sql(statement, {}).scalars())

    @staticmethod
    def _shown(found: Compiled, row: Row) -> sa.ColumnElement[Any]:
        return as_json(found.type, sa.cast(found.sql(row), column_type(found.type)))

    def in_orders(self, formula: str) -> list[Any]:
        """What the formula is in each order."""
        return self.values(formula, self.orders)

    def _component(self) -> Component:
        if self._kept is None:
            self._kept = load_component(self.items.id, self.items.workspace_id)
        return self._kept
