"""Changing fields of large tables: a new column is filled while others write, and nothing of that is lost or left."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from plugin_api.db import begin, connection
from plugins.database.fields import beside, preparing
from plugins.database.fields.beside import NewColumn
from tests.conftest import Api
from tests.sessions import DONE, Session

TEXTS = ["1", "2.5", "abc", "", "5", "6", "7"]
UNIQUE = [{"type_name": "unique_with_empty"}]


class Large(Session):
    """A table that counts as large, filled two rows at a time."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.id = self.table("Sheet", [["Name", "Col"], *([f"r{n}", text] for n, text in enumerate(TEXTS, 1))])
        self.col = int(self.fields(self.id)[1]["id"])
        self.others = Api(api.client.application.test_client())
        self.others.headers = {name: value for name, value in api.headers.items() if name != "ClientSessionId"}

    def values(self) -> list[Any]:
        """The values of the field."""
        return self.column(self.id, "Col")

    def put(self, row_id: int, value: Any) -> None:
        """Write a value in another session."""
        self.ok(*self.others.patch(self.rows_path(self.id, f"{row_id}/"), {"Col": value}))

    def left(self) -> list[str]:
        """What is left of a column that was prepared."""
        schema = f"ws_{self.workspace_id}"
        sql = (
            f"SELECT relname::text FROM pg_class WHERE relnamespace = '{schema}'::regnamespace"
            " AND relname ~ '^noted|_new$'"
            f" UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = '{schema}'::regnamespace"
            f" UNION ALL SELECT attname FROM pg_attribute WHERE attrelid = '{schema}.table_{self.id}'::regclass"
            " AND attname LIKE '%%_new'"
            f" UNION ALL SELECT tgname FROM pg_trigger WHERE tgrelid = '{schema}.table_{self.id}'::regclass"
            f" AND NOT tgisinternal"
            f" UNION ALL SELECT 'prepared' FROM database.prepared_column WHERE table_id = {self.id}"
        )
        with begin():
            return list(connection().exec_driver_sql(sql).scalars())

    def indexes(self) -> list[str]:
        """The indexes of the field."""
        sql = f"SELECT indexname FROM pg_indexes WHERE indexname LIKE 'field_{self.col}_%%' ORDER BY indexname"
        with begin():
            return list(connection().exec_driver_sql(sql).scalars())


@pytest.fixture
def large(api: Any, instance: Any, monkeypatch: pytest.MonkeyPatch) -> Large:
    """A table with a text that is a number in most rows."""
    instance(large_table_rows=0)
    monkeypatch.setattr(beside, "BATCH", 2)
    return Large(api)


def _meanwhile(monkeypatch: pytest.MonkeyPatch, step: str, work: Callable[[], None]) -> list[str]:
    """Do some work, as somebody else, before a batch is filled that is not the first, or after another step."""
    real, calls, done = getattr(NewColumn, step), [0], []

    def once() -> None:
        if not done:
            done.append(step)
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()

    def doing(self: NewColumn, *args: Any) -> Any:
        calls[0] += 1
        if step == "_fill_batch" and calls[0] == 2:
            once()
        found = real(self, *args)
        if step != "_fill_batch":
            once()
        return found

    monkeypatch.setattr(NewColumn, step, doing)
    return done


