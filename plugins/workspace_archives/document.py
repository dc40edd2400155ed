"""Reading an application's JSON: all of it but the lists that are streamed, which are found again by their place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, BinaryIO

import orjson

from plugin_api import json_text
from plugin_api.archives import BadArchive, Elements, Path
from plugin_api.json_text import JsonText

STRUCTURE_BYTES = 256 * 1024 * 1024
"""The most all but the streamed lists may be."""

Passed = Callable[[int], None]
"""Told how many bytes of the file were passed."""


def read_document(file: BinaryIO, streamed: Collection[Path], passed: Passed) -> dict[str, Any]:
    """The object in a file. BadArchive when there is none."""
    return _Document(file, frozenset(streamed), passed).read()


class _Document:
    def __init__(self, file: BinaryIO, streamed: frozenset[Path], passed: Passed) -> None:
        self._file, self._streamed, self._passed = file, streamed, passed
        self._above = {path[:n] for path in streamed for n in range(len(path))}
        self._size = 0

    def read(self) -> dict[str, Any]:
        self._file.seek(0)
        text = JsonText(self._file, _broken)
        if text.peek() != b"{":
            text.refuse("an object is missing")
        found: dict[str, Any] = self._value(text, ())
        if text.peek() != b"":
            text.refuse("there is more after its end")
        return found

    def _value(self, text: JsonText, path: Path) -> Any:
        first = text.peek()
        if first == b"[" and path in self._streamed:
            return self._elements(text)
        if first == b"{" and path in self._above:
            return self._object(text, path)
        if first == b"[" and path in self._above:
            return list(_items(text, lambda: self._item(text, path)))
        return self._whole(text)

    def _item(self, text: JsonText, path: Path) -> Any:
        return self._object(text, path) if text.peek() == b"{" else self._whole(text)

    def _whole(self, text: JsonText) -> Any:
        piece = text.value()
        self._size += len(piece)
        if self._size > STRUCTURE_BYTES:
            raise BadArchive("The description of an application in the archive is too large.")
        return parsed(piece)

    def _object(self, text: JsonText, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}

        def member() -> None:
            if text.peek() != b'"':
                text.refuse("a name in quotes is missing")
            key = parsed(text.value())
            text.take(b":")
            if key in found:
                text.refuse(f"{key[:50]!r} is there twice")
            found[key] = self._value(text, (*path, key))

        for _ in _items(text, member, b"{", b"}"):
            pass
        return found

    def _elements(self, text: JsonText) -> Elements:
        place = text.place
        for _ in _items(text, text.value):
            pass
        return _Elements(self._file, place, self._passed)


class _Elements:
    """A list at a place in a file."""

    def __init__(self, file: BinaryIO, place: int, passed: Passed) -> None:
        self._file, self._place, self._passed = file, place, passed

    def batches(self) -> Iterator[list[Any]]:
        """Its items, some at a time. Nothing else may read the file meanwhile."""
        self._file.seek(self._place)
        text = JsonText(self._file, _broken)
        parts, size = [], 0
        for part in _items(text, text.value):
            parts.append(part)
            size += len(part)
            if size >= json_text.PIECE_BYTES:
                yield parsed(b"[%b]" % b",".join(parts))
                self._passed(self._place + text.place)
                parts, size = [], 0
        if parts:
            yield parsed(b"[%b]" % b",".join(parts))
        self._passed(self._place + text.place)


def _items(text: JsonText, item: Callable[[], Any], first: bytes = b"[", last: bytes = b"]") -> Iterator[Any]:
    """What `item` reads, for each item of a list or member of an object."""
    text.take(first)
    if text.peek() != last:
        yield item()
        while text.peek() == b",":
            text.take(b",")
            yield item()
    text.take(last)


def parsed(piece: bytes) -> Any:
    """The value of a piece of JSON; BadArchive for what is none, or cannot be kept in a database."""
    try:
        value = orjson.loads(piece)
    except orjson.JSONDecodeError as error:
        raise _broken(str(error)) from None
    if b"\\u0000" in piece and has_null(value):
        raise BadArchive("A text in the archive has a null character, which cannot be kept.")
    return value


def has_null(value: Any) -> bool:
    """Whether a text in a value has a null character."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, Mapping):
        return any(has_null(key) or has_null(one) for key, one in value.items())
    return isinstance(value, list) and any(map(has_null, value))


def _broken(why: str) -> BadArchive:
    return BadArchive(f"A file in the archive is not valid JSON: {why}.")
