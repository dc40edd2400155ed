"""What may be told of errors and addresses in logs: nothing that people entered, no tokens, no whole e-mail address.

It needs the standard library only, as the supervisor does.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator

_TOKENS = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*|(?<=jwt_token=)[^&\s]+|(?<=\bToken )\w{20,}")
_EMAIL = re.compile(r"([\w.+%-])[\w.+%-]*@([\w-]+(?:\.[\w-]+)+)")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_LEFT_OUT = "(text left out)"
_OF_THE_MACHINE = (OSError, ArithmeticError, ImportError, AttributeError, TypeError, NameError, RecursionError)
"""Errors whose texts tell of programs and connections, not of what people entered."""


def scrubbed(line: str) -> str:
    """A line without tokens, and with the first letters of e-mail addresses only."""
    if "eyJ" in line or "oken" in line:
        line = _TOKENS.sub("...", line)
    return _EMAIL.sub(r"\1...@\2", line) if "@" in line else line


def masked(text: str) -> str:
    """The first line of an error's text without what is quoted in it."""
    return _QUOTED.sub('"..."', text.partition("\n")[0])


def told(error: BaseException) -> str:
    """What a log may say of an error beside its kind."""
    original = getattr(error, "orig", None) or error
    state = getattr(original, "sqlstate", None)
    if state:
        return f"{masked(str(original))} ({state})"
    if isinstance(original, _OF_THE_MACHINE) or type(original).__module__ == "redis.exceptions":
        return str(original).partition("\n")[0]
    return _LEFT_OUT if str(original) else ""


def trace(error: BaseException) -> str:
    """An error, and those it came of, with places in the code; as Python shows it but for the texts."""
    return "\n".join(_lines(error, set()))


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in seen:
        yield from _lines(cause, seen)
        how = "was the cause of" if error.__cause__ else "was being handled at"
        yield f"\nThe error above {how} the one below:\n"
    if error.__traceback__ is not None:
        yield "Traceback (most recent call last):"
        yield "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    text = told(error)
    yield f"{type(error).__qualname__}: {text}" if text else type(error).__qualname__
