"""What an OpenID Connect provider publishes about itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api.errors import ApiError
from plugins.oauth2_sign_in.client import FlowError, ask

_ADDRESSES = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
_BASIC = "client_secret_basic"


def discover(base_url: str) -> dict[str, Any]:
    """Where the provider is and what it can do; 400 ERROR_INVALID_PROVIDER_URL when it does not say."""
    try:
        said = ask(f"{base_url.rstrip('/')}/.well-known/openid-configuration", {"Accept": "application/json"})
        return _read(said)
    except FlowError as error:
        detail = f"There is no OpenID Connect provider at this address: {error}"
        raise ApiError("ERROR_INVALID_PROVIDER_URL", 400, detail) from None


def _read(said: Any) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise FlowError("it answers something else")
    found = {name: said.get(name) for name in (*_ADDRESSES, "issuer")}
    for name, value in found.items():
        if not isinstance(value, str) or not value.startswith(("https://", "http://")):
            raise FlowError(f"it has no {name}")
    return {
        **found,
        "proofs": "S256" in _listed(said, "code_challenge_methods_supported"),
        # By the standard, one that says nothing takes the secret in a header.
        "basic": _BASIC in (_listed(said, "token_endpoint_auth_methods_supported") or [_BASIC]),
    }


def _listed(said: Mapping[str, Any], key: str) -> list[Any]:
    value = said.get(key)
    return value if isinstance(value, list) else []
