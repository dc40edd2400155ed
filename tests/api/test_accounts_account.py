"""One's own account: changes, the password, the dashboard."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from core.db.models import Invitation, Membership, OutboxEvent, User, Workspace
from plugin_api.db import begin
from tests.conftest import PASSWORD, Api

ACCOUNT, PASSWORD_PATH = "/api/user/account/", "/api/user/change-password/"
NEW = "An0ther!secret"


def _workspace(api: Api, name: str = "Plans") -> int:
    with begin() as unit:
        workspace = Workspace(name=name)
        unit.session.add(workspace)
        unit.session.flush()
        unit.session.add(Membership(workspace_id=workspace.id, user_id=api.user["id"], permissions="ADMIN"))
        return workspace.id


def test_changes_are_answered_and_kept(api: Api, anonymous: Api) -> None:
    assert api.patch(ACCOUNT, {"first_name": " Grace "})[1]["first_name"] == "Grace"
    assert api.patch(ACCOUNT, {"completed_guided_tours": ["sidebar", "database"]})[0] == 200
    body = {"language": "fr", "email_notification_frequency": "daily", "completed_onboarding": True}
    status, answer = api.patch(ACCOUNT, {**body, "completed_guided_tours": ["builder"]})
    tours = ["builder", "database", "sidebar"]
    assert (status, answer) == (200, {"first_name": "Grace", **body, "completed_guided_tours": tours})
    signed_in = anonymous.post("/api/user/token-auth/", {"email": api.user["username"], "password": PASSWORD})[1]
    assert answer.items() <= signed_in["user"].items()


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "non_field_errors", "invalid"),
        ({"email": "other@example.com"}, "non_field_errors", "invalid"),
        ({"first_name": "A"}, "first_name", "min_length"),
        ({"first_name": "a" * 151}, "first_name", "max_length"),
        ({"first_name": None}, "first_name", "null"),
        ({"language": "zz"}, "language", "invalid_language"),
        ({"email_notification_frequency": "hourly"}, "email_notification_frequency", "invalid_choice"),
        ({"email_notification_frequency": []}, "email_notification_frequency", "invalid_choice"),
        ({"completed_onboarding": "maybe"}, "completed_onboarding", "invalid"),
        ({"completed_guided_tours": ["t"] * 101}, "completed_guided_tours", "max_length"),
    ],
)
def test_bad_changes_are_refused(api: Api, body: dict[str, Any], field: str, code: str) -> None:
    status, answer = api.patch(ACCOUNT, body)
    assert (status, answer["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION")
    assert [found["code"] for found in answer["detail"][field]] == [code]


def test_tours_that_are_no_list(api: Api) -> None:
    detail = api.patch(ACCOUNT, {"completed_guided_tours": "sidebar"})[1]["detail"]
    assert detail["completed_guided_tours"]["non_field_errors"][0]["code"] == "not_a_list"


def test_a_new_name_is_told_to_the_workspaces(api: Api) -> None:
    workspace_id = _workspace(api)
    assert api.patch(ACCOUNT, {"first_name": "Grace"})[0] == 200
    with begin() as unit:
        told = sa.select(OutboxEvent).where(OutboxEvent.workspace_id == workspace_id)
        event = unit.session.scalars(told).one()
    assert (event.type, event.payload["user"]["first_name"]) == ("user_updated", "Grace")


def test_changing_the_password_ends_all_sessions(api: Api, anonymous: Api) -> None:
    credentials = {"email": api.user["username"], "password": PASSWORD}
    session = anonymous.post("/api/user/token-auth/", credentials)[1]
    status, answer = api.post(PASSWORD_PATH, {"old_password": "wrong", "new_password": NEW})
    assert (status, answer["error"]) == (400, "ERROR_INVALID_OLD_PASSWORD")
    status, answer = api.post(PASSWORD_PATH, {"old_password": PASSWORD, "new_password": "short"})
    assert answer["detail"]["new_password"][0]["code"] == "password_validation_failed"
    assert api.post(PASSWORD_PATH, {"old_password": PASSWORD, "new_password": NEW})[0] == 204
    assert api.get("/api/user/dashboard/")[1]["error"] == "ERROR_INVALID_ACCESS_TOKEN"
    for name in ("refresh", "verify"):
        body = {"refresh_token": session["refresh_token"]}
        assert anonymous.post(f"/api/user/token-{name}/", body)[1]["error"] == "ERROR_INVALID_REFRESH_TOKEN"
    assert anonymous.post("/api/user/token-auth/", credentials)[0] == 401
    assert anonymous.post("/api/user/token-auth/", {**credentials, "password": NEW})[0] == 200


def test_the_old_password_cannot_be_guessed(api: Api) -> None:
    body = {"old_password": "wrong", "new_password": NEW}
    statuses = [api.post(PASSWORD_PATH, body)[0] for _ in range(21)]
    assert statuses == [400] * 20 + [429]


def test_the_dashboard_lists_own_invitations_in_one_query(api: Api, make_user: Any, count_sql: Any) -> None:
    host = make_user("Bob")
    for number in range(3):
        workspace_id = _workspace(host, f"Plans {number}")
        with begin() as unit:
            host_id = unit.session.scalar(sa.select(User.id).where(User.email == host.user["username"]))
            unit.session.add(
                Invitation(
                    workspace_id=workspace_id, invited_by_id=host_id, email=api.user["username"],
                    permissions="MEMBER", message="Come in",
                )
            )  # fmt: skip
    with count_sql() as statements:
        status, answer = api.get("/api/user/dashboard/")
    assert status == 200
    assert [found["workspace"] for found in answer["workspace_invitations"]] == ["Plans 0", "Plans 1", "Plans 2"]
    first = answer["workspace_invitations"][0]
    assert (first["invited_by"], first["message"], first["email_exists"]) == ("Bob", "Come in", None)
    assert len(statements) == 1
    assert host.get("/api/user/dashboard/")[1] == {"workspace_invitations": []}
