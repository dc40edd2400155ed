"""Undo and redo over HTTP: whose actions they reach, groups, scopes, rows, tables, and what is in the way."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from plugin_api.db import begin, connection
from tests.sessions import DONE, FAILED, NOTHING, Session


@pytest.fixture
def base(api: Any) -> Session:
    """A database changed in a client session."""
    return Session(api)


@pytest.fixture
def table(base: Session) -> int:
    """A table of three rows."""
    return base.table("Sheet", [["Name"], ["a"], ["b"], ["c"]])


def _ids(base: Session, table: int) -> list[int]:
    return [row["id"] for row in base.rows(table)]


def test_rows_that_were_made_changed_moved_and_deleted(base: Session, table: int) -> None:
    states = [base.rows(table)]
    row_id = base.row(table, Name="d")
    states.append(base.rows(table))
    base.write(table, row_id, Name="e")
    states.append(base.rows(table))
    first = _ids(base, table)[0]
    path = f"/api/database/rows/table/{table}/{row_id}/move/?before_id={first}"
    base.ok(*base.api.patch(path))
    states.append([{**row, "order": None} for row in base.rows(table)])
    base.ok(*base.api.delete(f"/api/database/rows/table/{table}/{row_id}/"))
    states.append(base.rows(table))
    for state in reversed(states[:-1]):
        assert base.undo() == DONE
        assert [row["Name"] for row in base.rows(table)] == [row["Name"] for row in state]
    for state in states[1:]:
        assert base.redo() == DONE
        assert [row["Name"] for row in base.rows(table)] == [row["Name"] for row in state]
    assert base.redo() == NOTHING


def test_a_batch_is_undone_at_once_and_only_where_it_changed_something(base: Session, table: int) -> None:
    other = base.add_field(table, "Other", "text")
    ids = _ids(base, table)
    items = [{"id": row_id, "Name": f"n{row_id}"} for row_id in ids]
    base.ok(*base.api.patch(base.rows_path(table, "batch/"), {"items": items}))
    with base.another_session():
        base.write(table, ids[0], Other="kept")
    assert base.undo() == DONE
    assert base.column(table, "Name") == ["a", "b", "c"]
    assert base.column(table, "Other") == ["kept", None, None]
    assert base.redo() == DONE
    assert base.column(table, "Name") == [f"n{row_id}" for row_id in ids]
    assert other


def test_an_undone_change_of_a_row_stands_in_its_history(base: Session, table: int) -> None:
    row_id = _ids(base, table)[0]
    base.write(table, row_id, Name="new")
    base.undo()
    base.redo()
    entries = base.ok(*base.api.get(f"/api/database/rows/table/{table}/{row_id}/history/"))["results"]
    assert [entry["action_command_type"] for entry in entries] == ["REDO", "UNDO", "DO"]
    name = f"field_{base.first_field(table)}"
    assert [entry["after"][name] for entry in entries] == ["new", "a", "new"]


def test_sessions_and_users_are_apart(base: Session, table: int) -> None:
    with base.another_session():
        base.row(table, Name="d")
    assert base.column(table, "Name") == ["a", "b", "c", "d"]
    base.api.headers["ClientSessionId"] = str(uuid4())
    assert base.undo() == NOTHING


def test_tables_come_and_go(base: Session, table: int) -> None:
    base.ok(*base.api.patch(f"/api/database/tables/{table}/", {"name": "Renamed"}))
    other = base.table("Other")
    base.ok(*base.api.post(f"/api/database/tables/database/{base.id}/order/", {"table_ids": [other, table]}))
    base.ok(*base.api.delete(f"/api/database/tables/{table}/"))
    names = [["Other"], ["Other", "Renamed"], ["Renamed", "Other"], ["Renamed"], ["Sheet"]]
    for expected in names[1:]:
        assert base.undo() == DONE
        assert [found["name"] for found in base.tables()] == expected
    assert base.column(table, "Name") == ["a", "b", "c"]
    for expected in reversed(names[:-1]):
        assert base.redo() == DONE
        assert [found["name"] for found in base.tables()] == expected


def test_scopes_choose_what_is_undone(base: Session, table: int) -> None:
    base.row(table, Name="d")
    base.ok(*base.api.patch(f"/api/database/tables/{table}/", {"name": "Renamed"}))
    assert base.api.patch("/api/user/undo/", {"scopes": {"table": table}})[1]["actions"] == [
        {"action_type": "create_row", "action_scope": f"table{table}"}
    ]
    assert base.column(table, "Name") == ["a", "b", "c"]
    assert base.tables()[0]["name"] == "Renamed"


def test_a_group_is_undone_together_or_not_at_all(base: Session, table: int) -> None:
    base.api.headers["ClientUndoRedoActionGroupId"] = str(uuid4())
    first = base.row(table, Name="d")
    base.row(table, Name="e")
    del base.api.headers["ClientUndoRedoActionGroupId"]
    with base.another_session():
        base.ok(*base.api.delete(f"/api/database/rows/table/{table}/{first}/"))
    assert base.undo() == FAILED
    assert base.column(table, "Name") == ["a", "b", "c", "e"]


def test_what_one_may_no_longer_do_is_not_undone(base: Session, table: int) -> None:
    row_id = _ids(base, table)[0]
    base.write(table, row_id, Name="new")
    with begin():
        connection().exec_driver_sql("UPDATE core.membership SET permissions = 'VIEWER'")
    assert base.undo() == FAILED
    assert base.column(table, "Name")[0] == "new"


def test_a_value_is_not_undone_into_a_field_of_another_type(base: Session, table: int) -> None:
    text = base.add_field(table, "Text", "text")
    row_id = _ids(base, table)[0]
    base.write(table, row_id, Text="x")
    with base.another_session():
        base.change(text, type="long_text")
    rows = base.rows(table)
    assert base.undo() == FAILED
    assert base.rows(table) == rows


def test_undoing_costs_the_same_for_many_rows(base: Session, table: int, count_sql: Any) -> None:
    def cost(number: int) -> int:
        items = [{"Name": str(n)} for n in range(number)]
        base.ok(*base.api.post(base.rows_path(table, "batch/"), {"items": items}))
        with count_sql() as statements:
            assert base.undo() == DONE
        return len(statements)

    cost(1)
    assert cost(100) == cost(2)
