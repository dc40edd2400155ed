"""Importing rows that may be there already: all are staged, then matched, updated and added by SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy.exc import IntegrityError

from plugin_api import context
from plugin_api.db import connection
from plugin_api.fields import Column, Field
from plugins.database.engine.bulk import CopyColumn, Refused, copy_rows
from plugins.database.engine.ddl import type_sql
from plugins.database.engine.write import stored
from plugins.database.fields.constraints import broken_constraint
from plugins.database.rows.following import Following
from plugins.database.rows.prepare import batch
from plugins.database.shape import TableShape
from plugins.database.tables.imports import Problems, Report, check, copy_column, importable, kept, server_problem
from plugins.database.tables.staged_links import StagedLinks

STAGED = "pg_temp.staged_rows"


@dataclass
class Upserting:
    """Updates the rows whose `keys` fields have the given values, adds the others.

    The n-th row given with the same key is for the n-th such row of the table, so importing a file again changes
    nothing. `targets` says what each value of a row is for, as in `Appending`.
    """

    shape: TableShape
    targets: Sequence[Field | None]
    keys: Sequence[Field]
    report: Report = field(default_factory=Report)
    read: int = 0
    written: int = 0
    updated: int = 0

    def __post_init__(self) -> None:
        columns = "".join(f', "{found.column}" {type_sql(column)}' for found, column in self._values)
        keys = "".join(f', "{_key(found)}" {type_sql(column)}' for found, column in stored(self.shape, self.keys))
        run = connection().exec_driver_sql
        run("DROP TABLE IF EXISTS pg_temp.staged_rows")
        run(f"CREATE TEMP TABLE staged_rows (n bigint, row_id bigint, made_id bigint{keys}{columns}) ON COMMIT DROP")

    @cached_property
    def links(self) -> StagedLinks:
        """The links among the values."""
        return StagedLinks(self.shape, [target for target in self.targets if target is not None])

    @cached_property
    def _values(self) -> list[tuple[Field, Column]]:
        return stored(self.shape, self.links.stored)

    @cached_property
    def _columns(self) -> list[CopyColumn]:
        keys = [CopyColumn(_key(found), copy_column(self.shape, found).array) for found in self.keys]
        return [CopyColumn("n"), *(copy_column(self.shape, found) for found, _ in self._values), *keys]

    def add(self, rows: Sequence[Sequence[Any]], keys: Sequence[Sequence[Any]]) -> None:
        """Check a batch of rows with the values to find them by, and stage the good ones."""
        moment = batch(importing=True)
        checked, found = check(self.shape, self.targets, rows, moment), check(self.shape, self.keys, keys, moment)
        for row, problems in found.problems.items():
            checked.problems[row] = {**problems, **checked.problems.get(row, {})}
        values = len(checked.columns)
        numbers, columns = kept(len(rows), replace(checked, columns=[*checked.columns, *found.columns]), self._report)
        places = [self.read + n for n in numbers]
        columns = [*self.links.take(columns[:values], places), *columns[values:]]

        def refused(by_server: Refused) -> None:
            self._report(numbers[by_server.index], server_problem(by_server))

        copy_rows(STAGED, self._columns, [places, *columns], refused)
        self.read += len(rows)

    def _report(self, row: int, problems: Problems) -> None:
        self.report.add(self.read + row, problems)

    def finish(self) -> None:
        """Update the rows that are there, add the others at the end in their order."""
        run, user = connection().exec_driver_sql, context.actor().user_id
        run("ANALYZE pg_temp.staged_rows")
        run(self._matching())
        insert, defaults = self._insert()
        try:
            self.updated = run(self._update(), {"user_id": user}).rowcount
            self.written = run(insert, {"user_id": user, "defaults": defaults}).rowcount
        except IntegrityError as error:
            raise broken_constraint(error) or error from error

    def write_links(self, following: Following, before: int) -> None:
        """Write the links of all rows; the new ones are those after the one that was the last before."""
        connection().exec_driver_sql(self._made(), {"before": before})
        placed = f"SELECT n AS place, coalesce(row_id, made_id) AS row_id FROM {STAGED}"
        self.links.write(following, placed, before, replacing=True)

    def _made(self) -> str:
        """Give each staged row that was added the id of its row."""
        # Two lists side by side: of a join by place the planner would expect a single row.
        return (
            f"UPDATE {STAGED} s SET made_id = made.id FROM unnest("
            f"ARRAY(SELECT n FROM {STAGED} WHERE row_id IS NULL ORDER BY n),"
            f" ARRAY(SELECT id FROM {self.shape.full_name} WHERE id > %(before)s AND created_on = now()"
            ' ORDER BY "order", id)) AS made(n, id) WHERE s.n = made.n'
        )

    def _matching(self) -> str:
        """Give each staged row the id of its row in the table, if there is one."""
        given = _compared([f's."{_key(found)}"' for found in self.keys])
        there = _compared([f't."{found.column}"' for found in self.keys])
        return (
            f"WITH wanted AS (SELECT n, {given} AS key, row_number() OVER (PARTITION BY {given} ORDER BY n) AS nth"
            f" FROM {STAGED} s), known AS (SELECT id, {there} AS key,"
            f' row_number() OVER (PARTITION BY {there} ORDER BY t."order", t.id) AS nth'
            f" FROM {self.shape.full_name} t WHERE trashed_on IS NULL)"
            f" UPDATE {STAGED} s SET row_id = known.id FROM wanted JOIN known USING (key, nth) WHERE s.n = wanted.n"
        )

    def _update(self) -> str:
        sets = "".join(f', "{found.column}" = s."{found.column}"' for found, _ in self._values)
        return (
            f"UPDATE {self.shape.full_name} t SET updated_on = now(), last_modified_by = %(user_id)s{sets}"
            f" FROM {STAGED} s WHERE t.id = s.row_id"
        )

    def _insert(self) -> tuple[str, str]:
        given = {found.id for found, _ in self._values}
        others = stored(self.shape, [found for found in importable(self.shape) if found.id not in given])
        defaults = {found.column: self.shape.type_of(found).default(found) for found, _ in others}
        constant = [(found, column) for found, column in others if defaults[found.column] is not None]
        record = "".join(f', "{found.column}" {type_sql(column)}' for found, column in constant)
        names = "".join(f', "{found.column}"' for found, _ in (*self._values, *constant))
        values = "".join(f', s."{found.column}"' for found, _ in self._values)
        values += "".join(f', d."{found.column}"' for found, _ in constant)
        statement = (
            f'INSERT INTO {self.shape.full_name} ("order", created_by, last_modified_by{names})'
            f' SELECT (SELECT coalesce(floor(max("order")), 0) FROM {self.shape.full_name} WHERE trashed_on IS NULL)'
            f" + row_number() OVER (ORDER BY s.n), %(user_id)s, %(user_id)s{values}"
            f" FROM {STAGED} s, json_to_record(%(defaults)s::json) AS d(n bigint{record})"
            " WHERE s.row_id IS NULL ORDER BY s.n"
        )
        return statement, orjson.dumps(defaults).decode()


def _key(found: Field) -> str:
    return f"key_{found.id}"


def _compared(columns: Sequence[str]) -> str:
    """What makes two rows the same: their keys as one text, nothing being equal to an empty text."""
    return "jsonb_build_array(" + ", ".join(f"nullif({column}::text, '')" for column in columns) + ")::text"
