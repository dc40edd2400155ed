"""The templates of the product: each is what its definition says, and works."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from plugins.templates import catalog
from plugins.templates.library import LIBRARY
from plugins.templates.types import templates_in
from tests.tables import Database
from tests.template_builder import COLORS
from tests.template_sources import SOURCES, Source, TableSource, digest, names, read

VIEWS = "/api/database/views"
SLUGS = sorted(path.stem for path in SOURCES.glob("*.toml"))
_OF_TODAY = re.compile(r"today|this_|UTC|Late|Silent|Days|due")


def _ok(answer: tuple[int, Any]) -> Any:
    assert answer[0] in (200, 202), answer
    return answer[1]


class Installed:
    """A template that was installed, seen through the API."""

    def __init__(self, database: Database, slug: str) -> None:
        self.api, self._database = database.api, database
        started = self.api.post(f"/api/templates/install/{database.workspace_id}/{catalog.by_slug(slug).id}/async/")
        self.job = database.run(started)
        assert self.job["state"] == "finished", self.job
        (self.application,) = self.job["installed_applications"]
        self.tables = {found["name"]: found["id"] for found in self.application["tables"]}

    def fields(self, table: str) -> dict[str, dict[str, Any]]:
        """The fields of a table by name."""
        return {found["name"]: found for found in self._database.fields(self.tables[table])}

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table by field names."""
        return self._database.rows(self.tables[table])

    def views(self, table: str) -> list[dict[str, Any]]:
        """The views of a table."""
        parts = "?include=filters,sortings,group_bys,decorations"
        return list(_ok(self.api.get(f"{VIEWS}/table/{self.tables[table]}/{parts}")))

    def shown(self, view: Mapping[str, Any]) -> int:
        """How many rows a view shows, whatever its type."""
        start = date.today() - timedelta(days=60)
        query = f"?from_timestamp={start}T00:00:00Z&to_timestamp={start + timedelta(days=150)}T00:00:00Z"
        answer = _ok(self.api.get(f"{VIEWS}/{view['type']}/{view['id']}/{query if view['type'] == 'calendar' else ''}"))
        return sum(group["count"] for group in answer["rows"].values()) if "rows" in answer else answer["count"]


@pytest.fixture(params=SLUGS)
def source(request: pytest.FixtureRequest) -> Source:
    """The definition of each template."""
    return read(SOURCES / f"{request.param}.toml")


def test_there_are_enough_and_each_is_built_from_its_definition() -> None:
    found = {one.slug: one for one in templates_in(LIBRARY)}
    assert len(found) >= 15 and sorted(found) == SLUGS
    for slug in SLUGS:
        told = json.loads((LIBRARY / f"{slug}.json").read_text("utf-8"))
        assert told["definition"] == digest(read(SOURCES / f"{slug}.toml")), (
            f"{slug} was changed: run python -m tests.build_templates {slug}"
        )
    assert len({one.id for one in found.values()}) == len(SLUGS)


def test_definitions_are_worth_installing(source: Source) -> None:
    """Linked tables, rows, several kinds of views, something computed; colours clients know."""
    tables = source.tables
    fields = [field for table in tables for field in table.fields]
    assert len(tables) >= 3 and 30 <= sum(len(table.rows) for table in tables) <= 200
    assert any(field.type == "link_row" for field in fields) and any(field.computed for field in fields)
    kinds = {view.get("type", "grid") for table in tables for view in table.views}
    assert len(kinds) >= 4 and {"grid", "form"} & kinds and all(table.views for table in tables)
    options = [option for field in fields if "options" in field.settings for option in field.options]
    assert options and {option["color"] for option in options} <= COLORS
    assert source.listed["description"].endswith(".") and len(source.listed["keywords"]) >= 5


def test_a_template_is_what_its_definition_says(source: Source, api: Any) -> None:
    made = Installed(Database(api), source.slug)
    assert made.application["name"] == source.name
    assert list(made.tables) == [table.name for table in source.tables]
    for table in source.tables:
        _check_fields(made, table)
        _check_rows(made, table)
        _check_views(made, table)


