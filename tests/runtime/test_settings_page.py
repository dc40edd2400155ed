"""docs/settings.md says what core/settings.py declares."""

from __future__ import annotations

from pathlib import Path

from core.cli.settings_page import page

_PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_page_is_up_to_date() -> None:
    assert _PAGE.read_text() == page(), "run: tablewright settings --markdown > docs/settings.md"
