"""Data sync from another table of the instance: what is seen there, and by whom."""

from __future__ import annotations

from typing import Any

import pytest

from plugin_api.db import begin, connection
from tests.synced import SYNC, Synced
from tests.tables import Database
from tests.world import OPTIONS, TYPES


@pytest.fixture
def base(api: Any) -> Database:
    """A database of the user."""
    return Database(api)


@pytest.fixture
def source(base: Database) -> int:
    """A table to follow."""
    return base.table("Source", [["Name"], ["a"], ["b"], ["c"]])


def local(table_id: int, view_id: int | None = None) -> dict[str, Any]:
    return {"type": "local_baserow_table", "source_table_id": table_id, "source_table_view_id": view_id}


def keys_of(api: Any, settings: dict[str, Any]) -> list[str]:
    status, found = api.post(f"{SYNC}/properties/", settings)
    assert status == 200, found
    return [one["key"] for one in found]


def join(base: Database, user: Any, role: str) -> None:
    """Make a user a member of the database's workspace, or change their role."""
    with begin():
        sql = (
            "DELETE FROM core.membership WHERE workspace_id = %s AND user_id = %s",
            "INSERT INTO core.membership (workspace_id, user_id, permissions) VALUES (%s, %s, %s)",
        )
        connection().exec_driver_sql(sql[0], (base.workspace_id, user.user["id"]))
        if role:
            connection().exec_driver_sql(sql[1], (base.workspace_id, user.user["id"], role))


def test_every_type_of_field(api: Any, base: Database, source: int) -> None:
    base.allow_ai()
    for name, (options, _) in TYPES.items():
        if name != "formula":
            base.add_field(source, name, name, **options)
    base.add_field(source, "sum", "formula", formula="field('number') * 2")
    base.add_field(source, "due", "formula", formula="field('date')")
    base.add_field(source, "link", "link_row", link_row_table_id=base.table("Other", [["Name"], ["p"], ["q"]]))
    values = {name: value for name, (_, value) in TYPES.items() if value is not None}
    row = f"/api/database/rows/table/{source}/1/?user_field_names=true"
    status, original = api.patch(row, {**values, "link": [1, 2]})
    assert status == 200, original
    synced = Synced(api, base, keys_of(api, local(source)), **local(source))
    synced.done()
    copy = synced.rows()[0]
    fields = synced.fields()
    assert "password" not in fields and fields["link"]["type"] == "long_text"
    same = [
        "Name",
        "long_text",
        "number",
        "rating",
        "boolean",
        "date",
        "url",
        "email",
        "phone_number",
        "duration",
        "file",
    ]
    assert {name: copy[name] for name in same} == {name: original[name] for name in same}
    assert copy["single_select"]["value"] == "x" and copy["single_select"]["id"] != original["single_select"]["id"]
    assert [option["value"] for option in copy["multiple_select"]] == ["x", "y"]
    assert (copy["link"], copy["autonumber"]) == ("p, q", f"{original['autonumber']}.0000000000")
    assert (copy["uuid"], float(copy["sum"])) == (original["uuid"], float(original["sum"]))
    assert copy["due"] is not None and copy["created_on"] == original["created_on"]
    assert copy["created_by"] == "Ada"


def test_select_options_follow(api: Any, base: Database, source: int) -> None:
    field_id = base.add_field(source, "Kind", "single_select", select_options=OPTIONS)
    row = f"/api/database/rows/table/{source}/%s/?user_field_names=true"
    api.patch(row % 1, {"Kind": "x"})
    api.patch(row % 2, {"Kind": "y"})
    synced = Synced(api, base, keys_of(api, local(source)), **local(source))
    synced.done()
    kept = synced.rows()[1]["Kind"]["id"]
    options = api.get(f"/api/database/fields/{field_id}/")[1]["select_options"]
    changed = [{**options[1], "color": "green"}, {"value": "z", "color": "red"}]
    assert api.patch(f"/api/database/fields/{field_id}/", {"select_options": changed})[0] == 200
    api.patch(row % 3, {"Kind": "z"})
    synced.done()
    shown = [row["Kind"] and (row["Kind"]["value"], row["Kind"]["color"]) for row in synced.rows()]
    assert shown == [None, ("y", "green"), ("z", "red")]
    assert synced.rows()[1]["Kind"]["id"] == kept


