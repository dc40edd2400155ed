"""Orders of things that people drag about."""

from __future__ import annotations

from collections.abc import Sequence


def reordered(before: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """The ids of `before` after those in `wanted`, all of them from there, were put into that order.

    They take the places they have together; the others stay where they are.
    """
    moved, chosen = iter(wanted), set(wanted)
    return [next(moved) if one in chosen else one for one in before]
