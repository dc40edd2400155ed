"""Query parameters that make no sense: refused, or read as well as they can be; never a failure."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.world import World

NAMES = ["\r", '"', '"a"b,', "x" * 200_000, "," * 1000, "-", "+", "field_1[", "field_1[x]", "--id", "%", "\u202e"]
NUMBERS = ["-1", "0", "9" * 19, "9" * 40, "1.5", "x", "", "1e400", "٣", "\r"]


class Reader:
    """Reads things of a world with any parameters, and checks what every answer must be."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rows = f"/api/database/rows/table/{world.table_id}/"

    def get(self, path: str, *pairs: tuple[str, str]) -> tuple[int, Any]:
        """The status and the body; no 5xx, and refusals in the API's shape."""
        api = self.world.api
        answer = api.client.get(f"{path}?{urlencode(pairs)}", headers=api.headers)
        status, body, what = answer.status_code, answer.get_json(silent=True), f"{path} {pairs}"[:300]
        assert status < 500, f"{what}: {body}"
        if status >= 400:
            assert {"error", "detail"} <= body.keys(), what
            assert "cannot be stored" not in str(body["detail"]), f"{what} was left to the database to refuse"
        return status, body

    def each(self, path: str, names: Sequence[str], values: Sequence[str]) -> None:
        """Every parameter with every value."""
        for name, value in itertools.product(names, values):
            self.get(path, (name, value))


@pytest.fixture
def reader(api: Any) -> Reader:
    """A reader of a table with a field of each type and a row with all values."""
    world = World(api)
    assert api.post(f"/api/database/rows/table/{world.table_id}/", world.row())[0] == 200
    return Reader(world)


def test_lists_of_names(reader: Reader) -> None:
    for names in ((), (("user_field_names", "true"),)):
        for parameter, value in itertools.product(["order_by", "include", "exclude", "link_row__join"], NAMES):
            reader.get(reader.rows, *names, (parameter, value))


def test_numbers(reader: Reader) -> None:
    row = f"{reader.rows}1/"
    reader.each(reader.rows, ["page", "size", "view_id", "search"], NUMBERS)
    reader.each(f"{row}history/", ["limit", "offset"], NUMBERS)
    reader.each(f"{row}adjacent/", ["previous", "view_id"], NUMBERS)
    reader.each(f"/api/database/fields/{reader.world.fields['url']}/unique_row_values/", ["limit"], NUMBERS)
    reader.each("/api/jobs/", ["job_ids", "states"], NUMBERS)
    names = "/api/database/rows/names/"
    reader.each(names, [f"table__{reader.world.table_id}"], NUMBERS)
    reader.each(names, [f"table__{number}" for number in NUMBERS], ["1"])


def test_the_audit_log(reader: Reader) -> None:
    own = ("workspace_id", str(reader.world.base.workspace_id))
    moments = ["2020", "2020-02-30", "9999-12-31T23:59:59-14:00", "0001-01-01", "infinity", "x" * 5000]
    for name, value in itertools.product(["page", "size", "user_id", "action_type", "search"], [*NUMBERS, *NAMES[:6]]):
        reader.get("/api/audit-log/", own, (name, value))
        reader.get("/api/audit-log/users/", own, (name, value))
    for name, value in itertools.product(["from_timestamp", "to_timestamp", "sorts"], [*moments, *NAMES]):
        reader.get("/api/audit-log/", own, (name, value))
    reader.each("/api/audit-log/", ["workspace_id"], NUMBERS)
    reader.each("/api/audit-log/action-types/", ["workspace_id", "search"], NUMBERS)


JUNK: list[Any] = [None, True, -1, 2**70, "", "x", "\0", [], {}, [[[1]]], {"a": 1}]


def test_trees_of_filters(reader: Reader) -> None:
    good = {"field": reader.world.fields["number"], "type": "equal", "value": "1"}
    for key, junk in itertools.product(good, JUNK):
        tree = {"filter_type": "AND", "filters": [{**good, key: junk}]}
        reader.get(reader.rows, ("filters", json.dumps(tree)))
    for key, junk in itertools.product(["filter_type", "filters", "groups"], [*JUNK, *([junk] for junk in JUNK)]):
        reader.get(reader.rows, ("filters", json.dumps({"filter_type": "AND", key: junk})))


def test_trees_that_are_no_json_or_too_deep(reader: Reader) -> None:
    deep = '{"filter_type":"AND","groups":['
    for text in ("{", "[]", "null", "NaN", '"\\ud800"', "[" * 20_000, deep * 50 + "]}" * 50, deep * 5000 + "]}" * 5000):
        status, body = reader.get(reader.rows, ("filters", text))
        assert (status, body["error"]) == (400, "ERROR_FILTERS_PARAM_VALIDATION_ERROR"), text[:50]


def test_thousands_of_filters(reader: Reader) -> None:
    number = reader.world.fields["number"]
    pairs = [(f"filter__field_{number}__equal", str(value)) for value in range(2000)]
    assert reader.get(reader.rows, ("filter_type", "OR"), *pairs)[1]["count"] == 3
    filters = [{"field": number, "type": "not_equal", "value": str(value)} for value in range(2000)]
    assert reader.get(reader.rows, ("filters", json.dumps({"filter_type": "AND", "filters": filters})))[0] == 200
