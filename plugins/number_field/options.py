"""The options of a number field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow.fields as mf

from plugin_api.fields import InvalidValue
from plugin_api.schemas import Bool, Choice, Schema, Str, invalid
from plugins.number_field.numbers import SEPARATORS, check_digits, parse_decimal

_DEFAULT_PLACES = 20


class _Default(mf.Field[Any]):
    """A decimal as text, or null."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        try:
            number = parse_decimal(value)
            check_digits(number, _DEFAULT_PLACES)
        except InvalidValue as error:
            raise invalid(error.code, error.message) from None
        return format(number, f".{_DEFAULT_PLACES}f")


class _Removed(mf.Field[Any]):
    """An option that is no more; saying so is kinder than ignoring it."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        raise invalid("invalid", "This option was removed; use number_decimal_places.")


class NumberOptions(Schema):
    """Options of a number field."""

    number_decimal_places = Choice(range(11), load_default=0)
    number_negative = Bool(load_default=False)
    number_prefix = Str(load_default="", allow_blank=True, max_length=10)
    number_suffix = Str(load_default="", allow_blank=True, max_length=100)
    number_separator = Choice(list(SEPARATORS), load_default="")
    number_default = _Default(load_default=None, allow_none=True)
    number_type = _Removed(load_only=True)
