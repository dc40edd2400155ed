"""Kinds of OAuth 2 providers: what a plugin says about one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from plugin_api import media
from plugin_api.schemas import Str
from plugin_api.sign_in import AuthProviderType, Person, Provider, ProviderSettings
from plugins.oauth2_sign_in.client import Client


@dataclass(frozen=True)
class Endpoints:
    """Where a provider is.

    authorize: the page people are sent to. token: where codes are exchanged. scope: what is asked for.
    proofs: whether it checks that the one who asks is the one who began (PKCE). nonce: whether its tokens carry a
    number of ours. basic: whether the client's secret goes into a header instead of the body.
    issuer: what it calls itself; nothing if that is not known.
    """

    authorize: str
    token: str
    scope: str
    proofs: bool = False
    nonce: bool = False
    basic: bool = False
    issuer: str = ""


class OAuth2Settings(ProviderSettings):
    """The client that was registered at the provider."""

    name = Str(required=True, max_length=255, metadata={"description": "What the button on the sign-in page says."})
    client_id = Str(required=True, max_length=191, metadata={"description": "The client's id at the provider."})
    secret = Str(required=True, max_length=191, metadata={"description": "The client's secret."})


class OAuth2Provider(AuthProviderType):
    """A base for kinds of providers that speak OAuth 2 with authorization codes."""

    settings_schema = OAuth2Settings
    secrets: ClassVar[Sequence[str]] = ("secret",)

    @abstractmethod
    def endpoints(self, provider: Provider) -> Endpoints:
        """Where the provider is."""

    @abstractmethod
    def person(self, provider: Provider, client: Client, tokens: Mapping[str, Any], nonce: str) -> Person:
        """Who has come back with these tokens. FlowError when the provider does not say; it may be asked."""

    def login_option(self, enabled: Sequence[Provider]) -> Any:
        """A button for each provider."""
        items = [
            {"redirect_url": login_url(found.id), "name": found.settings["name"], "type": self.type}
            for found in enabled
        ]
        default = items[0]["redirect_url"] if len(items) == 1 else None
        return {"type": self.type, "items": items, "default_redirect_url": default}


def login_url(provider_id: int) -> str:
    """Where signing in with a provider begins."""
    return f"{media.api_url()}/api/sso/oauth2/login/{provider_id}/"


def callback_url(provider_id: int) -> str:
    """Where a provider sends people back to."""
    return f"{media.api_url()}{callback_path(provider_id)}"


def callback_path(provider_id: int) -> str:
    """The path of that."""
    return f"/api/sso/oauth2/callback/{provider_id}/"
