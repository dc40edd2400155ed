"""Reading CSV: blocks without quotation marks are parted in a shorter way, into the same rows."""

from __future__ import annotations

import csv
import io
import random
from itertools import chain
from typing import cast

import pytest

from plugins.csv_import import reading

PLAIN = ["a", "", ",", "\n", "\r", "\r\n", " ", "é", "\u2028", "\x0b"]
QUOTED = [*PLAIN, '"', '""', ',"', '",']


@pytest.mark.parametrize("pieces", [PLAIN, QUOTED], ids=["plain", "quoted"])
def test_the_rows_are_those_of_the_usual_reader(pieces: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_BLOCK", 5)
    chance = random.Random(1)
    for _ in range(2000):
        text = "".join(chance.choices(pieces, k=chance.randint(0, 40)))
        expected = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
        lines = reading._Lines(cast(io.RawIOBase, io.BytesIO(text.encode())), "utf-8")
        assert list(chain.from_iterable(reading._parted(lines, ","))) == expected, repr(text)


@pytest.mark.parametrize("before", ["", "a\n", "a\r\nb\r\n", 'a\n"b\nc"\nd', "é\n" * 40])
def test_the_line_is_told_after_which_there_is_no_text(before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for size in range(1, 9):
        monkeypatch.setattr(reading, "_BLOCK", size)
        lines = reading._Lines(cast(io.RawIOBase, io.BytesIO(before.encode() + b"\xff\n")), "utf-8")
        with pytest.raises(UnicodeDecodeError):
            list(reading._parted(lines, ","))
        assert lines.number == len(before.splitlines()) - (not before.endswith("\n") and before != "")
