"""Signing in with SAML: what identity providers are asked, and which of their answers are believed."""

from __future__ import annotations

import base64
import copy
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import etree

from core.db.models import User
from plugin_api.db import begin
from plugins.saml_sign_in import request as requests
from plugins.saml_sign_in import used
from plugins.saml_sign_in.models import UsedAssertion
from tests.conftest import Api
from tests.identity import PROVIDERS, Providers, address, landed
from tests.saml_identity import ACS, ASSERTION, Said, SamlIdentity, asked, posted

BAD = {"page": "/login/error", "error": "errorInvalidSamlResponse"}
HOME = "http://127.0.0.1:3000/dashboard"


@pytest.fixture
def providers(staff: Api) -> Iterator[Providers]:
    """The providers of the instance."""
    found = Providers(staff)
    yield found
    found.clear()


@pytest.fixture(scope="module")
def identity() -> SamlIdentity:
    """An identity provider."""
    return SamlIdentity()


@pytest.fixture
def provider(providers: Providers, identity: SamlIdentity) -> str:
    """That identity provider, set up; its address for staff."""
    made = providers.create("saml", domain="one.example.com", metadata=identity.metadata())
    return f"{PROVIDERS}{made['id']}/"


@pytest.fixture
def said(identity: SamlIdentity, provider: str) -> Said:
    """A good answer about somebody new."""
    return Said(identity, **{"user.email": address(), "user.first_name": "Ada", "user.last_name": "King"})


def _post(client: FlaskClient, answer: str, relay: str = HOME) -> dict[str, str]:
    return landed(client.post("/api/sso/saml/acs/", data={"SAMLResponse": answer, "RelayState": relay}))


def _who(anonymous: Api, arrived: dict[str, str]) -> dict[str, Any]:
    assert {"token", "user_session"} <= set(arrived), arrived
    return dict(anonymous.post("/api/user/token-refresh/", {"refresh_token": arrived["token"]})[1]["user"])


def _nobody(said: Said) -> bool:
    with begin() as unit:
        return unit.session.scalar(sa.select(User.id).where(User.email == said.attributes["user.email"])) is None


def test_there_and_back(client: FlaskClient, anonymous: Api, staff: Api, provider: str, said: Said) -> None:
    gone = client.get("/api/sso/saml/login/?email=a@one.example.com&original=/database/7?row=2&language=nl")
    request, relay = asked(gone.headers["Location"])
    assert gone.headers["Location"].startswith(f"{said.identity.name}/sign-in?")
    assert request.get("AssertionConsumerServiceURL") == request.findtext(f"{{{ASSERTION}}}Issuer") == ACS
    assert relay == "http://127.0.0.1:3000/database/7?row=2&language=nl"
    said.asked = request.get("ID")
    arrived = _post(client, said.posted(), relay)
    assert (arrived["page"], arrived["row"], "language" in arrived) == ("/database/7", "2", False)
    user = _who(anonymous, arrived)
    assert (user["first_name"], user["language"], user["email_verified"]) == ("Ada King", "nl", True)
    assert staff.get(provider)[1]["is_verified"] is True
    said.id = "_another"
    said.asked = None
    assert _who(anonymous, _post(client, said.posted()))["id"] == user["id"]
    assert staff.patch(provider, {"first_name_attr_key": "name"})[1]["is_verified"] is True
    assert staff.patch(provider, {"metadata": said.identity.metadata(2)})[1]["is_verified"] is False


def test_a_signature_over_the_whole_response_is_as_good(client: FlaskClient, anonymous: Api, said: Said) -> None:
    root = said.identity.signed(said.response(said.assertion()))
    assert _who(anonymous, _post(client, posted(root)))


def test_an_answer_is_good_once(client: FlaskClient, said: Said) -> None:
    answer = said.posted()
    assert _post(client, answer)["page"] == "/dashboard"
    assert _post(client, answer) == BAD
    with begin() as unit:
        kept = unit.session.scalar(sa.select(sa.func.count()).select_from(UsedAssertion))
        assert kept
        unit.session.execute(sa.update(UsedAssertion).values(until=datetime.now(UTC) - timedelta(seconds=1)))
    used.forget_old()
    with begin() as unit:
        assert unit.session.scalar(sa.select(sa.func.count()).select_from(UsedAssertion)) == 0