@pytest.mark.parametrize("step", ["begin", "_fill_batch", "fill"])
def test_what_others_write_meanwhile_is_there(large: Large, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def write() -> None:
        large.put(1, "11")
        large.put(6, "not a number")
        large.ok(*large.others.post(large.rows_path(large.id), {"Name": "new", "Col": "88"}))
        large.ok(*large.others.delete(f"/api/database/rows/table/{large.id}/2/"))

    done = _meanwhile(monkeypatch, step, write)
    changed = large.change(large.col, type="number", number_decimal_places=1)
    assert (done, changed["type"]) == ([step], "number")
    assert large.values() == ["11.0", None, None, "5.0", None, "7.0", "88.0"]
    assert large.left() == []
    assert large.undo() == DONE
    assert large.values() == ["11", "abc", "", "5", "not a number", "7", "88"]
    assert large.left() == []
    assert large.redo() == DONE
    assert large.values() == ["11.0", None, None, "5.0", None, "7.0", "88.0"]


def test_what_others_write_while_it_is_undone_is_there(large: Large, monkeypatch: pytest.MonkeyPatch) -> None:
    large.change(large.col, type="number", number_decimal_places=1)
    done = _meanwhile(monkeypatch, "fill", lambda: large.put(1, 12))
    assert (large.undo(), done) == (DONE, ["fill"])
    assert large.values() == ["12.0", *TEXTS[1:]]
    assert large.left() == []


def test_others_write_before_the_change_is_there_and_after(large: Large, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that are written while the column is prepared are checked and shown as the field still is."""
    shown: list[Any] = []

    def write() -> None:
        large.put(3, "still a text")
        shown.append(large.others.get(large.rows_path(large.id, "3/"))[1]["Col"])

    _meanwhile(monkeypatch, "fill", write)
    large.change(large.col, type="number")
    assert shown == ["still a text"]
    large.put(3, 33)
    assert large.values()[2] == "33"


def test_a_refused_change_leaves_all_as_it_was(large: Large) -> None:
    large.put(2, "1.0")
    path = f"/api/database/fields/{large.col}/"
    status, answer = large.api.patch(path, {"type": "number", "field_constraints": UNIQUE})
    assert (status, answer["error"]) == (400, "ERROR_FIELD_CONSTRAINT")
    assert large.values() == ["1", "1.0", *TEXTS[2:]]
    assert (large.left(), large.indexes()) == ([], [])
    large.put(2, "2")
    assert large.change(large.col, type="number", field_constraints=UNIQUE)["field_constraints"] == UNIQUE


def test_a_value_written_meanwhile_can_break_the_rule(large: Large, monkeypatch: pytest.MonkeyPatch) -> None:
    _meanwhile(monkeypatch, "fill", lambda: large.put(5, "1.0"))
    status, answer = large.api.patch(
        f"/api/database/fields/{large.col}/", {"type": "number", "field_constraints": UNIQUE}
    )
    assert (status, answer["error"]) == (400, "ERROR_FIELD_CONSTRAINT")
    assert large.values() == ["1", "2.5", "abc", "", "1.0", "6", "7"]
    assert (large.left(), large.indexes()) == ([], [])


def test_indexes_come_along(large: Large) -> None:
    large.change(large.col, type="number", number_decimal_places=1, db_index=True, field_constraints=UNIQUE)
    names = [f"field_{large.col}_index", f"field_{large.col}_unique"]
    assert large.indexes() == names
    status, answer = large.api.patch(large.rows_path(large.id, "1/"), {"Col": "5"})
    assert (status, answer["error"]) == (400, "ERROR_FIELD_DATA_CONSTRAINT")
    large.change(large.col, type="text")
    assert large.indexes() == names
    assert large.values() == ["1.0", "2.5", None, None, "5.0", "6.0", "7.0"]


def test_what_a_process_left_that_died_is_removed(large: Large, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(found: Any) -> None:
        """Nothing is removed any more."""

    def fail(self: NewColumn) -> None:
        raise RuntimeError("the process dies here")

    with monkeypatch.context() as patch:
        patch.setattr(preparing, "_give_up", die)
        patch.setattr(NewColumn, "fill", fail)
        assert large.api.patch(f"/api/database/fields/{large.col}/", {"type": "number"})[0] == 500
    assert len(large.left()) == 5
    assert large.values() == TEXTS
    large.put(1, "written")
    beside.forget_left()
    assert large.left() == []
    assert large.values() == ["written", *TEXTS[1:]]


def test_a_new_try_begins_anew(large: Large, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(preparing, "_give_up", lambda found: None)
        patch.setattr(NewColumn, "fill", lambda self: 1 / 0)
        assert large.api.patch(f"/api/database/fields/{large.col}/", {"type": "number"})[0] == 500
    large.change(large.col, type="number")
    assert large.values()[0] == "1"
    assert large.left() == []


def test_a_column_that_is_being_prepared_is_not_taken_for_left_over(
    large: Large, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = _meanwhile(monkeypatch, "fill", beside.forget_left)
    large.change(large.col, type="number")
    assert (large.values()[0], done) == ("1", ["fill"])


def test_options_renamed_with_the_type_keep_their_rows(large: Large) -> None:
    options = [{"value": "1", "color": "red"}, {"value": "5", "color": "blue"}]
    made = large.change(large.col, type="single_select", select_options=options)["select_options"]
    assert large.values() == ["1", None, None, None, "5", None, None]
    renamed = [{**made[0], "value": "one"}, made[1]]
    large.change(large.col, type="multiple_select", select_options=renamed)
    assert large.values() == [["one"], [], [], [], ["5"], [], []]
    assert large.left() == []


def test_every_row_gets_another_uuid(large: Large) -> None:
    large.change(large.col, type="uuid")
    large.ok(*large.api.post(large.rows_path(large.id), {"Name": "new"}))
    assert len({value for value in large.values() if value and not value.startswith("0000")}) == len(TEXTS) + 1


def test_values_of_a_formula_are_there_when_it_is_answered(large: Large) -> None:
    """In tables that are large, but not so large that a job computes them."""
    large.add_field(large.id, "Twice", "formula", formula="concat(field('Col'), field('Col'))")
    assert large.column(large.id, "Twice") == [text * 2 for text in TEXTS]
    large.change(large.col, type="number")
    assert large.column(large.id, "Twice")[:2] == ["11", "33"]
