"""What people do by mail: a new password, a verified address; and the ways mails are sent."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from itsdangerous import TimestampSigner
from kombu.exceptions import OperationalError
from structlog.testing import capture_logs

from core.accounts import mail_tokens
from core.db.models import User
from core.jobs.celery import QUEUE
from core.mail.backends import Smtp
from core.mail.message import Message
from plugin_api.accounts import LoginOption
from plugin_api.db import begin
from plugin_api.mail import Mail
from plugin_api.platform import service
from tests.conftest import PASSWORD, Api

SEND, RESET = "/api/user/send-reset-password-email/", "/api/user/reset-password/"
SEND_VERIFY, VERIFY = "/api/user/send-verify-email/", "/api/user/verify-email/"
BASE = "http://127.0.0.1:3000/reset-password"
NEW = "An0ther!secret"


def _token(message: Message) -> str:
    found = re.search(r"http://127\.0\.0\.1:3000/\S+/(\S+)", message.text)
    assert found, message.text
    return found[1]


def _sign_in(anonymous: Api, user: Api, password: str) -> int:
    return anonymous.post("/api/user/token-auth/", {"email": user.user["username"], "password": password})[0]


@pytest.fixture
def verification(staff: Api) -> Iterator[Any]:
    """A function that sets how addresses are verified; taken back at the end."""

    def choose(value: str) -> None:
        assert staff.patch("/api/settings/update/", {"email_verification": value})[0] == 200

    yield choose
    choose("no_verification")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that moves the clock of signed tokens."""
    now = TimestampSigner.get_timestamp

    def move(seconds: int) -> None:
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: now(self) + seconds)

    return move


def test_a_new_password_by_mail(api: Api, anonymous: Api, mailbox: list[Message]) -> None:
    assert anonymous.post(SEND, {"email": api.user["username"].upper(), "base_url": BASE})[0] == 204
    (message,) = mailbox
    assert message.to == api.user["username"]
    assert f"{BASE}/" in message.text
    assert _token(message) in message.html
    body = {"token": _token(message), "password": NEW}
    assert anonymous.post(RESET, body)[0] == 204
    assert (_sign_in(anonymous, api, PASSWORD), _sign_in(anonymous, api, NEW)) == (401, 200)
    assert api.get("/api/user/dashboard/")[0] == 401
    status, answer = anonymous.post(RESET, body)
    assert (status, answer["error"]) == (400, "BAD_TOKEN_SIGNATURE")


def test_an_old_link_is_refused(api: Api, anonymous: Api, mailbox: list[Message], later: Any) -> None:
    anonymous.post(SEND, {"email": api.user["username"], "base_url": BASE})
    later(mail_tokens.RESET_HOURS * 3600 + 5)
    status, answer = anonymous.post(RESET, {"token": _token(mailbox[0]), "password": NEW})
    assert (status, answer["error"]) == (400, "EXPIRED_TOKEN_SIGNATURE")


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "x" * 100_000, "é"])
def test_bad_reset_tokens(anonymous: Api, token: str) -> None:
    status, answer = anonymous.post(RESET, {"token": token, "password": NEW})
    assert (status, answer["error"]) == (400, "BAD_TOKEN_SIGNATURE")


def test_a_verification_token_resets_no_password(api: Api, anonymous: Api) -> None:
    with begin() as unit:
        token = mail_tokens.verification_token(unit.session.get_one(User, api.user["id"]))
    assert anonymous.post(RESET, {"token": token, "password": NEW})[1]["error"] == "BAD_TOKEN_SIGNATURE"


def test_links_lead_to_this_instance_only(api: Api, anonymous: Api, mailbox: list[Message]) -> None:
    email = api.user["username"]
    for base in ("http://localhost:3000", "https://evil.example", "http://127.0.0.1@evil.example/"):
        status, answer = anonymous.post(SEND, {"email": email, "base_url": base})
        assert status == 400
        assert answer["error"] in ("ERROR_HOSTNAME_IS_NOT_ALLOWED", "ERROR_REQUEST_BODY_VALIDATION")
    for base in ("not a url", "javascript:alert(1)", "ftp://127.0.0.1/", 5, None):
        status, answer = anonymous.post(SEND, {"email": email, "base_url": base})
        assert (status, list(answer["detail"])) == (400, ["base_url"])
    assert anonymous.post(SEND, {"email": "nobody@example.com", "base_url": BASE})[0] == 204
    assert mailbox == []


def test_nobody_is_flooded_with_mails(api: Api, anonymous: Api, mailbox: list[Message]) -> None:
    for _ in range(8):
        assert anonymous.post(SEND, {"email": api.user["username"], "base_url": BASE})[0] == 204
    assert len(mailbox) == 5


def test_resetting_can_be_switched_off(api: Api, anonymous: Api, staff: Api, mailbox: list[Message]) -> None:
    body = {"email": api.user["username"], "base_url": BASE}
    anonymous.post(SEND, body)
    staff.patch("/api/settings/update/", {"allow_reset_password": False})
    try:
        assert anonymous.post(SEND, body)[1]["error"] == "ERROR_DISABLED_RESET_PASSWORD"
        answer = anonymous.post(RESET, {"token": _token(mailbox[0]), "password": NEW})[1]
        assert answer["error"] == "ERROR_DISABLED_RESET_PASSWORD"
    finally:
        staff.patch("/api/settings/update/", {"allow_reset_password": True})


def test_a_mail_of_a_rolled_back_change_is_not_sent(mailbox: list[Message]) -> None:
    with pytest.raises(ZeroDivisionError), begin():
        service(Mail).send("a@example.com", "Hello", "test", {})
        raise ZeroDivisionError
    assert mailbox == []
    with begin():
        service(Mail).send("a@example.com", "Hello\r\nBcc: b@example.com", "test", {})
    assert mailbox[0].subject == "Hello Bcc: b@example.com"


