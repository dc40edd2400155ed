"""Talking to a provider: Authlib's client, whose requests go through the guarded one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from plugin_api import outbound
from plugin_api.outbound import Answer, Limits, OutboundError

_MAX_BYTES = 512 * 1024
_SECONDS = 15.0


class FlowError(Exception):
    """The provider does not play its part; the text says how, for the log."""


class Client:
    """The client that is registered at a provider."""

    def __init__(self, client_id: str, secret: str, redirect_uri: str, basic: bool, proofs: bool) -> None:
        from authlib.oauth2.client import OAuth2Client  # read when somebody signs in this way

        self._oauth = OAuth2Client(
            session=_Session(),
            client_id=client_id,
            client_secret=secret,
            redirect_uri=redirect_uri,
            token_endpoint_auth_method="client_secret_basic" if basic else "client_secret_post",
            code_challenge_method="S256" if proofs else None,
        )

    def authorization_url(self, url: str, scope: str, state: str, verifier: str, nonce: str) -> str:
        """The address to send people to."""
        more = {"nonce": nonce} if nonce else {}
        proof = verifier or None
        found, _ = self._oauth.create_authorization_url(url, state=state, code_verifier=proof, scope=scope, **more)
        return str(found)

    def tokens(self, url: str, code: str, verifier: str) -> dict[str, Any]:
        """The tokens for a code. FlowError when there are none."""
        from authlib.common.errors import AuthlibBaseError

        more = {"code_verifier": verifier} if verifier else {}
        try:
            found = self._oauth.fetch_token(url, grant_type="authorization_code", code=code, **more)
        except (AuthlibBaseError, OutboundError, ValueError) as error:
            raise FlowError(f"the code could not be exchanged: {error}") from None
        if not isinstance(found.get("access_token"), str):
            raise FlowError("the provider answered no access token")
        return dict(found)

    def get(self, url: str, tokens: Mapping[str, Any] | None = None, **headers: str) -> Any:
        """The JSON at an address, asked for with the access token if there are tokens. FlowError otherwise."""
        sent = {"Accept": "application/json", **headers}
        if tokens is not None:
            sent["Authorization"] = f"Bearer {tokens['access_token']}"
        return ask(url, sent)


def ask(url: str, headers: Mapping[str, str] | None = None) -> Any:
    """The JSON at an address of a provider. FlowError when there is none."""
    try:
        answer = outbound.send("GET", url, headers=headers, limits=_limits())
    except OutboundError as error:
        raise FlowError(f"{url} cannot be read: {error}") from None
    if answer.status != 200:
        raise FlowError(f"{url} answers {answer.status}")
    try:
        return orjson.loads(answer.body)
    except ValueError:
        raise FlowError(f"{url} does not answer JSON") from None


def _limits() -> Limits:
    """A redirect would carry secrets to somebody else: none is followed."""
    private = outbound.own_machine()
    return Limits(_MAX_BYTES, _SECONDS, private_networks=private, follow_redirects=False)


class _Session:
    """What Authlib needs of an HTTP library."""

    def post(self, url: str, data: Mapping[str, str], headers: Mapping[str, str], auth: Any) -> _Response:
        """Send a form, with the client's credentials."""
        target, sent, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        return _Response(outbound.send("POST", target, headers=sent, content=body.encode(), limits=_limits()))


class _Response:
    """An answer as Authlib reads it."""

    def __init__(self, answer: Answer) -> None:
        self._answer, self.status_code = answer, answer.status

    def json(self) -> Any:
        """The body."""
        return orjson.loads(self._answer.body)

    def raise_for_status(self) -> None:
        """FlowError for an answer that is an error."""
        if self.status_code >= 400:
            raise OutboundError(f"the provider answers {self.status_code}")
