"""Changing the type of a field: from every type to every other one, and what becomes of which value."""

from __future__ import annotations

from typing import Any

import pytest

from plugin_api.db import begin, connection
from plugin_api.fields import FieldType
from plugin_api.platform import registry
from plugin_api.settings import setting
from tests.sessions import DONE, Session
from tests.tables import SMALL_MODEL

OPTIONS = [{"value": "Red", "color": "red"}, {"value": "a,b", "color": "blue"}]
SETTINGS: dict[str, dict[str, Any]] = {
    "number": {"number_decimal_places": 2, "number_negative": True},
    "date": {"date_include_time": True, "date_format": "EU"},
    "single_select": {"select_options": OPTIONS},
    "multiple_select": {"select_options": OPTIONS},
    "duration": {"duration_format": "d h:mm:ss"},
    "formula": {"formula": "concat(field('Name'), '!')"},
    "ai": {**SMALL_MODEL, "ai_output_type": "choice", "select_options": OPTIONS},
}
VALUES: dict[str, list[Any]] = {
    "text": ["Red", "1.5", "2020-02-29", "1:30", "yes", "", None, "9" * 400, "1e99", "NaN", "-5", "\U0001f600'\"%,"],
    "long_text": ["a,b\nRed", "99999-12-31", "0000-00-00", "31/12/9999 25:61", "-0", "1e400", "infinity"],
    "number": ["1.25", "-3", None, "9" * 49, "0"],
    "rating": [3, 0],
    "boolean": [True, False],
    "date": ["2020-02-29T13:45:00Z", None, "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"],
    "url": ["https://example.com", ""],
    "email": ["ann@example.com", ""],
    "phone_number": ["+31 10 123", ""],
    "single_select": ["Red", "a,b", None],
    "multiple_select": [["Red", "a,b"], ["a,b"], []],
    "duration": [90061, -60, None],
    "password": ["secret", None],
    "ai": ["Red", "a,b", None],
}
ON_ROWS = ["link_row", "lookup", "count", "rollup"]


class Changing(Session):
    """A table whose field Col is changed, linked to another one."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.allow_ai()
        self.other = self.table("Other", [["Name"], ["1"], ["Red"]])

    def sheet(self, type_name: str) -> tuple[int, int]:
        """A table with rows of values of a type; answers it and the field."""
        values = VALUES.get(type_name, [None, None])
        table = self.table("Sheet", [["Name"], *([f"r{n}"] for n, _ in enumerate(values))])
        field = self.add_field(table, "Col", type_name, **self.settings(type_name, table))
        if type_name in VALUES:
            items = [{"id": n, "Col": value} for n, value in enumerate(values, 1) if value is not None]
            self.ok(*self.api.patch(self.rows_path(table, "batch/"), {"items": items}))
        if type_name == "link_row":
            self.write(table, 1, Col=["Red", "1"])
        return table, field

    def settings(self, type_name: str, table: int) -> dict[str, Any]:
        """What a field of a type needs."""
        if type_name == "link_row":
            return {"link_row_table_id": self.other}
        if type_name not in ON_ROWS:
            return SETTINGS.get(type_name, {})
        if "Link" not in self.names(table):
            self.add_field(table, "Link", "link_row", link_row_table_id=self.other)
            self.write(table, 1, Link=["Red", "1"])
        through = next(field["id"] for field in self.fields(table) if field["name"] == "Link")
        target = {} if type_name == "count" else {"target_field_id": self.first_field(self.other)}
        more = {"rollup_function": "count"} if type_name == "rollup" else {}
        return {"through_field_id": through, **target, **more}


@pytest.fixture(params=[None, 0], ids=["at once", "beside"])
def base(api: Any, instance: Any, request: pytest.FixtureRequest) -> Changing:
    """A database changed in a client session, with tables that are small, and with such that count as large."""
    if request.param is not None:
        instance(large_table_rows=request.param)
    return Changing(api)


def _types() -> list[str]:
    found: list[FieldType] = registry("field_types").values()
    return sorted(kind.type for kind in found if not kind.type.startswith("lab"))


_BESIDE = {"text", "single_select", "ai", "file"}
"""What is changed to all other types when tables count as large; the others differ in no way that matters there."""


def test_from_every_type_to_every_other_and_back(base: Changing) -> None:
    types = _types()
    assert len(types) >= 26
    for source in types if setting("large_table_rows") else sorted(_BESIDE):
        table, field = base.sheet(source)
        before = base.rows(table)
        for target in types:
            if target == source:
                continue
            settings = base.settings(target, table)
            before = base.rows(table)
            status, answer = base.api.patch(f"/api/database/fields/{field}/", {"type": target, **settings})
            assert status == 200, f"{source} to {target}: {answer}"
            rows = base.rows(table)
            assert [row["Name"] for row in rows] == [row["Name"] for row in before], f"{source} to {target}"
            assert base.undo() == DONE, f"{source} to {target}"
            assert _lasting(base.rows(table)) == _lasting(before), f"{source} to {target} and back"


def _lasting(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows without what any change of a row changes."""
    return [{name: value for name, value in row.items() if name not in ("Link",)} for row in rows]


