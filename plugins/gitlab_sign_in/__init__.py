"""The provider type `gitlab`: accounts of GitLab, gitlab.com or one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import Plugin, hookimpl
from plugin_api.schemas import Url
from plugin_api.sign_in import AuthProviderType, Person, Provider
from plugins.oauth2_sign_in.claims import claims, email, text
from plugins.oauth2_sign_in.client import Client
from plugins.oauth2_sign_in.kinds import Endpoints, OAuth2Provider, OAuth2Settings

plugin = Plugin(
    name="gitlab_sign_in",
    version="1.0",
    title="Sign-in with GitLab",
    description="People sign in with their accounts of gitlab.com, or of a GitLab of one's own.",
    api=(1, 0),
    requires=("oauth2_sign_in",),
    feature="sso",
)


class GitLabSettings(OAuth2Settings):
    """Which GitLab."""

    base_url = Url(required=True, max_length=200, metadata={"description": "Its address: https://gitlab.com"})


class GitLabProvider(OAuth2Provider):
    """GitLab."""

    type = "gitlab"
    order = 50
    settings_schema = GitLabSettings

    def endpoints(self, provider: Provider) -> Endpoints:
        """Beneath its address."""
        base = _base(provider)
        return Endpoints(f"{base}/oauth/authorize", f"{base}/oauth/token", "read_user")

    def person(self, provider: Provider, client: Client, tokens: Mapping[str, Any], nonce: str) -> Person:
        """Addresses are verified by being confirmed."""
        said = claims(client.get(f"{_base(provider)}/api/v4/user", tokens))
        confirmed = bool(said["confirmed_at"]) if "confirmed_at" in said else None
        return Person(email(said), text(said, "name") or text(said, "username"), confirmed)


def _base(provider: Provider) -> str:
    return str(provider.settings["base_url"]).rstrip("/")


@hookimpl
def register_auth_provider_types() -> list[AuthProviderType]:
    """Provide `gitlab`."""
    return [GitLabProvider()]
