"""Signing up: what makes an account, what is refused, who becomes staff."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from core.db.models import Action, User
from plugin_api.db import begin
from tests.conftest import PASSWORD, Api


def _body(**changes: Any) -> dict[str, Any]:
    given = {"name": "Ada", "email": f"{uuid.uuid4().hex[:12]}@example.com", "password": PASSWORD, **changes}
    return {key: value for key, value in given.items() if value is not None}


def _count(email: str) -> int:
    with begin() as unit:
        return unit.session.scalar(sa.select(sa.func.count()).where(User.email == email)) or 0


def test_sign_up_answers_the_user_and_no_tokens(anonymous: Api) -> None:
    body = _body()
    status, answer = anonymous.post("/api/user/", body)
    assert status == 200
    assert set(answer) == {"user"}
    assert answer["user"]["username"] == body["email"]
    assert answer["user"]["is_staff"] is False
    with begin() as unit:
        kept = unit.session.scalar(sa.select(User.password).where(User.email == body["email"]))
        recorded = unit.session.scalar(sa.select(Action.type).where(Action.user_id == answer["user"]["id"]))
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept
    assert recorded == "create_user"


def test_sign_up_with_authenticate_starts_a_session(anonymous: Api) -> None:
    status, answer = anonymous.post("/api/user/", _body(authenticate=True, language="nl"))
    assert status == 200
    assert answer["token"] == answer["access_token"]
    assert {"refresh_token", "user_session", "permissions", "active_licenses", "user_notifications"} <= set(answer)
    assert answer["user"]["language"] == "nl"


def test_the_first_account_is_staff_and_closes_the_admin_sign_up_page(staff: Api, anonymous: Api) -> None:
    assert staff.user["is_staff"] is True
    assert anonymous.get("/api/settings/")[1]["show_admin_signup_page"] is False


def test_names_are_trimmed_and_addresses_lower_cased(anonymous: Api) -> None:
    name = uuid.uuid4().hex[:8]
    email = f"  MiXed-{name}@Example.COM "
    answer = anonymous.post("/api/user/", _body(name="  Ada  ", email=email))[1]
    assert answer["user"]["first_name"] == "Ada"
    assert answer["user"]["username"] == f"mixed-{name}@example.com"
    again = anonymous.post("/api/user/", _body(email=f"mixed-{name}@EXAMPLE.com"))
    assert (again[0], again[1]["error"]) == (400, "ERROR_EMAIL_ALREADY_EXISTS")


@pytest.mark.parametrize(
    ("changes", "field", "codes"),
    [
        ({"name": None}, "name", ["required"]),
        ({"name": "A"}, "name", ["min_length"]),
        ({"name": "a" * 151}, "name", ["max_length"]),
        ({"name": "   "}, "name", ["blank"]),
        ({"name": ["a"]}, "name", ["invalid"]),
        ({"name": "\ud800"}, None, []),
        ({"email": "nobody"}, "email", ["invalid"]),
        ({"email": "a@b"}, "email", ["invalid"]),
        ({"email": {"a": 1}}, "email", ["invalid"]),
        ({"email": "a" * 250 + "@example.com"}, "email", ["max_length"]),
        ({"password": "short1!"}, "password", ["password_validation_failed"]),
        ({"password": "x" * 257}, "password", ["password_validation_failed"]),
        ({"password": "x" * 1_000_000}, "password", ["password_validation_failed"]),
        ({"password": None}, "password", ["required"]),
        ({"language": "xx"}, "language", ["invalid_language"]),
        ({"language": "e"}, "language", ["invalid_language", "min_length"]),
        ({"language": 5}, "language", ["invalid_language", "min_length"]),
        ({"authenticate": "perhaps"}, "authenticate", ["invalid"]),
        ({"authenticate": []}, "authenticate", ["invalid"]),
        ({"template_id": 99999999}, "template_id", ["does_not_exist"]),
        ({"template_id": "x"}, "template_id", ["incorrect_type"]),
        ({"name": "a\0b"}, "name", ["null_characters_not_allowed"]),
    ],
)
def test_bad_values_are_refused_with_their_code(
    anonymous: Api, changes: dict[str, Any], field: str | None, codes: list[str]
) -> None:
    body = _body(**changes)
    status, answer = anonymous.post("/api/user/", body)
    assert (status, answer["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION")
    if field:
        assert [found["code"] for found in answer["detail"][field]] == codes
    if isinstance(body.get("email"), str):
        assert _count(body["email"]) == 0


def test_a_body_that_is_no_object_is_refused(anonymous: Api) -> None:
    status, answer = anonymous.post("/api/user/", [1, 2])
    assert status == 400
    assert answer["detail"]["non_field_errors"][0]["code"] == "invalid"


def test_two_sign_ups_at_a_time_make_one_account(app: Any) -> None:
    body, statuses = _body(), []
    gate = threading.Barrier(4)

    def attempt() -> None:
        client = app.test_client()
        gate.wait()
        statuses.append(client.post("/api/user/", json=body).status_code)

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 400, 400, 400]
    assert _count(body["email"]) == 1


def test_an_expired_token_does_not_keep_anybody_from_signing_up(anonymous: Api) -> None:
    assert anonymous.post("/api/user/", _body(), headers={"Authorization": "JWT nonsense"})[0] == 200
