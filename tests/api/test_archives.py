"""Archives of workspaces: what they hold, that they are read as they were written, and who may do what."""

from __future__ import annotations

import io
from typing import Any

import pytest

from plugin_api.db import begin, connection
from plugin_api.platform import registry
from tests.alike import Likeness, assert_alike
from tests.archives import described, exported, files_of, installed
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


def _rows(database: Database, table_id: int) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "order"} for row in database.rows(table_id)]


def _cell(database: Database, table_id: int, row: int, **values: Any) -> None:
    _ok(database.api.patch(f"/api/database/rows/table/{table_id}/{row}/?user_field_names=true", values))


def _table(application: dict[str, Any], name: str) -> int:
    return int(next(table["id"] for table in application["tables"] if table["name"] == name))


def test_an_archive_holds_nothing_of_the_trash(database: Database, api: Any, target: Database) -> None:
    people = database.tables()[0]["id"]
    gone = database.table("Gone", [["Name"], ["x"]])
    database.add_field(people, "To the gone", "link_row", link_row_table_id=gone)
    spare = database.add_field(people, "Spare", "text")
    assert api.delete(f"/api/database/tables/{gone}/")[0] == 204
    assert api.delete(f"/api/database/fields/{spare}/")[0] == 200
    assert api.delete(f"/api/database/rows/table/{people}/1/")[0] == 204
    view = _ok(api.post(f"{VIEWS}/table/{people}/", {"name": "Gone", "type": "grid"}))["id"]
    assert api.delete(f"{VIEWS}/{view}/")[0] == 204
    other = _ok(api.post(f"/api/applications/workspace/{database.workspace_id}/", {"name": "O", "type": "database"}))
    assert api.delete(f"/api/applications/{other['id']}/")[0] == 204
    (told,) = described(exported(api, database.workspace_id))
    (table,) = told["tables"]
    assert [field["name"] for field in table["fields"]] == ["Name"]
    assert [view["name"] for view in table["views"]] == ["Grid"]
    assert [row["id"] for row in table["rows"]] == [2]


def test_the_structure_can_be_had_alone(database: Database, api: Any, target: Database) -> None:
    archive = exported(api, database.workspace_id, only_structure=True)
    made = installed(api, target.workspace_id, archive)[0]
    table = _table(made, "People")
    assert [field["name"] for field in target.fields(table)] == ["Name"]
    assert (target.rows(table), target.counted(table)) == ([], 0)


def test_links_in_circles_and_to_the_own_table(database: Database, api: Any, target: Database) -> None:
    people = database.tables()[0]["id"]
    teams = database.table("Teams", [["Name"], ["Red"], ["Blue"]])
    database.add_field(people, "Team", "link_row", link_row_table_id=teams)
    database.add_field(teams, "Head", "link_row", link_row_table_id=people, has_related_field=False)
    database.add_field(people, "Boss", "link_row", link_row_table_id=people, has_related_field=False)
    database.add_field(teams, "Names", "formula", formula="join(lookup('People', 'Name'), ', ')")
    database.add_field(people, "Mates", "formula", formula="lookup('Team', 'Names')")
    _cell(database, people, 1, Team=["Blue", "Red"], Boss=["Bob"])
    _cell(database, people, 2, Team=["Red"], Boss=["Bob", "Ann"])
    _cell(database, teams, 1, Head=["Bob"])
    made = installed(api, target.workspace_id, exported(api, database.workspace_id))[0]
    names = {"People": people, "Teams": teams}
    for name, original in names.items():
        assert _rows(target, _table(made, name)) == _rows(database, original)
    _cell(target, _table(made, "People"), 2, Team=["Blue"])
    assert [row["Names"] for row in target.rows(_table(made, "Teams"))] == ["Ann", "Ann, Bob"]
    assert [row["Names"] for row in database.rows(teams)] == ["Ann, Bob", "Ann"]


def test_a_broken_formula_stays_broken(database: Database, api: Any, target: Database) -> None:
    people = database.tables()[0]["id"]
    age = database.add_field(people, "Age", "number")
    database.add_field(people, "Twice", "formula", formula="field('Age') * 2")
    assert api.delete(f"/api/database/fields/{age}/")[0] == 200
    broken = {field["name"]: field for field in database.fields(people)}["Twice"]
    assert broken["error"]
    made = installed(api, target.workspace_id, exported(api, database.workspace_id))[0]
    again = {field["name"]: field for field in target.fields(_table(made, "People"))}["Twice"]
    assert (again["error"], again["formula"]) == (broken["error"], "field('Age') * 2")


