"""Where metrics are read: at /metrics of each web process, and at a port of its own of each worker."""

from __future__ import annotations

import hmac
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import structlog
from flask import Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.registry import CollectorRegistry
from werkzeug.exceptions import NotFound

from core.metrics.instance import InstanceFigures
from core.settings import Settings
from plugin_api.errors import ApiError
from plugin_api.platform import service

log = structlog.get_logger(__name__)

PATH = "/metrics"


def register(app: Flask) -> None:
    """Serve the metrics of this process and of the instance."""
    instance = CollectorRegistry(auto_describe=False)
    instance.register(InstanceFigures())

    def shown() -> Response:
        token = service(Settings).metrics_token
        if not token:
            raise NotFound("Metrics are off: TABLEWRIGHT_METRICS_TOKEN is not set.")
        if not _may_read(request.headers.get("Authorization", ""), token):
            detail = "The token of the metrics is needed: Authorization: Bearer ..."
            raise ApiError("ERROR_NOT_AUTHENTICATED", 401, detail, {"WWW-Authenticate": "Bearer"})
        return Response(generate_latest(REGISTRY) + generate_latest(instance), content_type=CONTENT_TYPE_LATEST)

    app.add_url_rule(PATH, "metrics", shown)


def _may_read(header: str, token: str) -> bool:
    return hmac.compare_digest(header.encode(), f"Bearer {token}".encode())


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Requests for metrics are not worth a line."""


def serve_beside(settings: Settings) -> None:
    """Serve this worker's metrics at the port of the settings, if there is one, for as long as the process lives."""
    if settings.worker_metrics_port and settings.metrics_token:
        threading.Thread(target=_serve, args=(settings,), name="metrics", daemon=True).start()


def _serve(settings: Settings) -> None:
    told = False
    while True:
        try:
            server = make_server(settings.host, settings.worker_metrics_port, _app(settings), handler_class=_Quiet)
        except OSError as error:
            # While a worker is replaced there are two for a moment.
            if not told:
                log.warning("metrics wait for their port", port=settings.worker_metrics_port, problem=str(error))
            told = True
            time.sleep(1.0)
        else:
            with server:
                server.serve_forever()


def _app(settings: Settings) -> Callable[..., Iterable[bytes]]:
    def shown(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if not _may_read(environ.get("HTTP_AUTHORIZATION", ""), settings.metrics_token):
            start("401 Unauthorized", [("WWW-Authenticate", "Bearer")])
            return [b""]
        start("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
        return [generate_latest(REGISTRY)]

    return shown
