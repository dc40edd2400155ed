"""HTTP for plugins: blueprints whose operations carry their contract (id, texts, schemas, errors, credentials)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, BinaryIO, Protocol, TypeVar

import flask_smorest
import marshmallow as ma
import orjson
from flask import Response, request

from plugin_api import context, features, openapi
from plugin_api.context import Context
from plugin_api.db import UnitsOfWork
from plugin_api.errors import ApiError, body_invalid, problem, query_invalid
from plugin_api.platform import service
from plugin_api.schemas import Any_

Handler = TypeVar("Handler", bound=Callable[..., Any])
SchemaLike = ma.Schema | type[ma.Schema]

USER = ("JWT",)
"""Credentials of most operations: a signed-in user."""
USER_OR_TOKEN = ("JWT", "Token")
"""Operations on rows also take database tokens."""
TOKEN = ("Token",)
"""Operations for database tokens alone; other credentials, and none, are refused with 403."""
OPEN = ()
"""No credentials are needed; when a JWT is sent it must be good."""
IGNORED = ("-",)
"""Credentials are not even looked at: signing in must work for clients that still send an expired token."""


class RawJson(bytes):
    """JSON text that goes to the client as it is."""


class Authentication(Protocol):
    """The service that turns a request's Authorization header into the acting user."""

    def authenticate(self, schemes: Sequence[str], required: bool) -> None:
        """Set the context's actor. 401 when required and absent, or present and bad."""

    def identify(self, scheme: str, credentials: str) -> Context:
        """The context of who has these credentials, which did not come in a header; 401 when they are bad."""


class BodyReader(Protocol):
    """The service that reads and parses request bodies within the limits."""

    def json(self) -> Any:
        """The parsed body; {} when there is none. 400 when it is not JSON, 413 too large, 415 another type."""

    def stream(self) -> BinaryIO:
        """The body's text, to be read in pieces by operations that take more than `json` does; same refusals."""

    def parse(self, data: bytes) -> Any:
        """The value of a piece of JSON text, with the refusals of `json`."""


@dataclass(frozen=True)
class OperationInfo:
    """What is known of an operation besides its code; kept on the view function as `operation`."""

    id: str
    schemes: tuple[str, ...]
    required: bool
    errors: Mapping[str, int]
    staff: bool = False


class Blueprint(flask_smorest.Blueprint):
    """A flask-smorest blueprint with one decorator for a whole operation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.served: list[tuple[str, str]] = []
        """Methods and addresses, without the prefix."""

    def add_url_rule(self, rule: str, *args: Any, **options: Any) -> None:
        """Serve an address; two plugins that serve the same one are told apart by what is kept here."""
        self.served += [(str(method).upper(), rule) for method in options.get("methods") or ("GET",)]
        super().add_url_rule(rule, *args, **options)

    def operation(
        self,
        method: str,
        path: str,
        *,
        id: str,
        summary: str,
        description: str,
        body: SchemaLike | None = None,
        form: SchemaLike | None = None,
        query: SchemaLike | None = None,
        response: SchemaLike | None = None,
        response_type: str = "",
        status: int = 200,
        errors: Sequence[openapi.Code] = (),
        auth: tuple[str, ...] = USER,
        optional_auth: bool = False,
        staff: bool = False,
        streamed: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Serve `method path`, under the contract's operation id.

        The handler gets path values by name, the loaded body as `body` and the query as `query`, and
        returns a JSON value, RawJson, None (204), a Flask response, or a value and a status.
        errors: codes the operation may answer, for the documentation; `(code, status)` where the status is not the
            usual one. Those of credentials, bodies, queries and staff's operations follow from the other arguments.
        staff: only staff may call it; others get 403 before anything else is looked at.
        form: documents a form (multipart/form-data) with files; the handler takes it from Flask's request.
        response_type: documents an answer that is no JSON, by its content type.
        streamed: the handler reads the body itself; `body` only documents it.
        """

        def decorate(handler: Handler) -> Handler:
            required = _required(auth, optional_auth)
            codes = openapi.error_codes(
                errors, auth, required=required, staff=staff, body=bool(body or form), query=query is not None
            )
            info = OperationInfo(id, auth, required, codes, staff)
            view = _view(handler, info, None if streamed else body, query, status)
            view.operation = info  # type: ignore[attr-defined]
            answered = openapi.answer(response, response_type)
            documented = self._document(view, info, summary, description, body, form, query, answered, status)
            self.route(path, methods=[method], endpoint=id)(documented)
            return handler

        return decorate

    def _document(
        self,
        view: Callable[..., Any],
        info: OperationInfo,
        summary: str,
        description: str,
        body: SchemaLike | None,
        form: SchemaLike | None,
        query: SchemaLike | None,
        answered: dict[str, Any],
        status: int,
    ) -> Callable[..., Any]:
        doc: dict[str, Any] = {"operationId": info.id, "summary": summary, "description": description}
        doc["security"] = openapi.security(info.schemes, info.required)
        sent = {"application/json": body, "multipart/form-data": form}
        if content := {kind: {"schema": schema} for kind, schema in sent.items() if schema is not None}:
            doc["requestBody"] = {"required": True, "content": content}
        if query is not None:
            doc["parameters"] = [{"in": "query", "schema": query}]
        doc["responses"] = {str(status): answered, **openapi.error_responses(info.errors)}
        documented: Callable[..., Any] = self.doc(**doc)(view)
        return documented


