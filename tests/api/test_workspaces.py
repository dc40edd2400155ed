"""Workspaces, members and invitations over HTTP, and the permissions behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from core.mail.message import Message
from core.permissions import PermissionChain
from core.permissions.managers import MANAGERS
from core.settings import Settings
from plugin_api.context import Actor
from plugin_api.db import begin, connection
from plugin_api.permissions import Access, Permissions
from plugin_api.platform import service

W = "/api/workspaces/"
BASE = "http://127.0.0.1:3000/invited"


def new(api: Any, name: str = "Team") -> int:
    """A workspace of the user."""
    status, body = api.post(W, {"name": name})
    assert status == 200, body
    return int(body["id"])


def invite(api: Any, workspace: int, email: str, role: str = "EDITOR") -> int:
    """An invitation."""
    body = {"email": email, "permissions": role, "message": "Come!", "base_url": BASE}
    status, made = api.post(f"{W}invitations/workspace/{workspace}/", body)
    assert status == 200, made
    return int(made["id"])


def join(api: Any, workspace: int, other: Any, role: str = "EDITOR") -> int:
    """Make another user a member; answers the membership's id."""
    invitation = invite(api, workspace, other.user["username"], role)
    status, body = other.post(f"{W}invitations/{invitation}/accept/")
    assert status == 200, body
    return next(int(u["id"]) for u in body["users"] if u["user_id"] == other.user["id"])


def names(api: Any) -> list[str]:
    """The names of the user's workspaces."""
    return [found["name"] for found in api.get(W)[1]]


def recorded(workspace: int) -> list[str]:
    """The types of the actions in a workspace."""
    with begin():
        query = sa.text("SELECT type FROM core.action WHERE workspace_id = :id ORDER BY id")
        return list(connection().execute(query, {"id": workspace}).scalars())


def test_a_workspace_is_made_renamed_and_deleted(api: Any) -> None:
    workspace = new(api)
    status, body = api.patch(f"{W}{workspace}/", {"name": "Other"})
    assert (status, body["name"]) == (200, "Other")
    assert api.patch(f"{W}{workspace}/", {"name": " "})[1]["error"] == "ERROR_REQUEST_BODY_VALIDATION"
    assert names(api) == ["Other"]
    assert api.delete(f"{W}{workspace}/")[0] == 204
    assert names(api) == []
    assert api.patch(f"{W}{workspace}/", {"name": "x"})[1]["error"] == "ERROR_GROUP_DOES_NOT_EXIST"
    assert recorded(workspace) == ["create_group", "update_group", "delete_group"]


def test_everybody_has_an_order_of_their_own(api: Any, make_user: Any) -> None:
    other = make_user()
    workspaces = [new(api, name) for name in ("A", "B", "C")]
    for workspace in workspaces:
        join(api, workspace, other)
    assert api.post(f"{W}order/", {"workspaces": workspaces[::-1]})[0] == 204
    assert (names(api), names(other)) == (["C", "B", "A"], ["A", "B", "C"])
    assert api.post(f"{W}order/", {"workspaces": [10**9, workspaces[0]]})[0] == 204
    assert api.post(f"{W}order/", {"workspaces": ["x"]})[1]["error"] == "ERROR_REQUEST_BODY_VALIDATION"


def test_the_first_workspace_has_an_example_to_look_at(api: Any) -> None:
    status, workspace = api.post(f"{W}create-initial-workspace/")
    assert status == 200
    applications = api.get(f"/api/applications/workspace/{workspace['id']}/")[1]
    assert [application["type"] for application in applications] == ["database"]
    table = applications[0]["tables"][0]["id"]
    assert api.get(f"/api/database/rows/table/{table}/")[1]["count"] > 0


def test_lists_take_a_constant_number_of_queries(api: Any, make_user: Any, count_sql: Any) -> None:
    def statements(path: str) -> int:
        with count_sql() as found:
            assert api.get(path)[0] == 200
        return len(found)

    workspace = new(api)
    members = f"{W}users/workspace/{workspace}/"
    few = statements(W), statements(members)
    for _ in range(4):
        join(api, new(api), make_user())
        join(api, workspace, make_user())
    assert (statements(W), statements(members)) == few


def test_members_are_listed_searched_and_sorted(api: Any, make_user: Any) -> None:
    workspace = new(api)
    for name, role in (("Zoë", "VIEWER"), ("bob", "EDITOR")):
        join(api, workspace, make_user(name), role)
    path = f"{W}users/workspace/{workspace}/"
    assert [member["name"] for member in api.get(f"{path}?sorts=-name")[1]] == ["Zoë", "bob", "Ada"]
    assert [member["role_uid"] for member in api.get(f"{path}?search=BOB")[1]] == ["EDITOR"]
    assert api.get(f"{path}?sorts=name")[1]["error"] == "ERROR_INVALID_SORT_DIRECTION"
    assert api.get(f"{path}?sorts=%2Bage")[1]["error"] == "ERROR_INVALID_SORT_ATTRIBUTE"
    assert api.get(f"{path}?search=100%25")[1] == []


