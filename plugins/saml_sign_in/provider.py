"""The provider type itself: settings, what is shown, and where its parts are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from plugin_api import media
from plugin_api.errors import ApiError
from plugin_api.schemas import Str, invalid
from plugin_api.sign_in import AuthProviderType, Provider, ProviderSettings
from plugin_api.sign_in_pages import DEFAULT_PAGE

_DOMAIN = re.compile(r"(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")
_LARGEST = 1_000_000
_LONGEST_KEY = 255


class Domain(Str):
    """A domain, in lower case."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        found = super()._deserialize(value, attr, data, **kwargs)
        if not _DOMAIN.fullmatch(found):
            raise invalid("invalid", "Enter a domain such as example.com.")
        return found.lower()


class Metadata(Str):
    """The metadata of an identity provider."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        # The libraries for XML are loaded by those who use them: processes that serve no SAML do without.
        from plugins.saml_sign_in import metadata
        from plugins.saml_sign_in.xml import BadXml

        found = super()._deserialize(value, attr, data, **kwargs)
        try:
            metadata.read(found)
        except BadXml as error:
            raise invalid("invalid", f"This is no metadata of an identity provider: {error}.") from None
        return found


def _claim(what: str, default: str, blank: bool = False) -> Str:
    about = {"description": f"The attribute with the {what}."}
    return Str(load_default=default, allow_blank=blank, max_length=_LONGEST_KEY, metadata=about)


class SamlSettings(ProviderSettings):
    """The identity provider, whose people it knows, and what it calls what is known of them."""

    domain = Domain(required=True, metadata={"description": "The domain of the addresses it is asked about."})
    metadata = Metadata(
        required=True, trim=False, max_length=_LARGEST, metadata={"description": "What it publishes about itself."}
    )
    email_attr_key = _claim("e-mail address", "user.email")
    first_name_attr_key = _claim("first name", "user.first_name")
    last_name_attr_key = _claim("last name; blank when the first has all of it", "user.last_name", blank=True)


class SamlProvider(AuthProviderType):
    """An identity provider that speaks SAML 2."""

    type = "saml"
    order = 10
    settings_schema = SamlSettings

    def prepare(self, provider: Provider, before: Provider | None) -> Mapping[str, Any]:
        """Somebody must have signed in before it is known that the metadata is good."""
        same = before is not None and before.settings["metadata"] == provider.settings["metadata"]
        return {"is_verified": bool(same and before and before.kept.get("is_verified"))}

    def check(self, provider: Provider, others: Sequence[Provider]) -> None:
        """A domain has one identity provider."""
        if provider.domain in [other.domain for other in others]:
            detail = "There is an identity provider for this domain already."
            raise ApiError("ERROR_SAML_PROVIDER_FOR_DOMAIN_ALREADY_EXISTS", 400, detail)

    def shown(self, provider: Provider) -> Mapping[str, Any]:
        """Whether somebody has signed in with it."""
        return {"is_verified": bool(provider.kept.get("is_verified"))}

    def about(self) -> Mapping[str, Any]:
        """What to enter at the identity provider."""
        return {"relay_state_url": f"{media.api_url()}{DEFAULT_PAGE}", "acs_url": acs_url()}

    def login_option(self, enabled: Sequence[Provider]) -> Any:
        """With several, the page must ask for an address first."""
        several = len(enabled) > 1
        page = "/login/saml" if several else "/api/sso/saml/login/"
        return {
            "type": self.type,
            "domain_required": several,
            "default_redirect_url": f"{media.api_url()}{page}",
        }


def acs_url() -> str:
    """Where identity providers send people back to; also what this instance calls itself."""
    return f"{media.api_url()}/api/sso/saml/acs/"
