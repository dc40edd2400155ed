"""Database tokens: made and changed over HTTP, what they may do, and that their keys are kept secret."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from plugin_api import permissions
from plugin_api.context import Context, acting_as
from plugin_api.db import begin, connection
from plugin_api.errors import ApiError
from plugin_api.permissions import Access
from plugin_api.platform import service
from plugin_api.states import PluginStates
from plugins.database_tokens.authentication import TokenAuthenticator
from plugins.database_tokens.operations import USE
from tests.conftest import Api
from tests.tables import TABLES, Database, recorded, scalar

TOKENS = "/api/database/tokens/"
OFF = {"create": False, "read": False, "update": False, "delete": False}
ON = dict.fromkeys(OFF, True)


class Robot:
    """A token called Robot in a database with the tables People and Other."""

    def __init__(self, api: Any) -> None:
        self.api, self.database = api, Database(api)
        self.people = self.database.table("People", [["Name"], ["Ann"], ["Bob"]])
        self.other = self.database.table("Other", [["Name"], ["x"]])
        status, self.body = api.post(TOKENS, {"name": "Robot", "workspace": self.database.workspace_id})
        assert status == 200, self.body
        self.path = f"{TOKENS}{self.body['id']}/"
        self.use(self.body["key"])

    def use(self, key: str) -> None:
        """Send this key from now on."""
        self.client = Api(self.api.client, key, "Token")

    def may(self, **rights: Any) -> dict[str, Any]:
        """Set the token's rights; what is not given is off."""
        status, body = self.api.patch(self.path, {"permissions": {**OFF, **rights}})
        assert status == 200, body
        return dict(body["permissions"])

    def fields(self, table_id: int) -> int:
        """The status of listing a table's fields with the token."""
        return int(self.client.get(f"/api/database/fields/table/{table_id}/")[0])

    def asks(self, operation: str, table_id: int, **access: Any) -> str:
        """What the permission chain answers the token: "allowed" or the code of the refusal."""
        where = {"workspace_id": self.database.workspace_id, "role": "ADMIN", **access}
        scopes = (("database_table", table_id), ("application", self.database.id))
        with begin():
            found = TokenAuthenticator().authenticate(self.body["key"], Context())
            with acting_as(found.actor):
                try:
                    permissions.require(operation, Access(scopes=scopes, **where))
                except ApiError as refusal:
                    return refusal.code
        return "allowed"


@pytest.fixture
def robot(api: Any) -> Robot:
    """A token of `api`."""
    return Robot(api)


def _problem(answer: tuple[int, Any], key: str) -> str:
    status, body = answer
    assert status == 400 and body["error"] == "ERROR_REQUEST_BODY_VALIDATION", answer
    return str(body["detail"][key][0]["code"])


def test_a_new_token_may_do_everything(robot: Robot) -> None:
    assert robot.body["permissions"] == ON
    assert robot.body["workspace"] == robot.database.workspace_id
    assert len(robot.body["key"]) == 32 and robot.body["key"].isalnum()
    assert robot.api.get(TOKENS) == (200, [robot.body])
    assert robot.api.get(robot.path) == (200, robot.body)


def test_others_do_not_see_a_token(robot: Robot, make_user: Any) -> None:
    bob = make_user()
    _join(bob, robot.database.workspace_id)
    assert bob.get(TOKENS) == (200, [])
    for status, body in (bob.get(robot.path), bob.patch(robot.path, {"name": "x"}), bob.delete(robot.path)):
        assert (status, body["error"]) == (404, "ERROR_TOKEN_DOES_NOT_EXIST")
    assert robot.api.get(robot.path)[1]["name"] == "Robot"


def _join(user: Any, workspace_id: int) -> None:
    with begin():
        member = "INSERT INTO core.membership (workspace_id, user_id, permissions) VALUES (%s, %s, 'ADMIN')"
        connection().exec_driver_sql(member, (workspace_id, user.user["id"]))


@pytest.mark.parametrize(
    ("body", "key", "code"),
    [
        ({}, "name", "required"),
        ({}, "workspace", "required"),
        ({"name": "", "workspace": 1}, "name", "blank"),
        ({"name": "n" * 101, "workspace": 1}, "name", "max_length"),
        ({"name": "x", "workspace": 99999999}, "workspace", "does_not_exist"),
        ({"name": "x", "workspace": 2**70}, "workspace", "does_not_exist"),
        ({"name": "x", "workspace": "mine"}, "workspace", "incorrect_type"),
        ({"name": "x", "workspace": None}, "workspace", "null"),
        ({"name": "x", "workspace": [1]}, "workspace", "incorrect_type"),
    ],
)
def test_bad_new_tokens_are_refused(api: Any, body: Any, key: str, code: str) -> None:
    assert _problem(api.post(TOKENS, body), key) == code
    assert api.get(TOKENS) == (200, [])


