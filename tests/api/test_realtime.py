"""The websocket: who gets in, which pages are open to whom, and what is told of rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.live import Live, live
from tests.sheets import Sheet


@pytest.fixture
def server(app: Flask) -> Iterator[Live]:
    """A web server with websockets."""
    with live(app) as made:
        yield made


@pytest.fixture
def table(api: Any) -> Table:
    """A table whose admin is `api`."""
    return Table(api)


class Table:
    """A table with the text field Name, changed over HTTP."""

    def __init__(self, api: Any) -> None:
        self.sheet = Sheet(api)
        self.id = self.sheet.id
        with self.sheet.shape() as shape:
            self.name = shape.fields[0].column
        self.rows = f"/api/database/rows/table/{self.id}/"

    def add(self, name: str, by: Any = None, **more: Any) -> dict[str, Any]:
        """A new row as the API shows it."""
        status, row = (by or self.sheet.api).post(self.rows, {self.name: name}, **more)
        assert status == 200, row
        return dict(row)


def test_a_user_is_let_in_and_told_the_name_of_the_socket(server: Live, api: Any) -> None:
    first, second = server.open(api), server.open(api)
    assert first.id and second.id and first.id != second.id


def test_a_visitor_is_let_in(server: Live) -> None:
    assert server.open(None).id


@pytest.mark.parametrize("query", ["", "?jwt_token=", "?jwt_token=abc.def.ghi", "?jwt_token=%FF%00", "?other=1"])
def test_without_a_good_token_the_socket_is_closed(server: Live, query: str) -> None:
    code, told = server.connect(query).closed()
    assert told == [{"type": "authentication", "success": False, "web_socket_id": None}]
    assert code == 4401


def test_a_page_is_opened_and_left(server: Live, api: Any, table: Table) -> None:
    browser, parameters = server.open(api), {"table_id": table.id}
    assert browser.ask(page="table", **parameters) == {"type": "page_add", "page": "table", "parameters": parameters}
    left = browser.ask(remove_page="table", **parameters)
    assert left == {"type": "page_discard", "page": "table", "parameters": parameters}
    table.add("one")
    assert browser.told() == []


def test_rows_are_told_as_they_were_and_as_they_are(server: Live, api: Any, table: Table) -> None:
    browser = server.open(api).page("table", table_id=table.id)
    row = table.add("one")
    told = {"type": "rows_created", "table_id": table.id, "rows": [row], "before_row_id": None, "metadata": {}}
    assert browser.told() == [told]
    status, after = api.patch(f"{table.rows}{row['id']}/", {table.name: "two"})
    assert status == 200
    (told,) = browser.told()
    assert told == {
        "type": "rows_updated",
        "table_id": table.id,
        "rows_before_update": [row],
        "rows": [after],
        "updated_field_ids": [int(table.name.removeprefix("field_"))],
        "metadata": {},
    }
    assert api.delete(f"{table.rows}{row['id']}/")[0] == 204
    assert browser.told() == [
        {"type": "rows_deleted", "table_id": table.id, "row_ids": [row["id"]], "rows": [after]},
    ]


def test_the_socket_that_a_change_came_from_is_not_told(server: Live, api: Any, table: Table) -> None:
    mine, other = (server.open(api).page("table", table_id=table.id) for _ in range(2))
    table.add("one", headers={"WebSocketId": mine.id})
    assert mine.told() == []
    assert [message["type"] for message in other.told()] == ["rows_created"]


def test_strangers_are_refused_pages(server: Live, table: Table, make_user: Any) -> None:
    for browser in (server.open(make_user()), server.open(None)):
        answer = browser.ask(page="table", table_id=table.id)
        assert answer["type"] == "page_refused"
        assert answer["page"] == "table"
        assert answer["parameters"] == {"table_id": table.id}
        assert answer["error"]
