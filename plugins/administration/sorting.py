"""Orders of the administrators' lists: `+name,-id`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.errors import ApiError

Keys = Mapping[str, Sequence[sa.ColumnElement[Any]]]


def sorting(sorts: str | None, keys: Keys) -> list[Any]:
    """The ORDER BY of `sorts`; 400 for a direction or attribute there is none of, or one that comes twice."""
    order: list[Any] = []
    seen: set[str] = set()
    for part in [] if sorts is None else sorts.split(","):
        name = part[1:]
        if part and part[0] not in "+-":
            raise ApiError("ERROR_INVALID_SORT_DIRECTION", 400, "Each attribute starts with + or -.")
        if name not in keys or name in seen:
            detail = f"Sort by some of {', '.join(keys)}, each of them once."
            raise ApiError("ERROR_INVALID_SORT_ATTRIBUTE", 400, detail)
        seen.add(name)
        order += [key.desc() if part[0] == "-" else key.asc() for key in keys[name]]
    return order
