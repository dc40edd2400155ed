"""The text of a large JSON document, read value by value from a stream, so that only one of them is in memory."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import BinaryIO, NoReturn

PIECE_BYTES = 256 * 1024
"""About as much of the text is read at once."""
VALUE_BYTES = 16 * 1024 * 1024
"""No single value, such as a row, may be larger."""

_SPACE = re.compile(rb"[ \t\n\r]*+")
_SCALAR = re.compile(rb"[^\s,:\[\]{}\"]++")
_LONGEST_SCALAR = 1000
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["\[\]{}]', re.DOTALL)
_DEPTH = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}
_GUESSES = 4

Refuse = Callable[[str], Exception]
"""The error for text that is wrong; it is told what is wrong, and where."""


class JsonText:
    """A window on the text of a stream. `refusal` makes the error for what is not JSON."""

    def __init__(self, stream: BinaryIO, refusal: Refuse) -> None:
        self._stream = stream
        self._refusal = refusal
        self._buffer = b""
        self._at = 0
        self._before = 0
        self._ended = False

    @property
    def place(self) -> int:
        """How many bytes were passed."""
        return self._before + self._at

    def refuse(self, why: str) -> NoReturn:
        """Raise the error, with the place where the text is wrong."""
        raise self._refusal(f"{why} (at byte {self.place})")

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

    def ends(self, between: re.Pattern[bytes]) -> list[int]:
        """Where, in a batch of text, elements seem to end: some places, the last one first.

        `between` matches from the last byte of an element to the first of the next one.
        """
        while len(self._buffer) - self._at < PIECE_BYTES and self._more():
            pass
        stop = self._at + PIECE_BYTES
        for start in (max(self._at, stop - PIECE_BYTES // 16), self._at):
            ends = [match.start() + 1 for match in between.finditer(self._buffer, start, stop)]
            if ends:
                return ends[: -_GUESSES - 1 : -1]
        return []
