"""The view type: its settings, and which fields they may name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from plugin_api.errors import ApiError
from plugin_api.fields import Field
from plugin_api.schemas import Choice, Int, Schema
from plugin_api.views import CardFieldOptions, ViewType, first_visible
from plugins.views.settings import require_date, value_kind

START, END = "start_date_field", "end_date_field"
_TIMESCALES = ("day", "week", "month", "year")
_VISIBLE_AT_FIRST = 1


class TimelineOptions(Schema):
    """Settings of a timeline."""

    start_date_field = Int(
        load_default=None, allow_none=True, metadata={"description": "The field with the date a bar begins on."}
    )
    end_date_field = Int(
        load_default=None, allow_none=True, metadata={"description": "The field with the date a bar ends on."}
    )
    timescale = Choice(
        _TIMESCALES, load_default="month", metadata={"description": "How much time the screen shows at once."}
    )


class TimelineView(ViewType):
    """A bar for each row, from its start date to its end date."""

    type = "timeline"
    options_schema = TimelineOptions
    field_options_schema = CardFieldOptions
    field_settings = (START, END)
    can_decorate = True

    def check_field_setting(self, name: str, field: Field) -> None:
        """Both are dates."""
        require_date(name, field)

    def check_options(self, options: dict[str, Any], fields: Mapping[int, Field]) -> dict[str, Any]:
        """Days go with days and moments with moments."""
        named = [fields[options[name]] for name in (START, END) if options.get(name) in fields]
        if len({value_kind(field) for field in named}) > 1:
            raise invalid_dates("The start and the end must both be days, or both moments with a time.")
        return options

    def new_field_options(
        self, fields: Sequence[Field], others: Collection[Mapping[str, Any]], public: bool
    ) -> dict[int, dict[str, Any]]:
        """The first field is shown."""
        return first_visible(fields, _VISIBLE_AT_FIRST, bool(others))


def invalid_dates(message: str) -> ApiError:
    """400 for dates no bar can be drawn with."""
    return ApiError("ERROR_TIMELINE_VIEW_HAS_INVALID_DATE_SETTINGS", 400, message)
