"""The rows of a calendar, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api.errors import ApiError
from plugin_api.fields import Field
from plugin_api.http import RawJson
from plugins.calendar_view.days import Days, zone_for
from plugins.calendar_view.types import DATE
from plugins.database.engine.buckets import Bucket, buckets
from plugins.views.listing import additions, bucket_window, joined
from plugins.views.reading import Reading
from plugins.views.settings import value_kind


def rows_by_day(reading: Reading, query: Mapping[str, Any]) -> RawJson:
    """The answer: all days of the time asked for, each with its rows."""
    field = date_field(reading)
    kind = value_kind(field)
    zone = zone_for(field.options, kind, query["user_timezone"])
    days = Days(query["from_timestamp"], query["to_timestamp"], zone)
    value = reading.shape.type_of(field).value(field, reading.shape.row)
    limit, offset = bucket_window()
    wanted = [Bucket(day.isoformat(), limit, offset) for day in days.all()]
    found = buckets(reading.rows(days.condition(value, kind), choosing=False), days.key(value, kind), wanted)
    return joined({}, "rows", found.json, additions(reading, found.ids))


def date_field(reading: Reading) -> Field:
    """The field whose dates the calendar shows; 400 without one."""
    field = reading.setting(DATE)
    if field is None:
        message = "Choose a date field for this calendar first."
        raise ApiError("ERROR_CALENDAR_VIEW_HAS_NO_DATE_FIELD", 400, message)
    return field
