"""HTTP operations of signing in with an OAuth 2 provider; browsers go through them."""

from __future__ import annotations

from typing import Any

from flask import Response

from plugin_api.http import IGNORED, Blueprint
from plugin_api.schemas import Schema, Str
from plugin_api.sign_in_pages import SignInQuery
from plugins.oauth2_sign_in import flow

blueprint = Blueprint(
    "oauth2_sign_in",
    __name__,
    url_prefix="/api/sso/oauth2",
    description="Signing in with a provider that speaks OAuth 2",
)


def _optional(description: str) -> Str:
    return Str(allow_blank=True, trim=False, load_default="", metadata={"description": description})


class CallbackQuery(Schema):
    """What a provider sends back."""

    code = _optional("What the provider gives for tokens.")
    state = _optional("The number the sign-in began with.")
    error = _optional("Why the provider refuses.")
    iss = _optional("What the provider calls itself.")


@blueprint.operation(
    "GET",
    "/login/<int:provider_id>/",
    id="oauth_provider_login_redirect",
    summary="Go to a provider",
    description="Sends the browser to the provider's page to sign in. When there is no such provider, to the page for"
    " errors with the code errorProviderDoesNotExist.",
    query=SignInQuery,
    auth=IGNORED,
    status=302,
)
def login(provider_id: int, query: dict[str, Any]) -> Response:
    """To the provider."""
    return flow.begin(provider_id, query)


@blueprint.operation(
    "GET",
    "/callback/<int:provider_id>/",
    id="oauth_provider_login_callback",
    summary="Come back from a provider",
    description="Signs somebody in whom the provider knows, and sends the browser to the page it came for with a"
    " refresh token as `token`, or to the page for errors with a code.",
    query=CallbackQuery,
    auth=IGNORED,
    status=302,
)
def callback(provider_id: int, query: dict[str, str]) -> Response:
    """Back from the provider."""
    return flow.finish(provider_id, query)
