"""Every registered field type behaves as all must: rows, filters, formulas, copies, conversions, undo and trash."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from plugin_api.platform import registry
from plugin_api.testing import Bench, FieldCase, Sample, check_field_behaviour
from tests.tables import SMALL_MODEL, run_job

OPTIONS = [{"value": "Red", "color": "red"}, {"value": "Blue", "color": "blue"}]


class _Running:
    """The application of these tests, as one user sees it."""

    def __init__(self, api: Any) -> None:
        self.call = api.call

    def run_job(self, job_id: int) -> None:
        """Do what a worker does."""
        run_job(job_id)


def _select(value: str) -> dict[str, Any]:
    return {"id": ANY, "value": value, "color": ANY}


class _Any:
    """Equal to everything."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


ANY: Any = _Any()


def _linked(bench: Bench, table: int) -> dict[str, Any]:
    return {"link_row_table_id": bench.table(["Ann", "Bob"]), "has_related_field": False}


def _through(bench: Bench, table: int) -> dict[str, Any]:
    other = bench.table(["Ann", "Bob"])
    link = bench.field(table, f"Link {other}", "link_row", link_row_table_id=other)
    assert bench.write(table, [{"id": 1, link["name"]: [1, 2]}])[0] == 200
    target = bench.done("GET", f"/api/database/fields/table/{other}/")[0]["id"]
    return {"through_field_id": link["id"], "target_field_id": target}


def _counted(bench: Bench, table: int) -> dict[str, Any]:
    return {"through_field_id": _through(bench, table)["through_field_id"]}


def _rolled_up(bench: Bench, table: int) -> dict[str, Any]:
    return {**_through(bench, table), "rollup_function": "count"}


def _with_model(bench: Bench, table: int) -> dict[str, Any]:
    path = f"/api/workspaces/{bench.workspace_id}/settings/generative-ai/"
    bench.done("PATCH", path, {"ollama": {"host": "http://127.0.0.1:9", "models": ["small"]}})
    return dict(SMALL_MODEL)


_TEXTS = [Sample("Zoë", "Zoë", "Zoë"), Sample("b 2", "b 2", "b 2"), Sample("", "", "")]
CASES = [
    FieldCase("text", _TEXTS, refused=[({}, "invalid"), (True, "invalid")]),
    FieldCase("long_text", [*_TEXTS, Sample("a\nb", "a\nb", "a\nb")], refused=[([], "invalid")]),
    FieldCase(
        "number",
        [Sample("1.50", "1.50", "1.50"), Sample(-3, "-3.00", "-3.00"), Sample(None, None)],
        {"number_decimal_places": 2, "number_negative": True},
        [("x", "invalid"), ("1.234", "max_decimal_places"), ({}, "invalid")],
    ),
    FieldCase(
        "rating", [Sample(3, 3, "3"), Sample(1, 1, "1")], {"max_value": 5}, [(9, "max_value"), (-1, "min_value")]
    ),
    FieldCase(
        "boolean",
        [Sample(True, True, "true"), Sample(False, False, "false")],
        refused=[("x", "invalid")],
        searched=(),
    ),
    FieldCase(
        "date",
        [Sample("2020-02-29", "2020-02-29", "29/02/2020"), Sample("0999-01-02", "0999-01-02"), Sample(None, None)],
        {"date_format": "EU"},
        [("29/02/2020", "invalid"), ("2021-02-29", "invalid")],
    ),
    FieldCase(
        "url", [Sample("https://a.example", "https://a.example", "https://a.example")], refused=[("a b", "invalid")]
    ),
    FieldCase("email", [Sample("a@example.com", "a@example.com", "a@example.com")], refused=[("a", "invalid")]),
    FieldCase("phone_number", [Sample("+31 10", "+31 10", "+31 10")], refused=[("abc", "invalid")]),
    FieldCase(
        "single_select",
        [Sample("Red", _select("Red"), "Red"), Sample("Blue", _select("Blue"), "Blue"), Sample(None, None)],
        {"select_options": OPTIONS},
        [("Green", "is not a select option"), (True, "")],
        written_as_read=False,
    ),
    FieldCase(
        "multiple_select",
        [
            Sample(["Red", "Blue"], [_select("Red"), _select("Blue")], "Red, Blue"),
            Sample(["Blue"], [_select("Blue")], "Blue"),
        ],
        {"select_options": OPTIONS},
        [(["Green"], "is not a select option"), ("x", "")],
        written_as_read=False,
        searched=("red", "blue"),
    ),
    FieldCase(
        "duration",
        [Sample(3661, 3661, "1:01:01"), Sample("0:00:05", 5, "0:00:05"), Sample(None, None)],
        {"duration_format": "h:mm:ss"},
        [("x", "invalid"), ([], "invalid")],
        formula_text=False,
    ),
    FieldCase(
        "link_row",
        [Sample([1, 2], ANY), Sample(["Bob"], ANY)],
        _linked,
        written_as_read=False,
    ),
    FieldCase("file", [], {}, [([{"name": "nothing.txt"}], ""), ("x", "")]),
    FieldCase("multiple_collaborators", [], {}, [([{"id": 0}], ""), ("x", "")]),
    FieldCase(
        "password",
        [Sample("secret", True), Sample(None, None)],
        written_as_read=False,
        searched=(),
        from_text=False,
    ),
    FieldCase("ai", _TEXTS[:2], _with_model, [({}, "invalid")]),
    FieldCase("formula", settings={"formula": "concat(field('Name'), '!')"}, read_only=True),
    FieldCase("lookup", settings=_through, read_only=True),
    FieldCase("count", settings=_counted, read_only=True),
    FieldCase("rollup", settings=_rolled_up, read_only=True),
    *(
        FieldCase(name, read_only=True)
        for name in ("uuid", "autonumber", "created_on", "last_modified", "created_by", "last_modified_by")
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.type)
def test_every_type(api: Any, case: FieldCase) -> None:
    check_field_behaviour(_Running(api), case)


def test_no_type_is_left_out(app: Flask) -> None:
    types = {kind.type for kind in registry("field_types").values()}
    assert {case.type for case in CASES} == {name for name in types if not name.startswith("lab_")}


def _breaks(**changes: Any) -> Callable[[], FieldCase]:
    return lambda: FieldCase(**{"type": "text", "samples": _TEXTS[:2], **changes})


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (_breaks(samples=[Sample("a", "b"), Sample("c", "c")]), "reads as 'a'"),
        (_breaks(refused=[("fine", "invalid")]), "is not refused"),
        (_breaks(refused=[({}, "other_code")]), "not with other_code"),
        (_breaks(samples=[Sample("a", "a", "something else"), Sample("c", "c")]), "something else"),
    ],
)
def test_the_suite_tells_what_is_wrong(api: Any, make: Callable[[], FieldCase], told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        check_field_behaviour(_Running(api), make())
