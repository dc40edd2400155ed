"""HTTP operations of calendars: their rows by day, and their feeds."""

from __future__ import annotations

from typing import Any

from flask import Response

from plugin_api.features import UNAVAILABLE
from plugin_api.http import OPEN, USER, Blueprint, RawJson
from plugins.calendar_view import service
from plugins.calendar_view.rows import rows_by_day
from plugins.calendar_view.schemas import CalendarAnswer, DaysQuery
from plugins.calendar_view.types import FEEDS
from plugins.views.reading import for_member, for_visitor
from plugins.views.refusals import LOCKED, OF_FILTERS
from plugins.views.schemas import ViewAnswer

calendars = Blueprint(
    "calendar_views", __name__, url_prefix=FEEDS, description="Calendars: their rows by day, and their feeds."
)

_MISSING, _NO_DATE = "ERROR_VIEW_DOES_NOT_EXIST", "ERROR_CALENDAR_VIEW_HAS_NO_DATE_FIELD"


@calendars.operation(
    "GET",
    "/<int:view_id>/",
    id="list_database_table_calendar_view_rows",
    summary="List the rows of a calendar by day",
    description="The rows of each day of the given time, and how many there are. Filters of the request replace the"
    " saved ones.",
    query=DaysQuery,
    response=CalendarAnswer,
    errors=(_MISSING, _NO_DATE, UNAVAILABLE, *OF_FILTERS),
    auth=USER,
    optional_auth=True,
)
def list_rows(view_id: int, query: dict[str, Any]) -> RawJson:
    """Rows by day."""
    return rows_by_day(for_member(view_id, "calendar", missing="view"), query)


@calendars.operation(
    "GET",
    "/<slug>/public/rows/",
    id="public_list_database_table_calendar_view_rows",
    summary="List the rows of a shared calendar by day",
    description="The rows of each day of the given time, with the visible fields and the date, and how many there are."
    " Filters of the request apply besides the saved ones.",
    query=DaysQuery,
    response=CalendarAnswer,
    errors=(_MISSING, _NO_DATE, LOCKED, *OF_FILTERS),
    auth=USER,
    optional_auth=True,
)
def list_public_rows(slug: str, query: dict[str, Any]) -> RawJson:
    """Rows by day for visitors."""
    return rows_by_day(for_visitor(slug, "calendar", missing="view"), query)


@calendars.operation(
    "GET",
    "/<ical_slug>.ics",
    id="calendar_ical_feed",
    summary="Read the feed of a calendar",
    description="The rows that have a date as events, for other calendars to subscribe to. The first visible field is"
    " the title, all visible fields are the description. Everybody who has the address may read it.",
    response_type="text/calendar",
    errors=(_MISSING, _NO_DATE),
    auth=OPEN,
)
def ical_feed(ical_slug: str) -> Response:
    """The feed."""
    return Response(service.feed_of(ical_slug), content_type="text/calendar")


@calendars.operation(
    "POST",
    "/<int:view_id>/ical_slug_rotate/",
    id="rotate_calendar_view_ical_feed_slug",
    summary="Change the address of a calendar's feed",
    description="Gives the feed a new secret address; the one before is void at once.",
    response=ViewAnswer,
    errors=(_MISSING, "ERROR_USER_NOT_IN_GROUP"),
)
def rotate_ical_slug(view_id: int) -> Any:
    """Another address."""
    return service.rotate_ical_slug(view_id)
