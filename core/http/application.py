"""The Flask application: conventions, context of each request, plugin switch, blueprints of core and plugins."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from flask import Flask, Response, request
from werkzeug.routing import IntegerConverter, ValidationError

from core.http import cors, documentation, errors, openapi
from core.http.authentication import refuse_strangers_first
from core.metrics import process as process
from core.metrics import requests, serving
from core.plugin_system.state import PluginStates
from core.plugin_system.survival import survived
from core.runtime.wsgi_exchange import ROUTE, USER
from core.settings import Settings
from plugin_api import context
from plugin_api.errors import ApiError
from plugin_api.http import Blueprint
from plugin_api.registry import Registry

_HEADER_LIMIT = 200


class BigIntConverter(IntegerConverter):
    """A path's id: what does not fit a bigint is no id."""

    def to_python(self, value: str) -> int:
        """The id as a number."""
        if len(value) > 18:
            raise ValidationError
        number: int = super().to_python(value)
        return number


class Application(Flask):
    """Flask for functions that are no coroutines: it does not look at each of them, in every request, whether it is."""

    def dispatch_request(self) -> Any:
        """The answer of the view. One that tries to end the process ends its request, with the answer to an error."""
        with survived():
            return super().dispatch_request()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function."""
        return func


def build(settings: Settings, own: Iterable[Blueprint], plugged: Registry[Blueprint], states: PluginStates) -> Flask:
    """The WSGI application with the core's own blueprints and the plugins'."""
    app = Application("tablewright", static_folder=None)
    app.config.update(openapi.CONFIG)
    app.url_map.converters["int"] = BigIntConverter
    requests.register(app)
    app.before_request(_begin)
    app.before_request(lambda: _refuse_disabled(plugged, states))
    app.before_request(refuse_strangers_first)
    app.after_request(_finish)
    cors.register(app, settings.cors_origins)
    errors.register(app)
    api = openapi.Api(app)
    # flask-smorest registers handlers for HTTPException with a shape of its own: ours come last.
    errors.register(app)
    for blueprint in [*own, *plugged.values()]:
        api.register_blueprint(blueprint)
    openapi.register(app, api)
    documentation.register(app)
    serving.register(app)
    return app


def _begin() -> None:
    # Most requests lack these headers: for each, Flask's own would make an exception and catch it.
    header = request.environ.get
    context.set_context(
        context.Context(
            request_id=_short(header("HTTP_X_REQUEST_ID")) or secrets.token_hex(16),
            client_session_id=header("HTTP_CLIENTSESSIONID"),
            undo_group_id=header("HTTP_CLIENTUNDOREDOACTIONGROUPID"),
            websocket_id=_short(header("HTTP_WEBSOCKETID")),
            ip_address=request.remote_addr,
        )
    )
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=context.current().request_id)
    _refuse_bad_headers()
    if "%00" in request.query_string.decode("latin-1") or "\0" in request.path:
        raise ApiError("ERROR_QUERY_PARAMETER_VALIDATION", 400, "Null characters are not allowed in an address.")


_SESSION = re.compile(r"[0-9A-Za-z_-]{1,256}")


def _refuse_bad_headers() -> None:
    """The headers that say which actions belong together end up in the database: they must be what they say."""
    running = context.current()
    if running.client_session_id is not None and not _SESSION.fullmatch(running.client_session_id):
        message = "ClientSessionId must have 1 to 256 letters, digits, hyphens or underscores."
        raise ApiError("ERROR_INVALID_CLIENT_SESSION_ID", 400, message)
    if running.undo_group_id is not None and not _is_uuid(running.undo_group_id):
        message = "ClientUndoRedoActionGroupId must be a UUID."
        raise ApiError("ERROR_INVALID_CLIENT_UNDO_REDO_ACTION_GROUP_ID", 400, message)


def _is_uuid(value: str) -> bool:
    try:
        return bool(uuid.UUID(value))
    except ValueError:
        return False


def _short(value: str | None) -> str | None:
    return value[:_HEADER_LIMIT].replace("\0", "") if value else None


def _refuse_disabled(plugged: Registry[Blueprint], states: PluginStates) -> None:
    name = request.blueprint
    if name and name in plugged and not states.is_enabled(plugged.provider(name)):
        plugin = plugged.provider(name)
        raise ApiError("ERROR_PLUGIN_DISABLED", 404, f"The plugin {plugin} is switched off by the administrator.")


def _finish(response: Response) -> Response:
    request.environ[ROUTE] = request.url_rule.rule if request.url_rule is not None else None
    request.environ[USER] = context.current().actor.user_id
    response.headers["X-Request-Id"] = context.current().request_id
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response
