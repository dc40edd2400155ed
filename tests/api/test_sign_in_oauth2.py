"""Signing in with OAuth 2 providers: there and back, whose account it is, and who is not let in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from core.db.models import Action, User
from core.settings import JOIN
from plugin_api.db import begin
from plugin_api.platform import registry
from plugins.oauth2_sign_in import pending
from tests.conftest import PASSWORD, Api
from tests.identity import (
    CLIENT,
    KEY,
    OTHER_KEY,
    PROVIDERS,
    Browser,
    IdentityServer,
    Providers,
    address,
)

FLOW = {"page": "/login/error", "error": "errorAuthFlowError"}
OTHER = {"page": "/login/error", "error": "errorDifferentProvider"}


@pytest.fixture
def providers(staff: Api) -> Iterator[Providers]:
    """The providers of the instance."""
    found = Providers(staff)
    yield found
    found.clear()


@pytest.fixture
def server() -> IdentityServer:
    """A provider that knows somebody."""
    made = IdentityServer()
    made.said["/userinfo"] = {"sub": "1", "email": address(), "email_verified": True, "name": "Ada Lovelace"}
    return made


@pytest.fixture
def provider(providers: Providers, server: IdentityServer) -> int:
    """That provider, set up."""
    return int(providers.create("openid_connect", base_url=server.url)["id"])


@pytest.fixture
def browser(client: FlaskClient) -> Browser:
    """Somebody's browser."""
    return Browser(client)


def _who(anonymous: Api, landed: dict[str, str]) -> dict[str, Any]:
    """The user of a session that just began."""
    assert {"token", "user_session"} <= set(landed), landed
    status, answer = anonymous.post("/api/user/token-refresh/", {"refresh_token": landed["token"]})
    assert status == 200, answer
    return dict(answer["user"])


def _said(server: IdentityServer) -> dict[str, Any]:
    return dict(server.said["/userinfo"])


def test_somebody_new_gets_an_account(browser: Browser, provider: int, server: IdentityServer, anonymous: Api) -> None:
    server.said["/userinfo"]["email"] = server.said["/userinfo"]["email"].upper()
    landed = browser.sign_in(provider, language="nl", original="/database/7?row=2")
    assert landed["page"] == "/database/7" and landed["row"] == "2"
    user = _who(anonymous, landed)
    assert user["username"] == _said(server)["email"].lower()
    assert (user["first_name"], user["language"], user["is_staff"]) == ("Ada Lovelace", "nl", False)
    assert user["email_verified"] is True
    again = _who(anonymous, browser.sign_in(provider))
    assert again["id"] == user["id"]
    with begin() as unit:
        kept = unit.session.execute(sa.select(User.password, User.last_login).where(User.id == user["id"])).one()
        done = unit.session.scalars(sa.select(Action.type).where(Action.user_id == user["id"]).order_by(Action.id))
        assert list(done) == ["create_user", "sign_in_user", "sign_in_user"]
    assert kept.password == "" and kept.last_login is not None
    status, answer = anonymous.post("/api/user/token-auth/", {"email": user["username"], "password": PASSWORD})
    assert (status, answer["error"]) == (401, "ERROR_INVALID_CREDENTIALS")


def test_the_way_to_the_provider(browser: Browser, provider: int, server: IdentityServer) -> None:
    told = browser.go(provider)
    assert told.pop("state")
    callback = f"http://127.0.0.1:3000/api/sso/oauth2/callback/{provider}/"
    assert told == {
        "tenant": "7",
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": callback,
        "scope": "openid email profile",
    }
    response = browser.client.get(f"/api/sso/oauth2/login/{provider}/")
    assert response.headers["Cache-Control"] == "no-store"
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and f"Path={urlsplit(callback).path}" in cookie
    assert "our-client" not in cookie


