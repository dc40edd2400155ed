"""The provider type `facebook`: accounts of Facebook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import Plugin, hookimpl
from plugin_api.sign_in import AuthProviderType, Person, Provider
from plugins.oauth2_sign_in.claims import claims, email, text
from plugins.oauth2_sign_in.client import Client
from plugins.oauth2_sign_in.kinds import Endpoints, OAuth2Provider

plugin = Plugin(
    name="facebook_sign_in",
    version="1.0",
    title="Sign-in with Facebook",
    description="People sign in with their Facebook accounts.",
    api=(1, 0),
    requires=("oauth2_sign_in",),
    feature="sso",
)


class FacebookProvider(OAuth2Provider):
    """Facebook, which does not say whether an address is verified."""

    type = "facebook"
    order = 30
    authorize_url = "https://www.facebook.com/dialog/oauth"
    graph_url = "https://graph.facebook.com"

    def endpoints(self, provider: Provider) -> Endpoints:
        """The same for everybody."""
        return Endpoints(self.authorize_url, f"{self.graph_url}/oauth/access_token", "email")

    def person(self, provider: Provider, client: Client, tokens: Mapping[str, Any], nonce: str) -> Person:
        """By the graph."""
        said = claims(client.get(f"{self.graph_url}/me?fields=id,email,name", tokens))
        return Person(email(said), text(said, "name"), None)


@hookimpl
def register_auth_provider_types() -> list[AuthProviderType]:
    """Provide `facebook`."""
    return [FacebookProvider()]
