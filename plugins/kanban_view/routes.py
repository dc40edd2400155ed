"""HTTP operations of kanbans: their rows by column."""

from __future__ import annotations

from typing import Any

from plugin_api.errors import ApiError
from plugin_api.features import UNAVAILABLE
from plugin_api.http import USER, Blueprint, RawJson
from plugin_api.schemas import Any_, Dict, Int, List, Nested, Schema
from plugins.database.engine.buckets import buckets
from plugins.database.rows.schemas import RowAnswer
from plugins.kanban_view.columns import wanted_columns
from plugins.kanban_view.types import COLUMNS
from plugins.views.listing import additions, joined
from plugins.views.reading import Reading, for_member, for_visitor
from plugins.views.refusals import LOCKED, OF_FILTERS

kanbans = Blueprint(
    "kanban_views", __name__, url_prefix="/api/database/views/kanban", description="Rows of kanbans by column."
)

_MISSING, _NO_FIELD = "ERROR_KANBAN_DOES_NOT_EXIST", "ERROR_KANBAN_VIEW_HAS_NO_SINGLE_SELECT_FIELD"
_BAD_COLUMN = "ERROR_INVALID_SELECT_OPTION_PARAMETER"


class ColumnsQuery(Schema):
    """Which columns to show, and which of their cards."""

    select_option = Any_(
        metadata={
            "description": "An option by its id, or `null` for the rows without one, also as `option,limit` and"
            " `option,limit,offset`; may be given several times. All columns without it."
        }
    )
    limit = Any_(metadata={"description": "Rows to answer for each column, at most 200; 40 without it."})
    offset = Any_(metadata={"description": "Rows to skip in each column."})
    include = Any_(metadata={"description": "Any of field_options, row_metadata, with commas."})
    search = Any_(metadata={"description": "Only rows with this text."})
    search_mode = Any_(metadata={"description": "compat or full-text-with-compat."})
    filters = Any_(metadata={"description": "A tree of filters in JSON."})
    filter_type = Any_(metadata={"description": "AND or OR, for filters given as filter__{field}__{type}=value."})
    limit_linked_items = Any_(metadata={"description": "At most this many linked rows in each cell."})


class ColumnAnswer(Schema):
    """A column: how many rows there are, and those asked for."""

    count = Int()
    results = List(Nested(RowAnswer))


class KanbanAnswer(Schema):
    """The columns by the id of their option, `null` for rows without one, with what `include` asks for."""

    rows = Dict(values=Nested(ColumnAnswer))
    field_options = Dict()
    row_metadata = Dict()


@kanbans.operation(
    "GET",
    "/<int:view_id>/",
    id="list_database_table_kanban_view_rows",
    summary="List the rows of a kanban by column",
    description="The first rows of each column, in the kanban's order, and how many there are. Filters of the request"
    " replace the saved ones.",
    query=ColumnsQuery,
    response=KanbanAnswer,
    errors=(_MISSING, _NO_FIELD, _BAD_COLUMN, UNAVAILABLE, *OF_FILTERS),
    auth=USER,
    optional_auth=True,
)
def list_rows(view_id: int, query: dict[str, Any]) -> RawJson:
    """Rows by column."""
    return rows_by_column(for_member(view_id, "kanban"))


@kanbans.operation(
    "GET",
    "/<slug>/public/rows/",
    id="public_list_database_table_kanban_view_rows",
    summary="List the rows of a shared kanban by column",
    description="The first rows of each column, with the visible fields, the options and the cover, and how many there"
    " are. Filters of the request apply besides the saved ones.",
    query=ColumnsQuery,
    response=KanbanAnswer,
    errors=(_MISSING, _NO_FIELD, _BAD_COLUMN, LOCKED, *OF_FILTERS),
    auth=USER,
    optional_auth=True,
)
def list_public_rows(slug: str, query: dict[str, Any]) -> RawJson:
    """Rows by column for visitors."""
    return rows_by_column(for_visitor(slug, "kanban"))


def rows_by_column(reading: Reading) -> RawJson:
    """The answer: the columns the request asks for, each with its rows, by one statement."""
    field = reading.setting(COLUMNS)
    if field is None:
        raise ApiError(_NO_FIELD, 400, "Choose a single select field for this kanban first.")
    key = reading.shape.type_of(field).value(field, reading.shape.row)
    found = buckets(reading.rows(choosing=False), key, wanted_columns(field))
    return joined({}, "rows", found.json, additions(reading, found.ids))
