"""Request bodies: read within the limits, parsed strictly, refused with a reason."""

from __future__ import annotations

from typing import IO, Any, BinaryIO, cast

import orjson
from flask import g, request

from plugin_api.errors import ApiError, body_invalid, problem

_NUL = b"\\u0000"


class JsonBodies:
    """Reads JSON bodies of at most `max_bytes`; those that are read in pieces, of at most `max_streamed_bytes`."""

    def __init__(self, max_bytes: int, max_streamed_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._max_streamed_bytes = max_streamed_bytes

    def json(self) -> Any:
        """The parsed body, read once a request; {} when there is none."""
        if "json_body" not in g:
            g.json_body = self._parse(self._read())
        return g.json_body

    def stream(self) -> BinaryIO:
        """The body's text, checked for its type and, while it is read, its size."""
        if (request.content_length or 0) > self._max_streamed_bytes:
            raise too_large(self._max_streamed_bytes)
        if request.content_length or "Transfer-Encoding" in request.headers:
            require_json_type()
        return cast(BinaryIO, _Limited(request.stream, self._max_streamed_bytes))

    def parse(self, data: bytes) -> Any:
        """The value of a piece of JSON text."""
        return parse_json(data)

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


class _Limited:
    """Reads from a stream, and refuses to go on after `limit` bytes."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream, self._limit, self._left = stream, limit, limit

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end."""
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise too_large(self._limit)
        return data


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
