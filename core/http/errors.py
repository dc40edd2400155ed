"""Every error as JSON in one shape, `{"error", "detail"}`; the request's id is in the header X-Request-Id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from flask import Flask, Response
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from plugin_api import context
from plugin_api.errors import ApiError
from plugin_api.http import dumps

log = structlog.get_logger(__name__)

_CODES = {404: "URL_NOT_FOUND", 405: "ERROR_METHOD_NOT_ALLOWED", 413: "ERROR_REQUEST_BODY_TOO_LARGE"}


def register(app: Flask) -> None:
    """Handle all errors of the application."""
    app.register_error_handler(ApiError, _api_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DataError, _data_error)
    app.register_error_handler(Exception, _unexpected)


def _answer(code: str, status: int, detail: Any, extra: Mapping[str, Any] | None = None) -> Response:
    body = {**(extra or {}), "error": code, "detail": detail}
    return Response(dumps(body), status, content_type="application/json")


def _api_error(error: ApiError) -> Response:
    response = _answer(error.code, error.status, error.detail, error.extra)
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


def _data_error(error: DataError) -> Response:
    """A value PostgreSQL cannot store got past the checks: the client's to mend, ours to look at."""
    log.warning("the database refused a value", problem=str(error.orig))
    return _answer("ERROR_REQUEST_BODY_VALIDATION", 400, f"A value cannot be stored: {str(error.orig).splitlines()[0]}")


def _unexpected(error: Exception) -> Response:
    log.error("unexpected error", exc_info=error)
    detail = "Something went wrong on our side. The server's log has more under this request id."
    return _answer("ERROR_INTERNAL", 500, detail, {"request_id": context.current().request_id})
