"""HTTP operations of grids: their rows."""

from __future__ import annotations

from typing import Any

from plugin_api.http import USER, Blueprint, RawJson
from plugin_api.schemas import Int, List, Schema
from plugins.database.rows.schemas import RowAnswer
from plugins.views.listing import listing, rows_by_ids
from plugins.views.public_schemas import ChosenRowsQuery, ViewRowsAnswer
from plugins.views.reading import for_member, for_visitor
from plugins.views.refusals import LOCKED, OF_LISTING

grids = Blueprint("grid_views", __name__, url_prefix="/api/database/views/grid", description="Rows of grids.")

_MISSING = "ERROR_GRID_DOES_NOT_EXIST"


class WantedRows(Schema):
    """Rows to read by their ids."""

    row_ids = List(Int(), required=True, not_empty=True)
    field_ids = List(Int(), not_empty=True, metadata={"description": "Only these fields."})


@grids.operation(
    "GET",
    "/<int:view_id>/",
    id="list_database_table_grid_view_rows",
    summary="List the rows of a grid",
    description="A page of the rows the grid's filters keep, in its order, all fields included. Filters and orders of"
    " the request replace the saved ones. With groupings, `group_by_metadata` has the groups of the rows shown.",
    query=ChosenRowsQuery,
    response=ViewRowsAnswer,
    errors=(_MISSING, *OF_LISTING),
    auth=USER,
    optional_auth=True,
)
def list_rows(view_id: int, query: dict[str, Any]) -> RawJson:
    """A page of rows."""
    return listing(for_member(view_id, "grid"))


@grids.operation(
    "POST",
    "/<int:view_id>/",
    id="filter_database_table_grid_view_rows",
    summary="Read rows of a grid by their ids",
    description="Those of the rows that are there, filtered out or not, in the table's order.",
    body=WantedRows,
    response=RowAnswer(many=True),
    errors=(_MISSING, "ERROR_USER_NOT_IN_GROUP", "ERROR_REQUEST_BODY_VALIDATION"),
)
def filter_rows(view_id: int, body: dict[str, Any]) -> RawJson:
    """Rows by ids."""
    return rows_by_ids(for_member(view_id, "grid"), body["row_ids"], body.get("field_ids"))


@grids.operation(
    "GET",
    "/<slug>/public/rows/",
    id="public_list_database_table_grid_view_rows",
    summary="List the rows of a shared grid",
    description="A page of the rows the grid's filters keep, with the visible fields. Filters of the request apply"
    " besides the saved ones; order and groups are those of `order_by` and `group_by`.",
    query=ChosenRowsQuery,
    response=ViewRowsAnswer,
    errors=(_MISSING, LOCKED, *OF_LISTING),
    auth=USER,
    optional_auth=True,
)
def list_public_rows(slug: str, query: dict[str, Any]) -> RawJson:
    """A page of rows for visitors."""
    return listing(for_visitor(slug, "grid"))
