"""The error codes that operations on the rows of views share, for their documentation."""

from __future__ import annotations

LOCKED = ("ERROR_NO_AUTHORIZATION_TO_PUBLICLY_SHARED_VIEW", 401)
"""The view has a password, and its token is missing or void."""
OF_FILTERS = (
    "ERROR_USER_NOT_IN_GROUP",
    "ERROR_FILTER_FIELD_NOT_FOUND",
    "ERROR_VIEW_FILTER_TYPE_DOES_NOT_EXIST",
    "ERROR_VIEW_FILTER_TYPE_UNSUPPORTED_FIELD",
    "ERROR_FILTERS_PARAM_VALIDATION_ERROR",
)
OF_LISTING = (*OF_FILTERS, "ERROR_ORDER_BY_FIELD_NOT_FOUND", "ERROR_ORDER_BY_FIELD_NOT_POSSIBLE")
