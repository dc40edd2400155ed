"""Every error as JSON in one shape, `{"error", "detail"}`; the request's id is in the header X-Request-Id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from flask import Flask, Response, request
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from core.plugin_system import faults
from plugin_api import context
from plugin_api.errors import ApiError
from plugin_api.http import dumps
from plugin_api.platform import service

log = structlog.get_logger(__name__)

_CODES = {404: "URL_NOT_FOUND", 405: "ERROR_METHOD_NOT_ALLOWED", 413: "ERROR_REQUEST_BODY_TOO_LARGE"}

_CONFLICT = ("ERROR_CONFLICT", 409, "Somebody else changed the same things at the same time. Try again.")
_REFUSALS = {
    "22": ("ERROR_REQUEST_BODY_VALIDATION", 400, "A value cannot be stored"),
    "23": _CONFLICT,  # what the checks found free or there was taken or gone a moment later
    "40": _CONFLICT,
    "54": ("ERROR_REQUEST_BODY_VALIDATION", 400, "This is more than the database can take"),
}

_AWAY = ("08", "57P")
"""States of connections that are lost or not taken; without any state nobody answered."""


def register(app: Flask) -> None:
    """Handle all errors of the application."""
    app.register_error_handler(ApiError, _api_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DBAPIError, _refused_by_database)
    app.register_error_handler(Exception, _unexpected)


def _answer(
    code: str, status: int, detail: Any, extra: Mapping[str, Any] | None = None, instead: Any = None
) -> Response:
    body = {**(extra or {}), "error": code, "detail": detail} if instead is None else instead
    return Response(dumps(body), status, content_type="application/json")


def _api_error(error: ApiError) -> Response:
    response = _answer(error.code, error.status, error.detail, error.extra, error.body)
    response.headers.update(error.headers)
    return response


def _http_error(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:
        return error
    response = _answer(_CODES.get(status, f"ERROR_HTTP_{status}"), status, error.description or error.name)
    if status == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return response


def _refused_by_database(error: DBAPIError) -> Response:
    """PostgreSQL's refusals by their class: what it cannot store is the client's to mend; all are ours to look at."""
    state = getattr(error.orig, "sqlstate", None) or ""
    if isinstance(error, OperationalError) and (not state or state.startswith(_AWAY)):
        return _database_is_away(error)
    answer = _REFUSALS.get(state[:2])
    if answer is None:
        return _unexpected(error)
    code, status, what = answer
    reason = str(error.orig).splitlines()[0]
    log.warning("the database refused", problem=reason, exc_info=error)
    return _answer(code, status, f"{what}: {reason}" if status == 400 else what)


def _database_is_away(error: DBAPIError) -> Response:
    """Nothing was answered, so nothing was promised; a moment later the database is back."""
    log.warning("the database does not answer", problem=str(error.orig).partition("\n")[0])
    response = _answer("ERROR_DATABASE_UNAVAILABLE", 503, "The database does not answer. Try again in a moment.")
    response.headers["Retry-After"] = "1"
    return response


def _unexpected(error: Exception) -> Response:
    operation, inner = (request.endpoint or "").rpartition(".")[2], faults.raised_in(error)
    plugin = faults.provider("blueprints", request.blueprint or "")
    log.error("unexpected error", operation=operation, plugin=plugin or inner, raised_in=inner, exc_info=error)
    if plugin or inner:
        service(faults.Faults).noted(str(plugin or inner), f"operation {operation}", error)
    detail = "Something went wrong on our side. The server's log has more under this request id."
    return _answer("ERROR_INTERNAL", 500, detail, {"request_id": context.current().request_id})
