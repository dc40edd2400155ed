"""The provider type `saml`: accounts of identity providers that speak SAML 2."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.http import Blueprint
from plugin_api.periodic import PeriodicTask
from plugin_api.sign_in import AuthProviderType

plugin = Plugin(
    name="saml_sign_in",
    version="1.0",
    title="Sign-in with SAML",
    description="People sign in with their accounts of an identity provider that speaks SAML 2.",
    api=(1, 0),
    feature="sso",
    migrations="plugins.saml_sign_in.migrations",
)

_HOUR = 3600.0


@hookimpl
def register_auth_provider_types() -> list[AuthProviderType]:
    """Provide `saml`."""
    from plugins.saml_sign_in.provider import SamlProvider

    return [SamlProvider()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """Login and the way back."""
    from plugins.saml_sign_in.routes import blueprint

    return [blueprint]


@hookimpl
def register_periodic_tasks() -> list[PeriodicTask]:
    """Answers too old to be used again need not be remembered."""
    from plugins.saml_sign_in.used import forget_old

    return [PeriodicTask("forget-saml-answers", _HOUR, forget_old)]
