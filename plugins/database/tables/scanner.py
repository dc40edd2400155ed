"""Reading a large JSON object in pieces: named arrays as batches of elements, everything else as values."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any, BinaryIO

import orjson

from plugin_api import json_text
from plugin_api.errors import ApiError, body_invalid, problem
from plugin_api.json_text import JsonText

_BETWEEN_ROWS = re.compile(rb"\][ \t\n\r]*+,[ \t\n\r]*+\[")

Path = tuple[str, ...]
Parse = Callable[[bytes], Any]
Batch = tuple[Path, bytes, list[Any]]
"""The path of an array, the JSON text of some of its elements as an array of their own, and these elements."""


class ObjectScanner:
    """Reads one JSON object from a stream.

    `batches` yields the elements of the arrays at `paths` as they come; when it is through, `values` holds the
    object with those arrays left empty, and `lengths` how many elements each of the arrays has.
    `parse` parses a piece of JSON text and refuses what must not be in it.
    """

    def __init__(self, stream: BinaryIO, paths: Collection[Path], parse: Parse) -> None:
        self._text = JsonText(stream, _invalid)
        self._paths = paths
        self._parse = parse
        self.values: Any = {}
        self.lengths: dict[Path, int] = {}

    def batches(self) -> Iterator[Batch]:
        """Read the object to its end. 400 for what is not JSON."""
        text = self._text
        if text.peek() == b"":
            return
        if text.peek() == b"{":
            yield from self._object(self.values, ())
        else:
            self.values = self._parse(text.value())
        if text.peek() != b"":
            text.refuse("there is more after its end")

    def _object(self, into: dict[str, Any], path: Path) -> Iterator[Batch]:
        text = self._text
        text.take(b"{")
        if text.peek() != b"}":
            yield from self._member(into, path)
            while text.peek() == b",":
                text.take(b",")
                yield from self._member(into, path)
        text.take(b"}")

    def _member(self, into: dict[str, Any], path: Path) -> Iterator[Batch]:
        text = self._text
        if text.peek() != b'"':
            text.refuse("a name in quotes is missing")
        key = self._parse(text.value())
        text.take(b":")
        here, first = (*path, key), text.peek()
        if first == b"[" and here in self._paths:
            if here in self.lengths:
                raise body_invalid({key: [problem("invalid", "Give this only once.")]})
            self.lengths[here], into[key] = 0, []
            yield from self._array(here)
        elif first == b"{" and any(wanted[: len(here)] == here for wanted in self._paths):
            into[key] = {}
            yield from self._object(into[key], here)
        else:
            into[key] = self._parse(text.value())

    def _array(self, path: Path) -> Iterator[Batch]:
        text = self._text
        text.take(b"[")
        if text.peek() != b"]":
            yield self._batch(path)
            while text.peek() == b",":
                text.take(b",")
                yield self._batch(path)
        text.take(b"]")

    def _batch(self, path: Path) -> Batch:
        piece, elements = self._guessed() or self._exact()
        self.lengths[path] += len(elements)
        return path, piece, elements

    def _guessed(self) -> tuple[bytes, list[Any]] | None:
        """A batch of rows by text up to where one seems to end and the next one to begin.

        Such text may also be inside of a row, but then what comes before it is not whole JSON.
        """
        for end in self._text.ends(_BETWEEN_ROWS):
            piece = b"[%b]" % self._text.until(end)
            try:
                elements = orjson.loads(piece)
            except orjson.JSONDecodeError:
                continue
            self._text.advance(end)
            return piece, self._parse(piece) if b"\\u0000" in piece else elements
        return None

    def _exact(self) -> tuple[bytes, list[Any]]:
        """A batch of any elements, looked at one by one."""
        text = self._text
        parts = [text.value()]
        size = len(parts[0])
        while size < json_text.PIECE_BYTES and text.peek() == b",":
            text.take(b",")
            parts.append(text.value())
            size += len(parts[-1]) + 1
        piece = b"[%b]" % b",".join(parts)
        return piece, self._parse(piece)


def _invalid(why: str) -> ApiError:
    return body_invalid(f"The body is not valid JSON: {why}.")
