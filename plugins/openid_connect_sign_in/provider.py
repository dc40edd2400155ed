"""The provider type itself: settings, discovery, and who somebody is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api.schemas import Bool, Str, Url
from plugin_api.sign_in import Person, Provider
from plugins.oauth2_sign_in.claims import claims, email, text, verified
from plugins.oauth2_sign_in.client import Client
from plugins.oauth2_sign_in.kinds import Endpoints, OAuth2Provider, OAuth2Settings
from plugins.openid_connect_sign_in import id_token
from plugins.openid_connect_sign_in.discovery import discover

_LONGEST_KEY = 32


class OpenIdConnectSettings(OAuth2Settings):
    """Where the provider is, and where it writes what about somebody."""

    base_url = Url(
        required=True,
        max_length=200,
        metadata={"description": "Its address, beneath which it has /.well-known/openid-configuration."},
    )
    use_id_token = Bool(
        load_default=False, metadata={"description": "Whether to read its signed ID token instead of asking it."}
    )
    email_attr_key = Str(
        load_default="email", max_length=_LONGEST_KEY, metadata={"description": "The claim with the e-mail address."}
    )
    first_name_attr_key = Str(
        load_default="name", max_length=_LONGEST_KEY, metadata={"description": "The claim with the first name."}
    )
    last_name_attr_key = Str(
        load_default="",
        allow_blank=True,
        max_length=_LONGEST_KEY,
        metadata={"description": "The claim with the last name; blank when the first has all of it."},
    )


class OpenIdConnectProvider(OAuth2Provider):
    """Any provider that speaks OpenID Connect."""

    type = "openid_connect"
    order = 60
    settings_schema = OpenIdConnectSettings

    def prepare(self, provider: Provider, before: Provider | None) -> Mapping[str, Any]:
        """What the provider publishes, read when its address is entered."""
        if before is not None and before.kept and before.settings["base_url"] == provider.settings["base_url"]:
            return before.kept
        return discover(provider.settings["base_url"])

    def endpoints(self, provider: Provider) -> Endpoints:
        """As it publishes them."""
        its = provider.kept
        return Endpoints(
            its["authorization_endpoint"],
            its["token_endpoint"],
            "openid email profile",
            proofs=its["proofs"],
            nonce=provider.settings["use_id_token"],
            basic=its["basic"],
            issuer=its["issuer"],
        )

    def person(self, provider: Provider, client: Client, tokens: Mapping[str, Any], nonce: str) -> Person:
        """By its ID token or by asking it, as the administrator wants."""
        its, where = provider.settings, provider.kept
        if its["use_id_token"]:
            said = id_token.read(
                tokens.get("id_token"), client, where["jwks_uri"], where["issuer"], its["client_id"], nonce
            )
        else:
            said = claims(client.get(where["userinfo_endpoint"], tokens))
        names = (text(said, its["first_name_attr_key"]), text(said, its["last_name_attr_key"]))
        key = its["email_attr_key"]
        sure = verified(said, "email_verified") if key == "email" else None
        return Person(email(said, key), " ".join(name for name in names if name), sure)
