"""HTTP operations on shared views of any type."""

from __future__ import annotations

from typing import Any

from plugin_api.http import USER, Blueprint, RawJson
from plugins.views import public_schemas as schemas
from plugins.views import public_service as service
from plugins.views.refusals import LOCKED
from plugins.views.sharing import token_for

public = Blueprint(
    "database_public_views", __name__, url_prefix="/api/database/views", description="Views that are shared publicly."
)

_MISSING = "ERROR_VIEW_DOES_NOT_EXIST"


@public.operation(
    "GET",
    "/<slug>/public/info/",
    id="get_public_view_info",
    summary="Get a shared view",
    description="The settings of a shared view and the fields visitors see. Members may read it without sharing too.",
    response=schemas.SharedInfo,
    errors=(_MISSING, LOCKED),
    auth=USER,
    optional_auth=True,
)
def info(slug: str) -> Any:
    """A shared view and its fields."""
    return service.info(slug)


@public.operation(
    "POST",
    "/<slug>/public/auth/",
    id="public_view_token_auth",
    summary="Get a token for a shared view",
    description="Answers a token for the password of a shared view. Send it as `JWT <token>` in the header"
    " Baserow-View-Authorization. It is void as soon as the view has another password or address.",
    body=schemas.ViewPassword,
    response=schemas.ViewToken,
    errors=(
        _MISSING,
        ("ERROR_INVALID_VIEW_PASSWORD", 401),
        ("ERROR_TOO_MANY_LOGIN_ATTEMPTS", 429),
        "ERROR_REQUEST_BODY_VALIDATION",
    ),
    auth=USER,
    optional_auth=True,
)
def authenticate(slug: str, body: dict[str, Any]) -> Any:
    """A token for a password."""
    return {"access_token": token_for(slug, body["password"])}


@public.operation(
    "GET",
    "/<slug>/row/<int:row_id>/",
    id="get_public_view_row",
    summary="Read a row of a shared view",
    description="One row with the visible fields, if the view's filters keep it.",
    response=schemas.SharedRow,
    errors=(_MISSING, LOCKED, "ERROR_ROW_DOES_NOT_EXIST", "ERROR_VIEW_DOES_NOT_SUPPORT_LISTING_ROWS"),
    auth=USER,
    optional_auth=True,
)
def row(slug: str, row_id: int) -> RawJson:
    """A row."""
    return service.row(slug, row_id)


@public.operation(
    "GET",
    "/<slug>/link-row-field-lookup/<int:field_id>/",
    id="database_table_public_view_link_row_field_lookup",
    summary="List names of linked rows in a shared view",
    description="The rows a visible link field can show: in views that list rows those that are linked, in views where"
    " visitors choose all rows of the linked table. Names only.",
    query=schemas.LookupQuery,
    response=schemas.LinkedNames,
    errors=(_MISSING, LOCKED, "ERROR_FIELD_DOES_NOT_EXIST"),
    auth=USER,
    optional_auth=True,
)
def lookup(slug: str, field_id: int, query: dict[str, Any]) -> RawJson:
    """Names of linked rows."""
    return service.linked_names(slug, field_id)
