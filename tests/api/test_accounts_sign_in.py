"""Signing in, the tokens of a session, and the credentials of every request."""

from __future__ import annotations

import base64
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
import redis
import sqlalchemy as sa
from argon2 import PasswordHasher

from core.accounts import state, tokens
from core.accounts.state import UserStates
from core.db.models import RevokedToken, User
from core.settings import Settings
from plugin_api.accounts import LoginOption, SettingsData, UserData
from plugin_api.db import begin, session
from plugin_api.platform import service
from tests.conftest import PASSWORD, Api

AUTH, REFRESH, VERIFY, SIGN_OFF = (f"/api/user/token-{name}/" for name in ("auth", "refresh", "verify", "blacklist"))
PROTECTED = "/api/user/dashboard/"


def _sign_in(api: Api, user: Api, password: str = PASSWORD) -> tuple[int, Any]:
    return api.post(AUTH, {"email": user.user["username"], "password": password})


def _update(user_id: int, **values: Any) -> None:
    with begin() as unit:
        unit.session.execute(sa.update(User).where(User.id == user_id).values(**values))
        service(UserStates).changed(user_id)


def test_signing_in_answers_a_session(anonymous: Api, api: Api) -> None:
    for key in ("email", "username"):
        status, answer = anonymous.post(AUTH, {key: api.user["username"].upper(), "password": PASSWORD})
        assert status == 200
        assert answer["user"] == api.user
        signed_in = Api(anonymous.client, answer["access_token"])
        assert signed_in.get(PROTECTED)[0] == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "password"),
        ({"email": "a@example.com"}, "password"),
        ({"password": "x"}, "email"),
        ({"email": "nobody", "password": "x"}, "email"),
        ({"email": "a@example.com", "password": ["x"]}, "password"),
    ],
)
def test_incomplete_credentials_are_told_by_field(anonymous: Api, body: dict[str, Any], field: str) -> None:
    status, answer = anonymous.post(AUTH, body)
    assert status == 400
    assert all(isinstance(text, str) for text in answer[field])


def test_wrong_credentials(anonymous: Api, api: Api) -> None:
    status, answer = _sign_in(anonymous, api, "wrong-password")
    assert (status, answer["error"]) == (401, "ERROR_INVALID_CREDENTIALS")
    status, answer = anonymous.post(AUTH, {"email": f"{uuid.uuid4().hex}@example.com", "password": PASSWORD})
    assert (status, answer["error"]) == (401, "ERROR_INVALID_CREDENTIALS")


def test_guessing_is_stopped_and_does_not_lock_other_accounts(anonymous: Api, api: Api, make_user: Any) -> None:
    limit = service(Settings).login_attempts_per_minute
    for _ in range(limit):
        assert _sign_in(anonymous, api, "wrong-password")[0] == 401
    response = anonymous.client.post(AUTH, json={"email": api.user["username"], "password": PASSWORD})
    assert response.status_code == 429
    assert response.get_json()["error"] == "ERROR_TOO_MANY_LOGIN_ATTEMPTS"
    assert 0 < int(response.headers["Retry-After"]) <= 60
    assert _sign_in(anonymous, make_user())[0] == 200


def test_a_hash_of_older_parameters_is_renewed(anonymous: Api, api: Api) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    _update(api.user["id"], password=old)
    assert _sign_in(anonymous, api)[0] == 200
    with begin() as unit:
        renewed = unit.session.get_one(User, api.user["id"]).password
    assert renewed != old
    assert _sign_in(anonymous, api)[0] == 200


def _forged(claims: dict[str, Any], key: str, algorithm: str = "HS256") -> str:
    now = datetime.now(UTC)
    told = {"token_type": "access", "auth_version": 1, "iat": now, "exp": now + timedelta(minutes=5), **claims}
    return jwt.encode(told, key, algorithm)


def test_only_good_access_tokens_are_taken(anonymous: Api, api: Api) -> None:
    user_id, key = api.user["id"], service(Settings).secret_key
    token = api.headers["Authorization"].split()[1]
    head, payload, signature = token.split(".")
    other = base64.urlsafe_b64encode(b'{"user_id":1}').decode().rstrip("=")
    bad = {
        "not a token": "nonsense",
        "cut short": token[:-4],
        "payload changed": f"{head}.{other}.{signature}",
        "unsigned": _forged({"user_id": user_id}, "", "none"),
        "another key": _forged({"user_id": user_id}, "another secret of at least 32 characters"),
        "another algorithm": _forged({"user_id": user_id}, key * 2, "HS512"),
        "too old": _forged({"user_id": user_id, "exp": datetime.now(UTC) - timedelta(seconds=1)}, key),
        "no end": jwt.encode({"token_type": "access", "user_id": user_id, "auth_version": 1}, key),
        "refresh": _forged({"user_id": user_id, "token_type": "refresh"}, key),
        "ended session": _forged({"user_id": user_id, "auth_version": 0}, key),
        "nobody": _forged({"user_id": 10**15}, key),
        "no number": _forged({"user_id": "x"}, key),
    }
    for why, credentials in bad.items():
        status, answer = anonymous.get(PROTECTED, headers={"Authorization": f"JWT {credentials}"})
        assert (status, answer["error"]) == (401, "ERROR_INVALID_ACCESS_TOKEN"), why
    assert anonymous.get(PROTECTED, headers={"Authorization": f"JWT {_forged({'user_id': user_id}, key)}"})[0] == 200


