"""The iCal feed of a calendar: its rows as events, as RFC 5545 has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from plugin_api import media

SEPARATOR = " - "
"""What stands between the values in an event's description."""


@dataclass(frozen=True)
class Event:
    """A row as an event.

    begins: 20201231 for a day, 20201231T235900Z for a moment. texts: what people read in the fields, in their order.
    """

    row_id: int
    begins: str
    texts: Sequence[str | None]


def feed(name: str, table_id: int, events: Iterable[Event]) -> Iterator[bytes]:
    """The lines of a calendar. The first of an event's texts is its title, all of them are its description.

    Lines are put together from the library's parts: its components take eight times as long.
    """
    host, made = urlsplit(media.api_url()).hostname or "localhost", f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tablewright//Calendar//EN", f"X-WR-CALNAME:{_text(name)}")
    yield from map(_line, head)
    for event in events:
        yield from map(_line, _event(event, f"table-{table_id}-row-{event.row_id}@{host}", made))
    yield _line("END:VCALENDAR")


def _event(event: Event, uid: str, made: str) -> Iterator[str]:
    title = (event.texts[0] if event.texts else "") or ""
    description = SEPARATOR.join(text for text in event.texts if text)
    yield "BEGIN:VEVENT"
    yield f"SUMMARY:{_text(title)}"
    yield f"DTSTART:{event.begins}" if "T" in event.begins else f"DTSTART;VALUE=DATE:{event.begins}"
    yield f"DTSTAMP:{made}"
    yield f"UID:{uid}"
    if description:
        yield f"DESCRIPTION:{_text(description)}"
    yield "END:VEVENT"


def _line(text: str) -> bytes:
    """A line, folded where it is too long."""
    from icalendar.parser import Contentline

    folded: bytes = Contentline(text).to_ical()  # type: ignore[no-untyped-call]
    return folded + b"\r\n"


def _text(text: str) -> str:
    """A text with what iCal escapes; control characters have no place in it."""
    clean = "".join(char if char.isprintable() or char in "\n\t" else " " for char in text.replace("\r\n", "\n"))
    from icalendar import vText

    escaped: Any = vText(clean).to_ical()
    return str(escaped.decode())