def test_the_console_shows_the_whole_mail(api: Api, anonymous: Api) -> None:
    with capture_logs() as logs:
        anonymous.post(SEND, {"email": api.user["username"], "base_url": BASE})
    (shown,) = [entry for entry in logs if entry["event"] == "mail"]
    assert shown["to"] == api.user["username"]
    assert f"{BASE}/" in shown["text"]


def test_verifying_an_address(anonymous: Api, make_user: Any, mailbox: list[Message], verification: Any) -> None:
    verification("recommended")
    user = make_user()
    (message,) = mailbox
    status, answer = anonymous.post(VERIFY, {"token": _token(message)})
    assert status == 200
    assert answer["user"]["email_verified"] is True
    assert Api(anonymous.client, answer["access_token"]).get("/api/user/dashboard/")[0] == 200
    status, answer = anonymous.post(VERIFY, {"token": _token(message)})
    assert (status, answer["error"]) == (400, "ERROR_EMAIL_ALREADY_VERIFIED")
    assert anonymous.post(SEND_VERIFY, {"email": user.user["username"]})[0] == 204
    assert len(mailbox) == 1


def test_a_verification_lets_nobody_in_where_passwords_are_switched_off(
    anonymous: Api, make_user: Any, mailbox: list[Message], verification: Any, registered: Any
) -> None:
    verification("recommended")
    user, body = make_user(), {"token": _token(mailbox[0])}
    off = LoginOption("password", lambda: None)
    registered("login_options", off)
    status, answer = anonymous.post(VERIFY, body)
    assert (status, answer["error"]) == (401, "ERROR_AUTH_PROVIDER_DISABLED")
    status, answer = user.post(VERIFY, body)
    assert status == 200 and answer["user"]["email_verified"] is True, "who is signed in has verified it all the same"


def test_a_verification_for_somebody_else_is_refused(
    api: Api, anonymous: Api, make_user: Any, mailbox: list[Message], verification: Any, later: Any
) -> None:
    verification("recommended")
    make_user()
    token = _token(mailbox[0])
    assert api.post(VERIFY, {"token": token})[1]["error"] == "ERROR_INVALID_VERIFICATION_TOKEN"
    assert anonymous.post(VERIFY, {"token": "nonsense"})[1]["error"] == "ERROR_INVALID_VERIFICATION_TOKEN"
    later(mail_tokens.VERIFY_HOURS * 3600 + 5)
    assert anonymous.post(VERIFY, {"token": token})[1]["error"] == "ERROR_INVALID_VERIFICATION_TOKEN"


def test_enforced_verification(anonymous: Api, make_user: Any, mailbox: list[Message], verification: Any) -> None:
    old = make_user()
    credentials = {"email": old.user["username"], "password": PASSWORD}
    refresh = anonymous.post("/api/user/token-auth/", credentials)[1]["refresh_token"]
    verification("enforced")
    body = {"name": "Eve", "email": f"eve-{old.user['username']}", "password": PASSWORD, "authenticate": True}
    status, answer = anonymous.post("/api/user/", body)
    assert (status, set(answer)) == (200, {"user"})
    for path in ("refresh", "verify"):
        answer = anonymous.post(f"/api/user/token-{path}/", {"refresh_token": refresh})[1]
        assert answer["error"] == "ERROR_EMAIL_VERIFICATION_REQUIRED"
    assert anonymous.post("/api/user/token-auth/", credentials)[1]["error"] == "ERROR_EMAIL_VERIFICATION_REQUIRED"
    assert anonymous.post(VERIFY, {"token": _token(mailbox[0])})[1]["user"]["first_name"] == "Eve"
    anonymous.post(SEND_VERIFY, {"email": old.user["username"]})
    anonymous.post(VERIFY, {"token": _token(mailbox[1])})
    assert anonymous.post("/api/user/token-auth/", credentials)[0] == 200


@pytest.mark.parametrize("body", [{}, {"email": "nobody"}, {"email": None}, {"email": ["a@example.com"]}])
def test_bad_verification_requests(anonymous: Api, body: dict[str, Any]) -> None:
    assert anonymous.post(SEND_VERIFY, body)[0] == 400
    assert anonymous.post(VERIFY, {"token": None})[0] == 400


def test_mails_for_a_server_go_through_the_queue(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = service(redis.Redis)
    cache.delete(QUEUE)
    monkeypatch.setattr(service(Mail), "_backend", Smtp("smtp://127.0.0.1:1", "a@example.com"))
    with begin():
        service(Mail).send("ada@example.com", "Hello", "test", {})
        assert cache.llen(QUEUE) == 0
    (queued,) = cache.lrange(QUEUE, 0, -1)
    cache.delete(QUEUE)
    envelope = json.loads(queued)
    assert envelope["headers"]["task"] == "tablewright.send_mail"
    assert json.loads(base64.b64decode(envelope["body"]))[1]["to"] == "ada@example.com"


def test_without_a_queue_the_mail_is_sent_from_here(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Message] = []

    def refuse(**kwargs: Any) -> None:
        raise OperationalError("no broker")

    backend = Smtp("smtp://127.0.0.1:1", "a@example.com")
    monkeypatch.setattr(backend, "deliver", sent.append)
    monkeypatch.setattr(service(Mail), "_backend", backend)
    monkeypatch.setattr("core.mail.service.send_mail.apply_async", refuse)
    with begin():
        service(Mail).send("ada@example.com", "Hello", "test", {})
    assert [message.to for message in sent] == ["ada@example.com"]
