"""The definitions the product's templates are built from: TOML files people write, read and checked.

A definition says how the template is listed, and what tables its database has: fields, rows and views, by names.
`plugins/templates/sources/README.md` tells how to write one.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).parent.parent / "plugins" / "templates" / "sources"
AS_OF = date(2026, 1, 5)
"""The Monday that is the day 0 of all definitions."""

_COMPUTED = ("formula", "lookup", "rollup", "count")
_DAY = re.compile(r"([+-]\d+)(?: (\d\d:\d\d))?")


@dataclass(frozen=True)
class FieldSource:
    """A field: its name, type and settings. Links name their table, computed fields what they are made of."""

    name: str
    type: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def computed(self) -> bool:
        """Whether its values follow from other fields."""
        return self.type in _COMPUTED

    @property
    def options(self) -> list[dict[str, str]]:
        """The options of a select field: names and colours."""
        found = str(self.settings["options"]).split(",")
        pairs = [one.strip().rpartition(" ") for one in found]
        return [{"value": name, "color": color} for name, _, color in pairs]


@dataclass(frozen=True)
class TableSource:
    """A table. `rows` are texts by field name; the first field is the primary one."""

    name: str
    fields: Sequence[FieldSource]
    rows: Sequence[Mapping[str, str]]
    views: Sequence[Mapping[str, Any]]

    def field(self, name: str) -> FieldSource:
        """A field by its name."""
        return next(one for one in self.fields if one.name == name)


@dataclass(frozen=True)
class Source:
    """The definition of a template."""

    slug: str
    listed: Mapping[str, Any]
    tables: Sequence[TableSource]

    @property
    def name(self) -> str:
        """What the template and its database are called."""
        return str(self.listed["name"])


def sources() -> list[Source]:
    """All definitions, by their file names."""
    return [read(path) for path in sorted(SOURCES.glob("*.toml"))]


def read(path: Path) -> Source:
    """One definition."""
    found = tomllib.loads(path.read_text("utf-8"))
    tables = [_table(one) for one in found.pop("tables")]
    return Source(path.stem, found, tables)


def digest(source: Source) -> str:
    """What tells whether a template was built from its definition as it is now."""
    return hashlib.sha256((SOURCES / f"{source.slug}.toml").read_bytes()).hexdigest()


def _table(found: Mapping[str, Any]) -> TableSource:
    unknown = set(found) - {"name", "fields", "rows", "views"}
    assert not unknown, f"a table has no {unknown}"
    fields = [_field(name, one) for name, one in found["fields"].items()]
    rows = _rows(found["rows"])
    known = {one.name for one in fields}
    for row in rows:
        assert set(row) <= known, f"{found['name']} has no fields {set(row) - known}"
    return TableSource(found["name"], fields, rows, found.get("views", []))


def _field(name: str, found: str | Mapping[str, Any]) -> FieldSource:
    if isinstance(found, str):
        return FieldSource(name, found)
    settings = dict(found)
    for short in ("link", *_COMPUTED):
        if short in settings and "type" not in settings:
            return FieldSource(name, "link_row" if short == "link" else short, settings)
    return FieldSource(name, settings.pop("type"), settings)


def _rows(text: str) -> list[dict[str, str]]:
    lines = [_cells(line) for line in text.strip().splitlines() if line.strip()]
    header = lines[0]
    for cells in lines:
        assert len(cells) == len(header), f"{cells} has not the {len(header)} cells of {header}"
    return [dict(zip(header, cells, strict=True)) for cells in lines[1:]]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def names(text: str) -> list[str]:
    """The names in a cell or setting that has several, with semicolons between them."""
    return [one.strip() for one in text.split(";") if one.strip()]


def day(text: str) -> str:
    """A date written as so many days after (+3) or before (-3) the day 0, perhaps with a time, as the API takes it."""
    found = _DAY.fullmatch(text)
    assert found, f"{text!r} is no day"
    moved = (AS_OF + timedelta(days=int(found[1]))).isoformat()
    return f"{moved}T{found[2]}:00Z" if found[2] else moved
