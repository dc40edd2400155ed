"""Links over HTTP: both sides, fields that come and go with them, concurrent writers, computed fields over them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from plugin_api.db import begin, connection
from tests.sheets import Sheet
from tests.tables import run_job


class Linked:
    """People and their tasks: the field Who of Tasks links to People, whose field Tasks shows it."""

    def __init__(self, api: Any, **options: Any) -> None:
        self.api = api
        self.tasks = Sheet(api)
        with begin():
            self.people = self.tasks.add_table("People").id
        self.who = self.tasks.add("Who", "link_row", link_row_table_id=self.people, **options)
        for name in ("Ann", "Bob", "Cid"):
            self.post(self.people, {"Name": name})
        for name in ("Wash", "Cook"):
            self.post(self.tasks.id, {"Name": name})

    @staticmethod
    def path(table: int, rest: str = "") -> str:
        """The path of a table's rows."""
        return f"/api/database/rows/table/{table}/{rest}?user_field_names=true"

    def post(self, table: int, row: dict[str, Any]) -> dict[str, Any]:
        """Create a row."""
        status, body = self.api.post(self.path(table), row)
        assert status == 200, body
        return dict(body)

    def patch(self, table: int, row_id: int, row: dict[str, Any]) -> dict[str, Any]:
        """Change a row."""
        status, body = self.api.patch(self.path(table, f"{row_id}/"), row)
        assert status == 200, body
        return dict(body)

    def names(self, table: int, field: str) -> list[list[str]]:
        """The names of the linked rows, row by row."""
        return [[found["value"] for found in row[field]] for row in self.api.get(self.path(table))[1]["results"]]

    def fields(self, table: int) -> dict[str, dict[str, Any]]:
        """A table's fields by name."""
        return {field["name"]: field for field in self.api.get(f"/api/database/fields/table/{table}/")[1]}


@pytest.fixture
def linked(api: Any) -> Linked:
    """Linked tables."""
    return Linked(api)


def test_both_sides_show_and_change_the_same_links(linked: Linked) -> None:
    linked.patch(linked.tasks.id, 1, {"Who": ["Bob", "Ann"]})
    assert linked.names(linked.people, "Sheet") == [["Wash"], ["Wash"], []]
    linked.patch(linked.people, 3, {"Sheet": [2, 1]})
    assert linked.names(linked.tasks.id, "Who") == [["Ann", "Bob", "Cid"], ["Cid"]]
    linked.patch(linked.tasks.id, 1, {"Who": []})
    assert linked.names(linked.people, "Sheet") == [[], [], ["Cook"]]


def test_a_page_with_links_takes_one_statement(linked: Linked, api: Any, count_sql: Any) -> None:
    api.get(linked.path(linked.tasks.id))
    with count_sql() as statements:
        assert api.get(linked.path(linked.tasks.id))[0] == 200
    assert len(statements) == 1


def test_the_number_of_statements_does_not_grow_with_the_links(linked: Linked, api: Any, count_sql: Any) -> None:
    def statements(size: int) -> int:
        items = [{"Name": f"Task {n}", "Who": [n % 3 + 1, (n + 1) % 3 + 1]} for n in range(size)]
        with count_sql() as found:
            status, body = api.post(linked.path(linked.tasks.id, "batch/"), {"items": items})
        assert status == 200, body
        assert [len(row["Who"]) for row in body["items"]] == [2] * size
        return len(found)

    statements(2)
    assert statements(1) == statements(200) <= 6


