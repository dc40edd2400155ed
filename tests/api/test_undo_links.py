"""Undoing and redoing changes of links: pairs, both sides, and what is computed through them."""

from __future__ import annotations

from typing import Any

import pytest

from plugin_api.db import begin, connection
from plugins.database.fields.backups import forget_old
from tests.sessions import DONE, FAILED, Session


class People(Session):
    """Tasks linked to people, who show them, and a lookup of the people's names."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.people = self.table("People", [["Name"], ["Ann"], ["Bob"]])
        self.tasks = self.table("Tasks", [["Name"], ["wash"], ["cook"]])
        self.who = self.add_field(self.tasks, "Who", "link_row", link_row_table_id=self.people)
        self.add_field(self.tasks, "Names", "formula", formula="join(lookup('Who', 'Name'), '+')")
        self.add_field(self.people, "Count", "count", through_field_id=self.field(self.people, "Tasks")["id"])
        for row, linked in zip(self.rows(self.tasks), (["Ann", "Bob"], ["Bob"]), strict=True):
            self.write(self.tasks, row["id"], Who=linked)

    def field(self, table: int, name: str) -> dict[str, Any]:
        """A field by its name."""
        return next(found for found in self.fields(table) if found["name"] == name)

    def state(self) -> tuple[Any, ...]:
        """All that people see of both tables."""
        return tuple((self.rows(table), self.fields(table)) for table in (self.people, self.tasks))

    def relations(self) -> int:
        """How many relation tables there are in the workspace."""
        with begin():
            return int(
                connection()
                .exec_driver_sql(
                    "SELECT count(*) FROM pg_tables WHERE schemaname = %(schema)s AND tablename LIKE 'link%%'",
                    {"schema": f"ws_{self.workspace_id}"},
                )
                .scalar_one()
            )


@pytest.fixture
def people(api: Any) -> People:
    """Linked tables changed in a client session."""
    return People(api)


def _forget_all() -> None:
    with begin():
        connection().exec_driver_sql("UPDATE database.field_backup SET created_on = now() - interval '25 hours'")
    forget_old()


@pytest.mark.parametrize(
    "change",
    [{"type": "text"}, {"has_related_field": False}, {"type": "link_row", "link_row_table_id": "tasks"}],
    ids=["another type", "no other side", "another table"],
)
def test_a_changed_link_comes_back_with_its_pairs_and_its_other_side(people: People, change: dict[str, Any]) -> None:
    before = people.state()
    if "link_row_table_id" in change:
        change = {**change, "link_row_table_id": people.tasks, "has_related_field": False}
    people.change(people.who, **change)
    changed = people.state()
    assert changed != before
    for _ in range(2):
        assert people.undo() == DONE
        assert people.state() == before
        assert people.redo() == DONE
        assert people.state() == changed
    _forget_all()
    assert people.state() == changed
    assert people.relations() == (0 if change.get("type") == "text" else 1)


def test_a_field_that_was_made_a_link_is_one_again_when_that_is_redone(people: People) -> None:
    notes = people.add_field(people.tasks, "Notes", "text")
    row_id = people.rows(people.tasks)[0]["id"]
    people.write(people.tasks, row_id, Notes="call")
    people.change(notes, type="link_row", link_row_table_id=people.people)
    people.write(people.tasks, row_id, Notes=["Ann"])
    linked = people.state()
    assert (people.undo(), people.undo()) == (DONE, DONE)
    assert people.column(people.tasks, "Notes")[0] == "call"
    assert [name for name in people.names(people.people) if name.startswith("Tasks")] == ["Tasks"]
    assert (people.redo(), people.redo()) == (DONE, DONE)
    assert people.state() == linked
    _forget_all()
    assert people.state() == linked


def test_a_deleted_link_comes_back_on_both_sides(people: People) -> None:
    before = people.state()
    people.ok(*people.api.delete(f"/api/database/fields/{people.who}/"))
    assert people.names(people.people) == ["Name", "Count"]
    assert people.undo() == DONE
    assert people.state() == before


def test_a_deleted_table_comes_back_with_the_links_to_it(people: People) -> None:
    before = people.state()
    people.ok(*people.api.delete(f"/api/database/tables/{people.people}/"))
    assert "Who" not in people.names(people.tasks)
    assert people.undo() == DONE
    assert people.state() == before


def test_a_link_does_not_come_back_while_its_table_is_in_the_trash(people: People) -> None:
    people.change(people.who, type="text")
    with people.another_session():
        people.ok(*people.api.delete(f"/api/database/tables/{people.people}/"))
    assert people.undo() == FAILED
    assert people.field(people.tasks, "Who")["type"] == "text"


def test_rows_come_back_with_links_and_computed_values(people: People) -> None:
    before = people.state()
    rows = [row["id"] for row in people.rows(people.people)]
    body = {"items": rows}
    people.ok(*people.api.post(f"/api/database/rows/table/{people.people}/batch-delete/", body))
    assert people.column(people.tasks, "Names") == [None, None]
    assert people.undo() == DONE
    assert people.state() == before
    assert people.redo() == DONE
    assert people.column(people.tasks, "Who") == [[], []]


def test_links_that_were_changed_are_undone(people: People) -> None:
    before = people.state()
    row_id = people.rows(people.tasks)[0]["id"]
    people.write(people.tasks, row_id, Who=[])
    assert people.column(people.people, "Count") == ["0", "1"]
    assert people.undo() == DONE
    assert people.state() == before
