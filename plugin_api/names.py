"""Several names in one text: separated by commas, those with commas in double quotes."""

from __future__ import annotations

import csv

_ONE_LINE = str.maketrans("\r\n", "  ")


def split_names(text: str) -> list[str]:
    """The names in a text; line breaks count as spaces. A text that cannot be taken apart is one name."""
    try:
        row = next(csv.reader([text.translate(_ONE_LINE)], skipinitialspace=True), [])
    except csv.Error:  # a part is longer than the reader takes
        return [text]
    return [name for name in row if name]
