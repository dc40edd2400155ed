"""What ratings have in common."""

from __future__ import annotations

from plugin_api.schemas import Choice, Int, Schema, Str
from plugins.builder_elements.values import FormulaText


class RatingOptions(Schema):
    """Settings of a rating."""

    max_value = Int(min_value=1, max_value=10, load_default=5)
    color = Str(max_length=255, allow_blank=True, load_default="primary")
    rating_style = Choice(("star", "heart", "thumbs-up", "flag", "smile"), load_default="star")
    value = FormulaText()
