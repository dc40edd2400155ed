"""Bringing a table in line with the staged rows: a few statements, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import orjson
from sqlalchemy.exc import IntegrityError

from plugin_api import context
from plugin_api.db import connection
from plugin_api.fields import Column, Field
from plugins.data_sync.kinds import SyncError
from plugins.data_sync.staging import STAGED, Staging
from plugins.database.context import TableContext
from plugins.database.engine import places
from plugins.database.engine.computed import graph_for
from plugins.database.engine.ddl import type_sql
from plugins.database.engine.write import stored
from plugins.database.fields.constraints import broken_constraint
from plugins.database.fields.recalculation import compute
from plugins.database.rows.following import Following, read_rows
from plugins.database.rows.ledger import Row
from plugins.database.shape import TableShape
from plugins.database.tables.imports import importable

ONE_BY_ONE = 2000
"""Rows of which listeners and the history are told one by one; of more, as of an import, only which they are."""
_FOLLOWED = 20_000
"""Changed rows whose computed values are computed alone; with more, those of the whole table are."""

_CHANGES = "pg_temp.synced_changes"
_NEW, _CHANGED, _GONE = "id IS NULL", "id IS NOT NULL AND n IS NOT NULL", "n IS NULL"


@dataclass
class Merged:
    """What a sync changed. The rows themselves are there for as many as are told of one by one."""

    shape: TableShape
    added: int = 0
    changed: int = 0
    gone: int = 0
    last_id: int = 0
    new_ids: list[int] = field(default_factory=list)
    changed_ids: list[int] = field(default_factory=list)
    gone_ids: list[int] = field(default_factory=list)
    before: list[Row] = field(default_factory=list)
    gone_rows: list[Row] = field(default_factory=list)

    def now(self, row_ids: Sequence[int]) -> list[Row]:
        """Rows as they are now."""
        return read_rows(self.shape, row_ids, self.shape.select_list(self.shape.fields, False)) if row_ids else []


class Merge:
    """One merge, in the transaction that staged the rows."""

    def __init__(self, where: TableContext, staging: Staging) -> None:
        self._where, self._staging, self._shape = where, staging, staging.shape
        self._rows = self._shape.full_name
        self._result = Merged(self._shape)

    def run(self) -> Merged:
        """Add, change and remove rows, and compute what follows."""
        result, run = self._result, connection().exec_driver_sql
        self._following = Following(self._shape, self._shape.fields, presence=True)
        result.last_id = int(run(f"SELECT coalesce(max(id), 0) FROM {self._rows}").scalar_one())
        first = not run(f"SELECT EXISTS (SELECT FROM {self._rows} WHERE trashed_on IS NULL)").scalar_one()
        if not first:
            self._compare()
        try:
            self._add(first)
            if not first:
                self._change()
        except IntegrityError as error:
            refusal = broken_constraint(error)
            if refusal is None:
                raise
            raise SyncError(f"New rows break a rule of this table: {refusal.detail}") from error
        if self._following.active:
            self._follow()
        if not first:
            self._remove()
        if self._following.active and not self._is_large:
            self._following.finish()
        if result.added or result.gone:
            places.note(self._where.id, result.added - result.gone)
        return result

    @cached_property
    def _others(self) -> list[tuple[Field, Column]]:
        return [pair for pair in self._staging.columns if pair[0] not in self._staging.unique]

    def _compare(self) -> None:
        """Note which rows are new (they have no `id`), which changed, and which are gone (they have no `n`)."""
        self._staging.analyze()
        run, result = connection().exec_driver_sql, self._result
        mine, theirs = ", ".join(f't."{f.column}"' for f, _ in self._others), ", ".join(self._values(self._others))
        differs = f" OR ROW({mine}) IS DISTINCT FROM ROW({theirs})" if self._others else ""
        run(f"DROP TABLE IF EXISTS {_CHANGES}")
        run(
            f"CREATE TEMP TABLE synced_changes ON COMMIT DROP AS SELECT t.id, s.n"
            f" FROM (SELECT * FROM {self._rows} WHERE trashed_on IS NULL) t"
            f" FULL JOIN {STAGED} s ON {self._same_key('t', 's')} WHERE t.id IS NULL OR s.n IS NULL{differs}"
        )
        run(f"ANALYZE {_CHANGES}")
        result.changed, result.changed_ids = _counted(_CHANGED)
        result.gone, result.gone_ids = _counted(_GONE)
        if result.changed <= ONE_BY_ONE:
            result.before = result.now(result.changed_ids)
        if result.gone <= ONE_BY_ONE:
            result.gone_rows = result.now(result.gone_ids)

    def _same_key(self, one: str, other: str) -> str:
        return " AND ".join(f'{one}."{found.column}" = {other}."{found.column}"' for found in self._staging.unique)

    def _values(self, columns: Sequence[tuple[Field, Column]]) -> list[str]:
        """The staged values as they are stored: where nothing is not allowed, the column's default."""
        return [
            f's."{found.column}"'
            if column.nullable or column.default is None
            else f'coalesce(s."{found.column}", {column.default})'
            for found, column in columns
        ]

    def _add(self, first: bool) -> None:
        """Add the rows that are new, at the end, in the order of the source."""
        given = {found.id for found, _ in self._staging.columns}
        others = stored(self._shape, [found for found in importable(self._shape) if found.id not in given])
        defaults = {found.column: self._shape.type_of(found).default(found) for found, _ in others}
        constant = [(found, column) for found, column in others if defaults[found.column] is not None]
        record = "".join(f', "{found.column}" {type_sql(column)}' for found, column in constant)
        names = "".join(f', "{found.column}"' for found, _ in (*self._staging.columns, *constant))
        values = "".join(f", {value}" for value in self._values(self._staging.columns))
        values += "".join(f', d."{found.column}"' for found, _ in constant)
        # In an empty table each place in the source is free as the place of its row; counting them would be to sort.
        place = "s.n" if first else "row_number() OVER (ORDER BY s.n)"
        new = "" if first else f" JOIN {_CHANGES} c ON c.n = s.n AND c.{_NEW}"
        last = f'SELECT coalesce(floor(max("order")), 0) FROM {self._rows} WHERE trashed_on IS NULL'
        statement = (
            f'INSERT INTO {self._rows} ("order", created_by, last_modified_by{names})'
            f" SELECT ({last}) + {place}, %(user_id)s, %(user_id)s{values}"
            f" FROM {STAGED} s{new}, json_to_record(%(defaults)s::json) AS d(n bigint{record})"
            f"{'' if first else ' ORDER BY s.n'}"
        )
        parameters = {"defaults": orjson.dumps(defaults).decode(), "user_id": context.actor().user_id}
        result, run = self._result, connection().exec_driver_sql
        result.added = run(statement, parameters).rowcount
        if 0 < result.added <= _FOLLOWED:
            new = f"SELECT id FROM {self._rows} WHERE id > %(last)s AND created_on = now() ORDER BY id"
            result.new_ids = list(run(new, {"last": result.last_id}).scalars())

    def _change(self) -> None:
        if self._result.changed:
            pairs = zip(self._others, self._values(self._others), strict=True)
            sets = "".join(f', "{found.column}" = {value}' for (found, _), value in pairs)
            statement = (
                f"UPDATE {self._rows} t SET updated_on = now(), last_modified_by = %(user_id)s{sets}"
                f" FROM {_CHANGES} c JOIN {STAGED} s ON s.n = c.n WHERE t.id = c.id"
            )
            connection().exec_driver_sql(statement, {"user_id": context.actor().user_id})

    def _remove(self) -> None:
        """Remove the rows that are gone for good, with their links and history."""
        if self._result.gone:
            run = connection().exec_driver_sql
            history = f"DELETE FROM database.row_history h USING {_CHANGES} c WHERE h.table_id = %(table_id)s"
            run(f"{history} AND h.row_id = c.id AND c.{_GONE}", {"table_id": self._where.id})
            run(f"DELETE FROM {self._rows} t USING {_CHANGES} c WHERE t.id = c.id AND c.{_GONE}")

    @property
    def _is_large(self) -> bool:
        result = self._result
        return max(result.added, result.changed, result.gone) > _FOLLOWED

    def _follow(self) -> None:
        """Have computed values follow. Of many rows, all are computed anew, by a job where that takes long."""
        result, following = self._result, self._following
        if self._is_large:
            graph = graph_for(self._shape)
            links = {link.id for link in graph.component.links_to(self._shape.id)}
            compute(self._where, graph, {found.id for found in self._shape.fields} | links, ())
            return
        following.made(result.new_ids)
        following.wrote([found for found, _ in self._others], result.changed_ids)
        following.shown_elsewhere([*result.gone_ids, *result.changed_ids])


def _counted(which: str) -> tuple[int, list[int]]:
    """How many rows were noted, and their ids unless they are too many to know each."""
    run = connection().exec_driver_sql
    size = int(run(f"SELECT count(*) FROM {_CHANGES} WHERE {which}").scalar_one())
    listed = f"SELECT id FROM {_CHANGES} WHERE {which} ORDER BY id"
    return size, list(run(listed).scalars()) if size <= _FOLLOWED else []
