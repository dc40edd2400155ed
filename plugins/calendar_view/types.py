"""The view type: its settings, which fields they may name, and the secret address of its feed."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from plugin_api import media
from plugin_api.fields import Field
from plugin_api.schemas import Bool, Int, Schema
from plugin_api.views import CardFieldOptions, ViewType, first_visible
from plugins.views.settings import require_date

DATE, SLUG, SHARED = "date_field", "ical_slug", "ical_public"
FEEDS = "/api/database/views/calendar"
_VISIBLE_AT_FIRST = 1


class CalendarOptions(Schema):
    """Settings of a calendar."""

    date_field = Int(
        load_default=None, allow_none=True, metadata={"description": "The field with the date a row is shown on."}
    )
    ical_public = Bool(
        load_default=False, allow_none=True, metadata={"description": "Whether other calendars may read the feed."}
    )


class CalendarView(ViewType):
    """A card for each row, on the day of its date."""

    type = "calendar"
    options_schema = CalendarOptions
    field_options_schema = CardFieldOptions
    field_settings = (DATE,)
    sharing_settings = (SHARED,)
    can_decorate = True

    def check_field_setting(self, name: str, field: Field) -> None:
        """Days or moments."""
        require_date(name, field)

    def check_options(self, options: dict[str, Any], fields: Mapping[int, Field]) -> dict[str, Any]:
        """A feed has an address from the first time it is shared."""
        if options.get(SHARED) and not options.get(SLUG):
            return {**options, SLUG: new_slug()}
        return options

    def unshared(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Without the feed."""
        return {name: value for name, value in options.items() if name not in (SHARED, SLUG)}

    def options_json(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The address of the feed instead of the secret in it."""
        return {
            DATE: options.get(DATE),
            "ical_feed_url": feed_url(options.get(SLUG)),
            SHARED: bool(options.get(SHARED)),
        }

    def public_json(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Visitors get the address of a feed that is shared."""
        return self.options_json(options if options.get(SHARED) else self.unshared(options))

    def new_field_options(
        self, fields: Sequence[Field], others: Collection[Mapping[str, Any]], public: bool
    ) -> dict[int, dict[str, Any]]:
        """The first field is shown."""
        return first_visible(fields, _VISIBLE_AT_FIRST, bool(others))


def new_slug() -> str:
    """The secret part of a feed's address."""
    return secrets.token_urlsafe(32)


def feed_url(slug: str | None) -> str | None:
    """The whole address of a feed, for the answer to the running request."""
    return f"{media.api_url()}{FEEDS}/{slug}.ics" if slug else None
