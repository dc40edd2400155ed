"""The trash over HTTP: what is in it, bringing it back, and removing it for good."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from core.trash.removal import remove_due
from plugin_api.db import begin, connection
from plugins.database.rows.history import forget_removed
from plugins.database.rows.trash import TrashedRows
from tests.tables import Database, scalar


class Bin(Database):
    """A database and the trash of its workspace."""

    def contents(self) -> list[tuple[str, str]]:
        """What is in the trash: type and name, latest first."""
        status, answer = self.api.get(f"/api/trash/workspace/{self.workspace_id}/")
        assert status == 200, answer
        return [(entry["trash_item_type"], entry["name"]) for entry in answer["results"]]

    def restore(self, type_name: str, item_id: int, parent_id: int | None = None) -> tuple[int, Any]:
        """Restore something; answers status and error code."""
        body = {"trash_item_type": type_name, "trash_item_id": item_id, "parent_trash_item_id": parent_id}
        status, answer = self.api.patch("/api/trash/restore/", body)
        return status, None if answer is None else answer["error"]

    def delete(self, path: str) -> None:
        """Delete something of the database plugin."""
        status, answer = self.api.delete(f"/api/database/{path}")
        assert status in (200, 204), answer

    def empty(self) -> None:
        """Empty the trash, and do the worker's part."""
        assert self.api.delete(f"/api/trash/workspace/{self.workspace_id}/")[0] == 204
        remove_due()

    def stored(self) -> set[str]:
        """The names of the tables in the workspace's schema."""
        with begin():
            names = "SELECT tablename FROM pg_tables WHERE schemaname = %(schema)s"
            return set(connection().exec_driver_sql(names, {"schema": f"ws_{self.workspace_id}"}).scalars())

    def columns(self, table_id: int) -> set[str]:
        """The columns of a table's rows."""
        with begin():
            found = sa.inspect(connection()).get_columns(f"table_{table_id}", f"ws_{self.workspace_id}")
            return {column["name"] for column in found}


@pytest.fixture
def base(api: Any) -> Bin:
    """A database with an empty trash."""
    return Bin(api)


@pytest.fixture
def table(base: Bin) -> int:
    """A table of three rows."""
    return base.table("Sheet", [["Name", "Text"], ["a", "x"], ["b", "y"], ["c", "z"]])


def _ids(base: Bin, table: int) -> list[int]:
    return [row["id"] for row in base.rows(table)]


def test_everything_that_is_deleted_is_in_the_trash(base: Bin, table: int) -> None:
    ids = _ids(base, table)
    field_id = base.fields(table)[1]["id"]
    base.delete(f"rows/table/{table}/{ids[0]}/")
    base.api.post(f"/api/database/rows/table/{table}/batch-delete/", {"items": ids[1:]})
    base.delete(f"fields/{field_id}/")
    base.delete(f"tables/{table}/")
    assert base.contents() == [("table", "Sheet"), ("field", "Text"), ("rows", " "), ("row", str(ids[0]))]


def test_rows_come_back_in_their_places_with_their_values(base: Bin, table: int) -> None:
    rows = base.rows(table)
    ids = _ids(base, table)
    base.delete(f"rows/table/{table}/{ids[1]}/")
    assert base.counted(table) == 2
    assert base.restore("row", ids[1], table) == (204, None)
    assert base.rows(table) == rows
    assert base.counted(table) == 3
    assert base.contents() == []
    assert base.restore("row", ids[1], table) == (404, "ERROR_TRASH_ITEM_DOES_NOT_EXIST")


def test_a_row_does_not_come_back_against_a_rule_of_its_field(base: Bin, table: int) -> None:
    field_id, row_id = base.fields(table)[1]["id"], _ids(base, table)[1]
    rules = {"field_constraints": [{"type_name": "unique_with_empty"}]}
    assert base.api.patch(f"/api/database/fields/{field_id}/", rules)[0] == 200
    base.delete(f"rows/table/{table}/{row_id}/")
    assert base.api.post(f"/api/database/rows/table/{table}/", {f"field_{field_id}": "y"})[0] == 200
    assert base.restore("row", row_id, table) == (400, "ERROR_FIELD_DATA_CONSTRAINT")
    assert base.contents() == [("row", str(row_id))]


def test_parents_come_first(base: Bin, table: int) -> None:
    field_id, row_id = base.fields(table)[1]["id"], _ids(base, table)[0]
    base.delete(f"rows/table/{table}/{row_id}/")
    base.delete(f"fields/{field_id}/")
    base.delete(f"tables/{table}/")
    first = (400, "ERROR_CANNOT_RESTORE_PARENT_BEFORE_CHILD")
    assert (base.restore("row", row_id, table), base.restore("field", field_id)) == (first, first)
    assert base.restore("table", table) == (204, None)
    assert base.restore("field", field_id) == (204, None)
    assert base.restore("row", row_id, table) == (204, None)
    assert base.values(table) == [["a", "x"], ["b", "y"], ["c", "z"]]


def test_only_builders_restore_fields(base: Bin, table: int, make_user: Any) -> None:
    field_id, row_id = base.fields(table)[1]["id"], _ids(base, table)[0]
    base.delete(f"fields/{field_id}/")
    base.delete(f"rows/table/{table}/{row_id}/")
    editor = make_user()
    with begin():
        connection().exec_driver_sql(
            "INSERT INTO core.membership (workspace_id, user_id, permissions) VALUES (%(w)s, %(u)s, 'EDITOR')",
            {"w": base.workspace_id, "u": editor.user["id"]},
        )
    base.api = editor
    assert base.restore("field", field_id) == (401, "PERMISSION_DENIED")
    assert base.restore("row", row_id, table) == (204, None)