_READING = ("GET", "HEAD", "OPTIONS")


def _view(
    handler: Callable[..., Any],
    info: OperationInfo,
    body: SchemaLike | None,
    query: SchemaLike | None,
    status: int,
) -> Callable[..., Any]:
    body_schema, query_schema = _instance(body), _instance(query)

    def handle(values: dict[str, Any]) -> Response:
        service(Authentication).authenticate(info.schemes, info.required)
        if info.staff and not context.actor().is_staff:
            raise ApiError("ERROR_STAFF_ONLY", 403, "Only staff of this instance may do this.")
        features.require_here(info.errors.get(features.UNAVAILABLE, 402))
        given = dict(values)
        if query_schema is not None:
            given["query"] = load_query(query_schema)
        if body_schema is not None:
            given["body"] = load_body(body_schema)
        return respond(handler(**given), status)

    @wraps(handler)
    def view(**values: Any) -> Response:
        reading = request.method in _READING
        return service(UnitsOfWork).run(lambda: handle(values), reading=reading, replica=reading)

    return view


def _required(auth: tuple[str, ...], optional: bool) -> bool:
    return bool(auth) and auth != IGNORED and not optional


def _instance(schema: SchemaLike | None) -> ma.Schema | None:
    return schema() if isinstance(schema, type) else schema


def load_body(schema: ma.Schema) -> Any:
    """The request's JSON body through `schema`; 400 ERROR_REQUEST_BODY_VALIDATION when it does not fit."""
    return load_value(schema, service(BodyReader).json())


def load_value(schema: ma.Schema, value: Any) -> Any:
    """A parsed JSON value through `schema`; 400 ERROR_REQUEST_BODY_VALIDATION when it does not fit."""
    try:
        return schema.load(value)
    except ma.ValidationError as error:
        raise body_invalid(error.messages) from None


def load_query(schema: ma.Schema) -> Any:
    """The query parameters through `schema`; 400 ERROR_QUERY_PARAMETER_VALIDATION when they do not fit."""
    given = request.args.to_dict()
    names = _taken_as_they_are(schema)
    if names is not None:
        return {name: given[key] for key, name in names.items() if key in given}
    try:
        return schema.load(given)
    except ma.ValidationError as error:
        raise query_invalid(error.messages) from None


@lru_cache(maxsize=1024)
def _taken_as_they_are(schema: ma.Schema) -> Mapping[str, str] | None:
    """The names of the parameters by their keys, if the schema takes all texts as they are; else None.

    Operations that read their parameters leniently by themselves have such schemas: there is nothing to check.
    """
    fields = schema.fields.items()
    if schema.unknown != ma.EXCLUDE or any(schema._hooks.values()) or not all(_takes_all(found) for _, found in fields):
        return None
    return {found.data_key or name: found.attribute or name for name, found in fields}


def _takes_all(found: ma.fields.Field[Any]) -> bool:
    settled = found.required or found.dump_only or found.validators or found.load_default is not ma.missing
    return type(found) is Any_ and not settled


def json_body() -> Any:
    """The parsed JSON body for operations whose keys are not known beforehand (rows); must be an object."""
    value = service(BodyReader).json()
    if not isinstance(value, dict):
        raise body_invalid({"non_field_errors": [problem("invalid", "Expected an object.")]})
    return value


def respond(result: Any, status: int = 200) -> Response:
    """What a handler returned, as a response."""
    if isinstance(result, Response):
        return result
    if isinstance(result, tuple):
        result, status = result
    if result is None:
        empty = Response(status=204 if status == 200 else status)
        del empty.headers["Content-Type"]
        return empty
    data = result if isinstance(result, RawJson) else dumps(result)
    return Response(data, status, content_type="application/json")


def dumps(value: Any) -> bytes:
    """JSON as the API writes it: UTC times end in Z, other keys than texts are allowed."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z)


def not_found(code: str, detail: str) -> ApiError:
    """404 with a code of its own."""
    return ApiError(code, 404, detail)
