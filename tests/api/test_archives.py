"""Archives of workspaces: what they hold, that they are read as they were written, and who may do what."""

from __future__ import annotations

from typing import Any

import pytest

from plugin_api.platform import registry
from tests.alike import Likeness, differences
from tests.archives import exported, installed
from tests.everything import all_there_is, unshared
from tests.tables import Database
from tests.world import TYPES

VIEWS = "/api/database/views"


def _ok(answer: tuple[int, Any]) -> Any:
    assert answer[0] in (200, 202), answer
    return answer[1]


def _alike(told: dict[str, Any]) -> dict[str, Any]:
    """What archives keep of a database: views that are not shared, and synced tables as ordinary ones."""
    for table in unshared(told).values():
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
    world = all_there_is(api)
    base = world.base
    used = {field["type"] for table in base.tables() for field in base.fields(table["id"])}
    assert {*TYPES, "text", "link_row", "lookup", "count", "rollup"} == used
    target.allow_ai()
    before = _alike(Likeness(api, base.id).told())
    made = installed(api, target.workspace_id, exported(api, base.workspace_id))
    assert [(one["name"], one["workspace"]["id"]) for one in made] == [("Database 2", target.workspace_id)]
    after = _alike(Likeness(api, made[0]["id"]).told())
    assert "\n".join(differences(after, before)) == ""
    table = next(found["id"] for found in made[0]["tables"] if found["name"] == "Table")
    row = {"Name": "new", "number": "3", "link_row": ["q"]}
    new = _ok(api.post(f"/api/database/rows/table/{table}/?user_field_names=true", row))
    assert (new["formula"], new["names"], new["lookup"][0]["value"]) == ("6.00", "q", "q")
    assert new["autonumber"] == max(one["autonumber"] for one in before["Table"]["rows"]) + 1
