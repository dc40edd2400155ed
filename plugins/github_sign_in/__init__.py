"""The provider type `github`: accounts of GitHub."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import Plugin, hookimpl
from plugin_api.sign_in import AuthProviderType, Person, Provider
from plugins.oauth2_sign_in.claims import claims, email, text, verified
from plugins.oauth2_sign_in.client import Client, FlowError
from plugins.oauth2_sign_in.kinds import Endpoints, OAuth2Provider

plugin = Plugin(
    name="github_sign_in",
    version="1.0",
    title="Sign-in with GitHub",
    description="People sign in with their GitHub accounts.",
    api=(1, 0),
    requires=("oauth2_sign_in",),
    feature="sso",
)


class GitHubProvider(OAuth2Provider):
    """GitHub."""

    type = "github"
    order = 40
    site_url = "https://github.com/login/oauth"
    api_url = "https://api.github.com"

    def endpoints(self, provider: Provider) -> Endpoints:
        """The same for everybody."""
        scope = "read:user,user:email"
        return Endpoints(f"{self.site_url}/authorize", f"{self.site_url}/access_token", scope)

    def person(self, provider: Provider, client: Client, tokens: Mapping[str, Any], nonce: str) -> Person:
        """The primary one of their addresses; the one in their profile may be hidden or not verified."""
        said = claims(client.get(f"{self.api_url}/user", tokens))
        listed = client.get(f"{self.api_url}/user/emails", tokens)
        addresses = [claims(one) for one in listed] if isinstance(listed, list) else []
        primary = next((one for one in addresses if one.get("primary") is True), None)
        if primary is None:
            raise FlowError("GitHub names no primary e-mail address")
        name = text(said, "name") or text(said, "login")
        return Person(email(primary), name, verified(primary, "verified"))


@hookimpl
def register_auth_provider_types() -> list[AuthProviderType]:
    """Provide `github`."""
    return [GitHubProvider()]