def test_rows_in_the_trash_are_not_shown_and_cannot_be_linked(linked: Linked, api: Any) -> None:
    linked.patch(linked.tasks.id, 1, {"Who": [1, 2]})
    assert api.delete(linked.path(linked.people, "1/"))[0] == 204
    assert linked.names(linked.tasks.id, "Who")[0] == ["Bob"]
    assert linked.patch(linked.tasks.id, 2, {"Who": [1, 3]})["Who"][0]["value"] == "Cid"
    status, refused = api.patch(linked.path(linked.tasks.id, "2/"), {"Who": ["Ann"]})
    assert (status, refused["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION")


def test_a_renamed_primary_value_and_another_primary_field_name_the_links(linked: Linked, api: Any) -> None:
    linked.patch(linked.tasks.id, 1, {"Who": [1]})
    linked.patch(linked.people, 1, {"Name": "Anna"})
    assert linked.names(linked.tasks.id, "Who")[0] == ["Anna"]
    made = api.post(f"/api/database/fields/table/{linked.people}/", {"name": "Age", "type": "number"})[1]
    linked.patch(linked.people, 1, {"Age": 31})
    change = f"/api/database/fields/table/{linked.people}/change-primary-field/"
    assert api.post(change, {"new_primary_field_id": made["id"]})[0] == 200
    assert linked.names(linked.tasks.id, "Who")[0] == ["31"]
    assert linked.fields(linked.tasks.id)["Who"]["link_row_table_primary_field"]["name"] == "Age"


def test_the_related_field_comes_and_goes(linked: Linked, api: Any) -> None:
    linked.patch(linked.tasks.id, 1, {"Who": [1]})
    field = linked.tasks.field(linked.who)
    assert api.patch(field, {"has_related_field": False})[1]["link_row_related_field_id"] is None
    assert list(linked.fields(linked.people)) == ["Name"]
    assert linked.names(linked.tasks.id, "Who")[0] == ["Ann"]
    api.patch(field, {"has_related_field": True})
    assert linked.names(linked.people, "Sheet") == [["Wash"], [], []]
    assert api.delete(field)[0] == 200
    assert list(linked.fields(linked.people)) == ["Name"]


def test_a_link_to_another_table_starts_empty(linked: Linked, api: Any) -> None:
    linked.patch(linked.tasks.id, 1, {"Who": [1]})
    with begin():
        other = linked.tasks.add_table("Pets").id
    status, changed = api.patch(linked.tasks.field(linked.who), {"link_row_table_id": other})
    assert (status, changed["link_row_table_id"]) == (200, other)
    assert linked.names(linked.tasks.id, "Who") == [[], []]
    assert (list(linked.fields(linked.people)), list(linked.fields(other))) == (["Name"], ["Name", "Sheet"])


def test_a_link_becomes_a_text_and_leaves_nothing_behind(linked: Linked, api: Any) -> None:
    status, changed = api.patch(linked.tasks.field(linked.who), {"type": "text"})
    assert (status, changed["type"]) == (200, "text")
    assert list(linked.fields(linked.people)) == ["Name"]
    with begin():
        query = sa.text("SELECT count(*) FROM pg_tables WHERE schemaname = :schema AND tablename LIKE 'link_%'")
        assert connection().execute(query, {"schema": f"ws_{linked.tasks.workspace_id}"}).scalar() == 0


def test_names_that_are_taken_get_another_one(linked: Linked, api: Any) -> None:
    linked.tasks.add("Also", "link_row", link_row_table_id=linked.people)
    linked.tasks.add("More", "link_row", link_row_table_id=linked.people)
    assert list(linked.fields(linked.people)) == ["Name", "Sheet", "Sheet - Also", "Sheet - More"]


def test_links_of_strangers_tables_are_refused(linked: Linked, make_user: Any) -> None:
    foreign = Sheet(make_user())
    body = {"name": "Far", "type": "link_row", "link_row_table_id": foreign.id}
    status, refused = linked.api.post(linked.tasks.path, body)
    assert (status, refused["error"]) == (400, "ERROR_USER_NOT_IN_GROUP")
    assert list(linked.fields(linked.tasks.id)) == ["Name", "Who"]


def test_writers_from_both_sides_never_deadlock(linked: Linked, app: Any) -> None:
    """Each writes all links in another order, from either side."""

    def write(n: int) -> int:
        client = app.test_client()
        table, ids, field = (linked.tasks.id, [1, 2], "Who") if n % 2 else (linked.people, [3, 1, 2], "Sheet")
        other = [1, 2, 3] if n % 2 else [2, 1]
        items = [{"id": row_id, field: other[: n % len(other) + 1]} for row_id in (ids if n % 3 else ids[::-1])]
        path = linked.path(table, "batch/")
        return int(client.patch(path, json={"items": items}, headers=linked.api.headers).status_code)

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(write, range(48))) == {200}
    pairs = {(task, person) for task, found in enumerate(linked.names(linked.tasks.id, "Who")) for person in found}
    back = linked.names(linked.people, "Sheet")
    assert {
        (task, ("Ann", "Bob", "Cid")[n]) for n, found in enumerate(back) for task in map(["Wash", "Cook"].index, found)
    } == pairs


