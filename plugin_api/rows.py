"""What plugins keep with rows and clients may ask for beside them, such as the number of comments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugin_api.states import active


@dataclass(frozen=True)
class RowMetadata:
    """A key of the metadata of rows.

    type: the key.
    of: its JSON value by row id, for a table's id and the ids of the rows that are read, as the acting user sees them;
        rows it leaves out do not get the key. A small, constant number of queries.
    personal: whether it is another one for each user; what is told to many at once leaves it out.
    """

    type: str
    of: Callable[[int, Sequence[int]], Mapping[int, Any]]
    personal: bool = False


def metadata_of(table_id: int, row_ids: Sequence[int], personal: bool = True) -> dict[int, dict[str, Any]]:
    """The metadata of rows, by row id; rows without any are left out. `personal`: with the acting user's own."""
    found: dict[int, dict[str, Any]] = {}
    if row_ids:
        for kept in active("row_metadata"):
            if kept.personal and not personal:
                continue
            for row_id, value in kept.of(table_id, row_ids).items():
                found.setdefault(row_id, {})[kept.type] = value
    return found