def test_outsiders_cannot_make_tokens(robot: Robot, make_user: Any) -> None:
    status, body = make_user().post(TOKENS, {"name": "x", "workspace": robot.database.workspace_id})
    assert (status, body["error"]) == (400, "ERROR_USER_NOT_IN_GROUP")


def test_renaming_keeps_the_rest(robot: Robot) -> None:
    assert robot.api.patch(robot.path, {"name": "Renamed"}) == (200, {**robot.body, "name": "Renamed"})
    assert _problem(robot.api.patch(robot.path, {"name": ""}), "name") == "blank"
    assert robot.api.patch(robot.path, {}) == (200, {**robot.body, "name": "Renamed"})


def test_a_rotated_key_replaces_the_one_before(robot: Robot) -> None:
    status, body = robot.api.patch(robot.path, {"rotate_key": True})
    assert status == 200 and body["key"] != robot.body["key"]
    assert robot.client.get(f"{TOKENS}check/")[0] == 403
    robot.use(body["key"])
    assert robot.client.get(f"{TOKENS}check/") == (200, {"token": body["key"]})


def test_a_deleted_token_is_gone_at_once(robot: Robot) -> None:
    assert robot.client.get(f"{TOKENS}check/")[0] == 200
    assert robot.api.delete(robot.path)[0] == 204
    assert robot.api.delete(robot.path)[1]["error"] == "ERROR_TOKEN_DOES_NOT_EXIST"
    status, body = robot.client.get(f"{TOKENS}check/")
    assert (status, body["error"]) == (403, "ERROR_TOKEN_DOES_NOT_EXIST")


def test_operations_for_tokens_alone_refuse_sessions(robot: Robot, anonymous: Any) -> None:
    for path in (f"{TOKENS}check/", f"{TABLES}all-tables/"):
        assert robot.api.get(path)[0] == 403
        assert anonymous.get(path)[0] == 403


def test_permission_forms(robot: Robot) -> None:
    table, database = ["table", robot.people], ["database", robot.database.id]
    assert robot.may() == OFF
    assert robot.may(**ON) == ON
    assert robot.may(read=[table]) == {**OFF, "read": [table]}
    assert robot.may(update=[database], delete=[database, table]) == {
        **OFF,
        "update": [database],
        "delete": [database, table],
    }
    assert robot.may(read=[], create=[table, table]) == {**OFF, "create": [table]}


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"create": True, "read": True, "update": True}, "invalid_key"),
        ({**OFF, "share": True}, "invalid_key"),
        ("all", "invalid_key"),
        ([], "invalid_key"),
        (None, "null"),
        ({**OFF, "read": 1}, "invalid_value"),
        ({**OFF, "read": "true"}, "invalid_value"),
        ({**OFF, "read": None}, "invalid_value"),
        ({**OFF, "read": [["view", 1]]}, "invalid_instance_type"),
        ({**OFF, "read": [[["table"], 1]]}, "invalid_instance_type"),
        ({**OFF, "read": [["table"]]}, "invalid_value"),
        ({**OFF, "read": [["table", "x"]]}, "invalid_value"),
        ({**OFF, "read": [["table", True]]}, "invalid_value"),
        ({**OFF, "read": [["table", 2**70]]}, "invalid_value"),
        ({**OFF, "read": [["table", -1]]}, "invalid_value"),
        ({**OFF, "read": [1]}, "invalid_value"),
        ({**OFF, "read": [["table", 99999999]]}, "invalid_table_id"),
        ({**OFF, "read": [["database", 99999999]]}, "invalid_database_id"),
    ],
)
def test_bad_permissions_change_nothing(robot: Robot, wanted: Any, code: str) -> None:
    answer = robot.api.patch(robot.path, {"name": "Changed", "permissions": wanted})
    assert _problem(answer, "permissions") == code
    assert robot.api.get(robot.path) == (200, robot.body)


