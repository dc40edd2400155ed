"""Reading a large JSON object in pieces: named arrays as batches of elements, everything else as values."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any, BinaryIO, NoReturn

import orjson

from plugin_api.errors import body_invalid, problem

PIECE_BYTES = 256 * 1024
"""About as much text of an array is a batch."""
VALUE_BYTES = 16 * 1024 * 1024
"""No single value, such as a row, may be larger."""

_SPACE = re.compile(rb"[ \t\n\r]*+")
_SCALAR = re.compile(rb"[^\s,:\[\]{}\"]++")
_LONGEST_SCALAR = 1000
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["\[\]{}]', re.DOTALL)
_DEPTH = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}
_BETWEEN_ROWS = re.compile(rb"\][ \t\n\r]*+,[ \t\n\r]*+\[")
_GUESSES = 4

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
        self._text = _Text(stream)
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
        for end in self._text.ends_of_rows():
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
        while size < PIECE_BYTES and text.peek() == b",":
            text.take(b",")
            parts.append(text.value())
            size += len(parts[-1]) + 1
        piece = b"[%b]" % b",".join(parts)
        return piece, self._parse(piece)


class _Text:
    """A window on the text of a stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._buffer = b""
        self._at = 0
        self._before = 0
        self._ended = False

    def refuse(self, why: str) -> NoReturn:
        """400, with the place where the text is wrong."""
        raise body_invalid(f"The body is not valid JSON: {why} (at byte {self._before + self._at}).")

    def _more(self) -> bool:
        """Read on: at least as much as is there, so that looking again at a long value costs little."""
        data = b"" if self._ended else self._stream.read(max(PIECE_BYTES, len(self._buffer) - self._at))
        if not data:
            self._ended = True
            return False
        self._before += self._at
        self._buffer, self._at = self._buffer[self._at :] + data, 0
        return True

    def peek(self) -> bytes:
        """The next character that is no space; nothing at the end."""
        while True:
            self._at = _SPACE.match(self._buffer, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._buffer) or not self._more():
                return self._buffer[self._at : self._at + 1]

    def take(self, wanted: bytes) -> None:
        """Step over the character that has to come now."""
        if self.peek() != wanted:
            self.refuse(f"{wanted.decode()!r} is missing")
        self._at += 1

    def until(self, end: int) -> bytes:
        """The text from here to `end`."""
        return self._buffer[self._at : end]

    def advance(self, end: int) -> bytes:
        """The text from here to `end`, and go there."""
        found, self._at = self.until(end), end
        return found

    def value(self) -> bytes:
        """The text of one value of any kind."""
        if self.peek() in (b"[", b"{", b'"'):
            return self._nested()
        while True:
            found = _SCALAR.match(self._buffer, self._at)
            if found is None or found.end() - self._at > _LONGEST_SCALAR:
                self.refuse("a value is missing")
            if found.end() < len(self._buffer) or not self._more():
                return self.advance(found.end())

    def _nested(self) -> bytes:
        depth, seen = 0, self._at
        while True:
            for token in _TOKEN.finditer(self._buffer, seen):
                if token.group() == b'"':
                    break  # a text whose end was not read yet
                seen = token.end()
                depth += _DEPTH.get(token.group(), 0)
                if depth == 0:
                    return self.advance(seen)
            if len(self._buffer) - self._at > VALUE_BYTES:
                self.refuse(f"one value, such as a row, is larger than {VALUE_BYTES} bytes")
            seen -= self._at
            if not self._more():
                self.refuse("it ends in the middle of a value")

    def ends_of_rows(self) -> list[int]:
        """Where, in a batch of text, rows seem to end: some places, the last one first."""
        while len(self._buffer) - self._at < PIECE_BYTES and self._more():
            pass
        stop = self._at + PIECE_BYTES
        for start in (max(self._at, stop - PIECE_BYTES // 16), self._at):
            ends = [match.start() + 1 for match in _BETWEEN_ROWS.finditer(self._buffer, start, stop)]
            if ends:
                return ends[: -_GUESSES - 1 : -1]
        return []
