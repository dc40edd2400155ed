"""Instance settings: who reads and changes them, what they take, that they are obeyed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from core.db.models import Action, InstanceSettings
from plugin_api.db import begin
from tests.conftest import PASSWORD, Api

SETTINGS, UPDATE = "/api/settings/", "/api/settings/update/"
DEFAULTS = {
    "allow_new_signups": True,
    "allow_signups_via_workspace_invitations": True,
    "allow_reset_password": True,
    "allow_global_workspace_creation": True,
    "account_deletion_grace_delay": 30,
    "show_admin_signup_page": False,
    "track_workspace_usage": False,
    "show_baserow_help_request": True,
    "co_branding_logo": None,
    "email_verification": "no_verification",
    "verify_import_signature": True,
}


@pytest.fixture(autouse=True)
def restored(staff: Api) -> Iterator[None]:
    """The settings as they were."""
    yield
    assert staff.patch(UPDATE, DEFAULTS)[0] == 200


def test_everybody_reads_them(anonymous: Api, api: Api) -> None:
    for reader in (anonymous, api):
        status, answer = reader.get(SETTINGS)
        assert (status, answer) == (200, {**DEFAULTS, "instance_wide_licenses": {"enterprise": True}})
    assert anonymous.get(SETTINGS, headers={"Authorization": "JWT nonsense"})[0] == 200


def test_staff_change_some_and_the_rest_stays(staff: Api, anonymous: Api) -> None:
    changes = {"account_deletion_grace_delay": 14, "show_baserow_help_request": False}
    assert staff.patch(UPDATE, changes) == (200, {**DEFAULTS, **changes})
    assert changes.items() <= anonymous.get(SETTINGS)[1].items()
    assert staff.patch(UPDATE, {"track_workspace_usage": "yes", "unknown": 1})[1]["track_workspace_usage"] is True
    assert changes.items() <= anonymous.get(SETTINGS)[1].items()
    with begin() as unit:
        recorded = sa.select(Action.params).where(Action.type == "update_settings").order_by(Action.id)
        kept = unit.session.scalars(recorded).all()
        keys = set(unit.session.scalars(sa.select(InstanceSettings)).one().values)
    assert kept[-2:] == [{"changed": sorted(changes)}, {"changed": ["track_workspace_usage"]}]
    assert "unknown" not in keys


def test_others_are_refused_before_the_body_is_looked_at(api: Api, anonymous: Api) -> None:
    for body in ({}, {"email_verification": "sometimes"}):
        assert api.patch(UPDATE, body)[0] == 403
        assert anonymous.patch(UPDATE, body)[0] == 401


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("account_deletion_grace_delay", "soon", "invalid"),
        ("account_deletion_grace_delay", 40000, "max_value"),
        ("account_deletion_grace_delay", -1, "min_value"),
        ("account_deletion_grace_delay", None, "null"),
        ("show_baserow_help_request", "maybe", "invalid"),
        ("allow_new_signups", None, "null"),
        ("email_verification", "sometimes", "invalid_choice"),
        ("email_verification", None, "invalid_choice"),
        ("email_verification", {"a": 1}, "invalid_choice"),
        ("co_branding_logo", "missing.png", "invalid_value"),
        ("co_branding_logo", {"name": "missing.png"}, "invalid_user_file"),
    ],
)
def test_bad_values_change_nothing(staff: Api, anonymous: Api, key: str, value: Any, code: str) -> None:
    status, answer = staff.patch(UPDATE, {"track_workspace_usage": True, key: value})
    assert (status, answer["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION")
    assert [found["code"] for found in answer["detail"][key]] == [code]
    assert DEFAULTS.items() <= anonymous.get(SETTINGS)[1].items()


def test_the_instance_id_is_for_staff_and_stays(staff: Api, api: Api, anonymous: Api) -> None:
    first = staff.get("/api/settings/instance-id/")
    assert first == staff.get("/api/settings/instance-id/")
    assert len(first[1]["instance_id"]) >= 32
    assert (api.get("/api/settings/instance-id/")[0], anonymous.get("/api/settings/instance-id/")[0]) == (403, 401)


def test_sign_up_can_be_closed(staff: Api, anonymous: Api) -> None:
    body = {"name": "Late", "email": f"{uuid.uuid4().hex[:12]}@example.com", "password": PASSWORD}
    staff.patch(UPDATE, {"allow_new_signups": False})
    status, answer = anonymous.post("/api/user/", body)
    assert (status, answer["error"]) == (400, "ERROR_DISABLED_SIGNUP")
    staff.patch(UPDATE, {"allow_signups_via_workspace_invitations": False})
    invited = {**body, "workspace_invitation_token": "nonsense"}
    assert anonymous.post("/api/user/", invited)[1]["error"] == "ERROR_DISABLED_SIGNUP"
    staff.patch(UPDATE, {"allow_signups_via_workspace_invitations": True})
    assert anonymous.post("/api/user/", invited)[1]["error"] == "BAD_TOKEN_SIGNATURE"
    staff.patch(UPDATE, {"allow_new_signups": True})
    assert anonymous.post("/api/user/", body)[0] == 200


def test_login_options(anonymous: Api, client: FlaskClient) -> None:
    path = "/api/auth-provider/login-options/"
    assert anonymous.get(path) == (200, {"password": {"type": "password"}})
    assert anonymous.get(path, headers={"Authorization": "JWT nonsense"})[0] == 401
