"""The data sync type `ical_calendar`: the events of a calendar feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from plugin_api import Plugin, hookimpl, outbound
from plugin_api.outbound import AnswerTooLarge, Limits, OutboundError
from plugin_api.schemas import Schema, Url
from plugins.data_sync.kinds import DataSyncType, Progress, Property, ReadsMixin, Settings, SyncError
from plugins.data_sync.properties import moment, text

if TYPE_CHECKING:
    import icalendar

plugin = Plugin(
    name="ical_data_sync",
    version="1.0",
    title="Sync of calendars",
    description="Tables of the events of iCal feeds.",
    api=(1, 0),
    requires=("data_sync",),
)

_MAX_BYTES = 20 * 1024 * 1024
_SECONDS = 60.0


class ICalSettings(Schema):
    """Where the feed is."""

    ical_url = Url(required=True, max_length=2000, metadata={"description": "The address of the .ics feed."})


def _text(name: str) -> Callable[[icalendar.Event], Any]:
    return lambda event: str(event[name]) if name in event else None


def _start(event: icalendar.Event) -> str | None:
    return _moment(event.get("DTSTART"))


def _end(event: icalendar.Event) -> str | None:
    """Where only a duration is given, the end follows from it."""
    if "DTEND" in event or "DTSTART" not in event or "DURATION" not in event:
        return _moment(event.get("DTEND"))
    start, duration = getattr(event.get("DTSTART"), "dt", None), getattr(event.get("DURATION"), "td", None)
    return None if start is None or duration is None else _utc(start + duration)


def _moment(found: Any) -> str | None:
    value = getattr(found, "dt", None)
    return None if value is None else _utc(value)


def _utc(value: date | datetime) -> str | None:
    """A moment in UTC. Whole days begin at midnight, and times without a time zone are taken as UTC."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    try:
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (OverflowError, ValueError):
        return None


_PROPERTIES: list[tuple[Property, Callable[[icalendar.Event], Any]]] = [
    (text("uid", "Unique ID", unique=True), _text("UID")),
    (moment("dtstart", "Start date", immutable_options=False), _start),
    (moment("dtend", "End date", immutable_options=False), _end),
    (text("summary", "Summary"), _text("SUMMARY")),
]


class ICalCalendar(DataSyncType, ReadsMixin):
    """Each event a row; one that recurs is one row, and changes of single occurrences are left out."""

    type = "ical_calendar"
    settings_schema = ICalSettings

    def properties(self, settings: Settings) -> list[Property]:
        """The same for all feeds."""
        return [found for found, _ in _PROPERTIES]

    def rows(self, settings: Settings, keys: Sequence[str], progress: Progress) -> Iterator[list[Any]]:
        """The events of the feed."""
        read = {found.key: value for found, value in _PROPERTIES}
        values = [read[key] for key in keys]
        calendars = _calendars(settings["ical_url"])
        progress(0.5)
        for calendar in calendars:
            for event in calendar.walk("VEVENT"):
                if "RECURRENCE-ID" not in event:
                    yield [value(event) for value in values]


def _calendars(url: str) -> list[Any]:
    try:
        answer = outbound.send("GET", url, limits=Limits(_MAX_BYTES, _SECONDS))
    except AnswerTooLarge:
        raise SyncError(f"The calendar is larger than {_MAX_BYTES // 1024 // 1024} MB.") from None
    except OutboundError as error:
        raise SyncError(f"The calendar cannot be read: {error}") from None
    if answer.status != 200:
        raise SyncError(f"The calendar's server answers with status {answer.status}: check the address.")
    try:
        import icalendar  # read when the first feed comes

        return list(icalendar.Calendar.from_ical(answer.body, multiple=True))
    except (ValueError, IndexError, KeyError):
        raise SyncError("What is at the address is no calendar: use the address of an .ics feed.") from None


@hookimpl
def register_data_sync_types() -> list[DataSyncType]:
    """Provide `ical_calendar`."""
    return [ICalCalendar()]
