"""Rows on their way: read from the source into a file of the worker, while no transaction is open."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, BinaryIO

import orjson

from plugins.data_sync.kinds import CopiesMixin, DataSyncType, Progress, ReadsMixin, Settings

_MEMORY = 8 * 1024 * 1024
_BATCH = 1000


@contextmanager
def fetched(kind: DataSyncType, settings: Settings, keys: Sequence[str], progress: Progress) -> Iterator[BinaryIO]:
    """All rows of a source in a file: lines of JSON lists, or COPY text. Empty for rows that are in this database."""
    with tempfile.SpooledTemporaryFile(_MEMORY) as file:
        target: BinaryIO = file  # type: ignore[assignment]
        if isinstance(kind, CopiesMixin):
            kind.copy(settings, keys, target, progress)
        elif isinstance(kind, ReadsMixin):
            _write(kind.rows(settings, keys, progress), target)
        target.seek(0)
        yield target


def _write(rows: Iterable[Sequence[Any]], target: BinaryIO) -> None:
    for row in rows:
        target.write(orjson.dumps(list(row), option=orjson.OPT_APPEND_NEWLINE))


def batches(file: BinaryIO) -> Iterator[list[list[Any]]]:
    """The rows that were written as JSON, some at a time."""
    lines: Iterable[bytes] = io.BufferedReader(file) if isinstance(file, io.RawIOBase) else file
    reading = iter(lines)
    while found := [orjson.loads(line) for line in islice(reading, _BATCH)]:
        yield found
