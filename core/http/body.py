"""Request bodies: read within the limits, parsed strictly, refused with a reason."""

from __future__ import annotations

from typing import Any

import orjson
from flask import g, request

from plugin_api.errors import ApiError, body_invalid, problem

_NUL = b"\\u0000"


class JsonBodies:
    """Reads JSON bodies of at most `max_bytes`."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes

    def json(self) -> Any:
        """The parsed body, read once a request; {} when there is none."""
        if "json_body" not in g:
            g.json_body = self._parse(self._read())
        return g.json_body

    def _read(self) -> bytes:
        if (request.content_length or 0) > self._max_bytes:
            raise too_large(self._max_bytes)
        data = request.stream.read(self._max_bytes + 1)
        if len(data) > self._max_bytes:
            raise too_large(self._max_bytes)
        return data

    def _parse(self, data: bytes) -> Any:
        if not data:
            return {}
        require_json_type()
        return parse_json(data)


def require_json_type() -> None:
    """415 unless the request says its body is JSON."""
    if request.mimetype != "application/json" and not request.mimetype.endswith("+json"):
        raise ApiError(
            "ERROR_UNSUPPORTED_MEDIA_TYPE",
            415,
            f'Send JSON with Content-Type: application/json, not "{request.mimetype}".',
        )


def parse_json(data: bytes) -> Any:
    """Parse JSON; 400 for broken or too deep JSON, lone surrogates and NUL characters."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise ApiError("ERROR_REQUEST_BODY_VALIDATION", 400, f"The body is not valid JSON: {error}") from None
    if _NUL in data and (path := _nul_path(value)) is not None:
        message = "Null characters are not allowed."
        raise body_invalid({path or "non_field_errors": [problem("null_characters_not_allowed", message)]})
    return value


def _nul_path(value: Any, path: str = "") -> str | None:
    """Where the first text with a NUL character is, as a dotted path; None when there is none."""
    if isinstance(value, str):
        return path if "\0" in value else None
    if isinstance(value, dict):
        if any("\0" in key for key in value):
            return path
        return next((p for k, v in value.items() if (p := _nul_path(v, f"{path}.{k}".strip("."))) is not None), None)
    if isinstance(value, list):
        return next((p for i, v in enumerate(value) if (p := _nul_path(v, f"{path}.{i}".strip("."))) is not None), None)
    return None


def too_large(limit: int) -> ApiError:
    """413 with the limit in words."""
    return ApiError("ERROR_REQUEST_BODY_TOO_LARGE", 413, f"The body is larger than the limit of {limit} bytes.")
