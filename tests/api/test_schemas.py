"""Hot paths stay within the schema of one workspace and shared catalogues, which is what sharding by schema needs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from core.settings import Settings
from plugin_api.db import UnitsOfWork
from plugin_api.platform import service
from plugin_api.states import is_enabled
from tests.sessions import Session

ROWS, VIEWS, FIELDS = "/api/database/rows/table", "/api/database/views", "/api/database/fields/table"
_EXPLAINED = re.compile(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
_OF_ROWS = re.compile(r"ws_\d+$")
MODIFIED_WITH_ROWS = {"database"}
"""Catalogues that a statement which changes rows changes too: the number of rows, kept by blocks of their order."""
READ_WITH_ROWS = {
    "core.application",
    "core.membership",
    "core.workspace",
    "database.row_count",
    "database.table",
    "roles.assignment",
    "teams.subject",
    "teams.team",
}
"""Shared tables that statements on rows touch; docs/scaling.md names them, for they have to be on every machine."""


class Touched:
    """The relations of each statement, by whether they are changed, as PostgreSQL's own plans tell."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.database_url
        self.statements: dict[str, Any] = {}
        self.plans: dict[str, list[tuple[str, str, bool]]] = {}

    def explain(self) -> None:
        """Ask for the plans of the statements that were seen."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            for sql, parameters in self.statements.items():
                if _EXPLAINED.match(sql):
                    explained = f"EXPLAIN (VERBOSE, FORMAT JSON) {sql}".encode()
                    row = connection.execute(explained, parameters or None).fetchone()
                    assert row is not None
                    found = row[0] if isinstance(row[0], list) else json.loads(row[0])
                    self.plans[sql] = list(_relations(found[0]["Plan"]))

    def schemas(self, sql: str, changed: bool = False) -> set[str]:
        """The schemas a statement touches, or changes."""
        return {schema for schema, _, modified in self.plans[sql] if modified or not changed}


def _relations(node: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    if "Relation Name" in node:
        yield node["Schema"], node["Relation Name"], node["Node Type"] == "ModifyTable"
    for below in node.get("Plans", ()):
        yield from _relations(below)


@pytest.fixture
def touching(app: Flask, settings: Settings) -> Any:
    """A context manager whose value tells what the statements of its block touch."""

    @contextmanager
    def watching() -> Iterator[Touched]:
        touched, engine = Touched(settings), service(UnitsOfWork).engine  # type: ignore[attr-defined]
        is_enabled("database")

        def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
            touched.statements[statement] = parameters

        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            yield touched
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
        touched.explain()

    return watching


class Linked(Session):
    """Tables with links, lookups and formulas, and a view with a filter."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.orders = self.table("Orders", [["Name", "Note"], ["One", "first"], ["Two", "second"]])
        self.people = self.table("People", [["Name"], ["Ada"]])
        self.number = self.add_field(self.orders, "Number", "number")
        self.link = self.add_field(self.orders, "Person", "link_row", link_row_table_id=self.people)
        self.add_field(self.orders, "Double", "formula", formula="field('Number') * 2")
        self.add_field(self.orders, "Who", "formula", formula="join(lookup('Person', 'Name'), ',')")
        body = {"name": "Grid", "type": "grid"}
        self.view = int(self.ok(*api.post(f"{VIEWS}/table/{self.orders}/", body))["id"])
        self.workspace = api.get("/api/workspaces/")[1][-1]["id"]

    def use(self) -> None:
        """Everything that is done all the time."""
        orders, api, names = f"{ROWS}/{self.orders}", self.api, "user_field_names=true"
        self.ok(*api.get(f"/api/database/tables/{self.orders}/"))
        self.ok(*api.get(f"{FIELDS}/{self.orders}/"))
        self.ok(*api.get(f"{VIEWS}/table/{self.orders}/?include=filters,sortings"))
        made = self.ok(*api.post(f"{orders}/?{names}", {"Name": "Three", "Number": 3, "Person": [1]}))
        self.ok(*api.patch(f"{orders}/{made['id']}/?{names}", {"Number": 4, "Person": []}))
        self.ok(*api.get(f"{orders}/{made['id']}/?{names}"))
        batch = self.ok(*api.post(f"{orders}/batch/?{names}", {"items": [{"Name": "a"}, {"Name": "b"}]}))["items"]
        ids = [row["id"] for row in batch]
        self.ok(*api.patch(f"{orders}/batch/?{names}", {"items": [{"id": one, "Number": 1} for one in ids]}))
        self.ok(*api.patch(f"{ROWS}/{self.people}/1/?{names}", {"Name": "Eva"}))
        for query in ("", "&search=a", "&order_by=-Name", "&filter__Name__contains=e", "&page=2&size=1"):
            self.ok(*api.get(f"{orders}/?{names}{query}"))
        self.ok(*api.get(f"{VIEWS}/grid/{self.view}/?include=field_options"))
        self.ok(*api.get(f"{VIEWS}/grid/{self.view}/?search=a"))
        self.ok(*api.get(f"{VIEWS}/grid/{self.view}/aggregations/"))
        self.ok(*api.get(f"{VIEWS}/grid/{self.view}/aggregation/{self.number}/?type=sum"))
        assert api.post(f"{orders}/batch-delete/", {"items": ids})[0] == 204
        assert api.delete(f"{orders}/{made['id']}/")[0] == 204


