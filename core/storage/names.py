"""Which names files may have: the same ones whatever keeps them."""

from __future__ import annotations

import re

_PART = re.compile(r"[^/\\\0\ud800-\udfff]+")
_LONGEST = 1000
_LONGEST_PART = 255


class BadName(ValueError):
    """A name no file can be stored under."""


def parts_of(name: str) -> list[str]:
    """The folders and the name of a file; BadName when it is not one."""
    parts = name.split("/")
    if not all(map(_is_part, parts)) or len(name) > _LONGEST:
        raise BadName(f"{name[:100]!r} is not a name for a file")
    return parts


def _is_part(part: str) -> bool:
    return bool(_PART.fullmatch(part)) and part not in (".", "..") and len(part.encode()) <= _LONGEST_PART
