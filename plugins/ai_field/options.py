"""The options of AI fields."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from marshmallow import fields as mf

from plugin_api.schemas import Choice, Int, Schema, Str, invalid
from plugins.ai_field import prompts

MAX_TEMPERATURE = 2
OUTPUTS = ("text", "choice")


class Temperature(mf.Float):
    """A number from 0 to 2."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> float:
        try:
            number = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if math.isnan(number):
            raise invalid("invalid", "A valid number is required.")
        if number > MAX_TEMPERATURE:
            raise invalid("max_value", f"Ensure this value is at most {MAX_TEMPERATURE}.")
        if number < 0:
            raise invalid("min_value", "Ensure this value is at least 0.")
        return number


class Prompt(Str):
    """A formula of prompts."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            prompts.check(text)
        except prompts.BadPrompt as error:
            raise invalid("invalid", str(error)) from None
        return str(text)


class AiOptions(Schema):
    """Options of an AI field."""

    ai_generative_ai_type = Str(load_default=None, allow_none=True, allow_blank=True, max_length=32)
    ai_generative_ai_model = Str(load_default=None, allow_none=True, allow_blank=True, max_length=128)
    ai_output_type = Choice(list(OUTPUTS), load_default="text")
    ai_temperature = Temperature(load_default=None, allow_none=True)
    ai_prompt = Prompt(
        load_default="",
        allow_blank=True,
        metadata={"description": "For example `concat('Translate: ', get('fields.field_12'))`."},
    )
    ai_file_field_id = Int(load_default=None, allow_none=True, min_value=1)
