"""For tests of signing in elsewhere: providers that are set up, and a server that acts as one."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from flask.testing import FlaskClient

from tests.receiver import Received, Receiver, Reply

PROVIDERS = "/api/admin/auth-provider/"
CLIENT, SECRET = "our-client", "our secret: ü&+"
KEY = rsa.generate_private_key(65537, 2048)
OTHER_KEY = rsa.generate_private_key(65537, 2048)


class Providers:
    """The providers of the instance; those that a test made go when it is over."""

    def __init__(self, staff: Any) -> None:
        self.staff = staff

    def create(self, type_name: str, **settings: Any) -> dict[str, Any]:
        """Set one up."""
        body = {"type": type_name, "name": "Ours", "client_id": CLIENT, "secret": SECRET, **settings}
        status, answer = self.staff.post(PROVIDERS, body)
        assert status == 200, answer
        return dict(answer)

    def all(self) -> dict[str, list[dict[str, Any]]]:
        """Those that are there, by type."""
        kinds = self.staff.get(PROVIDERS)[1]["auth_provider_types"]
        return {kind["type"]: kind["auth_providers"] for kind in kinds}

    def clear(self) -> None:
        """Leave the password alone."""
        found = self.all()
        self.staff.patch(f"{PROVIDERS}{found.pop('password')[0]['id']}/", {"enabled": True})
        for provider in (one for some in found.values() for one in some):
            assert self.staff.delete(f"{PROVIDERS}{provider['id']}/")[0] == 204


class IdentityServer:
    """Acts as an OAuth 2 and OpenID Connect provider: `said` by path is what it answers about somebody."""

    def __init__(self) -> None:
        self.receiver = Receiver()
        self.receiver.reply = self._reply
        self.url = self.receiver.url
        self.published: dict[str, Any] = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize?tenant=7",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
        }
        self.tokens: dict[str, Any] = {"access_token": "opens", "token_type": "Bearer"}
        self.said: dict[str, Any] = {}
        self.challenge = ""

    def _reply(self, received: Received) -> Reply:
        path = urlsplit(received.path).path
        if path.endswith("token"):
            return self._exchange(received)
        found = {"/.well-known/openid-configuration": self.published, "/keys": self._keys(), **self.said}
        if path in self.said and received.headers.get("authorization") != "Bearer opens":
            return 401, {}, b"{}"
        return (200, {}, json.dumps(found[path]).encode()) if path in found else (404, {}, b"no")

    def _exchange(self, received: Received) -> Reply:
        form = dict(parse_qsl(received.raw.decode()))
        basic = received.headers.get("authorization", "").removeprefix("Basic ")
        client, _, secret = base64.b64decode(basic).decode("latin1").partition(":")
        good = (form.get("client_id", client), form.get("client_secret", secret)) == (CLIENT, SECRET)
        if not good or form["code"] != "good" or form["grant_type"] != "authorization_code":
            return 400, {}, b'{"error": "invalid_grant"}'
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if self.challenge and proof.decode().rstrip("=") != self.challenge:
            return 400, {}, b'{"error": "invalid_grant", "error_description": "another browser"}'
        return 200, {}, json.dumps(self.tokens).encode()

    @staticmethod
    def _keys() -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]}

    def asked(self) -> list[str]:
        """The paths that were asked for since the last time."""
        came, self.receiver.received = self.receiver.received, []
        return [one.path for one in came]


class Browser:
    """Somebody's browser, which goes to a provider and comes back."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def go(self, provider: int, **query: str) -> dict[str, str]:
        """Begin to sign in; what the provider is told."""
        response = self.client.get(f"/api/sso/oauth2/login/{provider}/", query_string=query)
        assert response.status_code == 302, response.text
        return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["Location"]).query).items()}

    def back(self, provider: int, state: str, code: str = "good", **more: str) -> dict[str, str]:
        """Come back from the provider; the page the browser is sent to and its query."""
        query = {"state": state, "code": code, **more}
        response = self.client.get(f"/api/sso/oauth2/callback/{provider}/", query_string=query)
        return landed(response)

    def sign_in(self, provider: int, **query: str) -> dict[str, str]:
        """There and back."""
        return self.back(provider, self.go(provider, **query)["state"])


def landed(response: Any) -> dict[str, str]:
    """The page of this instance that a browser was sent to, as `page`, and its query."""
    assert response.status_code == 302, response.text
    place = urlsplit(response.headers["Location"])
    assert (place.scheme, place.netloc) == ("http", "127.0.0.1:3000"), place
    return {"page": place.path, **dict(parse_qsl(place.query))}


def address() -> str:
    """An e-mail address nobody has."""
    return f"{uuid.uuid4().hex[:12]}@example.com"
