"""The formats of durations: what a text of two numbers means in each, how exact they are, how they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

DEFAULT = "h:mm"


@dataclass(frozen=True)
class Format:
    """A format.

    unit: the smallest part it shows, in seconds.
    hours_first: whether "1:30" is hours and minutes; otherwise it is minutes and seconds.
    """

    unit: Decimal
    hours_first: bool = False


FORMATS = {
    "h:mm": Format(Decimal(60), hours_first=True),
    "h:mm:ss": Format(Decimal(1)),
    "h:mm:ss.s": Format(Decimal("0.1")),
    "h:mm:ss.ss": Format(Decimal("0.01")),
    "h:mm:ss.sss": Format(Decimal("0.001")),
    "d h": Format(Decimal(3600)),
    "d h:mm": Format(Decimal(60), hours_first=True),
    "d h:mm:ss": Format(Decimal(1)),
    "d h mm": Format(Decimal(60)),
    "d h mm ss": Format(Decimal(1)),
}


def rounded_sql(seconds: sa.ColumnElement[Any], form: str) -> sa.ColumnElement[Any]:
    """Seconds as an interval, rounded to what a format shows."""
    unit = sa.literal(FORMATS[form].unit, sa.Numeric)
    return sa.func.make_interval(0, 0, 0, 0, 0, 0, sa.cast(sa.func.round(seconds / unit) * unit, sa.Double))


def shown_sql(value: sa.ColumnElement[Any], form: str) -> sa.ColumnElement[str]:
    """A duration as people read it."""
    total = sa.cast(sa.func.extract("epoch", value), sa.Numeric)
    rest = sa.func.abs(total)
    days, hours, minutes, seconds = (sa.func.trunc(rest / size) for size in (86400, 3600, 60, 1))
    parts: dict[str, Any] = {
        "d": _text(days),
        "h": _text(hours % 24) if form.startswith("d") else _text(hours),
        "mm": _padded(minutes % 60),
        "ss": _padded(seconds % 60),
    }
    sign = sa.case((total < 0, "-"), else_="")
    shown = _clock(parts, form, rest) if ":" in form else _units(parts, form)
    return sa.case((value.is_not(None), sa.func.concat(sign, *shown)), else_=sa.null())


def _clock(parts: dict[str, Any], form: str, rest: sa.ColumnElement[Any]) -> list[Any]:
    """Such as 1:05:09.5, or 1d 2:05."""
    shown = [parts["d"], "d ", parts["h"]] if form.startswith("d") else [parts["h"]]
    shown += [":", parts["mm"]]
    if "ss" in form or form.endswith(".s"):
        shown += [":", parts["ss"]]
    decimals = len(form.partition(".")[2])
    if decimals:
        digits = sa.func.trunc((rest % 1) * 10**decimals)
        shown += [".", sa.func.lpad(_text(digits), decimals, "0")]
    return shown


def _units(parts: dict[str, Any], form: str) -> list[Any]:
    """Such as 1d 2h 05m."""
    shown: list[Any] = []
    for part in form.split(" "):
        shown += [" " if shown else "", parts[part], part[0]]
    return shown


def _text(number: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    return sa.cast(sa.cast(number, sa.BigInteger), sa.Text)


def _padded(number: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    return sa.func.lpad(_text(number), 2, "0")
