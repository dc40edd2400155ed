"""Reading CSV: the parts of a file as one text, its rows in batches."""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import BinaryIO

from plugin_api.charsets import CHARSETS
from plugin_api.errors import ApiError
from plugin_api.platform import service
from plugin_api.storage import Storage
from plugins.database.tables.payload import Rows
from plugins.database.tables.sources import RowSource

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_LOOKED_AT = 20
_BLOCK = 128 * 1024
"""So many bytes are read and imported together: PostgreSQL stores them while the next ones are read."""
_LONGEST_VALUE = 10 * 1024 * 1024


class Parts(io.RawIOBase):
    """The parts of a file, one after the other. `position`: the bytes read so far."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = list(names)
        self._open: BinaryIO | None = None
        self.position = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: object) -> int:
        """Read some more."""
        room = memoryview(buffer)  # type: ignore[arg-type]
        while True:
            if self._open is None:
                if not self._names:
                    return 0
                self._open = service(Storage).open(self._names.pop(0))
            data = self._open.read(len(room))
            if data:
                room[: len(data)] = data
                self.position += len(data)
                return len(data)
            self._open.close()
            self._open = None

    def close(self) -> None:
        """Close the part that is open."""
        if self._open is not None:
            self._open.close()
        super().close()


def batches_of(parts: Parts, separator: str, charset: str) -> Iterator[list[list[str]]]:
    """The rows, some at a time, without those that have nothing in them. Refused with the line that cannot be read."""
    csv.field_size_limit(_LONGEST_VALUE)
    with parts:
        lines = _Lines(parts, "utf-8-sig" if charset == "utf-8" else CHARSETS[charset])
        try:
            yield from filter(None, _parted(lines, separator))
        except UnicodeDecodeError as error:
            message = f"After line {lines.number} are bytes that are no text in {charset}. Choose another charset."
            raise ApiError("ERROR_INVALID_FILE", 400, message) from error
        except csv.Error as error:
            message = f"Line {lines.number} cannot be read: {error}."
            raise ApiError("ERROR_INVALID_FILE", 400, message) from error


class _Lines(Iterator[str]):
    """The lines of a text, some of them known already. `number`: how many were read."""

    def __init__(self, source: io.RawIOBase, encoding: str) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._begun = ""
        self.known: deque[str] = deque()
        self.number = 0

    def __next__(self) -> str:
        if not self.known:
            self.known.extend(_lines(self.block()))
        if not self.known:
            raise StopIteration
        self.number += 1
        return self.known.popleft()

    def block(self) -> str:
        """Some whole lines as they are; nothing at the end."""
        pieces = [self._begun]
        while piece := self._piece(pieces):
            # A \r at the end may be half of a line's end.
            end = max(piece.rfind("\n"), piece.rfind("\r", 0, -1)) + 1
            if end:
                self._begun = piece[end:]
                return "".join([*pieces, piece[:end]])
            pieces.append(piece)
        self._begun = ""
        return "".join(pieces)

    def _piece(self, before: Sequence[str]) -> str:
        """The next characters; nothing at the end. before: what came since the last whole line."""
        while data := self._source.read(_BLOCK):
            if piece := self._decode(data, before):
                return piece
        return self._decode(b"", before)

    def _decode(self, data: bytes, before: Sequence[str]) -> str:
        try:
            return self._decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            good = error.object[: error.start].decode(error.encoding)
            self.number += sum(line.endswith(("\n", "\r")) for line in _lines("".join([*before, good])))
            raise


def _lines(text: str) -> Iterator[str]:
    """The lines of a text as they are."""
    return io.StringIO(text, newline="")


def _parted(lines: _Lines, separator: str) -> Iterator[list[list[str]]]:
    """The rows, whole blocks without a quotation mark the short way: there, lines and separators are all there is."""
    reader = csv.reader(lines, delimiter=separator, strict=False)
    while block := lines.block():
        if '"' in block or len(block) > _LONGEST_VALUE:
            lines.known.extend(_lines(block))
            yield list(filter(None, _known(reader, lines)))
        else:
            plain = block.replace("\r\n", "\n").replace("\r", "\n") if "\r" in block else block
            whole = plain.split("\n")
            lines.number += len(whole) - 1
            yield [line.split(separator) for line in whole if line]


def _known(reader: Iterator[list[str]], lines: _Lines) -> Iterator[list[str]]:
    """The rows that begin in the known lines; the last of them may end in a further one."""
    while lines.known:
        yield from islice(reader, 1)


def source_of(names: Sequence[str], size: int, separator: str, charset: str, width: int) -> RowSource:
    """The rows as an import reads them; how far it is goes by bytes."""
    latest: list[Parts] = []

    def batches() -> Iterator[Rows]:
        parts = Parts(names)
        latest[:] = [parts]
        return batches_of(parts, separator, charset)

    return RowSource(batches, width, lambda read: latest[0].position / size, strict=True)


def first_rows(names: Sequence[str], separator: str, charset: str, count: int) -> list[list[str]]:
    """The rows a file begins with."""
    return list(islice(chain.from_iterable(batches_of(Parts(names), separator, charset)), count))


def guess_separator(names: Sequence[str], charset: str) -> str:
    """The separator that parts the first row, and the most rows after it into as many values."""

    def fit(separator: str) -> tuple[bool, int, int]:
        widths = [len(row) for row in first_rows(names, separator, charset, _LOOKED_AT)] or [0]
        return widths[0] > 1, widths.count(widths[0]), widths[0]

    return max(SEPARATORS.values(), key=fit)


def columns_of(first: Sequence[Sequence[str]]) -> int:
    """How many values the longest of some rows has."""
    return max(map(len, first), default=0)
