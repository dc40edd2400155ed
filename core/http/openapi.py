"""The OpenAPI document of the running product: what every operation says of itself, under common conventions."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Any

import flask_smorest
from flask import Flask, Response
from marshmallow import fields as mf

from plugin_api import schemas
from plugin_api.http import dumps
from plugin_api.openapi import Error
from plugin_api.platform import registry

PATH = "/api/schema.json"
DESCRIPTION = """\
Every change of a table, a field, a row, a workspace or an account goes through these operations.

**Signing in.** `POST /api/user/` makes an account, `POST /api/user/token-auth/` opens a session; both answer an
`access_token`, to be sent as `Authorization: JWT <access_token>`. It lives for minutes; `POST /api/user/token-refresh/`
answers a new one. Programs that only read and write rows use a database token: `Authorization: Token <key>`.

**Errors** are JSON everywhere: a stable code in `error`, and in `detail` a sentence or, for values that do not fit,
the problems of each key. Every answer has its id in the header `X-Request-Id`; the server's log has more under it.

**Plugins** provide most of these operations. Those of a plugin that an administrator switched off answer 404 with
`ERROR_PLUGIN_DISABLED` until it is on again; its data is kept.
"""
CONFIG: dict[str, Any] = {
    "API_TITLE": "Tablewright API",
    "API_VERSION": "1.0",
    "OPENAPI_VERSION": "3.0.3",
    "OPENAPI_URL_PREFIX": None,
    "API_SPEC_OPTIONS": {"info": {"description": DESCRIPTION}, "servers": [{"url": "/"}]},
}

_SCHEMES = {
    "JWT": "A session's access token: `JWT <access_token>`.",
    "Token": "A database token's key: `Token <key>`.",
}
_LIMITS = (
    ("min_length", {"string": "minLength", "array": "minItems"}),
    ("max_length", {"string": "maxLength", "array": "maxItems"}),
    ("min_value", {"integer": "minimum", "number": "minimum"}),
    ("max_value", {"integer": "maximum", "number": "maximum"}),
)


class Api(flask_smorest.Api):  # type: ignore[misc]
    """Collects the operations of blueprints; knows our errors and the limits of our fields."""

    ERROR_SCHEMA = Error

    def init_app(self, app: Flask, **options: Any) -> None:
        """Begin the document."""
        super().init_app(app, **options)
        self.ma_plugin.converter.add_attribute_function(_limits)
        self._undescribed: list[flask_smorest.Blueprint] = []

    def register_blueprint(self, blp: flask_smorest.Blueprint, **options: Any) -> None:
        """Serve a blueprint. What it says of itself is read when somebody asks for the document: that takes time."""
        self._app.register_blueprint(blp, **options)
        self._undescribed.append(blp)

    def describe(self) -> None:
        """Have all blueprints in the document."""
        while self._undescribed:
            found = self._undescribed.pop(0)
            found.register_views_in_doc(self, self._app, self.spec, name=found.name, parameters=None)
            self.spec.tag({"name": found.name, "description": found.description})


def _limits(_converter: Any, field: mf.Field[Any], ret: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """What our fields check beyond their type."""
    if isinstance(field, schemas.Choice):
        return {"enum": field.choices} if field.choices else {}
    if isinstance(field, schemas.Email):
        return {"format": "email"}
    found = {}
    for attribute, words in _LIMITS:
        value, word = getattr(field, attribute, None), words.get(ret.get("type", ""))
        if value is not None and word is not None:
            found[word] = value
    return found


def register(app: Flask, api: Api) -> None:
    """Serve the document."""

    one_at_a_time = Lock()

    @cache
    def text() -> bytes:
        return dumps(document(api))

    def schema() -> Response:
        with one_at_a_time:
            return Response(text(), content_type="application/json")

    app.add_url_rule(PATH, "schema", schema)


def document(api: Api) -> dict[str, Any]:
    """The document as clients get it."""
    api.describe()
    spec: dict[str, Any] = api.spec.to_dict()
    spec["tags"] = sorted(({**tag, "name": _title(tag["name"])} for tag in spec["tags"]), key=lambda tag: tag["name"])
    for methods in spec["paths"].values():
        for operation in (found for method, found in methods.items() if method != "parameters"):
            operation["tags"] = [_title(tag) for tag in operation["tags"]]
    components = spec["components"]
    components["securitySchemes"] = {scheme: _scheme(scheme) for scheme in _SCHEMES | dict(_plugged_schemes())}
    # flask-smorest adds it for its own way of paging, which nothing here uses.
    components["schemas"].pop("PaginationMetadata", None)
    return spec


def _title(name: str) -> str:
    """A blueprint's name as people read it."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _plugged_schemes() -> list[tuple[str, str]]:
    return [(scheme, scheme) for scheme in registry("authenticators")]


def _scheme(name: str) -> dict[str, str]:
    text = _SCHEMES.get(name, f"`{name} <credentials>`.")
    return {"type": "apiKey", "in": "header", "name": "Authorization", "description": text}
