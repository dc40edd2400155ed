"""The audit log: what is in it, that it is true, who reads it, and that it stays quick and small enough."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from plugin_api import actions
from plugin_api.actions import ActionListener, ActionType, RecordedAction
from plugin_api.db import UnitsOfWork, begin, connection
from plugin_api.platform import service
from plugins.audit_log import store, upkeep
from plugins.audit_log.store import Wanted
from tests.forms import Form
from tests.sessions import DONE, FAILED, Session
from tests.tables import Database, new_workspace, scalar

OWN, INSTANCE = "/api/audit-log/", "/api/admin/audit-log/"
PLUGIN = "/api/admin/plugins/audit_log/"


def entries(reader: Any, workspace: int, query: str = "") -> list[dict[str, Any]]:
    """The entries of a workspace, the newest first."""
    status, page = reader.get(f"{OWN}?workspace_id={workspace}{query}")
    assert status == 200, page
    return list(page["results"])


def types(reader: Any, workspace: int, query: str = "") -> list[str]:
    """What was done in a workspace."""
    return [entry["action_type"] for entry in entries(reader, workspace, query)]


def count_of(workspace: int) -> int:
    """How many entries a workspace has, whoever may read them."""
    return int(scalar("SELECT count(*) FROM audit_log.entry WHERE workspace_id = %(id)s", id=workspace))


@pytest.fixture
def base(api: Any) -> Session:
    """A database changed in a client session."""
    return Session(api)


@pytest.fixture
def member(make_user: Any, base: Session) -> Any:
    """A builder of the workspace."""
    made = make_user("Bob")
    _join(base.workspace_id, made, "MEMBER")
    return made


def _join(workspace: int, user: Any, role: str) -> None:
    with begin():
        sql = "INSERT INTO core.membership (workspace_id, user_id, permissions) VALUES (%s, %s, %s)"
        connection().exec_driver_sql(sql, (workspace, user.user["id"], role))


def test_an_entry_says_who_did_what_where_and_when(api: Any, base: Session) -> None:
    table = base.table("People", [["Name"], ["Ann"]])
    [made, *_] = entries(api, base.workspace_id)
    name, number = api.user["username"], api.user["id"]
    assert made["user"] == f"{name} ({number})"
    assert made["workspace"] == f"Workspace ({base.workspace_id})"
    assert (made["action_type"], made["type"]) == ("create_table", "Create table")
    assert made["description"] == f'Table "People" ({table}) created'
    assert made["ip_address"] == "127.0.0.1"
    age = datetime.now(UTC) - datetime.fromisoformat(made["timestamp"])
    assert timedelta() <= age < timedelta(minutes=10)


def test_names_are_those_of_the_moment(api: Any, base: Session) -> None:
    api.patch(f"/api/workspaces/{base.workspace_id}/", {"name": "Renamed"})
    assert [entry["workspace"].split()[0] for entry in entries(api, base.workspace_id)] == ["Renamed", "Workspace"]


def test_what_is_undone_and_redone_is_in_it_as_it_happened(api: Any, base: Session) -> None:
    table = base.table("Sheet", [["Name"], ["a"]])
    base.row(table, Name="b")
    assert (base.undo(), base.redo(), base.undo()) == (DONE, DONE, DONE)
    shown = [entry["type"] for entry in entries(api, base.workspace_id)][:4]
    assert shown == ["Create row (undone)", "Create row (redone)", "Create row (undone)", "Create row"]


def test_an_undo_that_fails_is_not_in_it(api: Any, base: Session) -> None:
    table = base.table("Sheet", [["Name"], ["a"]])
    field = base.add_field(table, "Other", "text")
    with base.another_session():
        assert api.delete(f"/api/database/fields/{field}/")[0] == 200
    before = count_of(base.workspace_id)
    assert base.undo() == FAILED
    assert count_of(base.workspace_id) == before


def test_a_group_is_undone_entry_by_entry(api: Any, base: Session) -> None:
    table, kept = base.table("Sheet", [["Name"], ["a"]]), api.headers
    api.headers = {**kept, "ClientUndoRedoActionGroupId": str(uuid4())}
    base.row(table, Name="b")
    base.row(table, Name="c")
    api.headers = kept
    assert base.undo() == DONE
    assert [entry["type"] for entry in entries(api, base.workspace_id)][:2] == ["Create row (undone)"] * 2


def test_a_change_that_is_refused_leaves_no_entry(api: Any, base: Session) -> None:
    table = base.table("Sheet", [["Name"], ["a"]])
    base.add_field(table, "Age", "number")
    before = count_of(base.workspace_id)
    assert api.post(base.rows_path(table), {"Age": "old"})[0] == 400
    assert api.patch(base.rows_path(table, "99/"), {"Age": 1})[0] == 404
    assert count_of(base.workspace_id) == before


class _Broken(ActionListener):
    """Fails after the audit log took note."""

    type = "broken"

    def recorded(self, action: RecordedAction) -> None:
        """Fail."""
        raise RuntimeError("The pencil broke.")


def test_a_change_that_breaks_after_it_was_noted_leaves_no_entry(api: Any, base: Session, registered: Any) -> None:
    table = base.table("Sheet", [["Name"], ["a"]])
    before = count_of(base.workspace_id)
    registered("action_listeners", _Broken())
    api.client.application.config["PROPAGATE_EXCEPTIONS"] = False
    status, _ = api.post(base.rows_path(table), {"Name": "b"})
    assert (status, count_of(base.workspace_id), base.column(table, "Name")) == (500, before, ["a"])


def test_an_entry_costs_no_statement_of_its_own(base: Session, count_sql: Any) -> None:
    table = base.table("Sheet", [["Name"], ["a"]])
    base.row(table, Name="b")
    items = {"items": [{"Name": str(number)} for number in range(50)]}
    for body, path in (({"Name": "c"}, base.rows_path(table)), (items, base.rows_path(table, "batch/"))):
        with count_sql() as statements:
            base.ok(*base.api.post(path, body))
        [writing] = [sql for sql in statements if "audit_log" in sql]
        assert '"core"."action"' in writing and writing.count("INSERT INTO") >= 3


def test_a_batch_is_one_entry_that_names_some_of_its_rows(api: Any, base: Session) -> None:
    table = base.table("Sheet", [["Name"]])
    items = {"items": [{"Name": str(number)} for number in range(14)]}
    base.ok(*api.post(base.rows_path(table, "batch/"), items))
    [made] = entries(api, base.workspace_id, "&action_type=create_rows")
    assert made["description"] == (f'Rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 4 more created in table "Sheet" ({table})')


def test_a_long_name_is_told_by_its_beginning() -> None:
    kind = ActionType("wave", "Waved at %(name)s and %(nobody)s")
    told = kind.describe({"name": "x" * 10_000, "nobody": None})
    assert re.fullmatch(r"Waved at x{499}… and nothing", told)
    assert (kind.words, ActionType("wave", "", title="Wave hands").words) == ("Wave", "Wave hands")
    with pytest.raises(KeyError):
        kind.describe({"name": "x"})


def test_what_a_token_does_its_owner_did(api: Any, base: Session) -> None:
    from tests.conftest import Api

    table = base.table("Sheet", [["Name"]])
    token = base.ok(*api.post("/api/database/tokens/", {"name": "T", "workspace": base.workspace_id}))["key"]
    status, _ = Api(api.client, token, "Token").post(base.rows_path(table), {"Name": "a"})
    assert status == 200
    [made, *_] = entries(api, base.workspace_id)
    assert (made["action_type"], made["user"]) == ("create_row", f"{api.user['username']} ({api.user['id']})")


def test_what_visitors_do_nobody_did(api: Any) -> None:
    form = Form(api)
    assert form.submit()[0] == 200
    [made, *_] = entries(api, form.workspace_id)
    assert (made["action_type"], made["user"], made["ip_address"]) == ("submit_form", "", "127.0.0.1")
    assert made["type"] == "Submit form"


def test_what_is_in_no_workspace_is_for_staff(staff: Any, api: Any) -> None:
    email = api.user["username"]
    page = staff.get(f"{INSTANCE}?user_id={api.user['id']}&sorts=%2Btimestamp")[1]
    [made] = [entry for entry in page["results"] if entry["action_type"] == "create_user"]
    assert made["user"] == f"{email} ({api.user['id']})"
    staff.patch(f"/api/admin/users/{api.user['id']}/", {"name": "Eva"})
    [changed, *_] = staff.get(f"{INSTANCE}?action_type=update_user&size=1")[1]["results"]
    assert (changed["description"], changed["workspace"]) == (f'Account "{email}" changed', "")
    assert changed["user"] == f"{staff.user['username']} ({staff.user['id']})"


def test_an_address_a_client_only_claims_is_not_believed(api: Any, base: Session) -> None:
    table = base.table("Sheet", [["Name"]])
    base.ok(*api.post(base.rows_path(table), {"Name": "a"}, headers={"X-Forwarded-For": "203.0.113.9"}))
    base.ok(*api.post(base.rows_path(table), {"Name": "a"}, environ_base={"REMOTE_ADDR": "203.0.113.7"}))
    assert [entry["ip_address"] for entry in entries(api, base.workspace_id)][:2] == ["203.0.113.7", "127.0.0.1"]


def test_entries_outlive_users_and_workspaces(api: Any, staff: Any, base: Session, make_user: Any) -> None:
    eva, workspace = make_user("Eva"), base.workspace_id
    _join(workspace, eva, "ADMIN")
    base.ok(*eva.post(f"/api/applications/workspace/{workspace}/", {"name": "Hers", "type": "database"}))
    assert staff.delete(f"/api/admin/users/{eva.user['id']}/")[0] == 204
    gone = {"id": eva.user["id"], "value": eva.user["username"]}
    assert [entry["user"] for entry in entries(api, workspace)][0] == f"{gone['value']} ({gone['id']})"
    assert gone in api.get(f"{OWN}users/?workspace_id={workspace}")[1]["results"]
    assert staff.get(f"{INSTANCE}users/?search={gone['value']}")[1]["results"] == [gone]
    word = uuid4().hex
    api.patch(f"/api/workspaces/{workspace}/", {"name": word})
    assert api.delete(f"/api/workspaces/{workspace}/")[0] == 204
    with begin():
        connection().exec_driver_sql("DELETE FROM core.workspace WHERE id = %s", (workspace,))
    assert types(staff, workspace)[:2] == ["delete_group", "update_group"]
    found = staff.get(f"{INSTANCE}workspaces/?search={word}")[1]
    assert (found["count"], found["results"]) == (1, [{"id": workspace, "value": word}])
    assert api.get(f"{OWN}?workspace_id={workspace}")[0] == 404


def test_who_did_something_is_listed_after_they_left(api: Any, base: Session, member: Any, make_user: Any) -> None:
    people = f"{OWN}users/?workspace_id={base.workspace_id}"
    make_user("Stranger")
    assert {one["id"] for one in api.get(people)[1]["results"]} == {api.user["id"], member.user["id"]}
    assert member.post(f"/api/workspaces/{base.workspace_id}/leave/")[0] == 204
    found = api.get(f"{people}&search={member.user['username'].upper()}")[1]
    assert found["results"] == [{"id": member.user["id"], "value": member.user["username"]}]
    assert api.get(f"{people}&size=1&page=2")[1]["count"] == 2


def test_who_may_read(api: Any, anonymous: Any, staff: Any, base: Session, member: Any, make_user: Any) -> None:
    own, stranger = f"?workspace_id={base.workspace_id}", make_user("Eve")
    for path in (f"{OWN}{own}", f"{INSTANCE}{own}", f"{OWN}users/{own}", f"{OWN}action-types/{own}"):
        assert [who.get(path)[0] for who in (api, staff, member, stranger, anonymous)] == [200, 200, 401, 401, 401]
        assert member.get(path)[1]["error"] == stranger.get(path)[1]["error"] == "PERMISSION_DENIED"
    for path in (OWN, INSTANCE, f"{OWN}users/", f"{OWN}workspaces/", f"{OWN}action-types/"):
        assert [who.get(path)[0] for who in (api, staff, anonymous)] == [403, 200, 401]
    assert staff.get(f"{OWN}?workspace_id={2**40}")[0] == 404


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("action_type=fly", "invalid_choice"),
        ("user_id=0", "min_value"),
        ("workspace_id=x", "invalid"),
        ("from_timestamp=yesterday", "invalid"),
        ("page=x", "invalid"),
    ],
)
def test_filters_that_make_no_sense(staff: Any, query: str, code: str) -> None:
    status, answer = staff.get(f"{INSTANCE}?{query}")
    assert (status, answer["error"]) == (400, "ERROR_QUERY_PARAMETER_VALIDATION")
    assert answer["detail"][query.partition("=")[0]][0]["code"] == code


def test_filters_and_orders(api: Any, staff: Any, base: Session) -> None:
    base.table("A", [["Name"]])
    everything = ["create_table", "create_application"]
    for query, found in (
        ("", everything),
        ("&action_type=create_table", ["create_table"]),
        (f"&user_id={api.user['id']}", everything),
        (f"&user_id={staff.user['id']}", []),
        ("&from_timestamp=2090-01-01", []),
        ("&to_timestamp=2090-01-01T00:00:00%2B01:00", everything),
        (f"&search={api.user['username'][:8].upper()}", everything),
        ("&search=create", []),
        ("&size=1&page=2", everything[1:]),
        ("&page=9", []),
        ("&sorts=%2Btimestamp", everything[::-1]),
        ("&sorts=%2Btype,-user,%2Bworkspace,-ip_address", everything[::-1]),
    ):
        assert types(api, base.workspace_id, query) == found, query
    assert api.get(f"{OWN}?workspace_id={base.workspace_id}&page=9")[1]["count"] == 2


def test_kinds_are_those_of_the_api_and_all_others_are_filtered_by_as_well(staff: Any, api: Any, base: Session) -> None:
    listed = staff.get(f"{INSTANCE}action-types/")[1]
    names = [one["id"] for one in listed["results"]]
    assert listed["count"] == len(names) and {"create_row", "create_mcp_endpoint", "delete_group"} < set(names)
    assert "update_settings" not in names and "update_settings" in actions.types()
    assert staff.get(f"{INSTANCE}?action_type=update_settings")[0] == 200
    words = [one["value"] for one in listed["results"]]
    assert words == sorted(words)
    own = api.get(f"{OWN}action-types/?workspace_id={base.workspace_id}&search=WORKSPACE")[1]["results"]
    assert {"id": "create_group", "value": "Create workspace"} in own
    assert "delete_group" not in [one["id"] for one in own]


def test_every_kind_of_action_has_words_of_its_own(app: Any) -> None:
    """That its description fits what is recorded, `strict_descriptions` sees to in each test that records one."""
    kinds = actions.types().values()
    words = [kind.words for kind in kinds]
    assert len(set(words)) == len(words) > 100
    for kind in kinds:
        assert re.fullmatch(r"[A-Z][A-Za-z -]+", kind.words) and not re.search(r"(?i)\b(db|slug|ical)\b", kind.words)
        assert kind.description % defaultdict(str), kind.type


def test_old_entries_are_forgotten_some_at_a_time(
    api: Any, base: Session, instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "AT_ONCE", 3)
    with begin():
        _many(base.workspace_id, 8, "now() - interval '50 years'")
    instance(audit_log_keep_days=0)
    upkeep.forget_old()
    assert count_of(base.workspace_id) == 9
    instance(audit_log_keep_days=365)
    upkeep.forget_old()
    assert types(api, base.workspace_id) == ["create_application"]


def _many(workspace: int, number: int, moment: str = "now() - n * interval '1 second'", users: int = 1) -> None:
    connection().exec_driver_sql(
        "INSERT INTO audit_log.entry (action_type, command, user_id, user_email, workspace_id, workspace_name,"
        " description, created_on) SELECT CASE n %% 3 WHEN 0 THEN 'create_row' ELSE 'update_rows' END, 'DO',"
        f" -1 - n %% {users}, 'a' || n %% {users} || '@example.com', %(workspace)s, 'W', 'Row ' || n, {moment}"
        " FROM generate_series(1, %(number)s) n",
        {"workspace": workspace, "number": number},
    )


class _Enough(Exception):
    """Undoes what a test wrote."""


@pytest.fixture
def plans(app: Any) -> Any:
    """A function that answers the kinds of nodes in the plans of what a call asks the database."""

    def of(call: Any) -> set[str]:
        asked: list[tuple[str, Any]] = []

        def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
            asked.append((statement, parameters))

        engine = service(UnitsOfWork).engine  # type: ignore[attr-defined]
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            call()
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
        found: set[str] = set()
        for statement, parameters in asked:
            if "count(" in statement:  # it looks at all that is wanted, which may be everything
                continue
            explained = connection().exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
            found |= set(_nodes(explained.scalar_one()[0]["Plan"]))
        return found

    return of


def _nodes(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["Node Type"]
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def test_first_pages_never_read_the_whole_log(plans: Any) -> None:
    moment = datetime.now(UTC)
    choices = {
        "workspace_id": -7,
        "user_id": -3,
        "action_type": "create_row",
        "from_timestamp": moment - timedelta(hours=2),
        "to_timestamp": moment - timedelta(hours=1),
    }
    sets = [names for size in range(6) for names in itertools.combinations(choices, size)]
    with pytest.raises(_Enough), begin():
        for workspace in range(-10, 0):
            _many(workspace, 2000, users=20)
        connection().exec_driver_sql("ANALYZE audit_log.entry")
        for names in sets:
            wanted = Wanted(**{name: choices[name] for name in names})
            for place, newer in ((None, False), ((moment, 5), False), ((moment - timedelta(hours=3), 5), True)):
                assert "Seq Scan" not in plans(lambda: store.next_to(wanted, place, newer, 51)), (names, place)  # noqa: B023
            assert "Seq Scan" not in plans(lambda: store.page(wanted, [], 20, 0)), names  # noqa: B023
        raise _Enough


def test_a_page_costs_the_same_number_of_statements_whatever_is_on_it(api: Any, base: Session, count_sql: Any) -> None:
    path, numbers = f"{OWN}?workspace_id={base.workspace_id}&size=10", []
    for more in (0, 30, 90):
        with begin():
            _many(base.workspace_id, more)
        with count_sql() as statements:
            assert api.get(path)[0] == 200
        numbers.append(len(statements))
    assert numbers[1] == numbers[2] <= numbers[0] + 1 <= 4


@pytest.fixture
def switched_off(staff: Any) -> Iterator[None]:
    """The log is off, and on again afterwards."""
    assert staff.patch(PLUGIN, {"enabled": False})[0] == 200
    yield
    assert staff.patch(PLUGIN, {"enabled": True})[0] == 200


def test_while_it_is_off_nothing_is_logged_or_read(api: Any, staff: Any, switched_off: None) -> None:
    base = Database(api)
    base.table("A", [["Name"]])
    assert count_of(base.workspace_id) == 0
    for method, path in (("GET", OWN), ("GET", f"{INSTANCE}users/"), ("POST", f"{OWN}export/")):
        status, answer = staff.call(method, path)
        assert (status, answer["error"]) == (404, "ERROR_PLUGIN_DISABLED")


def test_without_a_licence_it_is_written_and_not_read(api: Any, staff: Any, base: Session, instance: Any) -> None:
    instance(license_mode="enforced", license_public_keys=())
    base.table("A", [["Name"]])
    for path in (f"{OWN}?workspace_id={base.workspace_id}", INSTANCE):
        assert staff.get(path)[1]["error"] == "ERROR_FEATURE_NOT_AVAILABLE"
    instance(license_mode="open")
    assert types(api, base.workspace_id) == ["create_table", "create_application"]


def test_the_switch_is_the_last_entry(staff: Any, switched_off: None) -> None:
    last = "SELECT description FROM audit_log.entry ORDER BY id DESC LIMIT 1"
    assert scalar(last) == 'Plugin "audit_log" switched off'


def test_a_workspace_that_was_made_in_the_same_transaction_has_its_name(api: Any) -> None:
    made = api.post("/api/workspaces/", {"name": "Orchard"})[1]["id"]
    assert entries(api, made)[0]["workspace"] == f"Orchard ({made})"
    assert count_of(new_workspace(api.user["id"])) == 0
