"""Credentials: the Authorization header, its scheme, and the authenticator of the core or a plugin for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import current_app, request
from werkzeug.exceptions import MethodNotAllowed

from plugin_api import context
from plugin_api.authenticators import Authenticator
from plugin_api.context import Context
from plugin_api.db import UnitsOfWork
from plugin_api.errors import ApiError
from plugin_api.http import Authentication, OperationInfo
from plugin_api.platform import registry, service
from plugin_api.states import is_enabled


def refuse_strangers_first() -> None:
    """401 comes before 405 on paths where every method needs credentials; registered before each request."""
    error = request.routing_exception
    if not isinstance(error, MethodNotAllowed):
        return
    needed = [found for found in _operations_here(error) if found.required]
    if needed and len(needed) == len(_operations_here(error)):
        service(UnitsOfWork).run(lambda: service(Authentication).authenticate(needed[0].schemes, True))


def _operations_here(error: MethodNotAllowed) -> list[OperationInfo]:
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    methods = [method for method in error.valid_methods or () if method not in ("HEAD", "OPTIONS")]
    views = [current_app.view_functions[adapter.match(method=method)[0]] for method in methods]
    return [view.operation for view in views if hasattr(view, "operation")]


class HeaderAuthentication:
    """Sets the acting user from `Authorization: SCHEME credentials`."""

    def __init__(self, own: Mapping[str, Authenticator]) -> None:
        self._own = own

    def authenticate(self, schemes: Sequence[str], required: bool) -> None:
        """Set the context's actor, or raise 401. A scheme nobody knows counts as no credentials.

        Where no user's session would do, it is 403: 401 tells clients to sign in and try again.
        """
        try:
            self._authenticate(schemes, required)
        except ApiError as refusal:
            if schemes and "JWT" not in schemes:
                raise ApiError(refusal.code, 403, refusal.detail, extra=refusal.extra) from None
            raise

    def identify(self, scheme: str, credentials: str) -> Context:
        """The context of who has these credentials; 401 when they are bad."""
        authenticator = self._own.get(scheme) or _plugged(scheme)
        if authenticator is None:
            raise ApiError("ERROR_NOT_AUTHENTICATED", 401, f"Nobody signs in with {scheme}.")
        return authenticator.authenticate(credentials, Context())

    def _authenticate(self, schemes: Sequence[str], required: bool) -> None:
        found = self._authenticator(schemes or ("JWT",))
        if found is not None:
            authenticator, credentials = found
            context.set_context(authenticator.authenticate(credentials, context.current()))
        elif required:
            detail = "Authentication credentials were not provided."
            raise ApiError("ERROR_NOT_AUTHENTICATED", 401, detail, {"WWW-Authenticate": f'{schemes[0]} realm="api"'})

    def _authenticator(self, schemes: Sequence[str]) -> tuple[Authenticator, str] | None:
        scheme, _, credentials = request.environ.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
        if scheme not in schemes:
            return None
        authenticator = self._own.get(scheme) or _plugged(scheme)
        return (authenticator, credentials.strip()) if authenticator else None


def _plugged(scheme: str) -> Authenticator | None:
    """A plugin's authenticator; None while the plugin is switched off."""
    known = registry("authenticators")
    return known.get(scheme) if scheme in known and is_enabled(known.provider(scheme)) else None
