"""Undoing and redoing changes of fields: what they held, what came with them, and what follows from them."""

from __future__ import annotations

from typing import Any

import pytest

from plugin_api.db import begin, connection
from plugins.database.fields.backups import forget_old
from tests.sessions import DONE, FAILED, Session

TEXTS = ["3.75", "abc", "", "12"]


@pytest.fixture(params=[None, 0], ids=["at once", "beside"])
def base(api: Any, instance: Any, request: pytest.FixtureRequest) -> Session:
    """A database changed in a client session, with tables that are small, and with such that count as large."""
    if request.param is not None:
        instance(large_table_rows=request.param)
    return Session(api)


@pytest.fixture
def table(base: Session) -> int:
    """A table with a name and a text."""
    return base.table("Sheet", [["Name", "Text"], *([f"r{n}", text] for n, text in enumerate(TEXTS))])


def _field(base: Session, table: int, name: str) -> dict[str, Any]:
    return next(found for found in base.fields(table) if found["name"] == name)


def _leftovers(base: Session) -> list[str]:
    """Tables in the workspace's schema that hold no table's rows."""
    with begin():
        found = connection().exec_driver_sql(
            "SELECT tablename FROM pg_tables WHERE schemaname = %(schema)s AND tablename NOT LIKE 'table%%'",
            {"schema": f"ws_{base.workspace_id}"},
        )
        return sorted(found.scalars())


def test_values_come_back_exactly_when_a_change_of_type_is_undone(base: Session, table: int) -> None:
    text = _field(base, table, "Text")
    base.change(text["id"], type="rating", max_value=5)
    rated = base.column(table, "Text")
    assert rated != TEXTS
    for _ in range(2):
        assert base.undo() == DONE
        assert base.column(table, "Text") == TEXTS
        assert _field(base, table, "Text") == text
        assert base.redo() == DONE
        assert base.column(table, "Text") == rated


def test_what_was_written_since_is_not_lost(base: Session, table: int, make_user: Any) -> None:
    base.change(_field(base, table, "Text")["id"], type="rating", max_value=5)
    row_id = base.rows(table)[1]["id"]
    with base.another_session():
        base.write(table, row_id, Text=5)
        base.row(table, Name="new", Text=2)
    assert base.undo() == DONE
    assert base.column(table, "Text") == ["3.75", "5", "", "12", "2"]


def test_options_are_undone_too(base: Session, table: int) -> None:
    number = base.add_field(table, "Number", "number", number_decimal_places=2)
    row_id = base.rows(table)[0]["id"]
    base.write(table, row_id, Number="1.25")
    base.change(number, number_decimal_places=0)
    assert base.column(table, "Number")[0] == "1"
    assert base.undo() == DONE
    assert base.column(table, "Number")[0] == "1.25"
    assert base.redo() == DONE
    assert base.column(table, "Number")[0] == "1"


def test_removed_select_options_come_back_with_their_values(base: Session, table: int) -> None:
    options = [{"value": "x", "color": "red"}, {"value": "y", "color": "blue"}]
    one = base.add_field(table, "One", "single_select", select_options=options)
    many = base.add_field(table, "Many", "multiple_select", select_options=options)
    row_id = base.rows(table)[0]["id"]
    base.write(table, row_id, One="y", Many=["x", "y"])
    before = (_field(base, table, "One"), _field(base, table, "Many"), base.rows(table)[0])
    for field_id in (one, many):
        base.change(
            field_id, select_options=_field(base, table, "One" if field_id == one else "Many")["select_options"][:1]
        )
    assert base.column(table, "One")[0] is None
    assert base.column(table, "Many")[0] == ["x"]
    assert (base.undo(), base.undo()) == (DONE, DONE)
    assert (_field(base, table, "One"), _field(base, table, "Many"), base.rows(table)[0]) == before
    assert (base.redo(), base.redo()) == (DONE, DONE)
    assert base.column(table, "Many")[0] == ["x"]


def test_names_rules_and_indexes(base: Session, table: int) -> None:
    text = _field(base, table, "Text")
    base.add_field(table, "Twice", "formula", formula="concat(field('Text'), field('Text'))")
    base.change(
        text["id"], name="Words", description="d", db_index=True, field_constraints=[{"type_name": "unique_with_empty"}]
    )
    assert base.undo() == DONE
    assert _field(base, table, "Text") == text
    assert base.column(table, "Twice")[0] == "3.753.75"
    base.row(table, Name="again", Text="12")  # nothing has to be unique any more
    assert base.undo() == DONE
    base.undo(), base.redo()
    assert _field(base, table, "Twice")["formula"] == "concat(field('Text'), field('Text'))"


def test_fields_come_and_go_with_their_values(base: Session, table: int) -> None:
    base.add_field(table, "Twice", "formula", formula="concat(field('Text'), field('Text'))")
    text = _field(base, table, "Text")
    base.ok(*base.api.delete(f"/api/database/fields/{text['id']}/"))
    assert _field(base, table, "Twice")["error"]
    base.add_field(table, "Text", "boolean")
    assert (base.undo(), base.undo()) == (DONE, DONE)
    assert base.column(table, "Text") == TEXTS
    assert base.column(table, "Twice")[0] == "3.753.75"
    assert (base.redo(), base.redo()) == (DONE, DONE)
    assert base.column(table, "Text") == [False] * 4


def test_a_field_whose_name_is_taken_comes_back_under_another(base: Session, table: int) -> None:
    text = _field(base, table, "Text")
    base.ok(*base.api.delete(f"/api/database/fields/{text['id']}/"))
    with base.another_session():
        base.add_field(table, "Text", "boolean")
    assert base.undo() == DONE
    assert base.names(table)[1:] == ["Text (Restored)", "Text"]
    assert base.column(table, "Text (Restored)") == TEXTS


def test_another_primary_field(base: Session, table: int) -> None:
    text, name = _field(base, table, "Text")["id"], base.first_field(table)
    body = {"new_primary_field_id": text}
    base.ok(*base.api.post(f"/api/database/fields/table/{table}/change-primary-field/", body))
    assert base.first_field(table) == text
    assert base.undo() == DONE
    assert base.first_field(table) == name
    assert base.redo() == DONE
    assert base.first_field(table) == text


def test_undoing_is_refused_when_the_field_is_of_another_type_by_now(base: Session, table: int) -> None:
    text = _field(base, table, "Text")["id"]
    base.change(text, type="rating", max_value=5)
    with base.another_session():
        base.change(text, type="long_text")
    rows = base.rows(table)
    assert base.undo() == FAILED
    assert base.rows(table) == rows


def test_a_day_later_nothing_is_kept_any_more(base: Session, table: int) -> None:
    base.change(_field(base, table, "Text")["id"], type="rating", max_value=5)
    kept = _leftovers(base)
    assert len(kept) == 1
    assert kept[0].startswith("backup_")
    forget_old()
    assert _leftovers(base) == kept
    with begin():
        connection().exec_driver_sql("UPDATE database.field_backup SET created_on = now() - interval '25 hours'")
    forget_old()
    assert _leftovers(base) == []
    assert base.undo() == FAILED
    assert _field(base, table, "Text")["type"] == "rating"


def test_without_a_client_session_nothing_is_kept(base: Session, table: int) -> None:
    base.api.headers = {"Authorization": base.api.headers["Authorization"]}
    base.change(_field(base, table, "Text")["id"], type="rating", max_value=5)
    assert _leftovers(base) == []
