"""Properties of the usual kinds, for types that know beforehand what their source has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins.data_sync.kinds import Property

MOMENT: Mapping[str, Any] = {
    "date_format": "ISO",
    "date_include_time": True,
    "date_time_format": "24",
    "date_show_tzinfo": True,
}
"""Options of a date field that shows moments in an unmistakable form."""


def text(key: str, name: str, **more: Any) -> Property:
    """A line of text."""
    return Property(key, name, "text", **more)


def long_text(key: str, name: str, **more: Any) -> Property:
    """A text of many lines."""
    return Property(key, name, "long_text", **more)


def number(key: str, name: str, **more: Any) -> Property:
    """A whole number that is not below 0."""
    return Property(key, name, "number", **more)


def moment(key: str, name: str, **more: Any) -> Property:
    """A date with its time."""
    return Property(key, name, "date", MOMENT, **more)


def url(key: str, name: str, **more: Any) -> Property:
    """An address of a page."""
    return Property(key, name, "url", **more)