def _check_fields(made: Installed, table: TableSource) -> None:
    fields = made.fields(table.name)
    assert {one.name: one.type for one in table.fields} == {
        name: fields[name]["type"] for name in (one.name for one in table.fields) if name in fields
    }
    assert [(name, found["error"]) for name, found in fields.items() if found.get("error")] == []
    assert next(found for found in fields.values() if found["primary"])["name"] == table.fields[0].name


def _check_rows(made: Installed, table: TableSource) -> None:
    rows = made.rows(table.name)
    assert len(rows) == len(table.rows)
    for row, wanted in zip(rows, table.rows, strict=True):
        for name, cell in wanted.items():
            kind = table.field(name).type
            if kind in ("link_row", "multiple_select"):
                assert sorted(one["value"] for one in row[name]) == sorted(names(cell)), (table.name, name)
            elif kind in ("text", "long_text", "email", "url", "phone_number"):
                assert (row[name] or "") == cell, (table.name, name)
    for field in table.fields:
        if field.computed:
            assert any(row[field.name] not in (None, "", []) for row in rows), (table.name, field.name)


def _check_views(made: Installed, table: TableSource) -> None:
    found = made.views(table.name)
    assert [(one["name"], one["type"]) for one in found] == [
        (view["name"], view.get("type", "grid")) for view in table.views
    ]
    for one, view in zip(found, table.views, strict=True):
        assert len(one["filters"]) == len(view.get("filters", ()))
        assert len(one["sortings"]) == len(view.get("sort", ()))
        assert len(one.get("group_bys", ())) == len(view.get("group", ()))
        assert len(one["decorations"]) == ("color" in view) + ("highlight" in view)
        if one["type"] != "form" and not any(map(_OF_TODAY.search, view.get("filters", ()))):
            assert made.shown(one) > 0, f"{table.name}: {one['name']} shows nothing"
        _check_figures(made, one, view)


def _check_figures(made: Installed, one: Mapping[str, Any], view: Mapping[str, Any]) -> None:
    if view.get("footer"):
        figures = _ok(made.api.get(f"{VIEWS}/grid/{one['id']}/aggregations/"))
        assert len(figures) == len(view["footer"])
    if one["type"] == "form":
        options = _ok(made.api.get(f"{VIEWS}/{one['id']}/field-options/"))["field_options"].values()
        assert sum(option["enabled"] for option in options) == len(view["fields"])


def _dates(made: Installed, source: Source) -> Iterator[date]:
    for table in source.tables:
        for row in made.rows(table.name):
            for field in table.fields:
                if field.type == "date" and row[field.name]:
                    yield date.fromisoformat(row[field.name][:10])


def test_dates_are_of_these_weeks(api: Any) -> None:
    source = read(SOURCES / "meeting-notes.toml")
    found = sorted(_dates(Installed(Database(api), source.slug), source))
    today = date.today()
    assert any(abs((one - today).days) <= 3 for one in found) and found[0] < today < found[-1]
    weekly = [row for row in source.tables[0].rows if row["Kind"] == "Weekly"]
    assert {int(row["When"].split()[0]) % 7 for row in weekly} == {0}
    assert {one.weekday() for one in found if one.weekday() > 4} <= {5, 6}


def test_people_of_templates_have_addresses_nobody_has() -> None:
    for slug in SLUGS:
        text = (SOURCES / f"{slug}.toml").read_text("utf-8")
        for domain in re.findall(r"[\w.]+@([\w.-]+)", text):
            assert domain == "example.com" or domain.endswith(".example"), (slug, domain)
        for address in re.findall(r"https?://([\w.-]+)", text):
            assert address.endswith(("example.com", ".example")), (slug, address)


def test_the_page_lists_them() -> None:
    page = (SOURCES.parents[2] / "docs" / "templates.md").read_text("utf-8")
    shown = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE)[1:]
    real = [
        (
            one.name,
            ", ".join(one.listed["categories"]),
            ", ".join(table.name for table in one.tables),
            one.listed["description"],
        )
        for one in sorted((read(SOURCES / f"{slug}.toml") for slug in SLUGS), key=lambda one: one.name.casefold())
    ]
    assert shown == real
