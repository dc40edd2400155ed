"""HTTP operations of timelines: their rows."""

from __future__ import annotations

from typing import Any

from plugin_api.http import USER, Blueprint, RawJson
from plugins.timeline_view.types import END, START, invalid_dates
from plugins.views.listing import member_listing, visitor_listing
from plugins.views.public_schemas import ChosenRowsQuery, ViewRowsAnswer
from plugins.views.reading import Reading
from plugins.views.refusals import LOCKED, OF_LISTING
from plugins.views.settings import value_kind

timelines = Blueprint(
    "timeline_views", __name__, url_prefix="/api/database/views/timeline", description="Rows of timelines."
)

_MISSING, _BAD_DATES = "ERROR_TIMELINE_DOES_NOT_EXIST", "ERROR_TIMELINE_VIEW_HAS_INVALID_DATE_SETTINGS"


@timelines.operation(
    "GET",
    "/<int:view_id>/",
    id="list_database_table_timeline_view_rows",
    summary="List the rows of a timeline",
    description="A page of the rows the timeline's filters keep, in its order, with and without dates. Filters and"
    " orders of the request replace the saved ones.",
    query=ChosenRowsQuery,
    response=ViewRowsAnswer,
    errors=(_MISSING, _BAD_DATES, *OF_LISTING),
    auth=USER,
    optional_auth=True,
)
def list_rows(view_id: int, query: dict[str, Any]) -> RawJson:
    """A page of rows."""
    return member_listing(view_id, "timeline", also=_require_dates)


@timelines.operation(
    "GET",
    "/<slug>/public/rows/",
    id="public_list_database_table_timeline_view_rows",
    summary="List the rows of a shared timeline",
    description="A page of the rows the timeline's filters keep, with the visible fields and both dates. Filters of the"
    " request apply besides the saved ones; the order is that of `order_by`.",
    query=ChosenRowsQuery,
    response=ViewRowsAnswer,
    errors=(_MISSING, _BAD_DATES, LOCKED, *OF_LISTING),
    auth=USER,
    optional_auth=True,
)
def list_public_rows(slug: str, query: dict[str, Any]) -> RawJson:
    """A page of rows for visitors."""
    return visitor_listing(slug, "timeline", also=_require_dates)


def _require_dates(reading: Reading) -> None:
    """400 unless bars have a start and an end of one kind."""
    named = [reading.setting(name) for name in (START, END)]
    if len({value_kind(field) for field in named if field}) != 1 or None in named:
        raise invalid_dates("Choose a start and an end for this timeline first: both days, or both with a time.")
