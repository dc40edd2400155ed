"""Signing in with an OAuth 2 provider: to the provider, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog
from flask import Response

from plugin_api import media, sign_in
from plugin_api.db import UnitsOfWork
from plugin_api.platform import registry, service
from plugin_api.sign_in import Person, Provider, SignInRefused
from plugin_api.sign_in_pages import arrived, leave, own_page, refused
from plugins.oauth2_sign_in import pending
from plugins.oauth2_sign_in.client import Client, FlowError
from plugins.oauth2_sign_in.kinds import Endpoints, OAuth2Provider, callback_url
from plugins.oauth2_sign_in.pending import Pending, number

log = structlog.get_logger(__name__)


def begin(provider_id: int, query: Mapping[str, Any]) -> Response:
    """Send the browser to the provider."""
    site = media.api_url()
    found = _find(provider_id)
    if found is None:
        return refused(site, sign_in.NO_PROVIDER)
    provider, kind = found
    places = kind.endpoints(provider)
    begun = Pending(
        provider.id,
        verifier=number() if places.proofs else "",
        nonce=number() if places.nonce else "",
        page=own_page(query["original"], site),
        language=query.get("language", "en"),
        invitation=query["workspace_invitation_token"],
    )
    client = _client(provider, places)
    response = leave(client.authorization_url(places.authorize, places.scope, begun.state, begun.verifier, begun.nonce))
    begun.give(response)
    return response


def finish(provider_id: int, query: Mapping[str, str]) -> Response:
    """Let somebody in who comes back from the provider. No transaction is open while the provider is asked."""
    site, units = media.api_url(), service(UnitsOfWork)
    try:
        found = units.run(lambda: _find(provider_id), reading=True)
        if found is None:
            raise SignInRefused(sign_in.NO_PROVIDER, "there is no such provider")
        begun, person = _identified(*found, query)
        entered = units.run(lambda: sign_in.enter(found[0], person))
    except (SignInRefused, FlowError) as error:
        code = error.code if isinstance(error, SignInRefused) else sign_in.FLOW_ERROR
        log.warning("a sign-in was refused", provider=provider_id, code=code, reason=str(error)[:500])
        response = refused(site, code)
    else:
        response = arrived(site, begun.page, entered)
    pending.forget(response, provider_id)
    return response


def _find(provider_id: int) -> tuple[Provider, OAuth2Provider] | None:
    provider = sign_in.provider(provider_id)
    kind = registry("auth_provider_types").get(provider.type) if provider else None
    return (provider, kind) if provider and isinstance(kind, OAuth2Provider) else None


def _client(provider: Provider, places: Endpoints) -> Client:
    its = provider.settings
    return Client(its["client_id"], its.get("secret", ""), callback_url(provider.id), places.basic, places.proofs)


def _identified(provider: Provider, kind: OAuth2Provider, query: Mapping[str, str]) -> tuple[Pending, Person]:
    """Who has come back, and the sign-in they began."""
    if query["error"]:
        raise FlowError(f"the provider says {query['error'][:100]!r}")
    begun = pending.take(provider.id, query["state"])
    if begun is None or not query["code"]:
        raise FlowError("the browser has not begun this sign-in, or too long ago")
    places = kind.endpoints(provider)
    if query["iss"] and places.issuer and query["iss"] != places.issuer:
        raise FlowError("the answer comes from another provider")
    client = _client(provider, places)
    tokens = client.tokens(places.token, query["code"], begun.verifier)
    person = kind.person(provider, client, tokens, begun.nonce)
    return begun, replace(person, language=begun.language, invitation=begun.invitation)
