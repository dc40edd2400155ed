"""What the OpenAPI document says of an operation: its texts, schemas, credentials and the errors it may answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugin_api.schemas import Any_, Schema, Str

Code = str | tuple[str, int]
"""An error code; with its status where that is not the usual one."""

SENTENCE = "[a sentence]"
"""Stands among the codes of an operation that also refuses with nothing but a list of a sentence."""

_STATUS = {
    "ERROR_APPLICATION_TYPE_DOES_NOT_EXIST": 400,
    "ERROR_INTERNAL": 500,
    "ERROR_REQUEST_BODY_TOO_LARGE": 413,
    "ERROR_STAFF_ONLY": 403,
    "ERROR_TABLE_BUSY": 409,
    "ERROR_TOO_MANY_LOGIN_ATTEMPTS": 429,
    "ERROR_UNSUPPORTED_MEDIA_TYPE": 415,
    "ERROR_VIEW_FILTER_TYPE_DOES_NOT_EXIST": 400,
    **dict.fromkeys(
        (
            "ERROR_AUTH_PROVIDER_DISABLED",
            "ERROR_DEACTIVATED_USER",
            "ERROR_EMAIL_VERIFICATION_REQUIRED",
            "ERROR_INVALID_ACCESS_TOKEN",
            "ERROR_INVALID_CREDENTIALS",
            "ERROR_INVALID_REFRESH_TOKEN",
            "ERROR_NOT_AUTHENTICATED",
            "ERROR_NO_PERMISSION_TO_TABLE",
            "PERMISSION_DENIED",
        ),
        401,
    ),
}
_OF_BODIES = ("ERROR_REQUEST_BODY_VALIDATION", "ERROR_REQUEST_BODY_TOO_LARGE", "ERROR_UNSUPPORTED_MEDIA_TYPE")
_OF_CREDENTIALS = {
    "JWT": ("ERROR_NOT_AUTHENTICATED", "ERROR_INVALID_ACCESS_TOKEN"),
    "Token": ("ERROR_NOT_AUTHENTICATED", "ERROR_TOKEN_DOES_NOT_EXIST"),
}


class Error(Schema):
    """Why a request was refused."""

    error = Str(required=True, metadata={"description": "A stable code, for programs."})
    detail = Any_(metadata={"description": "For people; for values that do not fit, the problems of each key."})


def status_of(code: str) -> int:
    """The usual status of an error code."""
    return _STATUS.get(code) or (404 if code.endswith("_DOES_NOT_EXIST") else 400)


def error_codes(
    declared: Sequence[Code], schemes: Sequence[str], *, required: bool, staff: bool, body: bool, query: bool
) -> dict[str, int]:
    """The codes an operation may answer, with their statuses: those it declares and those that follow from the rest."""
    codes = {code: status_of(code) for code in declared if isinstance(code, str)}
    codes.update(dict(pair for pair in declared if isinstance(pair, tuple)))
    if "ERROR_USER_NOT_IN_GROUP" in codes:
        codes.setdefault("PERMISSION_DENIED", 401)
    if required:
        # Where no user's session would do it is 403: 401 tells clients to sign in and try again.
        refused = 401 if "JWT" in schemes else 403
        codes.update({code: refused for scheme in schemes for code in _OF_CREDENTIALS.get(scheme, ())})
    implied = [*(["ERROR_STAFF_ONLY"] if staff else []), *(_OF_BODIES if body else [])]
    implied += ["ERROR_QUERY_PARAMETER_VALIDATION"] if query else []
    return {**codes, **{code: status_of(code) for code in implied}}


def error_responses(codes: Mapping[str, int]) -> dict[str, Any]:
    """The responses to document for these codes."""
    by_status: dict[int, list[str]] = {}
    for code, status in codes.items():
        by_status.setdefault(status, []).append(code)
    return {str(status): _response(found) for status, found in sorted(by_status.items())}


def answer(schema: Any, content_type: str) -> dict[str, Any]:
    """The documentation of an operation's answer: JSON of a schema, bytes of a content type, or nothing."""
    found: dict[str, Any] = {"description": "Done."}
    if content_type:
        found["content"] = {content_type: {"schema": {"type": "string", "format": "binary"}}}
    elif schema is not None:
        found["content"] = {"application/json": {"schema": schema}}
    return found


def _response(codes: Sequence[str]) -> dict[str, Any]:
    schema: Any = Error
    if SENTENCE in codes:
        schema = {"oneOf": [Error, {"type": "array", "items": {"type": "string"}}]}
    return {"description": f"`{'`, `'.join(codes)}`", "content": {"application/json": {"schema": schema}}}


def security(schemes: Sequence[str], required: bool) -> list[dict[str, list[str]]]:
    """The credentials an operation takes; the empty object means that it does without as well."""
    taken: list[dict[str, list[str]]] = [{scheme: []} for scheme in schemes if scheme != "-"]
    return [{}, *taken] if taken and not required else taken