@pytest.mark.parametrize("value", ["", "Bearer abc", "jwt abc", "Token abc"])
def test_other_schemes_count_as_no_credentials(anonymous: Api, value: str) -> None:
    status, answer = anonymous.get(PROTECTED, headers={"Authorization": value})
    assert (status, answer["error"]) == (401, "ERROR_NOT_AUTHENTICATED")


@pytest.mark.parametrize("value", ["JWT", "JWT one two"])
def test_a_malformed_header_is_told(anonymous: Api, value: str) -> None:
    status, answer = anonymous.get(PROTECTED, headers={"Authorization": value})
    assert (status, answer["code"]) == (401, "bad_authorization_header")


def test_credentials_come_before_the_method(anonymous: Api, api: Api) -> None:
    assert anonymous.call("PUT", PROTECTED, {})[0] == 401
    assert api.call("PUT", PROTECTED, {})[0] == 405
    assert anonymous.get(AUTH)[0] == 405


def test_authenticated_requests_cost_one_redis_command_now_and_then_and_no_sql(
    api: Api, count_sql: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.get(PROTECTED)
    service(UserStates)._near.clear()
    monkeypatch.setattr(state, "_NEAR_SECONDS", 60)
    cache, commands = service(redis.Redis), []
    execute = cache.execute_command
    with count_sql() as statements:
        monkeypatch.setattr(cache, "execute_command", lambda *a, **k: commands.append(a[0]) or execute(*a, **k))
        for _ in range(5):
            assert api.patch("/api/user/account/", {})[0] == 400
    assert statements == []
    assert commands == ["GET"]


def test_without_redis_the_database_is_asked(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: Any, **kwargs: Any) -> None:
        raise redis.ConnectionError("gone")

    service(UserStates)._near.clear()
    monkeypatch.setattr(service(redis.Redis), "execute_command", gone)
    assert api.get(PROTECTED)[0] == 200
    assert api.patch("/api/user/account/", {"first_name": "Grace"})[0] == 200


def test_a_change_by_another_process_is_obeyed_soon(api: Api, settings: Settings) -> None:
    assert api.get(PROTECTED)[0] == 200
    other = UserStates(service(redis.Redis), settings.database_url)
    with begin():
        session().get_one(User, api.user["id"]).is_active = False
        other.changed(api.user["id"])
    begun = time.monotonic()
    while api.get(PROTECTED)[0] == 200:
        assert time.monotonic() - begun < 20
        time.sleep(0.02)


def test_a_change_is_obeyed_at_once(api: Api) -> None:
    assert api.get(PROTECTED)[0] == 200
    _update(api.user["id"], is_active=False)
    status, answer = api.get(PROTECTED)
    assert (status, answer["error"]) == (401, "ERROR_INVALID_ACCESS_TOKEN")
    _update(api.user["id"], is_active=True)
    assert api.get(PROTECTED)[0] == 200


def test_a_slow_reader_does_not_bring_an_old_state_back(api: Api) -> None:
    states, user_id = service(UserStates), api.user["id"]
    with begin():
        old = states._from_database(user_id)
    _update(user_id, is_active=False)
    states._fill(user_id, old)
    assert api.get(PROTECTED)[0] == 401


def test_deactivated_users(anonymous: Api, api: Api) -> None:
    refresh = _sign_in(anonymous, api)[1]["refresh_token"]
    _update(api.user["id"], is_active=False)
    status, answer = _sign_in(anonymous, api)
    assert (status, answer["error"]) == (401, "ERROR_DEACTIVATED_USER")
    assert _sign_in(anonymous, api, "wrong-password")[1]["error"] == "ERROR_INVALID_CREDENTIALS"
    assert anonymous.post(REFRESH, {"refresh_token": refresh})[1]["error"] == "ERROR_INVALID_REFRESH_TOKEN"
    body = {"name": "Ada", "email": api.user["username"], "password": PASSWORD}
    status, answer = anonymous.post("/api/user/", body)
    assert (status, answer["error"]) == (401, "ERROR_DEACTIVATED_USER")


def test_refresh_and_verify(anonymous: Api, api: Api) -> None:
    session = _sign_in(anonymous, api)[1]
    for key in ("refresh_token", "token"):
        status, answer = anonymous.post(REFRESH, {key: session["refresh_token"]})
        assert status == 200
        assert Api(anonymous.client, answer["access_token"]).get(PROTECTED)[0] == 200
        assert jwt.decode(answer["token"], options={"verify_signature": False})["session"] == session["user_session"]
    status, answer = anonymous.post(VERIFY, {"refresh_token": session["refresh_token"]})
    assert (status, answer["user"]) == (200, api.user)


@pytest.mark.parametrize("token", ["nonsense", "", None, 5, [], {"a": 1}, "\ud83d", "a.b.c", "x" * 100_000])
def test_bad_refresh_tokens(anonymous: Api, api: Api, token: Any) -> None:
    status, answer = anonymous.post(REFRESH, {"refresh_token": token})
    assert status in (400, 401)
    assert answer["error"] in ("ERROR_INVALID_REFRESH_TOKEN", "ERROR_REQUEST_BODY_VALIDATION")
    assert anonymous.post(VERIFY, {"refresh_token": token})[0] in (400, 401)
    assert anonymous.post(SIGN_OFF, {"refresh_token": token})[0] in (400, 401)
    access = api.headers["Authorization"].split()[1]
    assert anonymous.post(REFRESH, {"refresh_token": access})[1]["error"] == "ERROR_INVALID_REFRESH_TOKEN"


def test_signing_off_ends_the_refresh_token_for_good(anonymous: Api, api: Api) -> None:
    session = _sign_in(anonymous, api)[1]
    body = {"refresh_token": session["refresh_token"]}
    assert anonymous.post(SIGN_OFF, body)[0] == 204
    assert anonymous.post(REFRESH, body)[1]["error"] == "ERROR_INVALID_REFRESH_TOKEN"
    assert anonymous.post(VERIFY, body)[1]["error"] == "ERROR_INVALID_REFRESH_TOKEN"
    status, answer = anonymous.post(SIGN_OFF, body)
    assert (status, answer["error"]) == (400, "ERROR_REFRESH_TOKEN_ALREADY_BLACKLISTED")
    assert Api(anonymous.client, session["access_token"]).get(PROTECTED)[0] == 200
    assert anonymous.post(REFRESH, {"refresh_token": _sign_in(anonymous, api)[1]["refresh_token"]})[0] == 200


def test_ended_tokens_are_forgotten(app: Any) -> None:
    now = datetime.now(UTC)
    with begin():
        assert tokens.revoke("old", now - timedelta(seconds=1))
        assert tokens.revoke("new", now + timedelta(hours=1))
        tokens.forget_ended()
    with begin() as unit:
        assert not unit.session.scalar(sa.select(RevokedToken).where(RevokedToken.expires_on < now))
        assert tokens.is_revoked("new")
        assert not tokens.is_revoked("old")


def test_passwords_can_be_switched_off_but_for_staff(
    anonymous: Api, api: Api, staff: Api, make_user: Any, registered: Any
) -> None:
    registered("login_options", LoginOption("password", lambda: None))
    registered("login_options", LoginOption("stars", lambda: {"type": "stars"}))
    assert anonymous.get("/api/auth-provider/login-options/")[1] == {"stars": {"type": "stars"}}
    assert _sign_in(anonymous, api)[1]["error"] == "ERROR_AUTH_PROVIDER_DISABLED"
    assert _sign_in(anonymous, staff)[0] == 200
    body = {"name": "Ada", "email": f"{uuid.uuid4().hex}@example.com", "password": PASSWORD}
    assert anonymous.post("/api/user/", body)[1]["error"] == "ERROR_AUTH_PROVIDER_DISABLED"


def test_plugins_add_to_the_answers(anonymous: Api, api: Api, registered: Any) -> None:
    registered("user_data", UserData("user_notifications", lambda who: {"unread_count": who.user_id}))
    registered("user_data", UserData("stars", lambda who: who.email))
    registered("settings_data", SettingsData("instance_wide_licenses", lambda: {"stars": True}))
    answer = _sign_in(anonymous, api)[1]
    assert answer["user_notifications"] == {"unread_count": api.user["id"]}
    assert answer["stars"] == api.user["username"]
    assert anonymous.get("/api/settings/")[1]["instance_wide_licenses"] == {"stars": True}
