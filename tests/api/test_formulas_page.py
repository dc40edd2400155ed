"""The page on formulas: its examples have the values it says, and it names every function."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from plugins.formulas.functions import FUNCTIONS
from tests.formulas import Workbook

PAGE = Path(__file__).parents[2] / "docs" / "formulas.md"
_ROW = re.compile(r"^\| `(?P<formula>.+?)` \| .*? \| (?:`(?P<value>.*)`)? *\|$", re.MULTILINE)


def test_examples(api: Any) -> None:
    book = Workbook(api)
    examples = [(row["formula"], row["value"]) for row in _ROW.finditer(PAGE.read_text()) if row["value"]]
    wrong = {
        formula: found for formula, value in examples if (found := book.in_orders(formula)[0]) != json.loads(value)
    }
    assert len(examples) > 90 and not wrong, wrong


def test_every_function_is_there() -> None:
    text = PAGE.read_text()
    assert not [name for name in FUNCTIONS if f"{name}(" not in text]
