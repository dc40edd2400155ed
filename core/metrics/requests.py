"""How many requests each operation had, how they ended and how long they took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from flask import Flask

from plugin_api import metrics

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_SECONDS = metrics.histogram(
    "http_request_seconds",
    "Seconds until the answer to a request was there, by the operation's id and the status.",
    "operation",
    "status",
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
UNKNOWN = "unknown"


def register(app: Flask) -> None:
    """Measure all requests of the application."""
    # Around Flask, not as its hooks: those cost ten times as much.
    app.wsgi_app = Measured(app.wsgi_app)  # type: ignore[method-assign]


class Measured:
    """A WSGI application whose requests are measured."""

    def __init__(self, wsgi: WsgiApp) -> None:
        self._wsgi = wsgi

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request, and count it when its answer begins."""
        begun = time.perf_counter()

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            request = environ.get("werkzeug.request")
            _series(request and request.endpoint, status[:3]).observe(time.perf_counter() - begun)
            return start_response(status, headers, exc_info)

        return self._wsgi(environ, start)


@lru_cache(maxsize=4096)
def _series(endpoint: str | None, status: str) -> Any:
    """Kept, because finding a series by its labels takes longer than counting."""
    operation = endpoint.rpartition(".")[2] if endpoint else UNKNOWN
    return _SECONDS.labels(operation, status)