@pytest.mark.parametrize(
    ("original", "page"),
    [
        ("/workspace/3", "/workspace/3"),
        ("http://127.0.0.1:3000/workspace/3", "/workspace/3"),
        ("https://evil.example.com/x", "/dashboard"),
        ("//evil.example.com/x", "/dashboard"),
        ("/\\evil.example.com", "/dashboard"),
        ("/\t/evil.example.com", "/dashboard"),
        ("http://127.0.0.1:3000.evil.example.com/x", "/dashboard"),
        ("http://127.0.0.1:3000@evil.example.com/x", "/dashboard"),
        ("javascript:alert(1)", "/dashboard"),
        ("/" + "x" * 3000, "/dashboard"),
        ("", "/dashboard"),
    ],
)
def test_the_browser_ends_on_pages_of_this_instance_only(
    browser: Browser, provider: int, original: str, page: str
) -> None:
    assert browser.sign_in(provider, original=original)["page"] == page


def test_only_the_browser_that_began_comes_back(
    browser: Browser, provider: int, server: IdentityServer, anonymous: Api
) -> None:
    state = browser.go(provider)["state"]
    stranger = Browser(browser.client.application.test_client())
    assert stranger.back(provider, state) == FLOW
    assert browser.back(provider, "another state") == FLOW
    state = browser.go(provider)["state"]
    server.asked()
    assert browser.back(provider, "") == FLOW
    assert server.asked() == []
    state = browser.go(provider)["state"]
    assert _who(anonymous, browser.back(provider, state))
    assert browser.back(provider, state) == FLOW


