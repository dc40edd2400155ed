"""HTTP operations of grids: their rows."""

from __future__ import annotations

from typing import Any

from plugin_api.http import USER, Blueprint, RawJson
from plugin_api.schemas import Any_, Int, List, Schema
from plugins.database.rows.schemas import RowAnswer
from plugins.grid_view.aggregations import footer, single
from plugins.views.listing import member_listing, rows_by_ids, visitor_listing
from plugins.views.operations import LIST_AGGREGATIONS, READ_AGGREGATION
from plugins.views.public_schemas import ChosenRowsQuery, ViewRowsAnswer
from plugins.views.reading import for_member, for_visitor
from plugins.views.refusals import LOCKED, OF_FILTERS, OF_LISTING

grids = Blueprint("grid_views", __name__, url_prefix="/api/database/views/grid", description="Rows of grids.")

_MISSING = "ERROR_GRID_DOES_NOT_EXIST"


class WantedRows(Schema):
    """Rows to read by their ids."""

    row_ids = List(Int(), required=True, not_empty=True)
    field_ids = List(Int(), not_empty=True, metadata={"description": "Only these fields."})


class AggregationQuery(Schema):
    """Which figure to compute."""

    type = Any_(metadata={"description": "The type of the figure, such as sum or empty_count."})
    include = Any_(metadata={"description": "`total` for the number of rows as well."})


class AggregationAnswer(Schema):
    """A figure about a field."""

    value = Any_(allow_none=True)
    total = Int()


class AggregationsQuery(Schema):
    """About which rows to compute the figures."""

    include = Any_(metadata={"description": "`total` for the number of rows as well."})
    search = Any_(metadata={"description": "Only rows with this text."})
    search_mode = Any_(metadata={"description": "compat or full-text-with-compat."})
    filters = Any_(metadata={"description": "A tree of filters in JSON."})
    filter_type = Any_(metadata={"description": "AND or OR, for filters given as filter__{field}__{type}=value."})


class AggregationsAnswer(Schema):
    """Figures by `field_<id>` of the field they are about."""

    total = Int()


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
    return member_listing(view_id, "grid")


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
    return visitor_listing(slug, "grid")


@grids.operation(
    "GET",
    "/<int:view_id>/aggregation/<int:field_id>/",
    id="get_database_table_grid_view_field_aggregation",
    summary="Compute a figure about a field",
    description="A figure about the values of a field in the rows the grid's filters keep.",
    query=AggregationQuery,
    response=AggregationAnswer,
    errors=(
        _MISSING,
        "ERROR_USER_NOT_IN_GROUP",
        ("ERROR_AGGREGATION_TYPE_DOES_NOT_EXIST", 400),
        "ERROR_FIELD_NOT_IN_TABLE",
        "ERROR_FIELD_DOES_NOT_EXIST",
    ),
    auth=USER,
    optional_auth=True,
)
def aggregation(view_id: int, field_id: int, query: dict[str, Any]) -> Any:
    """A figure."""
    return single(for_member(view_id, "grid", READ_AGGREGATION), field_id, str(query.get("type", "")))


@grids.operation(
    "GET",
    "/<int:view_id>/aggregations/",
    id="get_database_table_grid_view_field_aggregations",
    summary="Compute the figures of a grid",
    description="The figures the grid shows at the foot of its fields, about the rows its filters keep. Filters of the"
    " request replace the saved ones.",
    query=AggregationsQuery,
    response=AggregationsAnswer,
    errors=(_MISSING, *OF_FILTERS),
    auth=USER,
    optional_auth=True,
)
def aggregations(view_id: int, query: dict[str, Any]) -> Any:
    """All figures."""
    return footer(for_member(view_id, "grid", LIST_AGGREGATIONS, field_options=True))


@grids.operation(
    "GET",
    "/<slug>/public/aggregations/",
    id="get_database_table_public_grid_view_field_aggregations",
    summary="Compute the figures of a shared grid",
    description="The figures of the visible fields, about the rows the grid's filters keep. Filters of the request"
    " apply besides the saved ones.",
    query=AggregationsQuery,
    response=AggregationsAnswer,
    errors=(_MISSING, LOCKED, *OF_FILTERS),
    auth=USER,
    optional_auth=True,
)
def public_aggregations(slug: str, query: dict[str, Any]) -> Any:
    """All figures for visitors."""
    return footer(for_visitor(slug, "grid"))