def test_rights_stay_inside_the_token_s_workspace(robot: Robot) -> None:
    far = Database(robot.api)
    table = far.table("Far")
    status, body = robot.api.patch(robot.path, {"permissions": {**OFF, "read": [["table", table]]}})
    assert (status, body["error"]) == (401, "PERMISSION_DENIED")
    status, body = robot.api.patch(robot.path, {"permissions": {**OFF, "read": [["database", far.id]]}})
    assert (status, body["error"]) == (400, "ERROR_DATABASE_DOES_NOT_BELONG_TO_GROUP")
    assert robot.api.get(robot.path)[1]["permissions"] == ON
    assert robot.fields(table) == 401


OPERATIONS = {
    "list_rows": "read",
    "read_row": "read",
    "list_row_names": "read",
    "create_row": "create",
    "update_row": "update",
    "move_row": "update",
    "delete_row": "delete",
}


@pytest.mark.parametrize("allowed", OFF)
def test_each_right_opens_its_operations_only(robot: Robot, allowed: str) -> None:
    robot.may(**{allowed: True})
    for operation, needed in OPERATIONS.items():
        expected = "allowed" if needed == allowed else "ERROR_NO_PERMISSION_TO_TABLE"
        assert robot.asks(f"database.table.{operation}", robot.people) == expected


def test_beyond_rows_nothing_is_open(robot: Robot) -> None:
    open_to_tokens = {f"database.table.{operation}" for operation in (*OPERATIONS, "list_fields")}
    for operation in set(permissions_known()) - open_to_tokens:
        assert robot.asks(operation, robot.people) == "PERMISSION_DENIED", operation


def permissions_known() -> list[str]:
    """All registered operations."""
    from plugin_api.platform import registry

    return list(registry("operations"))


def test_rights_on_a_table_and_on_a_database(robot: Robot) -> None:
    robot.may(read=[["table", robot.people]])
    assert (robot.fields(robot.people), robot.fields(robot.other)) == (200, 401)
    assert _names(robot) == ["People"]
    robot.may(delete=[["database", robot.database.id]])
    assert _names(robot) == ["People", "Other"]
    assert robot.asks("database.table.delete_row", robot.other) == "allowed"
    robot.may()
    assert _names(robot) == []


def _names(robot: Robot) -> list[str]:
    status, body = robot.client.get(f"{TABLES}all-tables/")
    assert status == 200
    assert all(set(table) == {"id", "name", "order", "database_id"} for table in body)
    return [table["name"] for table in body]


def test_tokens_get_no_further_than_rows_and_fields(robot: Robot) -> None:
    for path in (robot.database.path, f"{TABLES}{robot.people}/", "/api/applications/", TOKENS, "/api/user/dashboard/"):
        assert robot.client.get(path)[0] == 401, path
    assert robot.client.delete(f"{TABLES}{robot.people}/")[0] == 401
    body = {"name": "x", "type": "text"}
    answer = robot.client.post(f"/api/database/fields/table/{robot.people}/", body)
    assert (answer[0], answer[1]["error"]) == (401, "ERROR_NO_PERMISSION_TO_TABLE")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Token wrong", "ERROR_TOKEN_DOES_NOT_EXIST"),
        ("Token", "ERROR_INVALID_TOKEN_HEADER"),
        ("Token a b", "ERROR_INVALID_TOKEN_HEADER"),
        ("Token \xe9\xff", "ERROR_TOKEN_DOES_NOT_EXIST"),
    ],
)
def test_bad_keys_are_refused(robot: Robot, anonymous: Any, header: str, code: str) -> None:
    path = f"/api/database/fields/table/{robot.people}/"
    status, body = anonymous.get(path, headers={"Authorization": header})
    assert (status, body["error"]) == (401, code)


def test_a_token_ends_with_its_owner_s_membership(robot: Robot) -> None:
    with begin():
        connection().exec_driver_sql("DELETE FROM core.membership WHERE user_id = %s", (robot.api.user["id"],))
    assert robot.client.get(f"/api/database/fields/table/{robot.people}/")[1]["error"] == "ERROR_USER_NOT_IN_GROUP"
    assert robot.client.get(f"{TOKENS}check/")[0] == 403
    assert robot.client.get(f"{TABLES}all-tables/") == (200, [])
    assert robot.api.get(TOKENS) == (200, [])


def test_a_token_sleeps_with_its_workspace(robot: Robot) -> None:
    def trash(value: str) -> None:
        with begin():
            sql = f"UPDATE core.workspace SET trashed_on = {value} WHERE id = %s"
            connection().exec_driver_sql(sql, (robot.database.workspace_id,))

    trash("now()")
    assert robot.client.get(f"{TOKENS}check/")[0] == 403
    assert robot.fields(robot.people) == 404
    assert robot.api.get(TOKENS) == (200, [])
    assert robot.api.get(robot.path)[0] == 404
    trash("NULL")
    assert robot.client.get(f"{TOKENS}check/")[0] == 200
    assert robot.api.get(robot.path) == (200, robot.body)