def test_a_sign_in_takes_a_quarter_of_an_hour_at_most(
    browser: Browser, provider: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = browser.go(provider)["state"]
    late = time.time() + pending.SECONDS + 1
    monkeypatch.setattr(pending.time, "time", lambda: late)
    assert browser.back(provider, state) == FLOW


def test_a_sign_in_of_one_provider_is_none_of_another(
    browser: Browser, provider: int, providers: Providers, server: IdentityServer
) -> None:
    other = providers.create("openid_connect", base_url=server.url)["id"]
    state = browser.go(provider)["state"]
    kept = browser.client.get_cookie("tablewright_sign_in", path=f"/api/sso/oauth2/callback/{provider}/")
    assert kept is not None
    browser.client.set_cookie("tablewright_sign_in", kept.value, path=f"/api/sso/oauth2/callback/{other}/")
    assert browser.back(other, state) == FLOW


@pytest.mark.parametrize("answer", [{}, {"error": "access_denied"}, {"access_token": 3}, [], "text"])
def test_a_provider_without_tokens(browser: Browser, provider: int, server: IdentityServer, answer: Any) -> None:
    server.tokens = answer
    assert browser.sign_in(provider) == FLOW


def test_what_the_provider_refuses(browser: Browser, provider: int) -> None:
    state = browser.go(provider)["state"]
    assert browser.back(provider, state, "bad") == FLOW
    state = browser.go(provider)["state"]
    assert browser.back(provider, state, error="access_denied") == FLOW
    state = browser.go(provider)["state"]
    assert browser.back(provider, state, iss="https://another.example.com") == FLOW


@pytest.mark.parametrize(
    "said",
    [
        [],
        {},
        {"email": None},
        {"email": "no address"},
        {"email": ["a@example.com"]},
        {"email": "a\0@example.com"},
        {"email": "ada@example.com", "email_verified": False},
        {"email": "ada@example.com", "email_verified": "false"},
    ],
)
def test_who_has_no_address_of_their_own_is_not_let_in(
    browser: Browser, provider: int, server: IdentityServer, said: Any
) -> None:
    server.said["/userinfo"] = said
    assert browser.sign_in(provider) == FLOW
    with begin() as unit:
        assert unit.session.scalar(sa.select(User.id).where(User.email == "ada@example.com")) is None


@pytest.mark.parametrize("name", [None, "", "A", "\0\n", 7])
def test_without_a_name_the_address_is_one(
    browser: Browser, provider: int, server: IdentityServer, anonymous: Api, name: Any
) -> None:
    server.said["/userinfo"]["name"] = name
    user = _who(anonymous, browser.sign_in(provider))
    assert user["first_name"] == user["username"].partition("@")[0]


def test_claims_have_the_names_the_administrator_entered(
    browser: Browser, providers: Providers, server: IdentityServer, anonymous: Api
) -> None:
    keys = {"email_attr_key": "mail", "first_name_attr_key": "given", "last_name_attr_key": "family"}
    provider = providers.create("openid_connect", base_url=server.url, **keys)["id"]
    server.said["/userinfo"] = {"mail": address(), "email_verified": False, "given": "Ada", "family": "King"}
    assert _who(anonymous, browser.sign_in(provider))["first_name"] == "Ada King"


def test_an_account_stays_with_the_way_it_is_signed_in_to(
    browser: Browser, provider: int, providers: Providers, server: IdentityServer, api: Api, anonymous: Api
) -> None:
    server.said["/userinfo"]["email"] = api.user["username"]
    assert browser.sign_in(provider) == OTHER
    server.said["/userinfo"]["email"] = address()
    first = _who(anonymous, browser.sign_in(provider))
    other = providers.create("openid_connect", base_url=server.url)["id"]
    assert browser.sign_in(other) == OTHER
    assert providers.staff.delete(f"{PROVIDERS}{provider}/")[0] == 204
    del server.said["/userinfo"]["email_verified"]
    assert browser.sign_in(other) == OTHER
    server.said["/userinfo"]["email_verified"] = True
    assert _who(anonymous, browser.sign_in(other))["id"] == first["id"]


def test_an_operator_may_let_verified_addresses_join(
    browser: Browser, provider: int, server: IdentityServer, api: Api, anonymous: Api, instance: Any
) -> None:
    instance(existing_accounts=JOIN)
    server.said["/userinfo"] = {"email": api.user["username"], "name": "Somebody"}
    assert browser.sign_in(provider) == OTHER
    server.said["/userinfo"]["email_verified"] = True
    user = _who(anonymous, browser.sign_in(provider))
    assert (user["id"], user["first_name"]) == (api.user["id"], api.user["first_name"])
    # Whoever made the account had never proved that the address is theirs.
    assert anonymous.post("/api/user/token-auth/", {"email": user["username"], "password": PASSWORD})[0] == 401
    assert api.get("/api/workspaces/")[0] == 401


def test_who_proved_the_address_keeps_the_password(
    browser: Browser, provider: int, server: IdentityServer, api: Api, anonymous: Api, instance: Any
) -> None:
    instance(existing_accounts=JOIN)
    with begin() as unit:
        unit.session.execute(sa.update(User).where(User.id == api.user["id"]).values(email_verified=True))
    server.said["/userinfo"]["email"] = api.user["username"]
    assert _who(anonymous, browser.sign_in(provider))["id"] == api.user["id"]
    assert api.get("/api/workspaces/")[0] == 200
    assert anonymous.post("/api/user/token-auth/", {"email": api.user["username"], "password": PASSWORD})[0] == 200


def test_closed_sign_ups_and_invitations(
    browser: Browser, provider: int, server: IdentityServer, api: Api, staff: Api, mailbox: Any, anonymous: Api
) -> None:
    workspace = api.post("/api/workspaces/", {"name": "Team"})[1]["id"]
    email = _said(server)["email"]
    body = {"email": email, "permissions": "MEMBER", "base_url": "http://127.0.0.1:3000/join"}
    assert api.post(f"/api/workspaces/invitations/workspace/{workspace}/", body)[0] == 200
    token = mailbox[-1].text.split("/join/")[1].split()[0]
    closed = {"page": "/login/error", "error": "errorSignupDisabled"}
    staff.patch("/api/settings/update/", {"allow_new_signups": False})
    try:
        assert browser.sign_in(provider) == closed
        assert browser.sign_in(provider, workspace_invitation_token="abc") == closed
        server.said["/userinfo"]["email"] = address()
        mismatch = {"page": "/login/error", "error": "errorGroupInvitationEmailMismatch"}
        assert browser.sign_in(provider, workspace_invitation_token=token) == mismatch
        server.said["/userinfo"]["email"] = email
        user = _who(anonymous, browser.sign_in(provider, workspace_invitation_token=token))
    finally:
        staff.patch("/api/settings/update/", {"allow_new_signups": True})
    members = api.get(f"/api/workspaces/users/workspace/{workspace}/")[1]
    assert user["id"] in [member["user_id"] for member in members]
    assert _who(anonymous, browser.sign_in(provider, workspace_invitation_token=token))["id"] == user["id"]


def test_accounts_that_are_switched_off_or_about_to_go(
    browser: Browser, provider: int, anonymous: Api, mailbox: Any
) -> None:
    user = _who(anonymous, browser.sign_in(provider))
    with begin() as unit:
        unit.session.execute(sa.update(User).where(User.id == user["id"]).values(is_active=False))
    assert browser.sign_in(provider) == {"page": "/login/error", "error": "errorUserDeactivated"}
    with begin() as unit:
        changes = {"is_active": True, "to_be_deleted": True, "delete_requested_on": datetime.now(UTC)}
        unit.session.execute(sa.update(User).where(User.id == user["id"]).values(changes))
    assert _who(anonymous, browser.sign_in(provider))["id"] == user["id"]
    assert [mail.subject for mail in mailbox] == ["Your account stays"]


def test_a_provider_that_is_switched_off(browser: Browser, provider: int, providers: Providers) -> None:
    state = browser.go(provider)["state"]
    providers.staff.patch(f"{PROVIDERS}{provider}/", {"enabled": False})
    gone = {"page": "/login/error", "error": "errorProviderDoesNotExist"}
    assert browser.back(provider, state) == gone
    password = providers.all()["password"][0]["id"]
    assert browser.back(password, state) == gone


def test_a_provider_that_can_is_asked_for_proofs(
    browser: Browser, providers: Providers, server: IdentityServer, anonymous: Api
) -> None:
    server.published["code_challenge_methods_supported"] = ["S256"]
    provider = providers.create("openid_connect", base_url=server.url)["id"]
    told = browser.go(provider)
    assert told["code_challenge_method"] == "S256"
    server.challenge = told["code_challenge"]
    assert _who(anonymous, browser.back(provider, told["state"]))
    told = browser.go(provider)
    assert browser.back(provider, told["state"]) == FLOW


def test_the_secret_goes_where_the_provider_takes_it(
    browser: Browser, providers: Providers, server: IdentityServer, anonymous: Api
) -> None:
    server.published["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    provider = providers.create("openid_connect", base_url=server.url)["id"]
    assert _who(anonymous, browser.sign_in(provider))
    posted = next(one for one in server.receiver.received if one.path == "/token")
    assert "authorization" not in posted.headers and b"client_secret=" in posted.raw


def test_secrets_do_not_follow_redirects(browser: Browser, provider: int, server: IdentityServer) -> None:
    thief = IdentityServer()
    usual = server.receiver.reply
    moved = (307, {"Location": f"{thief.url}/token"}, b"")
    server.receiver.reply = lambda received: moved if received.path == "/token" else usual(received)
    assert browser.sign_in(provider) == FLOW
    assert thief.asked() == []


class _Tokens:
    """ID tokens as the provider makes them, or not."""

    def __init__(self, server: IdentityServer, nonce: str) -> None:
        now = datetime.now(UTC)
        self.headers: dict[str, Any] = {"kid": "one"}
        self.claims: dict[str, Any] = {
            "iss": server.url,
            "aud": CLIENT,
            "sub": "1",
            "iat": now,
            "exp": now + timedelta(minutes=5),
            "nonce": nonce,
            "email": address(),
            "email_verified": True,
            "name": "Ada",
        }
        self.key: Any = KEY
        self.algorithm = "RS256"

    def made(self) -> str:
        """The token."""
        return jwt.encode(self.claims, self.key, self.algorithm, self.headers)


_OLD = {"exp": datetime.now(UTC) - timedelta(hours=1)}
_BAD_TOKENS: list[dict[str, Any]] = [
    {"claims": {"iss": "https://another.example.com"}},
    {"claims": {"aud": "another-client"}},
    {"claims": {"aud": [CLIENT, "another-client"]}},
    {"claims": {"nonce": "another"}},
    {"claims": {"nonce": None}},
    {"claims": _OLD},
    {"claims": {"email": None}},
    {"claims": {"email_verified": False}},
    {"headers": {"kid": "two"}},
    {"key": OTHER_KEY},
    {"key": "x" * 64, "algorithm": "HS256"},
    {"key": None, "algorithm": "none"},
]


@pytest.fixture
def by_token(providers: Providers, server: IdentityServer) -> int:
    """The provider, whose ID tokens are read."""
    return int(providers.create("openid_connect", base_url=server.url, use_id_token=True)["id"])


def test_by_a_signed_token(browser: Browser, by_token: int, server: IdentityServer, anonymous: Api) -> None:
    told = browser.go(by_token)
    tokens = _Tokens(server, told["nonce"])
    server.tokens["id_token"] = tokens.made()
    user = _who(anonymous, browser.back(by_token, told["state"]))
    assert (user["username"], user["first_name"]) == (tokens.claims["email"], "Ada")


@pytest.mark.parametrize("wrong", _BAD_TOKENS, ids=["-".join(one) for one in _BAD_TOKENS])
def test_other_tokens_are_refused(
    browser: Browser, by_token: int, server: IdentityServer, wrong: dict[str, Any]
) -> None:
    told = browser.go(by_token)
    tokens = _Tokens(server, told["nonce"])
    tokens.claims.update(wrong.get("claims", {}))
    tokens.headers.update(wrong.get("headers", {}))
    tokens.key, tokens.algorithm = wrong.get("key", KEY), wrong.get("algorithm", "RS256")
    server.tokens["id_token"] = tokens.made()
    assert browser.back(by_token, told["state"]) == FLOW


@pytest.mark.parametrize("token", [None, "", "a.b.c", 7])
def test_what_is_no_token_is_refused(browser: Browser, by_token: int, server: IdentityServer, token: Any) -> None:
    server.tokens["id_token"] = token
    assert browser.sign_in(by_token) == FLOW


def _google(server: IdentityServer, patch: pytest.MonkeyPatch, email: str) -> None:
    kind = registry("auth_provider_types")["google"]
    patch.setattr(kind, "token_url", f"{server.url}/token", raising=False)
    patch.setattr(kind, "people_url", f"{server.url}/people", raising=False)
    server.said["/people"] = {"email": email, "email_verified": True, "name": "Ada"}


def _facebook(server: IdentityServer, patch: pytest.MonkeyPatch, email: str) -> None:
    patch.setattr(registry("auth_provider_types")["facebook"], "graph_url", server.url, raising=False)
    server.said["/me"] = {"id": "1", "email": email, "name": "Ada"}
    server.said["/oauth/access_token"] = {}


def _github(server: IdentityServer, patch: pytest.MonkeyPatch, email: str) -> None:
    kind = registry("auth_provider_types")["github"]
    patch.setattr(kind, "site_url", server.url, raising=False)
    patch.setattr(kind, "api_url", server.url, raising=False)
    server.said["/user"] = {"login": "Ada", "name": None, "email": "hidden@example.com"}
    other = {"email": address(), "primary": False, "verified": True}
    server.said["/user/emails"] = [other, {"email": email, "primary": True, "verified": True}]


def _gitlab(server: IdentityServer, patch: pytest.MonkeyPatch, email: str) -> None:
    user = {"username": "ada", "name": "Ada", "email": email, "confirmed_at": "2024-01-01T00:00:00Z"}
    server.said["/api/v4/user"] = user


@pytest.mark.parametrize(
    ("kind", "prepare"),
    [("google", _google), ("facebook", _facebook), ("github", _github), ("gitlab", _gitlab)],
)
def test_each_kind_of_provider(
    browser: Browser,
    providers: Providers,
    server: IdentityServer,
    anonymous: Api,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    prepare: Any,
) -> None:
    email = address()
    prepare(server, monkeypatch, email)
    more = {"base_url": f"{server.url}/"} if kind == "gitlab" else {}
    provider = providers.create(kind, **more)["id"]
    user = _who(anonymous, browser.sign_in(provider))
    assert (user["username"], user["first_name"]) == (email, "Ada")


def test_addresses_that_are_not_confirmed_yet(
    browser: Browser, providers: Providers, server: IdentityServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _gitlab(server, monkeypatch, address())
    server.said["/api/v4/user"]["confirmed_at"] = None
    assert browser.sign_in(providers.create("gitlab", base_url=server.url)["id"]) == FLOW
    _github(server, monkeypatch, address())
    server.said["/user/emails"][1]["verified"] = False
    github = providers.create("github")["id"]
    assert browser.sign_in(github) == FLOW
    server.said["/user/emails"] = []
    assert browser.sign_in(github) == FLOW