def test_strangers_see_nothing(base: Bin, table: int, make_user: Any) -> None:
    row_id = _ids(base, table)[0]
    base.delete(f"rows/table/{table}/{row_id}/")
    base.api = make_user()
    assert base.restore("row", row_id, table) == (400, "ERROR_USER_NOT_IN_GROUP")
    path = f"/api/trash/workspace/{base.workspace_id}/"
    assert base.api.get(path)[1]["error"] == base.api.delete(path)[1]["error"] == "ERROR_USER_NOT_IN_GROUP"


def test_emptying_removes_rows_columns_and_tables(base: Bin, table: int) -> None:
    other = base.table("Other")
    link = base.add_field(table, "Link", "link_row", link_row_table_id=other)
    field = base.fields(table)[1]
    base.delete(f"rows/table/{table}/{_ids(base, table)[0]}/")
    base.delete(f"fields/{field['id']}/")
    base.delete(f"tables/{other}/")
    stored = base.stored()
    assert {f"table_{table}", f"table_{other}", f"link_{link}"} <= stored
    base.empty()
    assert base.contents() == []
    assert base.stored() == {f"table_{table}"}
    assert f"field_{field['id']}" not in base.columns(table)
    assert base.values(table) == [["b"], ["c"]]
    with begin():
        raw = connection().exec_driver_sql(f'SELECT count(*) FROM "ws_{base.workspace_id}"."table_{table}"')
        assert raw.scalar_one() == 2
        left = "SELECT count(*) FROM database.field WHERE id IN (%(field)s, %(link)s)"
        assert connection().exec_driver_sql(left, {"field": field["id"], "link": link}).scalar_one() == 0


def test_what_is_in_the_trash_of_a_removed_database_goes_with_it(base: Bin, table: int) -> None:
    other = base.table("Other")
    base.add_field(table, "Link", "link_row", link_row_table_id=other)
    base.api.headers["ClientSessionId"] = str(uuid4())
    name = base.fields(table)[0]["id"]
    assert base.api.patch(f"/api/database/rows/table/{table}/1/", {f"field_{name}": "new"})[0] == 200
    assert base.api.patch(f"/api/database/fields/{name}/", {"type": "long_text"})[0] == 200
    base.delete(f"tables/{other}/")
    assert base.api.delete(f"/api/applications/{base.id}/")[0] == 204
    base.empty()
    with begin():
        assert connection().exec_driver_sql(f"SELECT to_regnamespace('ws_{base.workspace_id}')").scalar_one() is None
    forget_removed()
    with begin():
        for name in ('"table"', "row_history", "field_backup"):
            column = "id" if name == '"table"' else "table_id"
            left = f"SELECT count(*) FROM database.{name} WHERE {column} IN ({table}, {other})"
            assert connection().exec_driver_sql(left).scalar_one() == 0, name


def test_rows_that_were_deleted_one_by_one_are_removed_together(
    base: Bin, table: int, count_sql: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cost() -> int:
        with count_sql() as statements:
            base.empty()
        return len(statements)

    remove_due()  # what other tests left
    rows = f"rows/table/{table}/"
    made = base.api.post(f"/api/database/{rows}batch/", {"items": [{}] * 20})[1]["items"]
    base.delete(f"{rows}{made[0]['id']}/")
    one = cost()
    for row in made[1:10]:
        base.delete(f"{rows}{row['id']}/")
    assert cost() == one
    # When removing them together fails, each is tried by itself.
    real = TrashedRows.remove_all

    def busy(kind: TrashedRows, items: Any) -> None:
        if made[10]["id"] in {item.item_id for item in items}:
            raise OperationalError("", {}, Exception("busy"))
        real(kind, items)

    for row in made[10:]:
        base.delete(f"{rows}{row['id']}/")
    with monkeypatch.context() as patch:
        patch.setattr(TrashedRows, "remove_all", busy)
        base.empty()
    left = f'SELECT array_agg(id) FROM "ws_{base.workspace_id}"."table_{table}" WHERE trashed_on IS NOT NULL'
    assert scalar(left) == [made[10]["id"]]
    remove_due()
    assert scalar(left) is None


def test_only_what_is_old_enough_goes_by_itself(base: Bin, table: int) -> None:
    first, second, _ = _ids(base, table)
    base.delete(f"rows/table/{table}/{first}/")
    base.delete(f"rows/table/{table}/{second}/")
    with begin():
        connection().exec_driver_sql(
            "UPDATE core.trash SET trashed_on = now() - interval '73 hours' WHERE item_id = %(id)s", {"id": first}
        )
    remove_due()
    assert base.contents() == [("row", str(second))]
    assert base.restore("row", second, table) == (204, None)
    assert base.values(table) == [["b", "y"], ["c", "z"]]


def test_listing_costs_the_same_for_many_things(base: Bin, table: int, count_sql: Any) -> None:
    def cost() -> int:
        with count_sql() as statements:
            base.contents()
        return len(statements)

    base.delete(f"rows/table/{table}/{_ids(base, table)[0]}/")
    few = cost()
    for row_id in _ids(base, table):
        base.delete(f"rows/table/{table}/{row_id}/")
    assert cost() == few