@pytest.mark.parametrize(
    ("values", "target", "options", "expected"),
    [
        (["12", "1.6", "-3", "abc", "", "1,000", " 7 ", "1e3"], "number", {}, "12 2 0 None None None 7 1000"),
        (["-1.255", "1e60", "NaN"], "number", SETTINGS["number"], "-1.26 None None"),
        (["2.6", "9", "-1", "x", ""], "rating", {"max_value": 5}, "3 5 0 0 0"),
        (["Yes", " TRUE ", "1", "0", "x", ""], "boolean", {}, "True True True False False False"),
        (["2020-02-29", "29/02/2020", "02/29/2020", "2020-02-30"], "date", {}, "2020-02-29 2020-02-29 2020-02-29 None"),
        (["03/04/2020", "3.4.2020"], "date", {"date_format": "US"}, "2020-03-04 2020-03-04"),
        (["03/04/2020", "3-4-2020"], "date", {"date_format": "EU"}, "2020-04-03 2020-04-03"),
        (
            ["2020-02-29 13:45", "29/02/2020 01:45 PM", "2020-02-29T13:45+02:00", "2020-02-29 24:00"],
            "date",
            {"date_include_time": True},
            "2020-02-29T13:45:00Z 2020-02-29T13:45:00Z 2020-02-29T11:45:00Z None",
        ),
        (
            ["2020-07-01 12:00"],
            "date",
            {"date_include_time": True, "date_force_timezone": "Europe/Rome"},
            "2020-07-01T10:00:00Z",
        ),
        (["1:30", "90", "2h 5m", "-1:00", "x"], "duration", {}, "5400 120 7500 -3600 None"),
        (["1:30", "1d 2:03:04"], "duration", {"duration_format": "h:mm:ss"}, "90 93784"),
        (["Red", "red", "Blue", ""], "single_select", {"select_options": OPTIONS}, "Red Red None None"),
        (["https://x.org", "plain", "javascript:a.b"], "url", {}, "https://x.org  "),
        (["a@b.co", "a@b", "x" * 300 + "@b.co"], "email", {}, "a@b.co  "),
        (["+31 10", "call me"], "phone_number", {}, "+31 10 "),
    ],
)
def test_what_texts_become(
    base: Changing, values: list[str], target: str, options: dict[str, Any], expected: str
) -> None:
    table = base.table("Sheet", [["Name", "Col"], *(["n", value] for value in values)])
    field = base.fields(table)[1]["id"]
    base.change(field, type=target, **options)
    assert " ".join(str(value) for value in base.column(table, "Col")) == expected


def test_lists_of_names(base: Changing) -> None:
    values = ['Red,"a,b"', "RED , x", '"a,b', "", "Red,Red"]
    table = base.table("Sheet", [["Name", "Col"], *(["n", value] for value in values)])
    field = base.fields(table)[1]["id"]
    base.change(field, type="multiple_select", select_options=OPTIONS)
    assert base.column(table, "Col") == [["Red", "a,b"], ["Red"], [], [], ["Red"]]
    base.change(field, type="single_select")
    assert base.column(table, "Col") == ["Red", "Red", None, None, "Red"]
    base.change(field, type="multiple_select")
    assert base.column(table, "Col") == [["Red"], ["Red"], [], [], ["Red"]]


def test_members_by_name_and_address(base: Changing) -> None:
    user = base.api.user
    values = [user["first_name"], user["username"], "nobody"]
    table = base.table("Sheet", [["Name", "Col"], *(["n", value] for value in values)])
    base.change(base.fields(table)[1]["id"], type="multiple_collaborators")
    names = [[person["name"] for person in people] for people in base.column(table, "Col")]
    assert names == [[user["first_name"]], [user["first_name"]], []]


def test_moments_stay_moments(base: Changing) -> None:
    table, field = base.sheet("created_on")
    with begin():
        connection().exec_driver_sql(
            f'UPDATE "ws_{base.workspace_id}"."table_{table}" SET created_on = \'2020-02-29 23:30:00.5+00\''
        )
    base.change(field, date_include_time=True)
    base.change(field, type="date", date_include_time=True)
    assert set(base.column(table, "Col")) == {"2020-02-29T23:30:00.500000Z"}
    base.change(field, date_include_time=False)
    assert set(base.column(table, "Col")) == {"2020-02-29"}


def test_a_change_of_type_costs_the_same_for_many_rows(base: Changing, count_sql: Any) -> None:
    def cost(rows: int) -> int:
        table = base.table("Sheet", [["Name", "Col"], *([str(n), str(n)] for n in range(rows))])
        field = base.fields(table)[1]["id"]
        with count_sql() as statements:
            base.change(field, type="number")
        return len(statements)

    assert cost(1) == cost(300)