def test_roles_are_changed_by_admins_only(api: Any, make_user: Any) -> None:
    workspace, other = new(api), make_user()
    membership = join(api, workspace, other)
    path = f"{W}users/{membership}/"
    assert other.patch(path, {"permissions": "ADMIN"})[1]["error"] == "PERMISSION_DENIED"
    assert make_user().patch(path, {"permissions": "ADMIN"})[1]["error"] == "ERROR_USER_NOT_IN_GROUP"
    assert api.patch(path, {"permissions": "VIEWER"})[1]["permissions"] == "VIEWER"
    assert api.patch(path, {"permissions": ["VIEWER"]})[1]["error"] == "ERROR_REQUEST_BODY_VALIDATION"
    assert api.patch(f"{W}users/999999999/", {"permissions": "VIEWER"})[0] == 404
    assert api.delete(path)[0] == 204
    assert names(other) == []


def test_one_admin_always_stays(api: Any, make_user: Any) -> None:
    workspace, other = new(api), make_user()
    join(api, workspace, other)
    mine = next(u["id"] for u in api.get(f"{W}users/workspace/{workspace}/")[1] if u["user_id"] == api.user["id"])
    assert api.patch(f"{W}users/{mine}/", {"permissions": "EDITOR"})[1]["error"] == "ERROR_LAST_ADMIN_OF_GROUP"
    assert api.delete(f"{W}users/{mine}/")[1]["error"] == "ERROR_CANNOT_DELETE_YOURSELF_FROM_GROUP"
    assert api.post(f"{W}{workspace}/leave/")[1]["error"] == "ERROR_GROUP_USER_IS_LAST_ADMIN"
    assert other.post(f"{W}{workspace}/leave/")[0] == 204


def test_of_admins_who_leave_at_the_same_time_one_stays(api: Any, make_user: Any, app: Any) -> None:
    workspace = new(api)
    admins = [api, *(make_user() for _ in range(4))]
    for other in admins[1:]:
        join(api, workspace, other, "ADMIN")

    def leave(user: Any) -> int:
        return int(app.test_client().post(f"{W}{workspace}/leave/", headers=user.headers).status_code)

    with ThreadPoolExecutor(5) as threads:
        assert sorted(threads.map(leave, admins)) == [204, 204, 204, 204, 400]


def test_an_invitation_is_mailed_changed_accepted_and_gone(api: Any, make_user: Any, mailbox: list[Message]) -> None:
    workspace, other = new(api, "Über <Team>"), make_user("Ben")
    invitation = invite(api, workspace, other.user["username"].upper(), "VIEWER")
    assert mailbox[-1].to == other.user["username"]
    assert "Über <Team>" in mailbox[-1].subject
    assert "<Team>" not in mailbox[-1].html
    assert api.patch(f"{W}invitations/{invitation}/", {"permissions": "BUILDER"})[1]["permissions"] == "BUILDER"
    assert make_user().post(f"{W}invitations/{invitation}/accept/")[1]["error"] == (
        "ERROR_GROUP_INVITATION_EMAIL_MISMATCH"
    )
    status, joined = other.post(f"{W}invitations/{invitation}/accept/")
    assert (status, joined["permissions"]) == (200, "BUILDER")
    assert other.post(f"{W}invitations/{invitation}/accept/")[0] == 404
    again = {"email": other.user["username"], "permissions": "VIEWER", "base_url": BASE}
    assert api.post(f"{W}invitations/workspace/{workspace}/", again)[1]["error"] == "ERROR_GROUP_USER_ALREADY_EXISTS"
    assert recorded(workspace)[1:] == [
        "create_group_invitation",
        "update_group_invitation_permissions",
        "accept_group_invitation",
    ]


def token_of(message: Message) -> str:
    """The token in a mail's link."""
    found = re.search(r"/invited/([^\s/]+)", message.text)
    assert found, message.text
    return found[1]


def test_the_link_of_the_mail_signs_up_and_joins(api: Any, make_user: Any, anonymous: Any, mailbox: Any) -> None:
    workspace = new(api)
    invite(api, workspace, "new.person@example.com", "EDITOR")
    token = token_of(mailbox[-1])
    status, shown = anonymous.get(f"{W}invitations/token/{token}/")
    assert (status, shown["workspace"], shown["email_exists"]) == (200, "Team", False)
    assert anonymous.get(f"{W}invitations/token/{token[:-2]}xx/")[1]["error"] == "BAD_TOKEN_SIGNATURE"
    body = {"name": "New", "email": "new.person@example.com", "password": "a long password", "authenticate": True}
    status, made = anonymous.post("/api/user/", {**body, "workspace_invitation_token": token})
    assert status == 200, made
    headers = {"Authorization": f"JWT {made['access_token']}"}
    assert [found["name"] for found in anonymous.get(W, headers=headers)[1]] == ["Team"]
    assert anonymous.get(f"{W}invitations/token/{token}/")[0] == 404


