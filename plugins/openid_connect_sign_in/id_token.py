"""ID tokens: what a provider signs about somebody, verified with the keys it publishes."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

import jwt

from plugins.oauth2_sign_in.claims import claims
from plugins.oauth2_sign_in.client import Client, FlowError

# Only signatures with a private key: with others, whoever has the secret could write tokens.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
_CLOCKS_DIFFER_BY = 60


def read(token: Any, client: Client, jwks_uri: str, issuer: str, client_id: str, nonce: str) -> Mapping[str, Any]:
    """The claims of a token that this provider made for this client and this sign-in. FlowError for any other."""
    if not isinstance(token, str):
        raise FlowError("the provider answered no ID token")
    try:
        key = _key(claims(client.get(jwks_uri)), jwt.get_unverified_header(token))
        said: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=_ALGORITHMS,
            audience=client_id,
            issuer=issuer,
            leeway=_CLOCKS_DIFFER_BY,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise FlowError(f"the ID token is not a good one: {error}") from None
    if not hmac.compare_digest(str(said.get("nonce", "")).encode(), nonce.encode()):
        raise FlowError("the ID token is of another sign-in")
    if isinstance(said["aud"], list) and len(said["aud"]) > 1 and said.get("azp") != client_id:
        raise FlowError("the ID token is for another client")
    return said


def _key(published: Mapping[str, Any], header: Mapping[str, Any]) -> jwt.PyJWK:
    """The key a token says it is signed with; the only one when it does not say."""
    keys = [key for key in jwt.PyJWKSet.from_dict(dict(published)).keys if key.public_key_use in (None, "sig")]
    wanted = header.get("kid")
    found = [key for key in keys if wanted is None or key.key_id == wanted]
    if len(found) != 1:
        raise FlowError("the provider does not publish the key of its ID token")
    return found[0]
