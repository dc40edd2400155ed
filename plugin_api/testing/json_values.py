"""What the checks of types share: JSON values, and the codes in refusals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def as_json(value: Any, what: str) -> str:
    """The value as JSON; AssertionError when it is none."""
    try:
        return json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise AssertionError(f"{what} must be JSON values, not {value!r:.200}: {error}") from None


def codes_of(answer: Any) -> list[str]:
    """All codes in a refusal, however deep."""
    if isinstance(answer, Mapping):
        own = [str(answer[key]) for key in ("error", "code") if isinstance(answer.get(key), str)]
        return own + [code for value in answer.values() for code in codes_of(value)]
    return [code for value in answer for code in codes_of(value)] if isinstance(answer, list) else []
