"""Feeds of calendars: reading one by its address, and giving it another address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from plugin_api.actions import ActionType
from plugin_api.db import connection, session
from plugin_api.errors import does_not_exist
from plugin_api.fields import Field
from plugin_api.kinds import Kind
from plugin_api.settings import setting
from plugins.calendar_view.feed import Event, feed
from plugins.calendar_view.rows import date_field
from plugins.calendar_view.types import SHARED, SLUG, new_slug
from plugins.database.engine.filtering import where
from plugins.database.engine.read import RowQuery
from plugins.database.shape import shape_of
from plugins.views.context import FIELD_OPTIONS, ViewContext, view_context
from plugins.views.operations import ROTATE
from plugins.views.parts import FOR_ROWS
from plugins.views.reading import Reading, shown_fields
from plugins.views.rows import condition
from plugins.views.service import announce
from plugins.views.settings import value_kind
from plugins.views.store import with_settings

_SLUG = re.compile(r"[A-Za-z0-9_-]{1,255}")
_MAX_TEXT = 5000
"""Characters of a field that an event tells; long texts are cut."""
_SCOPE, _ACTION = "view", "rotate_calendar_ical_view_slug"


def feed_of(ical_slug: str) -> bytes:
    """The feed at an address: two queries for the view, one for the events. 404 unless it is shared."""
    shared = {SLUG: ical_slug, SHARED: True}
    view_id = with_settings("calendar", shared) if _SLUG.fullmatch(ical_slug) else None
    if view_id is None:
        raise does_not_exist("view")
    found = view_context(view_id, parts=(*FOR_ROWS, FIELD_OPTIONS))
    shape = shape_of(found.table)
    options = shown_fields(found, shape)
    order = {field_id: (chosen.get("order", 0), n) for n, (field_id, chosen) in enumerate(options.items())}
    shown = tuple(shape.by_id[field_id] for field_id in sorted(order, key=order.__getitem__))
    return b"".join(feed(found.view.name, shape.id, _events(Reading(found, shape, shown, True))))


def _events(reading: Reading) -> Iterator[Event]:
    """The rows that have a date, by date; of more than a feed has room for, those with the latest dates."""
    shape, row, field = reading.shape, reading.shape.row, date_field(reading)
    value = shape.type_of(field).value(field, row)
    texts = [sa.func.left(shape.type_of(shown).text(shown, row), _MAX_TEXT) for shown in reading.fields]
    there = where(condition(reading.found.view, shape, reading.found.parts), _can_be_told(value, field))
    latest = RowQuery(shape, (), where=there).base(row.c.id, _told(value, field), *texts)
    latest = latest.order_by(value.desc(), row.c.order.desc(), row.c.id.desc()).limit(setting("ical_max_events"))
    for row_id, begins, *shown in reversed(connection().execute(latest).all()):
        yield Event(row_id, begins, shown)


def _can_be_told(value: sa.ColumnElement[Any], field: Field) -> sa.ColumnElement[bool]:
    """Dates of four digits; formulas know others too."""
    first, last = "0001-01-02", "9999-12-30"
    kind: sa.types.TypeEngine[Any] = sa.Date() if value_kind(field) is Kind.DATE else sa.DateTime(timezone=True)
    return value.between(sa.cast(sa.literal(first), kind), sa.cast(sa.literal(last), kind))


def _told(value: sa.ColumnElement[Any], field: Field) -> sa.ColumnElement[str]:
    """A date as iCal writes it; moments in UTC."""
    if value_kind(field) is Kind.DATE:
        return sa.func.to_char(value, "YYYYMMDD")
    return sa.func.to_char(sa.func.timezone("UTC", value), 'YYYYMMDD"T"HH24MISS"Z"')


def rotate_ical_slug(view_id: int) -> dict[str, Any]:
    """Give a feed another address; the one before is void."""
    found = _changing(view_id)
    before, after = found.view.options.get(SLUG), new_slug()
    _set_slug(found, after)
    params = {"original_slug": before, "slug": after}
    return announce(_ACTION, "view_updated", found.table, found.view, params, scope=f"{_SCOPE}{view_id}")


def _changing(view_id: int) -> ViewContext:
    return view_context(view_id, ROTATE, lock=True, of_type="calendar")


def _set_slug(found: ViewContext, slug: str | None) -> None:
    found.view.options = {**found.view.options, SLUG: slug}
    session().flush()


def _back(params: Mapping[str, Any]) -> None:
    _set_slug(_changing(params["view_id"]), params["original_slug"])


def _again(params: Mapping[str, Any]) -> None:
    _set_slug(_changing(params["view_id"]), params["slug"])


ACTION_TYPES = [
    ActionType(
        _ACTION,
        'Address of the feed of the calendar "%(view_name)s" changed',
        _back,
        _again,
        title="Change address of calendar feed",
    )
]
