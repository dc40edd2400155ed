"""Errors the API answers with: a stable code, an HTTP status and a detail that says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ApiError(Exception):
    """Ends a request with `{"error": code, "detail": detail}`, the keys of `extra` and the given HTTP status.

    body: what is answered instead, where the contract has another shape.
    """

    def __init__(
        self,
        code: str,
        status: int = 400,
        detail: Any = "",
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})
        self.body = body


class TryAgain(ApiError):
    """What the work relied on was changed by somebody else while it ran; the platform runs it again."""

    def __init__(self, detail: str) -> None:
        super().__init__("ERROR_CONFLICT", 409, detail)


def does_not_exist(what: str) -> ApiError:
    """404 for an object that is not there: `does_not_exist("table")` is ERROR_TABLE_DOES_NOT_EXIST."""
    words = what.replace("_", " ")
    return ApiError(f"ERROR_{what.upper()}_DOES_NOT_EXIST", 404, f"The requested {words} does not exist.")


def body_invalid(detail: Any) -> ApiError:
    """400 for a body that does not validate; `detail` maps fields to lists of `{"error", "code"}`."""
    return ApiError("ERROR_REQUEST_BODY_VALIDATION", 400, detail)


def query_invalid(detail: Any) -> ApiError:
    """400 for query parameters that do not validate; same shape of detail as body_invalid."""
    return ApiError("ERROR_QUERY_PARAMETER_VALIDATION", 400, detail)


def problem(code: str, message: str) -> dict[str, str]:
    """One validation problem in the API's shape."""
    return {"error": message, "code": code}
