"""docs/filters.md names every filter type, and the values it applies to, as they are."""

from __future__ import annotations

import re
from typing import Any

import pytest

from plugin_api.db import begin
from plugin_api.fields import kind_of
from plugin_api.filters import FilterType
from plugin_api.kinds import Kind
from plugin_api.platform import registry
from tests.docs.pages import ROOT
from tests.world import World

WORDS = {
    Kind.TEXT: "texts",
    Kind.CODE: "phone numbers",
    Kind.NUMBER: "numbers",
    Kind.BOOLEAN: "booleans",
    Kind.DATE: "dates",
    Kind.DATETIME: "dates",
    Kind.DURATION: "durations",
    Kind.UUID: "UUIDs",
    Kind.SINGLE_SELECT: "options",
    Kind.MULTIPLE_SELECT: "several options",
    Kind.LINKS: "linked rows",
    Kind.FILE: "files",
    Kind.FILES: "files",
    Kind.COLLABORATORS: "people",
    Kind.PERSON: "persons",
    Kind.SECRET: "passwords",
    Kind.ARRAY: "lists",
    Kind.ROW_ID: "row ids",
    Kind.OTHER: "others",
}


def _rows(cells: int) -> list[list[str]]:
    """The rows of the page's tables that have so many cells."""
    page = (ROOT / "docs" / "filters.md").read_text()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line[:1] == "|"]
    return [row for row in rows if len(row) == cells and "`" in row[0 if cells == 3 else 1]]


def _shown() -> dict[str, set[str]]:
    return {name: set(row[2].split(", ")) for row in _rows(3) for name in re.findall(r"`(\w+)`", row[0])}


def _words(found: FilterType) -> set[str]:
    lists = {f"lists of {WORDS[kind]}" for kind in found.item_kinds}
    return {WORDS[kind] for kind in found.kinds} | lists


@pytest.mark.usefixtures("app")
def test_the_page_lists_all_types_with_their_values() -> None:
    known = registry("filter_types")
    own = {name: _words(known[name]) for name in known if known.provider(name) == "filters"}
    assert len(own) == 92
    assert _shown() == own


def test_the_page_knows_the_values_of_fields(api: Any) -> None:
    world = World(api)
    shown: dict[str, set[str]] = {}
    for values, types in _rows(2):
        for name in re.findall(r"`(\w+)`", types):
            shown.setdefault(name, set()).add(values)
    with begin():
        shape = world.base.shape(world.table_id)
        kinds = {field.type: WORDS[kind_of(shape.type_of(field), field)] for field in shape.fields}
    assert {name for name in kinds if kinds[name] not in shown.get(name, {kinds[name]})} == set()
    assert set(shown) == {name for name in registry("field_types") if not name.startswith("lab")} - {
        "formula",
        "rollup",
    }
