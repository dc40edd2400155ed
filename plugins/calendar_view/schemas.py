"""What the operations on calendars take and answer."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from plugin_api.dates import Moment, Zone
from plugin_api.errors import problem
from plugin_api.schemas import Any_, Dict, Int, List, Nested, Schema
from plugins.calendar_view.days import MAX_DAYS, Days
from plugins.database.rows.schemas import RowAnswer


class DaysQuery(Schema):
    """The days to show."""

    from_timestamp = Moment(required=True, metadata={"description": "The first moment to show."})
    to_timestamp = Moment(required=True, metadata={"description": "The moment up to which to show."})
    user_timezone = Zone(
        load_default="UTC", metadata={"description": "Where days begin, unless the date field has its own time zone."}
    )
    limit = Any_(metadata={"description": "Rows to answer for each day, at most 200; 40 without it."})
    offset = Any_(metadata={"description": "Rows to skip on each day."})
    include = Any_(metadata={"description": "Any of field_options, row_metadata, with commas."})
    search = Any_(metadata={"description": "Only rows with this text."})
    search_mode = Any_(metadata={"description": "compat or full-text-with-compat."})
    filters = Any_(metadata={"description": "A tree of filters in JSON."})
    filter_type = Any_(metadata={"description": "AND or OR, for filters given as filter__{field}__{type}=value."})
    limit_linked_items = Any_(metadata={"description": "At most this many linked rows in each cell."})

    @ma.validates_schema
    def check_order(self, data: dict[str, Any], **kwargs: Any) -> None:
        """The end does not come before the start, nor too long after it."""
        start, end = data["from_timestamp"], data["to_timestamp"]
        if start > end:
            raise ma.ValidationError(
                [problem("invalid", "from_timestamp must not be after to_timestamp.")], "non_field_errors"
            )
        if not Days.possible(start, end, data["user_timezone"]):
            message = f"A calendar shows at most {MAX_DAYS} days between the years 1 and 9999."
            raise ma.ValidationError([problem("invalid", message)], "non_field_errors")


class DayAnswer(Schema):
    """A day: how many rows there are, and those asked for."""

    count = Int()
    results = List(Nested(RowAnswer))


class CalendarAnswer(Schema):
    """The days by their date, such as 2020-12-31, with what `include` asks for."""

    rows = Dict(values=Nested(DayAnswer))
    field_options = Dict()
    row_metadata = Dict()
