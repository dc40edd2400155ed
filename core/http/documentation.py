"""The interactive page of the API at /api/docs/: everything on it comes from this server, nothing from elsewhere."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from flask import Flask, Response, redirect, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

PATH = "/api/docs/"
# What a browser may load here, should a newer Swagger UI ever want more.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_OURS = {"": ("page.html", "text/html; charset=utf-8"), "start.js": ("page.js", "text/javascript; charset=utf-8")}
_THEIRS = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")
_KEPT_SECONDS = 86400


def register(app: Flask) -> None:
    """Serve the page and its assets."""

    @cache
    def own(name: str) -> bytes:
        return (files("core.http") / _OURS[name][0]).read_bytes()

    def page(name: str = "") -> Response:
        response = Response(own(name), content_type=_OURS[name][1])
        response.headers["Content-Security-Policy"] = POLICY
        return response

    app.add_url_rule(PATH, "documentation", page)
    app.add_url_rule(PATH + "start.js", "documentation_start", lambda: page("start.js"))
    for name in _THEIRS:
        app.add_url_rule(PATH + name, f"documentation_{name.replace('.', '_')}", lambda name=name: _asset(name))
    # People type it without the slash.
    app.add_url_rule(PATH.rstrip("/"), "documentation_redirect", _to_page)


def _asset(name: str) -> Response:
    return send_from_directory(_folder(), name, max_age=_KEPT_SECONDS)


def _to_page() -> AnyResponse:
    return redirect(PATH)


@cache
def _folder() -> Path:
    """Where the package keeps Swagger UI. It is always unpacked: pip does not install archives."""
    return Path(str(files("flask_swagger_ui"))) / "dist"
