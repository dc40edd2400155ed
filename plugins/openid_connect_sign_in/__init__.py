"""The provider type `openid_connect`: accounts of any provider that speaks OpenID Connect."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.sign_in import AuthProviderType

plugin = Plugin(
    name="openid_connect_sign_in",
    version="1.0",
    title="Sign-in with OpenID Connect",
    description="People sign in with their accounts of a provider that speaks OpenID Connect, such as Keycloak.",
    api=(1, 0),
    requires=("oauth2_sign_in",),
    feature="sso",
)


@hookimpl
def register_auth_provider_types() -> list[AuthProviderType]:
    """Provide `openid_connect`."""
    from plugins.openid_connect_sign_in.provider import OpenIdConnectProvider

    return [OpenIdConnectProvider()]
