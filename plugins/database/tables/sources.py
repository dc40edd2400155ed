"""Where the rows of an import come from: read in batches, as often as it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from plugins.database.tables.payload import DATA, Rows, Upload, read_batches


@dataclass(frozen=True)
class RowSource:
    """Rows to import.

    batches: reads them from their beginning. width: how many values the longest row has.
    done: the part, from 0 to 1, that was read, given the number of rows that were.
    strict: whether rows with more values than `width` are refused; there are none otherwise.
    """

    batches: Callable[[], Iterable[Rows]]
    width: int
    done: Callable[[int], float]
    strict: bool = False


def uploaded(upload: Upload) -> RowSource:
    """The rows a client sent with a request."""
    return RowSource(lambda: read_batches(upload.file, DATA), upload.width, lambda read: read / upload.rows)
