"""The history of rows over HTTP: every way to change a row, both sides of links, who may read it, forgetting."""

from __future__ import annotations

from typing import Any

import pytest

from plugin_api.db import begin, connection
from plugins.database.rows.history import forget_old
from tests.sessions import Session
from tests.tables import scalar


class Book(Session):
    """A database with a table of people."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.table_id = self.table("People", [["Name"], ["Ann"], ["Ben"], ["Cid"]])
        self.name = f"field_{self.first_field(self.table_id)}"

    def history(self, row_id: int = 1, table_id: int | None = None, query: str = "") -> list[dict[str, Any]]:
        """What was done to a row, the latest first."""
        path = f"/api/database/rows/table/{table_id or self.table_id}/{row_id}/history/{query}"
        return list(self.ok(*self.api.get(path))["results"])

    def steps(self, row_id: int = 1) -> list[tuple[str, str]]:
        """What was done to a row, the first first: types and commands."""
        return [(one["action_type"], one["action_command_type"]) for one in reversed(self.history(row_id))]


@pytest.fixture
def book(api: Any) -> Book:
    """Rows to change."""
    return Book(api)


def test_coming_and_going(book: Book) -> None:
    row_id = book.row(book.table_id, Name="New")
    book.undo()
    book.redo()
    assert book.api.delete(f"/api/database/rows/table/{book.table_id}/{row_id}/")[0] == 204
    restore = {"trash_item_type": "row", "trash_item_id": row_id, "parent_trash_item_id": book.table_id}
    assert book.api.patch("/api/trash/restore/", restore)[0] == 204
    assert book.steps(row_id) == [
        ("create_row", "DO"),
        ("create_row", "UNDO"),
        ("create_row", "REDO"),
        ("delete_row", "DO"),
        ("restore_from_trash", "DO"),
    ]
    assert [one["after"] for one in book.history(row_id)] == [{}, {}, {}, {}, {book.name: "New"}]


def test_batches(book: Book) -> None:
    rows = f"/api/database/rows/table/{book.table_id}/"
    items = [{"id": 1, book.name: "x"}, {"id": 2, book.name: "Ben"}]
    book.ok(*book.api.patch(f"{rows}batch/", {"items": items}))
    book.ok(*book.api.post(f"{rows}batch-delete/", {"items": [1, 2]}))
    book.undo()
    assert book.steps(1) == [("update_rows", "DO"), ("delete_rows", "DO"), ("delete_rows", "UNDO")]
    assert book.steps(2) == [("delete_rows", "DO"), ("delete_rows", "UNDO")]


def test_options_and_people_are_kept_with_their_names_of_then(book: Book) -> None:
    options = [{"value": "x", "color": "red"}, {"value": "y", "color": "blue"}]
    one = book.add_field(book.table_id, "One", "single_select", select_options=options)
    many = book.add_field(book.table_id, "Many", "multiple_select", select_options=options)
    people = book.add_field(book.table_id, "People", "multiple_collaborators")
    me = book.api.user["id"]
    book.write(book.table_id, 1, One="y", Many=["y", "x"], People=[{"id": me}])
    book.write(book.table_id, 1, One=None)
    cleared, first = book.history()
    y = first["after"][f"field_{one}"]
    assert isinstance(y, int) and first["before"][f"field_{one}"] is None
    assert first["fields_metadata"][f"field_{one}"]["select_options"] == {
        str(y): {"id": y, "value": "y", "color": "blue"}
    }
    kept = first["fields_metadata"][f"field_{many}"]["select_options"]
    assert [kept[str(option)]["value"] for option in first["after"][f"field_{many}"]] == ["y", "x"]
    assert first["after"][f"field_{people}"] == [me]
    assert first["fields_metadata"][f"field_{people}"]["collaborators"] == {str(me): {"id": me, "name": "Ada"}}
    assert (cleared["before"], cleared["after"]) == ({f"field_{one}": y}, {f"field_{one}": None})


def test_links_are_seen_from_both_sides(book: Book) -> None:
    teams = book.table("Teams", [["Name"], ["Red"], ["Blue"]])
    link = book.add_field(teams, "Members", "link_row", link_row_table_id=book.table_id, has_related_field=True)
    related = next(one["id"] for one in book.fields(book.table_id) if one["type"] == "link_row")
    book.write(teams, 1, Members=[2, 1])
    book.write(teams, 1, Members=[3])
    latest, first = book.history(1, teams)
    assert (first["before"], first["after"]) == ({f"field_{link}": []}, {f"field_{link}": [1, 2]})
    assert latest["fields_metadata"][f"field_{link}"]["linked_rows"] == {
        "1": {"value": "Ann"},
        "2": {"value": "Ben"},
        "3": {"value": "Cid"},
    }
    left, came = book.history(1)
    column = f"field_{related}"
    assert (came["action_type"], came["before"], came["after"]) == ("update_rows", {column: []}, {column: [1]})
    assert (left["before"], left["after"]) == ({column: [1]}, {column: []})
    red = {"id": related, "type": "link_row", "linked_rows": {"1": {"value": "Red"}}}
    assert came["fields_metadata"] == left["fields_metadata"] == {column: red}
    assert [one["after"] for one in book.history(3)] == [{column: [1]}]
    made = book.row(teams, Name="Green", Members=[3])
    assert book.history(3)[0]["after"] == {column: [1, made]}
    assert book.history(3)[0]["action_type"] == "create_row"
    book.undo()
    book.undo()
    assert [one["after"] for one in book.history(2)][0] == {column: [1]}
    assert book.history(2)[0]["action_command_type"] == "UNDO"


def test_links_in_one_table_and_those_nobody_shows(book: Book) -> None:
    link = book.add_field(book.table_id, "Boss", "link_row", link_row_table_id=book.table_id, has_related_field=False)
    book.write(book.table_id, 1, Boss=[2])
    assert [one["after"] for one in book.history(1)] == [{f"field_{link}": [2]}]
    assert book.history(2) == []


def test_who_may_read_it(book: Book, make_user: Any) -> None:
    path = f"/api/database/rows/table/{book.table_id}/1/history/"
    for role, expected in (("VIEWER", 401), ("COMMENTER", 200)):
        member = make_user()
        body = {"email": member.user["username"], "permissions": role, "base_url": "http://127.0.0.1:3000/join"}
        made = book.ok(*book.api.post(f"/api/workspaces/invitations/workspace/{book.workspace_id}/", body))
        book.ok(*member.post(f"/api/workspaces/invitations/{made['id']}/accept/"))
        assert member.get(path)[0] == expected
    assert make_user().get(path)[1]["error"] == "ERROR_USER_NOT_IN_GROUP"


def test_windows_and_queries(book: Book, count_sql: Any) -> None:
    book.write(book.table_id, 1, Name="first")
    with count_sql() as few:
        book.history()
    for n in range(6):
        book.write(book.table_id, 1, Name=str(n))
    with count_sql() as many:
        assert len(book.history()) == 7
    assert len(few) == len(many) <= 4
    assert [one["after"][book.name] for one in book.history(query="?limit=2&offset=1")] == ["4", "3"]


def test_changing_links_of_many_rows_costs_no_more_queries(book: Book, count_sql: Any) -> None:
    teams = book.table("Teams", [["Name"], *[[str(n)] for n in range(20)]])
    link = book.add_field(teams, "Members", "link_row", link_row_table_id=book.table_id, has_related_field=True)
    rows = f"/api/database/rows/table/{teams}/batch/"

    def write(ids: range, members: list[int]) -> list[str]:
        items = [{"id": row_id, f"field_{link}": members} for row_id in ids]
        with count_sql() as statements:
            book.ok(*book.api.patch(rows, {"items": items}))
        return list(statements)

    write(range(1, 2), [1])
    assert len(write(range(2, 4), [1, 2])) == len(write(range(4, 20), [2, 3]))


def test_what_is_old_is_forgotten(book: Book, instance: Any) -> None:
    for name in ("old", "new"):
        book.write(book.table_id, 1, Name=name)
    with begin():
        # What other tables have from before is as old: ids grow with time, and the oldest are looked at first.
        old = (
            "UPDATE database.row_history SET action_timestamp = now() - interval '40 days'"
            " WHERE id <= (SELECT min(id) FROM database.row_history WHERE table_id = %s)"
        )
        connection().exec_driver_sql(old, (book.table_id,))
    count = "SELECT count(*) FROM database.row_history WHERE table_id = %(id)s"
    instance(row_history_keep_days=0)
    forget_old()
    instance(row_history_keep_days=41)
    forget_old()
    assert scalar(count, id=book.table_id) == 2
    instance(row_history_keep_days=30)
    forget_old()
    assert [one["after"] for one in book.history()] == [{book.name: "new"}]
