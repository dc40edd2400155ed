"""Languages of the interface, and the field for one in bodies and queries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from plugin_api.errors import problem
from plugin_api.schemas import Str

LANGUAGES = ("en", "fr", "nl", "de", "es", "it", "pl", "ko", "uk")


class Language(Str):
    """A language of the interface: every problem with it is told, not only the first."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text in LANGUAGES:
            return text
        problems = [problem("invalid_language", f"Choose one of {', '.join(LANGUAGES)}.")]
        if len(text) < 2:
            problems.append(problem("min_length", "Ensure this field has at least 2 characters."))
        if len(text) > 10:
            problems.append(problem("max_length", "Ensure this field has no more than 10 characters."))
        raise ma.ValidationError(problems)
