"""Providers people sign in with: who may set them up, what is checked, what is kept, which one stays."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from core.db.models import Action, AuthProvider
from plugin_api.db import begin
from tests.conftest import PASSWORD, STAFF_EMAIL, Api
from tests.identity import PROVIDERS, SECRET, IdentityServer, Providers
from tests.saml_identity import SamlIdentity

OPTIONS = "/api/auth-provider/login-options/"


@pytest.fixture
def providers(staff: Api) -> Iterator[Providers]:
    """The providers of the instance."""
    found = Providers(staff)
    yield found
    found.clear()


def _password(providers: Providers) -> str:
    return f"{PROVIDERS}{providers.all()['password'][0]['id']}/"


def test_only_staff_sees_and_changes_providers(providers: Providers, api: Api, anonymous: Api) -> None:
    made = f"{PROVIDERS}{providers.create('google')['id']}/"
    for who, status in ((api, 403), (anonymous, 401)):
        assert who.get(PROVIDERS)[0] == status
        assert who.get(made)[0] == status
        assert who.post(PROVIDERS, {"type": "nonsense"})[0] == status
        assert who.patch(made, {"enabled": "nonsense"})[0] == status
        assert who.delete(made)[0] == status
    assert providers.staff.get(made)[1]["enabled"] is True


def test_secrets_are_encrypted(providers: Providers) -> None:
    made = providers.create("github", secret=SECRET)
    assert made["secret"] == SECRET
    with begin() as unit:
        row = unit.session.get_one(AuthProvider, made["id"])
        kept = json.dumps([row.settings, row.secrets, row.kept])
    assert SECRET not in kept and "our secret" not in kept
    changed = providers.staff.patch(f"{PROVIDERS}{made['id']}/", {"name": "Renamed"})[1]
    assert (changed["name"], changed["secret"]) == ("Renamed", SECRET)
    assert providers.staff.get(f"{PROVIDERS}{made['id']}/")[1] == changed


def test_every_change_is_recorded_without_secrets(providers: Providers) -> None:
    made = providers.create("google", name="Recorded")
    url = f"{PROVIDERS}{made['id']}/"
    providers.staff.patch(url, {"secret": "another secret"})
    providers.staff.delete(url)
    with begin() as unit:
        chosen = sa.select(Action.type, Action.params).where(Action.type.like("%_auth_provider")).order_by(Action.id)
        last = unit.session.execute(chosen).all()[-3:]
    assert [row.type for row in last] == ["create_auth_provider", "update_auth_provider", "delete_auth_provider"]
    assert {row.params["auth_provider_id"] for row in last} == {made["id"]}
    assert last[1].params["changed"] == ["secret"]
    assert "another secret" not in json.dumps([row.params for row in last])


def test_the_type_of_a_provider_stays(providers: Providers) -> None:
    made = providers.create("google")
    changed = providers.staff.patch(f"{PROVIDERS}{made['id']}/", {"type": "github", "colour": "red"})[1]
    assert changed == made


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ([], {"non_field_errors": "invalid"}),
        ({"type": ["google"]}, {"type": "invalid_choice"}),
        ({"type": "google", "name": None, "client_id": 3}, {"name": "null", "secret": "required"}),
        ({"type": "google", "name": "x", "client_id": "c", "secret": "s" * 192}, {"secret": "max_length"}),
        (
            {"type": "google", "name": "x", "client_id": "c", "secret": "s", "enabled": None, "domain": []},
            {"enabled": "null", "domain": "invalid"},
        ),
        (
            {"type": "gitlab", "name": "x", "client_id": "c", "secret": "s", "base_url": "javascript:alert(1)"},
            {"base_url": "invalid"},
        ),
    ],
)
def test_bad_bodies_are_refused(providers: Providers, body: Any, codes: dict[str, str]) -> None:
    status, answer = providers.staff.post(PROVIDERS, body)
    assert (status, answer["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION")
    assert {key: problems[0]["code"] for key, problems in answer["detail"].items()} == codes
    assert sum(len(found) for found in providers.all().values()) == 1


@pytest.mark.parametrize("type_name", ["google", "gitlab", "openid_connect", "saml"])
def test_junk_in_every_place_is_no_failure(providers: Providers, type_name: str) -> None:
    server, identity = IdentityServer(), SamlIdentity()
    good = {"name": "N", "client_id": "c", "secret": "s", "base_url": server.url, "use_id_token": True}
    saml = {"domain": "example.com", "metadata": identity.metadata(), "email_attr_key": "a", "first_name_attr_key": "b"}
    body = {"type": type_name, "enabled": True, **(saml if type_name == "saml" else good)}
    made = providers.staff.post(PROVIDERS, body)[1]
    for key in (*body, "last_name_attr_key"):
        for junk in (None, True, -1, 2**63, 1e308, "", "\0", "\ud800", "9" * 400, [], {}, [[None]]):
            for status, answer in (
                providers.staff.post(PROVIDERS, {**body, key: junk}),
                providers.staff.patch(f"{PROVIDERS}{made['id']}/", {key: junk}),
            ):
                assert status in (200, 400), (key, junk, answer)


def test_one_provider_stays_switched_on(providers: Providers, anonymous: Api) -> None:
    password, google = _password(providers), f"{PROVIDERS}{providers.create('google')['id']}/"
    assert providers.staff.patch(password, {"enabled": False})[0] == 200
    assert set(anonymous.get(OPTIONS)[1]) == {"google"}
    for status, answer in (
        providers.staff.patch(google, {"enabled": False, "name": "Nothing of this"}),
        providers.staff.delete(google),
    ):
        assert (status, answer["error"]) == (400, "ERROR_CANNOT_DISABLE_ALL_AUTH_PROVIDERS")
    assert providers.staff.get(google)[1]["name"] == "Ours"
    assert providers.staff.patch(google, {"name": "Changed"})[0] == 200
    assert providers.staff.patch(password, {"enabled": True})[0] == 200
    assert providers.staff.patch(google, {"enabled": False})[0] == 200
    assert set(anonymous.get(OPTIONS)[1]) == {"password"}


def test_of_two_that_are_switched_off_at_once_one_stays(providers: Providers) -> None:
    urls = [_password(providers), f"{PROVIDERS}{providers.create('google')['id']}/"]
    ways = [Api(providers.staff.client.application.test_client(), "") for _ in urls]
    for way in ways:
        way.headers = providers.staff.headers
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda w=way, u=url: statuses.append(w.patch(u, {"enabled": False})[0]))
        for way, url in zip(ways, urls, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 400]


def test_without_passwords_staff_alone_signs_in_with_one(providers: Providers, api: Api, anonymous: Api) -> None:
    providers.create("google")
    providers.staff.patch(_password(providers), {"enabled": False})
    body = {"email": api.user["username"], "password": PASSWORD}
    assert anonymous.post("/api/user/token-auth/", body)[1]["error"] == "ERROR_AUTH_PROVIDER_DISABLED"
    assert anonymous.post("/api/user/token-auth/", {"email": STAFF_EMAIL, "password": PASSWORD})[0] == 200


def test_what_the_sign_in_page_is_told_has_no_secrets(providers: Providers, anonymous: Api, count_sql: Any) -> None:
    one = providers.create("google", name="One")["id"]
    with count_sql() as alone:
        first = anonymous.get(OPTIONS)[1]
    login = f"http://127.0.0.1:3000/api/sso/oauth2/login/{one}/"
    item = {"redirect_url": login, "name": "One", "type": "google"}
    assert first["google"] == {"type": "google", "items": [item], "default_redirect_url": login}
    providers.create("google", name="Two")
    providers.create("github")
    with count_sql() as several:
        told = anonymous.get(OPTIONS)[1]
    assert [found["name"] for found in told["google"]["items"]] == ["One", "Two"]
    assert told["google"]["default_redirect_url"] is None
    assert SECRET not in json.dumps(told) and "client" not in json.dumps(told)
    assert len(alone) == len(several) == 1


def test_a_type_whose_plugin_is_switched_off_is_not_there(providers: Providers, anonymous: Api) -> None:
    made = providers.create("github")
    staff, plugin = providers.staff, "/api/admin/plugins/github_sign_in/"
    assert staff.patch(plugin, {"enabled": False})[0] == 200
    try:
        assert "github" not in providers.all()
        assert "github" not in anonymous.get(OPTIONS)[1]
        for status, answer in (staff.get(f"{PROVIDERS}{made['id']}/"), staff.delete(f"{PROVIDERS}{made['id']}/")):
            assert (status, answer["error"]) == (404, "ERROR_AUTH_PROVIDER_DOES_NOT_EXIST")
        assert staff.post(PROVIDERS, {"type": "github"})[1]["detail"]["type"][0]["code"] == "invalid_choice"
        gone = anonymous.client.get(f"/api/sso/oauth2/login/{made['id']}/")
        assert gone.headers["Location"].endswith("/login/error?error=errorProviderDoesNotExist")
    finally:
        staff.patch(plugin, {"enabled": True})
    assert staff.get(f"{PROVIDERS}{made['id']}/")[1] == made


@pytest.mark.parametrize(
    "published",
    [
        [],
        "text",
        {"issuer": 3},
        {"token_endpoint": None},
        {"jwks_uri": "file:///etc/passwd"},
        {"userinfo_endpoint": "/relative"},
    ],
)
def test_what_is_no_openid_connect_provider_is_refused(providers: Providers, published: Any) -> None:
    server = IdentityServer()
    server.published = {**server.published, **published} if isinstance(published, dict) else published
    body = {"type": "openid_connect", "name": "x", "client_id": "c", "secret": "s", "base_url": server.url}
    status, answer = providers.staff.post(PROVIDERS, body)
    assert (status, answer["error"]) == (400, "ERROR_INVALID_PROVIDER_URL")
    assert providers.all()["openid_connect"] == []


def test_what_a_provider_publishes_is_read_when_its_address_is_entered(providers: Providers) -> None:
    server = IdentityServer()
    url = f"{PROVIDERS}{providers.create('openid_connect', base_url=server.url)['id']}/"
    providers.staff.patch(url, {"name": "x", "enabled": False})
    assert server.asked() == ["/.well-known/openid-configuration"]
    server.published["token_endpoint"] = None
    status, answer = providers.staff.patch(url, {"base_url": f"{server.url}/", "name": "y"})
    assert (status, answer["error"]) == (400, "ERROR_INVALID_PROVIDER_URL")
    assert providers.staff.get(url)[1]["name"] == "x"


def test_discovery_keeps_off_private_networks(providers: Providers) -> None:
    body = {"type": "openid_connect", "name": "x", "client_id": "c", "secret": "s", "base_url": "http://10.0.0.1"}
    status, answer = providers.staff.post(PROVIDERS, body)
    assert (status, answer["error"]) == (400, "ERROR_INVALID_PROVIDER_URL")
    assert "private network" in answer["detail"]
