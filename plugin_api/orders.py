"""Orders: of things that people drag about, and of lists that say `+name,-id` what they are sorted by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.errors import ApiError

SortKeys = Mapping[str, Sequence[sa.ColumnElement[Any]]]
"""By attribute, what a list is sorted by."""


def reordered(before: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """The ids of `before` after those in `wanted`, all of them from there, were put into that order.

    They take the places they have together; the others stay where they are.
    """
    moved, chosen = iter(wanted), set(wanted)
    return [next(moved) if one in chosen else one for one in before]


def sorts_of(parts: Iterable[str], keys: SortKeys, once: bool = False) -> list[sa.ColumnElement[Any]]:
    """The ORDER BY of parts such as `+name` and `-id`.

    400 for another direction or attribute; with `once` also for an attribute that comes twice.
    """
    order: list[sa.ColumnElement[Any]] = []
    seen: set[str] = set()
    for part in parts:
        if part and part[0] not in "+-":
            raise ApiError("ERROR_INVALID_SORT_DIRECTION", 400, "Each attribute starts with + or -.")
        name = part[1:]
        if name not in keys or (once and name in seen):
            detail = f"Sort by some of {', '.join(keys)}{', each of them once' if once else ''}."
            raise ApiError("ERROR_INVALID_SORT_ATTRIBUTE", 400, detail)
        seen.add(name)
        order += [key.desc() if part[0] == "-" else key.asc() for key in keys[name]]
    return order