def test_no_statement_of_a_hot_path_touches_two_workspaces(make_user: Any, touching: Any) -> None:
    Linked(make_user()).use()
    mine = Linked(make_user())
    with touching() as touched:
        mine.use()
    of_rows = {name for sql in touched.plans for name in touched.schemas(sql) if _OF_ROWS.match(name)}
    assert of_rows == {f"ws_{mine.workspace}"}
    assert len(touched.plans) > 20


def test_statements_that_change_rows_change_little_else(make_user: Any, touching: Any) -> None:
    mine = Linked(make_user())
    with touching() as touched:
        mine.use()
    changed = [touched.schemas(sql, changed=True) for sql in touched.plans]
    writes = [found for found in changed if any(map(_OF_ROWS.match, found))]
    assert writes
    others = {name for found in writes for name in found if not _OF_ROWS.match(name)}
    assert others == MODIFIED_WITH_ROWS


def test_statements_on_rows_touch_these_shared_tables_alone(make_user: Any, touching: Any) -> None:
    mine = Linked(make_user())
    with touching() as touched:
        mine.use()
    on_rows = [plan for plan in touched.plans.values() if any(_OF_ROWS.match(schema) for schema, _, _ in plan)]
    shared = {f"{schema}.{name}" for plan in on_rows for schema, name, _ in plan if not _OF_ROWS.match(schema)}
    assert shared == READ_WITH_ROWS
    page = Path(__file__).parents[2].joinpath("docs/scaling.md").read_text()
    assert [name for name in READ_WITH_ROWS if f"create_reference_table('{name}')" not in page] == []


def test_nothing_in_a_workspace_depends_on_another_schema(make_user: Any, settings: Settings) -> None:
    """Foreign keys and triggers would bind shards to each other, and defaults would ask sequences elsewhere."""
    mine = Linked(make_user())
    schema = f"ws_{mine.workspace}"
    with psycopg.connect(settings.database_url) as connection:
        bound = connection.execute(
            """SELECT conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
               JOIN pg_class o ON o.oid = c.confrelid
               WHERE contype = 'f' AND t.relnamespace <> o.relnamespace
               AND %s::regnamespace IN (t.relnamespace, o.relnamespace)""",
            [schema],
        ).fetchall()
        triggers = connection.execute(
            """SELECT tgname FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
               WHERE NOT tgisinternal AND t.relnamespace = %s::regnamespace""",
            [schema],
        ).fetchall()
        elsewhere = connection.execute(
            """SELECT s.relname FROM pg_attrdef d JOIN pg_class t ON t.oid = d.adrelid
               JOIN pg_depend p ON p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid
               JOIN pg_class s ON s.oid = p.refobjid AND s.relkind = 'S'
               WHERE t.relnamespace = %s::regnamespace AND s.relnamespace <> t.relnamespace""",
            [schema],
        ).fetchall()
    assert (bound, triggers, elsewhere) == ([], [], [])