def test_an_invitation_is_rejected_or_withdrawn(api: Any, make_user: Any) -> None:
    workspace, other = new(api), make_user()
    rejected = invite(api, workspace, other.user["username"])
    assert other.post(f"{W}invitations/{rejected}/reject/")[0] == 204
    withdrawn = invite(api, workspace, other.user["username"])
    assert other.delete(f"{W}invitations/{withdrawn}/")[1]["error"] == "ERROR_USER_NOT_IN_GROUP"
    assert api.delete(f"{W}invitations/{withdrawn}/")[0] == 204
    assert other.post(f"{W}invitations/{withdrawn}/accept/")[0] == 404
    assert api.get(f"{W}invitations/workspace/{workspace}/")[1] == []


def test_an_address_has_one_invitation(api: Any) -> None:
    workspace = new(api)
    first = invite(api, workspace, "x@example.com", "VIEWER")
    assert invite(api, workspace, "x@example.com", "ADMIN") == first
    listed = api.get(f"{W}invitations/workspace/{workspace}/")[1]
    assert [found["permissions"] for found in listed] == ["ADMIN"]


def test_mails_lead_to_no_foreign_host(api: Any) -> None:
    body = {"email": "x@example.com", "permissions": "VIEWER", "base_url": "https://evil.example/x"}
    status, refused = api.post(f"{W}invitations/workspace/{new(api)}/", body)
    assert (status, refused["error"]) == (400, "ERROR_HOSTNAME_IS_NOT_ALLOWED")


def test_so_many_invitations_wait_at_most(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = service(Settings)
    monkeypatch.setattr(Settings, "max_pending_invitations", 1, raising=False)
    object.__setattr__(settings, "max_pending_invitations", 1)
    try:
        workspace = new(api)
        invite(api, workspace, "one@example.com")
        invite(api, workspace, "one@example.com", "ADMIN")
        body = {"email": "two@example.com", "permissions": "VIEWER", "base_url": BASE}
        refused = api.post(f"{W}invitations/workspace/{workspace}/", body)[1]
        assert refused["error"] == "ERROR_MAX_NUMBER_OF_PENDING_WORKSPACE_INVITES_REACHED"
    finally:
        object.__setattr__(settings, "max_pending_invitations", 0)


def test_keys_of_ai_providers_are_kept_sealed(api: Any, make_user: Any) -> None:
    workspace, other = new(api), make_user()
    join(api, workspace, other, "EDITOR")
    path = f"{W}{workspace}/settings/generative-ai/"
    given = {"openai": {"api_key": "sk-very-secret", "models": ["gpt-4"], "organization": ""}}
    assert api.patch(path, given)[0] == 200
    assert api.get(path)[1]["openai"]["api_key"] == "sk-very-secret"
    assert other.get(path)[1]["error"] == "PERMISSION_DENIED"
    assert "sk-very-secret" not in str(other.get(W)[1])
    with begin():
        stored = connection().execute(sa.text("SELECT * FROM core.workspace WHERE id = :id"), {"id": workspace}).one()
    assert "sk-very-secret" not in str(stored)


@pytest.fixture
def chain(app: Any) -> Iterator[PermissionChain]:
    """The permissions of the application, inside a unit of work."""
    found = service(Permissions)
    assert isinstance(found, PermissionChain)
    with begin():
        yield found


def test_what_nobody_registered_is_denied_loudly(chain: PermissionChain) -> None:
    access = Access(1, "ADMIN")
    with pytest.raises(LookupError, match="not registered"):
        chain.require(Actor("user", 1), "database.table.fly", access)


def test_each_role_may_do_what_those_below_it_may(chain: PermissionChain) -> None:
    actor = Actor("user", 5)
    roles = ("NO_ACCESS", "VIEWER", "COMMENTER", "EDITOR", "BUILDER", "ADMIN")
    may = [{name for name in chain.operations() if chain.allows(actor, name, Access(1, role))} for role in roles]
    assert all(low <= high for low, high in zip(may, may[1:], strict=False))
    assert "database.table.create_row" in may[3] - may[2]
    assert not [name for name in chain.operations() if chain.allows(actor, name, Access(1, None)) and "." in name]


class _Weekend:
    """A manager of a stranger's plugin: nobody creates rows at the weekend."""

    type, order = "weekend", 70

    def check(self, actor: Actor, operation: str, access: Access) -> bool | None:
        """Denies one operation."""
        return False if operation == "workspace.create_invitation" else None

    def permissions_object(self, actor: Actor, access: Access) -> Any:
        """What clients are told."""
        return {"denied": ["workspace.create_invitation"]}


def test_a_manager_of_a_plugin_decides_before_the_roles(chain: PermissionChain) -> None:
    chain = PermissionChain([*MANAGERS, _Weekend()], [*chain.operations().values()])
    actor, access = Actor("user", 5), Access(1, "ADMIN")
    assert not chain.allows(actor, "workspace.create_invitation", access)
    assert chain.allows(actor, "workspace.update", access)
    assert [found["name"] for found in chain.objects(actor, access)].index("weekend") > 0
