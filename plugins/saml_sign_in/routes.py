"""HTTP operations of signing in with an identity provider; browsers go through them.

What they do is loaded with the first of them, together with the libraries for XML and signatures.
"""

from __future__ import annotations

from typing import Any

from flask import Response
from flask import request as asked
from marshmallow import fields as mf

from plugin_api.errors import ApiError
from plugin_api.http import IGNORED, Blueprint, json_body
from plugin_api.schemas import Schema, Str
from plugin_api.sign_in_pages import SignInQuery

blueprint = Blueprint(
    "saml_sign_in",
    __name__,
    url_prefix="/api/sso/saml",
    description="Signing in with an identity provider that speaks SAML 2",
)


class LoginUrlAnswer(Schema):
    """Where to begin."""

    redirect_url = mf.String()


class AnswerForm(Schema):
    """What an identity provider lets the browser send, as a form."""

    SAMLResponse = Str(required=True, metadata={"description": "The answer, in base64."})
    RelayState = Str(required=True, metadata={"description": "The page to return to."})


@blueprint.operation(
    "GET",
    "/login-url/",
    id="auth_provider_login_url",
    summary="Find where to begin",
    description="Answers the address at which signing in with the identity provider of an e-mail address begins. The"
    " address can be left out when there is only one provider.",
    query=SignInQuery,
    response=LoginUrlAnswer,
    auth=IGNORED,
    errors=("ERROR_SAML_INVALID_LOGIN_REQUEST",),
)
def login_url(query: dict[str, Any]) -> dict[str, str]:
    """Where to begin."""
    from plugins.saml_sign_in import flow

    return {"redirect_url": flow.login_url(query)}


@blueprint.operation(
    "GET",
    "/login/",
    id="auth_provider_saml_sp_login",
    summary="Go to an identity provider",
    description="Sends the browser to the identity provider of an e-mail address, or to the page for errors with the"
    " code errorInvalidSamlRequest when there is none.",
    query=SignInQuery,
    auth=IGNORED,
    status=302,
)
def login(query: dict[str, Any]) -> Response:
    """To the identity provider."""
    from plugins.saml_sign_in import flow

    return flow.begin(query)


@blueprint.operation(
    "POST",
    "/acs/",
    id="auth_provider_saml_acs_url",
    summary="Come back from an identity provider",
    description="Signs somebody in whom an identity provider has sent, and sends the browser to the page of the relay"
    " state with a refresh token as `token`, or to the page for errors with a code.",
    body=AnswerForm,
    auth=IGNORED,
    streamed=True,
    status=302,
)
def acs() -> Response:
    """Back from the identity provider."""
    from plugins.saml_sign_in import flow

    values = asked.form.to_dict() or _json()
    answer, relay = (values.get(name) for name in ("SAMLResponse", "RelayState"))
    return flow.finish(answer if isinstance(answer, str) else "", relay if isinstance(relay, str) else "")


def _json() -> dict[str, Any]:
    """The same as JSON; nothing when it is something else."""
    try:
        found: dict[str, Any] = json_body()
        return found
    except ApiError:
        return {}