def test_a_field_of_another_type(api: Any, base: Database, source: int) -> None:
    field_id = base.add_field(source, "Size", "text")
    row = f"/api/database/rows/table/{source}/1/?user_field_names=true"
    api.patch(row, {"Size": "12"})
    synced = Synced(api, base, keys_of(api, local(source)), **local(source))
    synced.done()
    assert api.patch(f"/api/database/fields/{field_id}/", {"type": "number"})[0] == 200
    synced.done()
    assert (synced.fields()["Size"]["type"], synced.rows()[0]["Size"]) == ("number", "12")


def test_the_rows_and_the_order_of_a_view(api: Any, base: Database, source: int) -> None:
    view = api.get(f"/api/database/views/table/{source}/")[1][0]["id"]
    name = base.fields(source)[0]["id"]
    body = {"field": name, "type": "not_equal", "value": "b"}
    assert api.post(f"/api/database/views/{view}/filters/", body)[0] == 200
    assert api.post(f"/api/database/views/{view}/sortings/", {"field": name, "order": "DESC"})[0] == 200
    synced = Synced(api, base, [f"field_{name}"], **local(source, view))
    synced.done()
    assert synced.values() == [["3", "c"], ["1", "a"]]
    assert api.delete(f"/api/database/views/{view}/")[0] == 204
    assert "view" in synced.failed()
    assert len(synced.rows()) == 2


def test_trashed_rows_do_not_come(api: Any, base: Database, source: int) -> None:
    synced = Synced(api, base, [], **local(source))
    assert api.delete(f"/api/database/rows/table/{source}/2/")[0] == 204
    synced.done()
    assert synced.values() == [["1"], ["3"]]


def test_nobody_reads_a_table_they_have_no_access_to(api: Any, base: Database, source: int, make_user: Any) -> None:
    eve = make_user("Eve")
    own = Database(eve)
    settings = local(source)
    assert eve.post(f"{SYNC}/properties/", settings)[1]["error"] == "ERROR_SYNC_ERROR"
    body = {"table_name": "Stolen", "synced_properties": [], **settings}
    assert eve.post(f"{SYNC}/database/{own.id}/", body)[1]["error"] == "ERROR_SYNC_ERROR"
    mine = own.table("Mine", [["Name"], ["x"]])
    synced = Synced(eve, own, keys_of(eve, local(mine)), **local(mine))
    synced.done()
    synced.change(source_table_id=source)
    assert "you may not read it" in synced.failed()
    status, answer = eve.patch(synced.path, {"source_table_id": source, "synced_properties": ["id"]})
    assert (status, answer["error"]) == (400, "ERROR_SYNC_ERROR")
    assert eve.get(f"{synced.path}properties/")[1]["error"] == "ERROR_SYNC_ERROR"
    assert synced.values() == [["1", "x"]]


def test_access_that_is_revoked_is_gone_for_the_next_sync(
    api: Any, base: Database, source: int, make_user: Any
) -> None:
    bob = make_user("Bob")
    join(base, bob, "VIEWER")
    own = Database(bob)
    synced = Synced(bob, own, keys_of(bob, local(source)), **local(source))
    synced.done()
    assert len(synced.rows()) == 3
    started = bob.post(f"{synced.path}sync/async/")
    join(base, bob, "")
    api.patch(f"/api/database/rows/table/{source}/1/?user_field_names=true", {"Name": "secret"})
    job = own.run(started)
    assert job["state"] == "failed" and "you may not read it" in job["human_readable_error"]
    assert [row["Name"] for row in synced.rows()] == ["a", "b", "c"]


def test_the_personal_view_of_another_one(api: Any, base: Database, source: int, make_user: Any) -> None:
    body = {"name": "Mine", "type": "grid", "ownership_type": "personal"}
    status, view = api.post(f"/api/database/views/table/{source}/", body)
    assert status == 200, view
    bob = make_user("Bob")
    join(base, bob, "ADMIN")
    assert bob.post(f"{SYNC}/properties/", local(source, view["id"]))[1]["error"] == "ERROR_SYNC_ERROR"