_WRONG: list[dict[str, Any]] = [
    {"service": "https://another.example.com/"},
    {"recipient": "https://another.example.com/"},
    {"destination": "https://another.example.com/"},
    {"issuer": "https://another.example.com/"},
    {"method": "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"},
    {"status": "urn:oasis:names:tc:SAML:2.0:status:Responder"},
    {"asked": "_made-up"},
    {"asked": "_1.2.3"},
    {"ends": timedelta(minutes=-2)},
    {"begins": timedelta(minutes=2)},
    {"attributes": {"user.first_name": "Ada"}},
    {"attributes": {"user.email": "no address"}},
]


@pytest.mark.parametrize("wrong", _WRONG, ids=str)
def test_signed_but_wrong(client: FlaskClient, said: Said, wrong: dict[str, Any]) -> None:
    email = said.attributes["user.email"]
    for name, value in wrong.items():
        setattr(said, name, value)
    assert _post(client, said.posted()) == BAD
    said.attributes = {"user.email": email}
    assert _nobody(said)


def test_clocks_may_differ_by_a_little(client: FlaskClient, said: Said) -> None:
    said.begins, said.ends = timedelta(seconds=30), timedelta(seconds=40)
    assert _post(client, said.posted())["page"] == "/dashboard"


def test_answers_to_old_questions(client: FlaskClient, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    said.asked = asked(client.get("/api/sso/saml/login/").headers["Location"])[0].get("ID")
    now = requests.time.time()
    monkeypatch.setattr(requests.time, "time", lambda: now + 2 * 3600)
    assert _post(client, said.posted()) == BAD


def _unsigned(said: Said) -> Any:
    return said.response(said.assertion())


def _of_another_key(said: Said) -> Any:
    thief = SamlIdentity()
    return said.response(thief.signed(said.assertion()))


def _changed(said: Said) -> Any:
    root = said.response(said.identity.signed(said.assertion()))
    next(root.iter(f"{{{ASSERTION}}}AttributeValue")).text = address()
    return root


def _evil(said: Said) -> Any:
    evil = said.assertion()
    evil.set("ID", "_evil")
    next(evil.iter(f"{{{ASSERTION}}}AttributeValue")).text = said.attributes["user.email"]
    return evil


def _beside(said: Said) -> Any:
    return said.response(_evil(said), said.identity.signed(said.assertion()))


def _within(said: Said) -> Any:
    """The signed assertion is moved into one that is not signed, which has its signature."""
    signed = said.identity.signed(said.assertion())
    evil = _evil(said)
    signature = copy.deepcopy(signed[1])
    signed.remove(signed[1])
    etree.SubElement(signature, "{http://www.w3.org/2000/09/xmldsig#}Object").append(signed)
    evil.insert(1, signature)
    return said.response(evil)


def _signed_elsewhere(said: Said) -> Any:
    """A good signature, of something that is no assertion."""
    other = etree.fromstring('<other ID="_other"><part/></other>')
    signature = said.identity.signed(other)[1]
    evil = _evil(said)
    evil.insert(1, copy.deepcopy(signature))
    root = said.response(evil)
    root.append(etree.fromstring('<other ID="_other"><part/></other>'))
    return root


def _two_in_one(said: Said) -> Any:
    return said.identity.signed(said.response(said.assertion(), _evil(said)))


def _encrypted(said: Said) -> Any:
    return said.identity.signed(said.response(etree.Element(f"{{{ASSERTION}}}EncryptedAssertion")))


@pytest.mark.parametrize(
    "make",
    [_unsigned, _of_another_key, _changed, _beside, _within, _signed_elsewhere, _two_in_one, _encrypted],
)
def test_what_the_identity_provider_has_not_signed(
    client: FlaskClient, said: Said, make: Callable[[Said], Any]
) -> None:
    assert _post(client, posted(make(said))) == BAD
    assert _nobody(said)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<a/>",
        "<!DOCTYPE r [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><r>&e;</r>",
        "<!DOCTYPE r [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><r>&b;</r>",
        "\0",
        "<a" * 5000,
    ],
)
def test_what_is_no_answer(client: FlaskClient, provider: str, text: str) -> None:
    assert _post(client, base64.b64encode(text.encode()).decode()) == BAD