def test_rights_on_a_trashed_table_sleep(robot: Robot) -> None:
    robot.may(read=[["table", robot.people], ["table", robot.other]])
    assert robot.api.delete(f"{TABLES}{robot.people}/")[0] == 204
    assert robot.api.get(robot.path)[1]["permissions"]["read"] == [["table", robot.other]]
    assert _names(robot) == ["Other"]


def test_an_owner_without_the_right_to_use_tokens_cannot(robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
    chain: Any = service(permissions.Permissions)
    allows = chain.allows
    monkeypatch.setattr(
        chain, "allows", lambda who, operation, access: operation != USE and allows(who, operation, access)
    )
    assert robot.fields(robot.people) == 401


def test_tokens_rest_while_the_plugin_is_off(robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
    states: Any = service(PluginStates)
    monkeypatch.setattr(states, "is_enabled", lambda name: name != "database_tokens")
    assert robot.fields(robot.people) == 401


def test_keys_are_encrypted_at_rest(robot: Robot) -> None:
    kept = scalar("SELECT t::text FROM database_tokens.token t WHERE id = %(id)s", id=robot.body["id"])
    assert robot.body["key"] not in kept


def test_a_key_of_another_secret_key_is_shown_empty(robot: Robot) -> None:
    with begin():
        connection().exec_driver_sql("UPDATE database_tokens.token SET key = 'AAAA' WHERE id = %s", (robot.body["id"],))
    assert robot.api.get(robot.path) == (200, {**robot.body, "key": ""})
    assert len(robot.api.patch(robot.path, {"rotate_key": True})[1]["key"]) == 32


def test_a_token_costs_one_query(robot: Robot, count_sql: Any) -> None:
    path = f"/api/database/fields/table/{robot.people}/"
    for client in (robot.api, robot.client):
        client.get(path)
    with count_sql() as with_session:
        robot.api.get(path)
    with count_sql() as with_token:
        robot.client.get(path)
    assert len(with_token) == len(with_session) + 1


def test_listing_tokens_is_one_query(robot: Robot, count_sql: Any) -> None:
    robot.api.post(TOKENS, {"name": "Second", "workspace": robot.database.workspace_id})
    with count_sql() as statements:
        assert len(robot.api.get(TOKENS)[1]) == 2
    assert len(statements) == 1


def test_changes_of_tokens_are_actions(robot: Robot) -> None:
    robot.api.patch(robot.path, {"name": "Renamed"})
    robot.may(read=True)
    robot.api.patch(robot.path, {"rotate_key": True})
    robot.api.delete(robot.path)
    found = [one for one in recorded("action", robot.api, "params") if "token_id" in one]
    assert [one["type"] for one in found] == [
        "create_db_token",
        "update_db_token_name",
        "update_db_token_permissions",
        "rotate_db_token_key",
        "delete_db_token_key",
    ]
    assert found[1]["original_token_name"] == "Robot" and found[1]["token_name"] == "Renamed"
    assert all(robot.body["key"] not in str(one) for one in found)


def test_deleting_a_token_deletes_its_rights(robot: Robot) -> None:
    robot.may(read=[["table", robot.people]])
    robot.api.delete(robot.path)
    count = 'SELECT count(*) FROM database_tokens."right" WHERE token_id = %(id)s'
    assert scalar(count, id=robot.body["id"]) == 0


def test_rights_of_a_token_do_not_add_up(robot: Robot) -> None:
    """Two that replace the rights at a time: the later one wins, with no right of the earlier one left."""
    import threading

    def change(table: int) -> None:
        client = Api(robot.api.client.application.test_client())
        client.headers = robot.api.headers
        assert client.patch(robot.path, {"permissions": {**OFF, "read": [["table", table]]}})[0] == 200

    threads = [threading.Thread(target=change, args=(table,)) for table in (robot.people, robot.other) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(robot.api.get(robot.path)[1]["permissions"]["read"]) == 1


def test_the_lookup_of_a_key_is_indexed(robot: Robot) -> None:
    with begin():
        connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = connection().execute(sa.text("EXPLAIN SELECT 1 FROM database_tokens.token WHERE key_digest = 'x'"))
        assert "uq_token_key_digest" in "\n".join(plan.scalars())
