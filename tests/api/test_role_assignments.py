"""Roles at databases and tables: giving, listing and taking them, and what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest

from core.trash.removal import remove_due
from plugin_api.db import begin, connection
from tests.live import live
from tests.outbox import deliver
from tests.roles import ROLE, TEAM, USER, Ground
from tests.tables import new_workspace, recorded, run_job, scalar

TABLES = "/api/database/tables/"


@pytest.fixture
def ground(api: Any, make_user: Any) -> Ground:
    """The workspace."""
    return Ground(api, make_user)


def _reads(user: Any, table_id: int) -> int:
    return int(user.get(f"/api/database/rows/table/{table_id}/")[0])


def _listed(user: Any, ground: Ground) -> dict[str, list[str]]:
    """The applications a user sees, with the tables they see in each."""
    status, answer = user.get(f"/api/applications/workspace/{ground.workspace_id}/")
    assert status == 200, answer
    return {one["name"]: [table["name"] for table in one["tables"]] for one in answer}


def test_guests_of_one_table_see_it_and_what_it_is_in(ground: Ground) -> None:
    guest, open_id, closed_id = ground.member("Guest", "NO_ACCESS"), ground.table("Open"), ground.table("Closed")
    ground.another("Elsewhere")
    assert guest.get(f"/api/applications/workspace/{ground.workspace_id}/")[0] == 401
    given = ground.grant(guest, "EDITOR", "database_table", open_id)
    assert given["subject"]["username"] == guest.user["username"] and given["role"] == "EDITOR"
    assert _listed(guest, ground) == {"Database": ["Open"]}
    assert [one["name"] for one in guest.get(ground.path)[1]] == ["Open"]
    assert (_reads(guest, open_id), _reads(guest, closed_id)) == (200, 401)
    assert guest.post(ground.rows_path(open_id), {})[0] == 200
    assert guest.post(ground.path, {"name": "T"})[0] == 401
    assert guest.get(f"/api/applications/{ground.id}/")[0] == 200
    ground.grant(guest, None, "database_table", open_id)
    assert _reads(guest, open_id) == 401 and ground.given("database_table", open_id) == []


def test_closed_tables_are_in_no_list(ground: Ground) -> None:
    bob, closed = ground.member("Bob"), ground.table("Closed")
    ground.table("Open")
    ground.grant(bob, "NO_ACCESS", "database_table", closed)
    assert _listed(bob, ground) == {"Database": ["Open"]}
    ground.grant(bob, "NO_ACCESS", "application", ground.id)
    assert _listed(bob, ground) == {}
    assert bob.get("/api/applications/")[1] == []
    of_trash = bob.get("/api/trash/")[1]["workspaces"]
    assert [one["applications"] for one in of_trash if one["id"] == ground.workspace_id] == [[]]


def test_a_batch_is_given_as_a_whole(ground: Ground) -> None:
    bob, table_id = ground.member("Bob"), ground.table()
    crew = ground.team("Crew")
    status, answer = ground.batch(
        ground.assignment(bob, "VIEWER"),
        ground.assignment(crew, "EDITOR", "database_table", table_id),
        ground.assignment(crew, "VIEWER"),
        ground.assignment(bob, None, "application", ground.id),
    )
    assert status == 200
    assert [one and one["role"] for one in answer] == ["VIEWER", "EDITOR", "VIEWER", None]
    refused = ground.batch(ground.assignment(bob, "ADMIN"), ground.assignment(crew, "KING", "database_table", table_id))
    assert (refused[0], refused[1]["error"]) == (404, "ERROR_ROLE_DOES_NOT_EXIST")
    assert ground.given("database_table", table_id) == [(TEAM, crew, "EDITOR")]
    assert (USER, bob.user["id"], "VIEWER") in ground.given("workspace", ground.workspace_id)
    assert ground.api.get(f"/api/teams/{crew}/")[1]["default_role"] == "VIEWER"


def test_roles_at_one_place_replace_each_other(ground: Ground) -> None:
    bob, table_id = ground.member("Bob"), ground.table()
    first = ground.grant(bob, "VIEWER", "database_table", table_id)
    second = ground.grant(bob, "EDITOR", "database_table", table_id)
    assert first["id"] == second["id"]
    assert ground.given("database_table", table_id) == [(USER, bob.user["id"], "EDITOR")]


def test_admins_have_no_exceptions(ground: Ground) -> None:
    bob, table_id = ground.member("Bob"), ground.table()
    crew = ground.team("Crew", default_role="ADMIN")
    ground.grant(bob, "NO_ACCESS", "database_table", table_id)
    ground.grant(bob, "ADMIN")
    assert _reads(bob, table_id) == 200
    for whom in (bob, crew):
        status, answer = ground.api.post(ground.role_path, ground.assignment(whom, "VIEWER", "application", ground.id))
        assert (status, answer["error"]) == (400, "ERROR_CANT_ASSIGN_ROLE_EXCEPTION_TO_ADMIN")
    demoted = ground.batch(ground.assignment(bob, "EDITOR"), ground.assignment(bob, "VIEWER", "application", ground.id))
    assert demoted[0] == 200 and _reads(bob, table_id) == 401


def test_somebody_stays_admin(ground: Ground) -> None:
    bob = ground.member("Bob")
    status, answer = ground.batch(ground.assignment(ground.api, "EDITOR"), ground.assignment(bob, "EDITOR"))
    assert (status, answer["error"]) == (400, "ERROR_LAST_ADMIN_OF_GROUP")
    assert ground.batch(ground.assignment(ground.api, "EDITOR"), ground.assignment(bob, "ADMIN"))[0] == 200
    assert ground.api.post(ground.role_path, ground.assignment(bob, "EDITOR"))[0] == 401


def test_admins_of_a_table_give_roles_there_only(ground: Ground) -> None:
    bob, eve, mine, other = ground.member("Bob", "VIEWER"), ground.member("Eve"), ground.table(), ground.table("T2")
    ground.grant(bob, "ADMIN", "database_table", mine)

    def tries(kind: str, number: int | None = None) -> int:
        return int(bob.post(ground.role_path, ground.assignment(eve, "VIEWER", kind, number))[0])

    assert (tries("database_table", mine), tries("database_table", other)) == (200, 401)
    assert (tries("application", ground.id), tries("workspace")) == (401, 401)
    assert bob.get(f"{ground.role_path}?scope_type=database_table&scope_id={mine}")[0] == 200
    assert bob.get(f"{ground.role_path}?scope_type=workspace&scope_id={ground.workspace_id}")[0] == 401
    mixed = [ground.assignment(eve, "EDITOR", "database_table", mine), ground.assignment(eve, "EDITOR")]
    assert bob.post(f"{ground.role_path}batch/", {"items": mixed})[0] == 401
    assert (USER, eve.user["id"], "VIEWER") in ground.given("database_table", mine)


def test_what_is_not_there_is_refused(ground: Ground) -> None:
    bob, table_id = ground.member("Bob"), ground.table()
    elsewhere = new_workspace(bob.user["id"])
    ground.ok(*ground.api.delete(f"{TABLES}{table_id}/"))
    good = ground.assignment(bob, "EDITOR", "application", ground.id)
    for change, status, code in (
        ({"scope_type": "database_table", "scope_id": table_id}, 404, "ERROR_SCOPE_DOES_NOT_EXIST"),
        ({"scope_type": "database_view"}, 404, "ERROR_OBJECT_SCOPE_TYPE_DOES_NOT_EXIST"),
        ({"scope_type": "workspace", "scope_id": elsewhere}, 404, "ERROR_SCOPE_DOES_NOT_EXIST"),
        ({"subject_type": "anonymous"}, 404, "ERROR_SUBJECT_DOES_NOT_EXIST"),
        ({"subject_type": TEAM}, 404, "ERROR_SUBJECT_DOES_NOT_EXIST"),
        ({"role": ["ADMIN"]}, 404, "ERROR_ROLE_DOES_NOT_EXIST"),
        ({"role": "MEMBER"}, 404, "ERROR_ROLE_DOES_NOT_EXIST"),
        ({"scope_id": 2**70}, 400, "ERROR_REQUEST_BODY_VALIDATION"),
    ):
        answered, answer = ground.api.post(ground.role_path, {**good, **change})
        assert (answered, answer["error"]) == (status, code), change
    outside = ground.make_user("Out")
    assert outside.post(ground.role_path, {**good, "scope_id": 99999999})[1]["error"] == "PERMISSION_DENIED"


def test_changes_are_recorded_and_announced(ground: Ground) -> None:
    bob, low, table_id = ground.member("Bob"), ground.member("Low", "NO_ROLE_LOW_PRIORITY"), ground.table()
    crew = ground.team("Crew", low)
    ground.grant(bob, "VIEWER", "database_table", table_id)
    ground.batch(
        ground.assignment(bob, "EDITOR", "database_table", table_id),
        ground.assignment(crew, "EDITOR", "application", ground.id),
        ground.assignment(bob, "COMMENTER"),
    )
    kept = [one for one in recorded("action", ground.api, "params") if one["type"] == "batch_assign_role"]
    assert [one["count"] for one in kept] == [1, 3]
    changes = [(one["role"], one["original_role"]) for one in kept[1]["assignments"]]
    assert changes == [("EDITOR", "VIEWER"), ("EDITOR", None), ("COMMENTER", "BUILDER")]
    told = [one for one in recorded("outbox", ground.api, "payload") if one["type"] == "role_assignments_updated"]
    ids = sorted([bob.user["id"], low.user["id"]])
    assert [one["user_ids"] for one in told] == [[bob.user["id"]], ids]
    assert [one for one in recorded("outbox", ground.api, "payload") if one["type"] == "group_user_updated"]


def test_pages_that_are_closed_by_a_role_end_at_once(app: Any, ground: Ground) -> None:
    bob, table_id = ground.member("Bob", "VIEWER"), ground.table("Table", [["Name"], ["a"]])
    ground.grant(bob, "VIEWER", "database_table", table_id)
    with live(app) as server:
        browser = server.open(bob).page("table", table_id=table_id)
        browser.told()
        ground.grant(bob, "NO_ACCESS", "database_table", table_id)
        told = [one["type"] for one in browser.told()]
        assert sorted(told) == ["page_discard", "permissions_updated"]
        ground.row(table_id)
        ground.ok(*ground.api.patch(f"{TABLES}{table_id}/", {"name": "Secret"}))
        assert browser.told() == []
        ground.grant(bob, None, "database_table", table_id)
        ground.ok(*ground.api.patch(f"{TABLES}{table_id}/", {"name": "Open"}))
        assert [one["type"] for one in browser.told()] == ["permissions_updated", "table_updated"]


def test_members_and_users_are_listed_with_their_highest_role(ground: Ground, staff: Any) -> None:
    bob, table_id = ground.member("Bob", "VIEWER"), ground.table()
    crew = ground.team("Crew", bob)

    def shown() -> tuple[str, str]:
        members = ground.ok(*ground.api.get(f"/api/workspaces/users/workspace/{ground.workspace_id}/"))
        of_bob = next(one for one in members if one["user_id"] == bob.user["id"])
        users = staff.get(f"/api/admin/users/?search={bob.user['username']}")[1]["results"]
        assert of_bob["role_uid"] == "VIEWER"
        return of_bob["highest_role_uid"], users[0]["highest_role_uid"]

    before = shown()
    assert before[0] == "VIEWER"
    ground.grant(crew, "BUILDER", "application", ground.id)
    assert shown()[0] == "BUILDER"
    ground.grant(bob, "EDITOR", "application", ground.id)  # one's own counts, not the team's
    assert shown()[0] == "EDITOR"
    ground.grant(crew, "BUILDER", "database_table", table_id)
    assert shown()[0] == "BUILDER"


def _kept(ground: Ground) -> int:
    return int(scalar("SELECT count(*) FROM roles.assignment WHERE workspace_id = %(id)s", id=ground.workspace_id))


def test_roles_go_with_copies(ground: Ground) -> None:
    bob, table_id = ground.member("Bob"), ground.table("Closed")
    ground.table("Open")
    ground.grant(bob, "NO_ACCESS", "database_table", table_id)
    ground.grant(bob, "EDITOR", "application", ground.id)
    job = ground.ok(
        *ground.api.post(f"/api/applications/{ground.id}/duplicate/async/"),
    )
    run_job(job["id"])
    assert _listed(bob, ground) == {"Database": ["Open"], "Database 2": ["Open"]}
    copy = next(one for one in ground.api.get("/api/applications/")[1] if one["name"] == "Database 2")
    assert ground.given("application", copy["id"]) == [(USER, bob.user["id"], "EDITOR")]
    job = ground.ok(*ground.api.post(f"{TABLES}{table_id}/duplicate/async/"))
    run_job(job["id"])
    assert _listed(bob, ground)["Database"] == ["Open"]
    snapshot = ground.ok(*ground.api.post(f"/api/snapshots/application/{ground.id}/", {"name": "Then"}))
    run_job(snapshot["id"])
    ground.grant(bob, None, "database_table", table_id)
    [taken] = ground.ok(*ground.api.get(f"/api/snapshots/application/{ground.id}/"))
    run_job(ground.ok(*ground.api.post(f"/api/snapshots/{taken['id']}/restore/"))["id"])
    assert _listed(bob, ground)["Then"] == ["Open"]


def test_roles_wait_in_the_trash_and_end_with_what_they_are_about(ground: Ground) -> None:
    bob, low, table_id = ground.member("Bob"), ground.member("Low", "NO_ROLE_LOW_PRIORITY"), ground.table()
    crew = ground.team("Crew", low)
    for whom in (bob, crew):
        ground.grant(whom, "VIEWER", "database_table", table_id)
        ground.grant(whom, "VIEWER", "application", ground.id)
    restore = {"trash_item_type": "table", "trash_item_id": table_id}
    ground.ok(*ground.api.delete(f"{TABLES}{table_id}/"))
    ground.ok(*ground.api.patch("/api/trash/restore/", restore))
    assert ground.given("database_table", table_id) == [(USER, bob.user["id"], "VIEWER"), (TEAM, crew, "VIEWER")]
    ground.ok(*ground.api.delete(f"/api/teams/{crew}/"))
    assert _reads(low, table_id) == 401 and len(ground.given("database_table", table_id)) == 1
    ground.ok(*ground.api.patch("/api/trash/restore/", {"trash_item_type": "team", "trash_item_id": crew}))
    assert _reads(low, table_id) == 200
    ground.ok(*ground.api.delete(f"/api/teams/{crew}/"))
    ground.ok(*ground.api.delete(f"/api/trash/workspace/{ground.workspace_id}/"))
    remove_due()
    assert _kept(ground) == 2
    ground.ok(*ground.api.delete(f"{TABLES}{table_id}/"))
    ground.ok(*ground.api.delete(f"/api/trash/workspace/{ground.workspace_id}/"))
    remove_due()
    assert ground.given("application", ground.id) == [(USER, bob.user["id"], "VIEWER")] and _kept(ground) == 1
    ground.ok(*bob.post(f"/api/workspaces/{ground.workspace_id}/leave/"))
    assert _kept(ground) == 0


def test_a_removed_application_takes_its_roles_along(ground: Ground) -> None:
    bob, other = ground.member("Bob"), ground.another()
    ground.grant(bob, "VIEWER", "application", other)
    ground.ok(*ground.api.delete(f"/api/applications/{other}/"))
    ground.ok(*ground.api.delete(f"/api/trash/workspace/{ground.workspace_id}/"))
    remove_due()
    assert _kept(ground) == 0


def test_what_was_deleted_in_closed_applications_is_not_in_the_trash(ground: Ground) -> None:
    bob, table_id = ground.member("Bob"), ground.table("Secret")
    ground.ok(*ground.api.delete(f"{TABLES}{table_id}/"))
    path = f"/api/trash/workspace/{ground.workspace_id}/"
    assert [one["name"] for one in bob.get(path)[1]["results"]] == ["Secret"]
    ground.grant(bob, "VIEWER", "application", ground.id)
    assert bob.get(path)[1]["results"] == []
    assert bob.get(f"{path}?application_id={ground.id}")[0] == 401


def test_everybody_is_told_what_they_see_of_an_application(app: Any, ground: Ground) -> None:
    bob, eve, guest = ground.member("Bob"), ground.member("Eve", "VIEWER"), ground.member("Guest", "NO_ACCESS")
    closed, opened = ground.table("Closed"), ground.table("Open")
    ground.grant(bob, "NO_ACCESS", "database_table", closed)
    ground.grant(guest, "VIEWER", "database_table", opened)
    with live(app) as server:
        browsers = [server.open(user) for user in (bob, eve, guest)]
        for browser in browsers:
            browser.told()
        ground.ok(*ground.api.patch(f"/api/applications/{ground.id}/", {"name": "First"}))
        seen = [[table["name"] for table in browser.told()[0]["application"]["tables"]] for browser in browsers]
        assert seen == [["Open"], ["Closed", "Open"], ["Open"]]
        ground.ok(*bob.patch(f"/api/applications/{ground.id}/", {"name": "Second"}))
        [of_eve] = browsers[1].told()
        assert [table["name"] for table in of_eve["application"]["tables"]] == ["Closed", "Open"]
        ground.grant(guest, None, "database_table", opened)
        browsers[2].told()
        ground.ok(*ground.api.patch(f"/api/applications/{ground.id}/", {"name": "Third"}))
        assert browsers[2].told() == []


def test_what_was_deleted_in_closed_tables_is_not_in_the_trash(ground: Ground) -> None:
    bob, table_id = ground.member("Bob"), ground.table("Closed", [["Name"], ["Secret"], ["b"]])
    more = ground.add_field(table_id, "Hidden", "text")
    views = f"/api/database/views/table/{table_id}/"
    view = ground.ok(*ground.api.post(views, {"name": "Seen", "type": "grid"}))["id"]
    for path in (ground.rows_path(table_id, "1/"), f"/api/database/fields/{more}/", f"/api/database/views/{view}/"):
        ground.ok(*ground.api.delete(path))
    trash = f"/api/trash/workspace/{ground.workspace_id}/"
    paths = (trash, f"{trash}?application_id={ground.id}")
    assert [bob.get(path)[1]["count"] for path in paths] == [3, 3]
    ground.grant(bob, "EDITOR", "database_table", table_id)
    assert [bob.get(path)[1]["count"] for path in paths] == [0, 0]
    ground.ok(*ground.api.delete(f"{TABLES}{table_id}/"))
    assert [bob.get(path)[1]["count"] for path in paths] == [0, 0]
    assert [ground.api.get(path)[1]["count"] for path in paths] == [4, 4]
    ground.ok(*ground.api.patch("/api/trash/restore/", {"trash_item_type": "table", "trash_item_id": table_id}))
    ground.grant(bob, None, "database_table", table_id)
    assert [bob.get(path)[1]["count"] for path in paths] == [3, 3]


def test_whoever_lost_a_table_is_not_told_of_its_forms(ground: Ground) -> None:
    bob, table_id = ground.member("Bob"), ground.table()
    field_id = ground.first_field(table_id)
    form = ground.ok(*bob.post(f"/api/database/views/table/{table_id}/", {"name": "F", "type": "form", "public": True}))
    shown = {"field_options": {str(field_id): {"enabled": True, "required": False}}}
    ground.ok(*bob.patch(f"/api/database/views/{form['id']}/field-options/", shown))
    ground.ok(*bob.patch(f"/api/database/views/{form['id']}/", {"receive_notification_on_submit": True}))

    def told() -> int:
        ground.ok(*ground.api.post(f"/api/database/views/form/{form['slug']}/submit/", {f"field_{field_id}": "x"}))
        deliver()
        return len(bob.get(f"/api/notifications/{ground.workspace_id}/")[1]["results"])

    ground.grant(bob, "NO_ACCESS", "database_table", table_id)
    assert told() == 0
    ground.grant(bob, None, "database_table", table_id)
    assert told() == 1


def test_queries_are_constant(ground: Ground, count_sql: Any) -> None:
    users = [ground.member(f"U{n}") for n in range(4)]
    table_ids = [ground.table(f"T{n}") for n in range(4)]

    def counted(call: Any) -> int:
        call()
        with count_sql() as seen:
            call()
        return len(seen)

    def calls(n: int) -> list[int]:
        items = [
            ground.assignment(user, role, "database_table", table_id)
            for user in users[:n]
            for table_id in table_ids[:n]
            for role in ("EDITOR",)
        ]
        listing = f"{ground.role_path}?scope_type=database_table&scope_id={table_ids[0]}"
        permissions = f"/api/workspaces/{ground.workspace_id}/permissions/"
        return [
            counted(lambda: ground.ok(*ground.batch(*items))),
            counted(lambda: ground.ok(*ground.api.get(listing))),
            counted(lambda: ground.ok(*users[0].get(permissions))),
            counted(lambda: ground.ok(*users[0].get(ground.path))),
            counted(lambda: ground.ok(*users[0].get(f"/api/applications/workspace/{ground.workspace_id}/"))),
        ]

    plain = counted(lambda: ground.ok(*users[3].get(f"/api/workspaces/{ground.workspace_id}/permissions/")))
    few = calls(1)
    assert calls(4) == few
    ground.grant(users[3], None, "database_table", table_ids[0])
    without = ground.member("Plain")
    assert counted(lambda: ground.ok(*without.get(f"/api/workspaces/{ground.workspace_id}/permissions/"))) == plain


def test_tokens_may_what_their_owners_may(ground: Ground) -> None:
    bob, table_id, other = ground.member("Bob"), ground.table(), ground.table("Other")
    token = ground.ok(*bob.post("/api/database/tokens/", {"name": "T", "workspace": ground.workspace_id}))["key"]
    headers = {"Authorization": f"Token {token}"}

    def reads(number: int) -> int:
        return int(ground.api.client.get(f"/api/database/rows/table/{number}/", headers=headers).status_code)

    def tables() -> list[int]:
        answer = ground.api.client.get(f"{TABLES}all-tables/", headers=headers)
        return [one["id"] for one in answer.get_json()]

    assert (reads(table_id), tables()) == (200, [table_id, other])
    ground.grant(bob, "NO_ACCESS", "database_table", table_id)
    assert (reads(table_id), reads(other), tables()) == (401, 200, [other])


def test_a_hidden_role_in_a_membership_is_none(ground: Ground) -> None:
    """Whatever a membership says: only what was given at a place counts there."""
    made_up = f"VIEWER|application:{ground.id}:{ground.id}:ADMIN:1"
    bob, table_id = ground.member("Bob", made_up), ground.table()
    assert _reads(bob, table_id) == 401
    ground.grant(bob, "VIEWER", "database_table", table_id)
    assert _reads(bob, table_id) == 200
    assert bob.post(ground.rows_path(table_id), {})[0] == 401


def test_links_change_the_other_table_only_for_its_builders(ground: Ground) -> None:
    bob, near, far = ground.member("Bob"), ground.table("Near"), ground.table("Far")
    ground.grant(bob, "VIEWER", "database_table", far)
    path = f"/api/database/fields/table/{near}/"
    link = {"name": "L", "type": "link_row", "link_row_table_id": far}
    assert bob.post(path, link)[0] == 401
    assert [field["name"] for field in ground.fields(far)] == ["Name", "Notes", "Active"]
    one_sided = ground.ok(*bob.post(path, {**link, "has_related_field": False}))["id"]
    field = f"/api/database/fields/{one_sided}/"
    assert bob.patch(field, {"has_related_field": True})[0] == 401
    ground.ok(*ground.api.patch(field, {"has_related_field": True}))
    assert [bob.delete(field)[0], bob.patch(field, {"type": "text"})[0]] == [401, 401]
    assert [found["name"] for found in ground.fields(far)] == ["Name", "Notes", "Active", "Near"]
    ground.grant(bob, "BUILDER", "database_table", far)
    assert bob.delete(field)[0] == 200
    assert [found["name"] for found in ground.fields(far)] == ["Name", "Notes", "Active"]


def test_fields_are_closed_by_the_role_at_their_table(ground: Ground) -> None:
    bob, table_id = ground.member("Bob", "EDITOR"), ground.table()
    field_id = ground.first_field(table_id)
    ground.ok(*ground.api.patch(f"/api/field-permissions/{field_id}/", {"role": "BUILDER"}))

    def closed() -> list[int]:
        managers = bob.get(f"/api/workspaces/{ground.workspace_id}/permissions/")[1]
        values = next(one["permissions"] for one in managers if one["name"] == "write_field_values")
        return list(values["database.table.field.write_values"]["exceptions"])

    assert closed() == [field_id]
    ground.grant(bob, "BUILDER", "database_table", table_id)
    assert closed() == []
    row_id = ground.row(table_id)
    assert bob.patch(ground.rows_path(table_id, f"{row_id}/"), {f"field_{field_id}": "x"})[0] == 200


def test_no_role_is_left_of_another_workspace(ground: Ground, api: Any) -> None:
    """A role kept for a place never counts for somebody who is no member."""
    stranger, table_id = ground.make_user("Eve"), ground.table()
    with begin():
        refused = pytest.raises(Exception, match="fk_assignment_member")
        with refused:
            connection().exec_driver_sql(
                "INSERT INTO roles.assignment (workspace_id, application_id, scope_type, scope_id, subject_type,"
                " subject_id, user_id, role) VALUES (%s, %s, 'database_table', %s, 'auth.User', %s, %s, 'ADMIN')",
                (ground.workspace_id, ground.id, table_id, stranger.user["id"], stranger.user["id"]),
            )
        connection().rollback()
    assert stranger.get(f"{ROLE}{ground.workspace_id}/?scope_type=application&scope_id={ground.id}")[0] == 400
