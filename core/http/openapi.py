"""The OpenAPI document of the running product and its interactive page."""

from __future__ import annotations

from typing import Any

import flask_smorest
from flask import Flask, Response

from plugin_api.http import dumps

CONFIG: dict[str, Any] = {
    "API_TITLE": "Tablewright API",
    "API_VERSION": "1.0",
    "OPENAPI_VERSION": "3.0.3",
    "OPENAPI_URL_PREFIX": None,
}


def register(app: Flask, api: flask_smorest.Api) -> None:
    """Serve the document at /api/schema.json."""

    def schema() -> Response:
        return Response(dumps(api.spec.to_dict()), content_type="application/json")

    app.add_url_rule("/api/schema.json", "schema", schema)
