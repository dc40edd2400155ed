"""Cross-origin requests: browsers may call the API from the origins the settings name."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response, request

_ALLOWED_HEADERS = (
    "Authorization, Content-Type, ClientSessionId, ClientUndoRedoActionGroupId, WebSocketId, UserSourceAuthorization"
)


def register(app: Flask, origins: Sequence[str]) -> None:
    """Answer preflights and mark responses for the allowed origins."""

    def allowed() -> str | None:
        origin = request.headers.get("Origin")
        return origin if origin and ("*" in origins or origin in origins) else None

    def preflight() -> Response | None:
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            return Response(status=200)
        return None

    def mark(response: Response) -> Response:
        if origin := allowed():
            response.headers["Access-Control-Allow-Origin"] = "*" if "*" in origins else origin
            response.headers["Access-Control-Allow-Headers"] = _ALLOWED_HEADERS
            response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, PATCH, DELETE, OPTIONS"
            response.headers["Access-Control-Max-Age"] = "86400"
            response.headers.add("Vary", "Origin")
        return response

    app.before_request(preflight)
    app.after_request(mark)
