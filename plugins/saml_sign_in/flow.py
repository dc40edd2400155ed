"""Signing in with an identity provider: to it, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog
from flask import Response

from plugin_api import media, sign_in
from plugin_api.db import savepoint
from plugin_api.errors import ApiError
from plugin_api.languages import LANGUAGES
from plugin_api.sign_in import Entered, Person, Provider, SignInRefused
from plugin_api.sign_in_pages import DEFAULT_PAGE, arrived, leave, own_page, refused, with_query
from plugins.saml_sign_in import metadata, request, response, used
from plugins.saml_sign_in.provider import acs_url
from plugins.saml_sign_in.response import Answer, Assertion, BadAnswer

log = structlog.get_logger(__name__)

BAD_REQUEST, BAD_RESPONSE = "errorInvalidSamlRequest", "errorInvalidSamlResponse"


def login_url(query: Mapping[str, Any]) -> str:
    """Where to begin; 400 when no identity provider is meant, or more than one."""
    if _meant(query.get("email", "")) is None:
        detail = "There is no identity provider for this address, or there are several and the address must be given."
        raise ApiError("ERROR_SAML_INVALID_LOGIN_REQUEST", 400, detail)
    site = media.api_url()
    wanted = {**_wanted(query), "email": query.get("email", ""), "original": own_page(query["original"], site)}
    return with_query(f"{site}/api/sso/saml/login/", wanted)


def begin(query: Mapping[str, Any]) -> Response:
    """Send the browser to the identity provider."""
    site, provider = media.api_url(), _meant(query.get("email", ""))
    if provider is None:
        return refused(site, BAD_REQUEST)
    page = own_page(query["original"], site) or DEFAULT_PAGE
    target = metadata.read(provider.settings["metadata"]).sign_in_url
    asked = {
        "SAMLRequest": request.made(target, acs_url()),
        "RelayState": with_query(f"{site}{page}", _wanted(query)),
    }
    return leave(with_query(target, asked))


def _wanted(query: Mapping[str, Any]) -> dict[str, str]:
    return {
        "language": query.get("language", ""),
        "workspace_invitation_token": query["workspace_invitation_token"],
    }


def _meant(email: str) -> Provider | None:
    """The identity provider of an address's domain; without an address the only one."""
    providers = sign_in.providers("saml")
    if not email:
        return providers[0] if len(providers) == 1 else None
    domain = email.rpartition("@")[2]
    return next((provider for provider in providers if provider.domain == domain), None)


def finish(answer: str, relay: str) -> Response:
    """Let somebody in whom an identity provider has sent."""
    site = media.api_url()
    try:
        if not answer or not relay:
            raise BadAnswer("the form has no SAMLResponse or no RelayState")
        # Of what is refused nothing stays.
        with savepoint():
            entered = _entered(response.read(answer), parse_qs(urlsplit(relay).query))
    except (BadAnswer, SignInRefused, ValueError) as error:
        code = error.code if isinstance(error, SignInRefused) else BAD_RESPONSE
        log.warning("a sign-in was refused", code=code, reason=str(error)[:500])
        return refused(site, code)
    return arrived(site, _page(relay, site), entered)


def _page(relay: str, site: str) -> str:
    """The page to go to, without what was said about the account."""
    page = urlsplit(own_page(relay, site))
    kept = {name: values[0] for name, values in parse_qs(page.query).items() if name not in _ABOUT_ACCOUNTS}
    return with_query(page.path, kept)


_ABOUT_ACCOUNTS = ("language", "workspace_invitation_token", "token", "user_session")


def _entered(answer: Answer, asked: Mapping[str, list[str]]) -> Entered:
    """The session of whoever the answer is about."""
    provider, assertion = _believed(answer)
    if not used.use(answer.issuer, assertion.id, assertion.until):
        raise BadAnswer("the assertion was used before")
    entered = sign_in.enter(provider, _person(provider, assertion, asked))
    if not provider.kept.get("is_verified"):
        sign_in.keep(provider.id, {"is_verified": True})
    return entered


def _believed(answer: Answer) -> tuple[Provider, Assertion]:
    """The provider that the answer comes from, and what it has signed."""
    reason = "no identity provider is called so"
    for provider in sign_in.providers("saml"):
        known = metadata.read(provider.settings["metadata"])
        if known.entity_id == answer.issuer:
            try:
                return provider, response.verified(answer, known, acs_url())
            except BadAnswer as error:
                reason = str(error)
    raise BadAnswer(reason)


def _person(provider: Provider, assertion: Assertion, asked: Mapping[str, list[str]]) -> Person:
    its, said = provider.settings, assertion.attributes
    email = said.get(its["email_attr_key"], "")
    if "@" not in email:
        raise BadAnswer("the assertion has no e-mail address")
    names = (said.get(its["first_name_attr_key"], ""), said.get(its["last_name_attr_key"], ""))
    language, invitation = (asked.get(key, [""])[0] for key in _ABOUT_ACCOUNTS[:2])
    return Person(
        email,
        " ".join(name for name in names if name),
        verified=True,
        language=language if language in LANGUAGES else "en",
        invitation=invitation,
    )
