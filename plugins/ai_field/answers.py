"""What models are asked beside the prompt, and what is taken from their answers."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence
from typing import Any

from plugin_api.fields import SelectOption

_LIKE_ENOUGH = 0.8
_FENCE = re.compile(r"```[a-zA-Z]*\s*(.*?)```", re.DOTALL)
_AROUND = " \t\r\n\"'`.!:*"


def with_choices(prompt: str, options: Sequence[SelectOption]) -> str:
    """A prompt whose answer has to be one of the options."""
    names = json.dumps(list(dict.fromkeys(option.value for option in options)), ensure_ascii=False)
    return (
        f"{prompt}\n\nAnswer with exactly one of the texts of this JSON list, the one that fits best, written just as"
        f" it is there and without anything else: {names}"
    )


def chosen(answer: str, options: Sequence[SelectOption]) -> int | None:
    """The id of the option an answer names, allowing for other case and small mistakes; None when it names none."""
    text = answer.strip()
    by_name: dict[str, int] = {}
    for option in options:
        by_name.setdefault(option.value, option.id)
    if text in by_name:
        return by_name[text]
    folded: dict[str, int] = {}
    for name, option_id in by_name.items():
        folded.setdefault(name.strip(_AROUND).casefold(), option_id)
    wanted = text.strip(_AROUND).casefold()
    if wanted in folded:
        return folded[wanted]
    like = difflib.get_close_matches(wanted[:500], folded, n=1, cutoff=_LIKE_ENOUGH)
    return folded[like[0]] if like else None


def json_object(answer: str) -> dict[str, Any] | None:
    """The JSON object in an answer, also between other words or in a block of code; None when there is none."""
    fenced = _FENCE.search(answer)
    braces = answer[answer.find("{") : answer.rfind("}") + 1]
    for text in (answer, fenced[1] if fenced else "", braces):
        try:
            value = json.loads(text)
        except (json.JSONDecodeError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
    return None
