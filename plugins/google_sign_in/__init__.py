"""The provider type `google`: accounts of Google."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import Plugin, hookimpl
from plugin_api.sign_in import AuthProviderType, Person, Provider
from plugins.oauth2_sign_in.claims import claims, email, text, verified
from plugins.oauth2_sign_in.client import Client
from plugins.oauth2_sign_in.kinds import Endpoints, OAuth2Provider

plugin = Plugin(
    name="google_sign_in",
    version="1.0",
    title="Sign-in with Google",
    description="People sign in with their Google accounts.",
    api=(1, 0),
    requires=("oauth2_sign_in",),
    feature="sso",
)


class GoogleProvider(OAuth2Provider):
    """Google."""

    type = "google"
    order = 20
    authorize_url = "https://accounts.google.com/o/oauth2/v2/auth"
    token_url = "https://oauth2.googleapis.com/token"
    people_url = "https://openidconnect.googleapis.com/v1/userinfo"

    def endpoints(self, provider: Provider) -> Endpoints:
        """The same for everybody."""
        rights = ("email", "profile")
        scope = " ".join(["openid", *(f"https://www.googleapis.com/auth/userinfo.{right}" for right in rights)])
        return Endpoints(self.authorize_url, self.token_url, scope)

    def person(self, provider: Provider, client: Client, tokens: Mapping[str, Any], nonce: str) -> Person:
        """By Google's OpenID Connect."""
        said = claims(client.get(self.people_url, tokens))
        return Person(email(said), text(said, "name"), verified(said, "email_verified"))


@hookimpl
def register_auth_provider_types() -> list[AuthProviderType]:
    """Provide `google`."""
    return [GoogleProvider()]
