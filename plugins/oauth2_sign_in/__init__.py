"""Signing in with providers that speak OAuth 2; other plugins add the kinds of them."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.http import Blueprint

plugin = Plugin(
    name="oauth2_sign_in",
    version="1.0",
    title="Sign-in with OAuth 2",
    description="The way to an OAuth 2 provider and back, for the plugins that know the providers.",
    api=(1, 0),
    feature="sso",
)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """Login and callback."""
    from plugins.oauth2_sign_in.routes import blueprint

    return [blueprint]
