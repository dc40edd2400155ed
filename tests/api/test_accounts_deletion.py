"""Deleting accounts: the grace time, coming back, what goes with an account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.accounts.tasks import remove_deleted_accounts
from core.db.models import Membership, OutboxEvent, User, Workspace
from core.mail.message import Message
from plugin_api.db import begin
from tests.conftest import PASSWORD, Api

SCHEDULE = "/api/user/schedule-account-deletion/"


def _sign_in(anonymous: Api, user: Api) -> tuple[int, Any]:
    return anonymous.post("/api/user/token-auth/", {"email": user.user["username"], "password": PASSWORD})


def _asked(user: Api, days_ago: float) -> None:
    with begin() as unit:
        when = datetime.now(UTC) - timedelta(days=days_ago)
        found = sa.update(User).where(User.id == user.user["id"], User.to_be_deleted)
        assert unit.session.execute(found.values(delete_requested_on=when)).rowcount == 1


def _exists(user: Api) -> bool:
    with begin() as unit:
        return unit.session.get(User, user.user["id"]) is not None


def _workspace(*members: Api) -> int:
    with begin() as unit:
        workspace = Workspace(name="Plans")
        unit.session.add(workspace)
        unit.session.flush()
        for member in members:
            unit.session.add(Membership(workspace_id=workspace.id, user_id=member.user["id"]))
        return workspace.id


def test_refresh_tokens_end_and_access_tokens_go_on(api: Api, anonymous: Api, mailbox: list[Message]) -> None:
    refresh = _sign_in(anonymous, api)[1]["refresh_token"]
    assert anonymous.post(SCHEDULE)[0] == 401
    assert api.post(SCHEDULE)[0] == 204
    answer = anonymous.post("/api/user/token-refresh/", {"refresh_token": refresh})[1]
    assert answer["error"] == "ERROR_INVALID_REFRESH_TOKEN"
    assert api.get("/api/user/dashboard/")[0] == 200
    assert "30 days" in mailbox[-1].text
    assert api.post(SCHEDULE)[0] == 204
    assert len(mailbox) == 1


def test_signing_in_takes_it_back(api: Api, anonymous: Api, mailbox: list[Message]) -> None:
    refresh = _sign_in(anonymous, api)[1]["refresh_token"]
    workspace_id = _workspace(api)
    api.post(SCHEDULE)
    _asked(api, days_ago=31)
    status, answer = _sign_in(anonymous, api)
    assert status == 200
    assert [message.subject for message in mailbox] == ["Your account will be deleted", "Your account stays"]
    remove_deleted_accounts()
    assert _exists(api)
    assert anonymous.post("/api/user/token-refresh/", {"refresh_token": answer["refresh_token"]})[0] == 200
    assert anonymous.post("/api/user/token-refresh/", {"refresh_token": refresh})[0] == 401
    with begin() as unit:
        told = sa.select(OutboxEvent.type).where(OutboxEvent.workspace_id == workspace_id).order_by(OutboxEvent.id)
        assert list(unit.session.scalars(told)) == ["user_deleted", "user_restored"]


def test_the_account_goes_after_the_grace_time(
    api: Api, anonymous: Api, make_user: Any, mailbox: list[Message]
) -> None:
    friend = make_user("Bob")
    lone, shared = _workspace(api), _workspace(api, friend)
    api.post(SCHEDULE)
    _asked(api, days_ago=29)
    remove_deleted_accounts()
    assert _exists(api)
    _asked(api, days_ago=31)
    remove_deleted_accounts()
    assert not _exists(api)
    with begin() as unit:
        trashed = {workspace: unit.session.get_one(Workspace, workspace).trashed_on for workspace in (lone, shared)}
        members = list(unit.session.scalars(sa.select(Membership.user_id).where(Membership.workspace_id == shared)))
    assert trashed[lone] is not None
    assert trashed[shared] is None
    assert members == [friend.user["id"]]
    assert mailbox[-1].subject == "Your account was deleted"
    assert api.get("/api/user/dashboard/")[1]["error"] == "ERROR_INVALID_ACCESS_TOKEN"
    assert _sign_in(anonymous, api)[1]["error"] == "ERROR_INVALID_CREDENTIALS"
    body = {"name": "Ada", "email": api.user["username"], "password": PASSWORD}
    assert anonymous.post("/api/user/", body)[0] == 200


def test_the_grace_time_is_a_setting(api: Api, staff: Api) -> None:
    api.post(SCHEDULE)
    _asked(api, days_ago=15)
    staff.patch("/api/settings/update/", {"account_deletion_grace_delay": 14})
    try:
        remove_deleted_accounts()
    finally:
        staff.patch("/api/settings/update/", {"account_deletion_grace_delay": 30})
    assert not _exists(api)


def test_the_last_staff_member_stays(staff: Api, make_user: Any) -> None:
    with begin() as unit:  # whoever other tests made staff
        unit.session.execute(sa.update(User).where(User.id != staff.user["id"]).values(is_staff=False))
    status, answer = staff.post(SCHEDULE)
    assert (status, answer["error"]) == (400, "ERROR_USER_IS_LAST_ADMIN")
    other = make_user("Grace")
    with begin() as unit:
        unit.session.execute(sa.update(User).where(User.id == other.user["id"]).values(is_staff=True))
    assert other.post(SCHEDULE)[0] == 204
    assert staff.post(SCHEDULE)[1]["error"] == "ERROR_USER_IS_LAST_ADMIN"