def test_a_deleted_table_takes_the_links_to_it_along(linked: Linked, api: Any) -> None:
    linked.patch(linked.tasks.id, 1, {"Who": [1]})
    assert api.delete(f"/api/database/tables/{linked.people}/")[0] == 204
    assert list(linked.fields(linked.tasks.id)) == ["Name"]
    assert api.get(linked.path(linked.tasks.id))[1]["results"][0]["Name"] == "Wash"


def test_a_copy_of_a_table_links_to_the_same_rows(linked: Linked, api: Any) -> None:
    linked.patch(linked.tasks.id, 1, {"Who": [1, 3]})
    job = api.post(f"/api/database/tables/{linked.tasks.id}/duplicate/async/")[1]
    run_job(job["id"])
    copy = api.get(f"/api/jobs/{job['id']}/")[1]["duplicated_table"]["id"]
    assert linked.names(copy, "Who") == [["Ann", "Cid"], []]
    assert linked.names(linked.people, "Sheet 2") == [["Wash"], [], ["Wash"]]
    linked.patch(copy, 1, {"Who": []})
    assert linked.names(linked.tasks.id, "Who")[0] == ["Ann", "Cid"], "the original has pairs of its own"


def test_a_copy_of_a_database_links_its_own_tables(linked: Linked, api: Any) -> None:
    linked.tasks.add("After", "link_row", link_row_table_id=linked.tasks.id)
    linked.patch(linked.tasks.id, 1, {"Who": [1, 3]})
    linked.patch(linked.tasks.id, 2, {"After": [1]})
    job = api.post(f"/api/applications/{linked.tasks.database_id}/duplicate/async/")[1]
    run_job(job["id"])
    database = api.get(f"/api/jobs/{job['id']}/")[1]["duplicated_application"]
    tables = {table["name"]: table["id"] for table in database["tables"]}
    assert linked.names(tables["Sheet"], "Who") == [["Ann", "Cid"], []]
    assert linked.names(tables["Sheet"], "After") == [[], ["Wash"]]
    linked.patch(tables["People"], 2, {"Sheet": [2]})
    assert linked.names(tables["Sheet"], "Who") == [["Ann", "Cid"], ["Bob"]]
    assert linked.names(linked.tasks.id, "Who") == [["Ann", "Cid"], []]
    assert list(linked.fields(linked.people)) == ["Name", "Sheet"]
    assert api.delete(f"/api/applications/{database['id']}/")[0] == 204


def test_a_listing_joins_fields_of_linked_rows(linked: Linked, api: Any, count_sql: Any) -> None:
    field = api.post(f"/api/database/fields/table/{linked.people}/", {"name": 'Age "%"', "type": "number"})[1]
    linked.patch(linked.people, 2, {'Age "%"': 27})
    linked.patch(linked.tasks.id, 1, {"Who": [1, 2]})
    path = f"/api/database/rows/table/{linked.tasks.id}/"
    api.get(path)
    with count_sql() as statements:
        status, body = api.get(path, query_string={"user_field_names": "true", "Who__join": '"Age ""%""",Name'})
    assert (status, len(statements)) == (200, 4)
    shown = [{key: found[key] for key in ("value", "Name", 'Age "%"')} for found in body["results"][0]["Who"]]
    assert shown == [
        {"value": "Ann", "Name": "Ann", 'Age "%"': None},
        {"value": "Bob", "Name": "Bob", 'Age "%"': "27"},
    ]
    by_id = f"/api/database/rows/table/{linked.tasks.id}/?field_{linked.who}__join=field_{field['id']}"
    assert api.get(by_id)[1]["results"][0][f"field_{linked.who}"][1][f"field_{field['id']}"] == "27"
