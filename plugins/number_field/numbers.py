"""Parsing and checking decimal numbers from the API and from imported files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from re import Pattern
from typing import Any

from plugin_api.fields import InvalidValue

MAX_WHOLE_DIGITS = 50
_MAX_TEXT = 1000

SEPARATORS = {
    "": ("", "."),
    "SPACE_COMMA": (" ", ","),
    "SPACE_PERIOD": (" ", "."),
    "COMMA_PERIOD": (",", "."),
    "PERIOD_COMMA": (".", ","),
}
"""What stands between thousands and before the decimals, by the value of `number_separator`."""


def parse_decimal(value: Any) -> Decimal:
    """A finite decimal from a JSON number or text; InvalidValue for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InvalidValue("invalid", "A valid number is required.")
    text = str(value).strip()
    if len(text) > _MAX_TEXT:
        raise InvalidValue("max_string_length", "This number is too long.")
    try:
        number = Decimal(text)
    except (InvalidOperation, ValueError):
        raise InvalidValue("invalid", "A valid number is required.") from None
    if not number.is_finite():
        raise InvalidValue("invalid", "A valid number is required.")
    return number


def check_digits(number: Decimal, places: int) -> None:
    """InvalidValue when the number has more digits or decimals than fit."""
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)  # only infinities and NaN have letters here
    decimals = max(-exponent, 0)
    total = max(len(digits) + max(exponent, 0), decimals)
    most = MAX_WHOLE_DIGITS + places
    if total > most:
        raise InvalidValue("max_digits", f"Ensure that there are no more than {most} digits in total.")
    if decimals > places:
        raise InvalidValue("max_decimal_places", f"Ensure that there are no more than {places} decimal places.")
    if total - decimals > MAX_WHOLE_DIGITS:
        raise InvalidValue("max_whole_digits", f"Ensure that there are no more than {MAX_WHOLE_DIGITS} whole digits.")


@lru_cache(maxsize=64)
def plain_pattern(places: int, negative: bool) -> Pattern[str]:
    """Texts PostgreSQL reads as a number that fits, without a further look."""
    decimals = rf"(\.[0-9]{{1,{places}}})?" if places else ""
    return re.compile(rf"{'-?' if negative else ''}[0-9]{{1,{MAX_WHOLE_DIGITS}}}{decimals}")


def without_format(value: Any, options: Mapping[str, Any]) -> Any:
    """A text written as the field shows numbers, as the API takes it; decimals that are 0 are cut off."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    sign = "-" if text.startswith("-") else ""
    text = text.removeprefix("-").strip().removeprefix(str(options.get("number_prefix", ""))).strip()
    text = text.removesuffix(str(options.get("number_suffix", ""))).strip()
    if text.startswith("-") and not sign:
        sign, text = "-", text[1:].strip()
    return sign + _without_zeros(_without_separators(text, str(options.get("number_separator", ""))))


def _without_separators(text: str, separator: str) -> str:
    thousands, decimal = SEPARATORS.get(separator, SEPARATORS[""])
    whole = rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+|\d+" if thousands else r"\d+"
    if not re.fullmatch(rf"(?:{whole})(?:{re.escape(decimal)}\d*)?", text, re.ASCII):
        return text
    return (text.replace(thousands, "") if thousands else text).replace(decimal, ".")


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if re.fullmatch(r"\d+\.\d*", text, re.ASCII) else text