_DEEP = {"data": "[" * 50_000, "content_type": "application/json"}


def test_forms_that_are_none(client: FlaskClient, said: Said) -> None:
    for more in ({"json": [1]}, {"json": {"SAMLResponse": 3}}, {"data": "x", "content_type": "text/plain"}, _DEEP, {}):
        assert landed(client.post("/api/sso/saml/acs/", **more)) == BAD
    assert _post(client, said.posted(), "") == BAD
    assert landed(client.post("/api/sso/saml/acs/", json={"SAMLResponse": said.posted(), "RelayState": HOME}))["token"]


@pytest.mark.parametrize("relay", ["https://evil.example.com/x", "//evil.example.com", "nonsense", "http://[bad"])
def test_the_browser_ends_on_pages_of_this_instance_only(client: FlaskClient, said: Said, relay: str) -> None:
    assert _post(client, said.posted(), relay)["page"] in ("/dashboard", "/login/error")


def test_a_provider_without_certificates_lets_nobody_in(
    client: FlaskClient, providers: Providers, provider: str, said: Said
) -> None:
    assert providers.staff.patch(provider, {"metadata": said.identity.metadata(0)})[0] == 200
    assert _post(client, said.posted()) == BAD


def test_one_that_is_switched_off(client: FlaskClient, providers: Providers, provider: str, said: Said) -> None:
    providers.staff.patch(provider, {"enabled": False})
    assert _post(client, said.posted()) == BAD
    gone = client.get("/api/sso/saml/login/")
    assert landed(gone) == {"page": "/login/error", "error": "errorInvalidSamlRequest"}


def test_accounts_of_other_ways_to_sign_in(client: FlaskClient, said: Said, api: Api) -> None:
    said.attributes["user.email"] = api.user["username"]
    assert _post(client, said.posted()) == {"page": "/login/error", "error": "errorDifferentProvider"}


def test_of_several_providers_the_domain_decides(
    client: FlaskClient, anonymous: Api, providers: Providers, provider: str, said: Said
) -> None:
    other = SamlIdentity()
    providers.create("saml", domain="Two.example.com", metadata=other.metadata())
    url = "/api/sso/saml/login-url/"
    assert anonymous.get(url)[1]["error"] == "ERROR_SAML_INVALID_LOGIN_REQUEST"
    assert anonymous.get(f"{url}?email=a@three.example.com")[0] == 400
    begins = anonymous.get(f"{url}?email=A@TWO.example.com&original=//evil.example.com")[1]["redirect_url"]
    assert begins == "http://127.0.0.1:3000/api/sso/saml/login/?email=a%40two.example.com"
    assert client.get(begins.removeprefix("http://127.0.0.1:3000")).headers["Location"].startswith(other.name)
    assert _post(client, said.posted())["token"]
    said.issuer = other.name
    said.id = "_for-the-other"
    assert _post(client, said.posted()) == BAD


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('entityID="', 'entity="'),
        ("HTTP-Redirect", "HTTP-POST"),
        ("https://identity.example.com/", "javascript:alert(1)//"),
        ("IDPSSODescriptor", "SPSSODescriptor"),
        ("<ds:X509Certificate>", "<ds:X509Certificate>AAAA"),
        ("<md:EntityDescriptor", "<!DOCTYPE a [<!ENTITY b 'c'>]><md:EntityDescriptor"),
    ],
)
def test_bad_metadata_is_refused(providers: Providers, identity: SamlIdentity, old: str, new: str) -> None:
    text = identity.metadata()
    if old.startswith("https"):
        text = text.replace(f'Location="{identity.name}', 'Location="javascript:alert(1)//')
    else:
        text = text.replace(old, new)
    body = {"type": "saml", "domain": "example.com", "metadata": text}
    status, answer = providers.staff.post(PROVIDERS, body)
    assert (status, answer["detail"]["metadata"][0]["code"]) == (400, "invalid")
