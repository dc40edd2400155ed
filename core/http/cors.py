"""Cross-origin requests: browsers may call the API from the origins the settings name."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response, request

_ALLOWED_HEADERS = (
    "Authorization, Content-Type, ClientSessionId, ClientUndoRedoActionGroupId, WebSocketId, UserSourceAuthorization"
)


def headers_for(origin: str | None, origins: Sequence[str]) -> dict[str, str]:
    """The headers of an answer to a page from `origin`; none when it may not read the answer."""
    if not origin or not ("*" in origins or origin in origins):
        return {}
    return {
        "Access-Control-Allow-Origin": "*" if "*" in origins else origin,
        "Access-Control-Allow-Headers": _ALLOWED_HEADERS,
        "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
        "Access-Control-Max-Age": "86400",
        "Vary": "Origin",
    }


def register(app: Flask, origins: Sequence[str]) -> None:
    """Answer preflights and mark responses for the allowed origins."""

    def preflight() -> Response | None:
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            return Response(status=200)
        return None

    def mark(response: Response) -> Response:
        given = headers_for(request.environ.get("HTTP_ORIGIN"), origins)
        if given:
            response.vary.add(given.pop("Vary"))
            response.headers.update(given)
        return response

    app.before_request(preflight)
    app.after_request(mark)