def test_files_go_along(database: Database, api: Any, target: Database, monkeypatch: Any) -> None:
    people = database.tables()[0]["id"]
    database.add_field(people, "Files", "file")
    sent = {"file": (io.BytesIO(b"text of a file"), "a.txt")}
    name = _ok(api.call("POST", "/api/user-files/upload-file/", data=sent))["name"]
    for row in (1, 2):
        _cell(database, people, row, Files=[{"name": name, "visible_name": f"{row}.txt"}])
    archive = exported(api, database.workspace_id)
    assert files_of(archive)[name] == b"text of a file"
    # As on another instance, where nothing is known of the file.
    with begin():
        connection().exec_driver_sql("DELETE FROM user_files.file WHERE name = %s", (name,))
    made = installed(api, target.workspace_id, archive)[0]
    found = [row["Files"][0] for row in target.rows(_table(made, "People"))]
    assert [one["visible_name"] for one in found] == ["1.txt", "2.txt"]
    assert len({one["name"] for one in found}) == 1 and found[0]["name"] != name
    with api.client.get(f"/media/user_files/{found[0]['name']}") as answer:
        assert answer.data == b"text of a file"


def test_people_are_those_of_the_workspace(database: Database, api: Any, make_user: Any) -> None:
    people, other = database.tables()[0]["id"], make_user("Bob")
    database.add_field(people, "Who", "multiple_collaborators")
    database.add_field(people, "Made by", "created_by")
    _cell(database, people, 1, Who=[{"id": api.user["id"]}])
    archive = exported(api, database.workspace_id)
    (table,) = described(archive)[0]["tables"]
    assert api.user["username"] in str(table["rows"][0])
    theirs = Database(other)
    made = installed(other, theirs.workspace_id, archive)[0]
    assert [(row["Who"], row["Made by"]) for row in theirs.rows(_table(made, "People"))] == [([], None)] * 2
    view = _ok(other.get(f"{VIEWS}/table/{_table(made, 'People')}/"))[0]
    assert view["owned_by_id"] == other.user["id"]
    again = installed(api, database.workspace_id, archive)[0]
    row = database.rows(_table(again, "People"))[0]
    assert [row["Who"][0]["id"], row["Made by"]["id"]] == [api.user["id"]] * 2


def test_other_peoples_personal_views_stay_where_they_are(database: Database, api: Any, make_user: Any) -> None:
    people, other = database.tables()[0]["id"], make_user("Bob")
    with begin():
        member = "INSERT INTO core.membership (workspace_id, user_id, permissions) VALUES (%s, %s, 'MEMBER')"
        connection().exec_driver_sql(member, (database.workspace_id, other.user["id"]))
    for who, name in ((api, "Mine"), (other, "Theirs")):
        body = {"name": name, "type": "grid", "ownership_type": "personal"}
        _ok(who.post(f"{VIEWS}/table/{people}/", body))
    (told,) = described(exported(api, database.workspace_id))
    assert [view["name"] for view in told["tables"][0]["views"]] == ["Grid", "Mine"]


def test_passwords_are_kept_as_hashes(database: Database, api: Any, target: Database) -> None:
    people = database.tables()[0]["id"]
    database.add_field(people, "Secret", "password", allow_endpoint_authentication=True)
    _cell(database, people, 1, Secret="open sesame")
    archive = exported(api, database.workspace_id)
    assert b"open sesame" not in b"".join(files_of(archive).values())
    made = installed(api, target.workspace_id, archive)[0]
    field = next(one["id"] for one in target.fields(_table(made, "People")) if one["name"] == "Secret")
    told = [row["Secret"] for row in target.rows(_table(made, "People"))]
    assert told == [True, None]
    path, asked = "/api/database/fields/password-authentication/", {"field_id": field, "row_id": 1}
    assert api.post(path, {**asked, "password": "open sesame"})[0] == 200
    assert api.post(path, {**asked, "password": "open sesam"})[0] == 401
