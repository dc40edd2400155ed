"""HTTP operations of galleries: their rows."""

from __future__ import annotations

from typing import Any

from plugin_api.http import USER, Blueprint, RawJson
from plugins.views.listing import member_listing, visitor_listing
from plugins.views.public_schemas import ChosenRowsQuery, ViewRowsAnswer, ViewRowsQuery
from plugins.views.refusals import LOCKED, OF_LISTING

galleries = Blueprint(
    "gallery_views", __name__, url_prefix="/api/database/views/gallery", description="Rows of galleries."
)

_MISSING = "ERROR_GALLERY_DOES_NOT_EXIST"


@galleries.operation(
    "GET",
    "/<int:view_id>/",
    id="list_database_table_gallery_view_rows",
    summary="List the rows of a gallery",
    description="A page of the rows the gallery's filters keep, in its order, all fields included. Filters and orders"
    " of the request replace the saved ones.",
    query=ViewRowsQuery,
    response=ViewRowsAnswer,
    errors=(_MISSING, *OF_LISTING),
    auth=USER,
    optional_auth=True,
)
def list_rows(view_id: int, query: dict[str, Any]) -> RawJson:
    """A page of rows."""
    return member_listing(view_id, "gallery", choosing=False)


@galleries.operation(
    "GET",
    "/<slug>/public/rows/",
    id="public_list_database_table_gallery_view_rows",
    summary="List the rows of a shared gallery",
    description="A page of the rows the gallery's filters keep, with the visible fields and the cover. Filters of the"
    " request apply besides the saved ones; the order is that of `order_by`.",
    query=ChosenRowsQuery,
    response=ViewRowsAnswer,
    errors=(_MISSING, LOCKED, *OF_LISTING),
    auth=USER,
    optional_auth=True,
)
def list_public_rows(slug: str, query: dict[str, Any]) -> RawJson:
    """A page of rows for visitors."""
    return visitor_listing(slug, "gallery")
