"""Archives of workspaces: what they hold, that they are read as they were written, and who may do what."""

from __future__ import annotations

from typing import Any

import pytest

from plugin_api.platform import registry
from tests.alike import Likeness, assert_alike
from tests.archives import exported, installed
from tests.everything import everything
from tests.tables import Database

VIEWS = "/api/database/views"


def _ok(answer: tuple[int, Any]) -> Any:
    assert answer[0] in (200, 202), answer
    return answer[1]


def _unsynced(told: dict[str, Any]) -> dict[str, Any]:
    """What archives keep of a database: synced tables are ordinary ones there."""
    for table in told.values():
        table["table"]["data_sync"] = None
        for field in table["fields"]:
            own = registry("field_types")[field["type"]].read_only
            field.update({"read_only": own, "immutable_type": False, "immutable_properties": False})
    return told


@pytest.fixture
def database(api: Any) -> Database:
    """A database with a table and rows."""
    made = Database(api)
    made.table("People", [["Name"], ["Ann"], ["Bob"]])
    return made


@pytest.fixture
def target(api: Any) -> Database:
    """Another workspace, with another database."""
    return Database(api)


def test_an_imported_database_is_what_it_was(api: Any, target: Database) -> None:
    base = everything(api).base
    target.allow_ai()
    original = Likeness(api, base.id)
    before = _unsynced(original.told())
    archive = exported(api, base.workspace_id)
    made = installed(api, target.workspace_id, archive)
    assert [(one["name"], one["workspace"]["id"]) for one in made] == [("Database 2", target.workspace_id)]
    assert_alike(Likeness(api, made[0]["id"]), before, original)
    again = installed(api, base.workspace_id, exported(api, target.workspace_id, application_ids=[made[0]["id"]]))
    assert_alike(Likeness(api, again[0]["id"]), before, original)
    table = next(found["id"] for found in made[0]["tables"] if found["name"] == "Table")
    row = {"Name": "new", "number": "3", "link_row": ["q"]}
    new = _ok(api.post(f"/api/database/rows/table/{table}/?user_field_names=true", row))
    assert (new["formula"], new["names"], new["lookup"][0]["value"]) == ("6.00", "q", "q")
    assert new["autonumber"] == max(one["autonumber"] for one in before["Table"]["rows"]) + 1
    assert new["id"] == max(one["id"] for one in before["Table"]["rows"]) + 1
