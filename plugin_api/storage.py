"""File storage: where uploads, exports and job payloads are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, BinaryIO, Protocol

_BLOCK = 1024 * 1024


class Storage(Protocol):
    """Keeps files by name. Names are relative paths with forward slashes."""

    def write(self, name: str, chunks: Iterable[bytes]) -> int:
        """Store the chunks under `name`, whole or not at all; answers the size in bytes."""

    def open(self, name: str) -> BinaryIO:
        """Open a stored file for reading; it can be sought in. FileNotFoundError when it is not there."""

    def delete(self, name: str) -> None:
        """Remove a file; no error when it is gone already."""

    def names(self, prefix: str) -> Iterator[str]:
        """The names that start with `prefix`."""


def blocks(file: IO[bytes]) -> Iterator[bytes]:
    """A file from its beginning, in pieces, as `Storage.write` takes it."""
    file.seek(0)
    while block := file.read(_BLOCK):
        yield block
