"""Reading durations: numbers of seconds and the texts people write."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from plugin_api.fields import InvalidValue
from plugins.duration_field.formats import FORMATS

MAX_SECONDS = 999_999_999 * 86_400
"""About 2.7 million years."""

_NUMBER = r"\d{1,15}(?:\.\d{1,9})?"
_SECONDS = re.compile(_NUMBER)
_DAYS = r"(?:(?P<d>\d{1,9})\s*d\s*)?"
_CLOCK = re.compile(rf"{_DAYS}(?P<first>\d{{1,15}}):(?P<second>\d{{1,9}})(?::(?P<third>{_NUMBER}))?")
_MINUTES = re.compile(rf"{_DAYS}(?P<first>\d{{1,15}}):(?P<second>{_NUMBER})")
_UNITS = re.compile(r"\s*".join(rf"(?:(?P<{unit}>{_NUMBER})\s*{unit})?" for unit in "dhms"))
_SIZES = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


def parse(value: Any, form: str) -> Decimal:
    """The seconds of a value from the API, rounded to what the format shows; InvalidValue when it is no duration."""
    seconds = _of_text(value, form) if isinstance(value, str) else _of_number(value)
    if seconds is None or abs(seconds) > MAX_SECONDS:
        raise InvalidValue("invalid", "Give a number of seconds or a duration such as 1:30 or 2h 5m.")
    unit = FORMATS[form].unit
    return (seconds / unit).quantize(Decimal(1), ROUND_HALF_EVEN) * unit


def _of_number(value: Any) -> Decimal | None:
    if not isinstance(value, int | float) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return Decimal(int(value)) if isinstance(value, int) else Decimal(str(value))


def _of_text(text: str, form: str) -> Decimal | None:
    text = text.strip().lower()
    negative = text.startswith("-")
    found = _positive(text[1:].strip() if negative else text, form)
    return -found if negative and found is not None else found


def _positive(text: str, form: str) -> Decimal | None:
    if _SECONDS.fullmatch(text):
        return Decimal(text)
    if found := _CLOCK.fullmatch(text) or _MINUTES.fullmatch(text):
        return _of_clock(found, form)
    found = _UNITS.fullmatch(text)
    if found is None or not any(found.groups()):
        return None
    return sum((Decimal(number) * _SIZES[unit] for unit, number in found.groupdict().items() if number), Decimal(0))


def _of_clock(found: re.Match[str], form: str) -> Decimal:
    """Hours, minutes and seconds; of two numbers, the format or the days before them tell which they are."""
    given = found.groupdict()
    days, first, second = (Decimal(given[name] or 0) for name in ("d", "first", "second"))
    whole = days * 86_400
    if given.get("third"):
        return whole + first * 3_600 + second * 60 + Decimal(given["third"])
    if FORMATS[form].hours_first or (given["d"] and FORMATS[form].unit >= 60):
        return whole + first * 3_600 + second * 60
    return whole + first * 60 + second
