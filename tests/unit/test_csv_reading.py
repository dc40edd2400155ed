"""Reading CSV: blocks without quotation marks are parted in a shorter way, into the same rows."""

from __future__ import annotations

import csv
import io
import random

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
        lines = reading._Lines(io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8", newline=""))
        assert list(reading._parted(lines, ",")) == expected, repr(text)
