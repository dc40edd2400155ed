"""A new column of a large table, filled beside those who read and write, that takes another one's place in the end.

The column is added at once and filled batch by batch, each in a transaction of its own; a trigger notes the rows that
are written meanwhile. Only the last step needs the table for itself: it fills the few rows noted since and lets the
new column take the old one's place, in the transaction of the change. If that fails, or its process dies, the old
column is whole: what is left of the new one is removed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError

from plugin_api.db import UnitsOfWork, begin, connection
from plugin_api.errors import ApiError
from plugin_api.fields import Column, Field
from plugin_api.platform import service
from plugins.database import models
from plugins.database.engine.ddl import VARYING_DEFAULTS, default_after, type_sql
from plugins.database.fields.locks import PATIENT, change_shape
from plugins.database.shape import schema_name

log = structlog.get_logger(__name__)

BATCH = 5_000
"""Rows filled at a time: few enough that a writer hardly notices that it waits for them."""
_FEW = 200
"""So few noted rows are left to the last step."""
_ROUNDS = 20
_LOCKS = 0x7072
"""The class of the advisory locks of those who prepare a column; the object is the field."""
_FILLING = "tablewright.filling"

Chosen = Callable[[sa.ColumnElement[Any]], sa.ColumnElement[bool]]
"""Which rows, given the column with their ids."""
Fill = Callable[[Chosen], None]
"""Fills the new column, or what else is to be kept true, in some rows."""


@dataclass
class NewColumn:
    """The column `field_<id>_new` of a table.

    row: the table, with the new column too. fills: fill it, one after the other. refreshes: what else must follow
    when a row is written. indexes: SQL that makes an index on it without stopping anybody, by the index's name.
    alone: the values come from what only the transaction of the change sees; writers wait until it ends.
    """

    workspace_id: int
    row: sa.Table
    field: Field
    column: Column
    fills: Sequence[Fill]
    refreshes: Sequence[Fill] = ()
    indexes: Mapping[str, str] = attribute(default_factory=dict)
    alone: bool = False

    @property
    def _names(self) -> _Names:
        return _Names(self.workspace_id, self.field.table_id, self.field.id)

    def begin(self) -> None:
        """Add the column and note from now on which rows are written. In transactions of their own."""
        with begin():
            connection().execute(sa.insert(models.PreparedColumn).values(self._names.as_row()))
        with begin():
            change_shape(self._add, PATIENT)
        if not self.alone:
            with begin():
                change_shape(self._watch, PATIENT)

    def _add(self) -> None:
        column, default = self.column, str(self.column.default)
        first = f" DEFAULT {VARYING_DEFAULTS.get(default, default)}" if column.default is not None else ""
        required = "" if column.nullable else " NOT NULL"
        names = self._names
        _run(f'ALTER TABLE {names.table} ADD COLUMN "{names.column}" {type_sql(column)}{first}{required}')
        if default in VARYING_DEFAULTS:
            _run(f'ALTER TABLE {names.table} ALTER COLUMN "{names.column}" SET DEFAULT {default}')

    def _watch(self) -> None:
        names = self._names
        _run(f"CREATE UNLOGGED TABLE {names.noted} (id bigint)")
        note = f"INSERT INTO {names.noted} VALUES (NEW.id); RETURN NEW"
        _run(f"CREATE FUNCTION {names.noted}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {note}; END $$")
        _run(
            f'CREATE TRIGGER "{names.trigger}" BEFORE INSERT OR UPDATE ON {names.table} FOR EACH ROW'
            f" WHEN (current_setting('{_FILLING}', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION {names.noted}()"
        )

    def fill(self) -> None:
        """Fill all rows, make the indexes, and follow those who write meanwhile. In transactions of their own."""
        if self.alone:
            return
        work, low = service(UnitsOfWork), 0
        while high := work.run(lambda: self._fill_batch(low)):  # noqa: B023 - run before the loop goes on
            low = high
        for sql in self.indexes.values():
            work.run(lambda: _run(sql), reading=True)  # noqa: B023
        for _ in range(_ROUNDS):
            if work.run(self._catch_up) < _FEW:
                break

    def _fill_batch(self, low: int) -> int | None:
        """Fill the rows after `low`; answers the last one's id, None after the last rows."""
        table = self._names.table
        # The rows are locked in their order by a statement of their own, as writers do it.
        chosen = f"SELECT id FROM {table} WHERE id > {low:d} ORDER BY id LIMIT {BATCH} FOR NO KEY UPDATE"
        high = connection().exec_driver_sql(f"SELECT max(id) FROM ({chosen}) s").scalar_one()
        if high is not None:
            self._fill(self.fills, lambda row_id: sa.and_(row_id > low, row_id <= high))
        return None if high is None else int(high)

    def _catch_up(self) -> int:
        """Fill rows that were written since; answers how many."""
        names = self._names
        some = f"SELECT ctid FROM {names.noted} LIMIT {BATCH}"
        gone = f"DELETE FROM {names.noted} WHERE ctid = ANY(ARRAY({some})) RETURNING id"
        ids = sorted(set(connection().exec_driver_sql(gone).scalars()))
        if ids:
            locked = f"SELECT id FROM {names.table} WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE"
            connection().exec_driver_sql(locked, {"ids": ids})
            wanted = sa.cast(ids, sa.ARRAY(sa.BigInteger))
            self._fill((*self.fills, *self.refreshes), lambda row_id: row_id == sa.any_(wanted))
        return len(ids)

    def _fill(self, fills: Sequence[Fill], chosen: Chosen) -> None:
        _run(f"SET LOCAL {_FILLING} = 'on'")
        for fill in fills:
            fill(chosen)

    def stop_writers(self) -> None:
        """In the transaction of the change: until it ends, nobody else writes."""
        change_shape(lambda: _run(f"LOCK TABLE {self._names.table} IN SHARE ROW EXCLUSIVE MODE"), PATIENT)

    def fill_alone(self) -> None:
        """In the transaction of the change: fill all rows while nobody writes."""
        self._fill(self.fills, lambda row_id: sa.true())
        for sql in self.indexes.values():
            _run(sql.replace(" CONCURRENTLY", ""))

    def take_over(self, drop_old: Callable[[], None]) -> None:
        """In the transaction of the change: fill what is missing and put the column where the old one is."""
        names = self._names
        _run(f"LOCK TABLE {names.table} IN ACCESS EXCLUSIVE MODE")
        if not self.alone:
            while self._catch_up():
                pass
        names.forget()
        drop_old()
        _run(f'ALTER TABLE {names.table} RENAME COLUMN "{names.column}" TO "{self.field.column}"')
        _run(f'ALTER TABLE {names.table} ALTER COLUMN "{self.field.column}" {default_after(self.field)}')
        for name in self.indexes:
            _run(f'ALTER INDEX {names.schema}."{name}_new" RENAME TO "{name}"')

    def discard(self) -> None:
        """Remove what was prepared. In a transaction of its own."""
        with begin():
            change_shape(self._names.remove)


def new_name(field: Field) -> str:
    """The name of the column that is prepared for a field."""
    return f"{field.column}_new"


@dataclass(frozen=True)
class _Names:
    """What is there while a column is prepared: the column, a trigger, and a table and a function of one name."""

    workspace_id: int
    table_id: int
    field_id: int

    def as_row(self) -> dict[str, int]:
        return {"field_id": self.field_id, "table_id": self.table_id, "workspace_id": self.workspace_id}

    @property
    def schema(self) -> str:
        return f'"{schema_name(self.workspace_id)}"'

    @property
    def table(self) -> str:
        return f'{self.schema}."table_{self.table_id}"'

    @property
    def column(self) -> str:
        return f"field_{self.field_id}_new"

    @property
    def trigger(self) -> str:
        return f"note_{self.field_id}"

    @property
    def noted(self) -> str:
        return f'{self.schema}."noted_{self.field_id}"'

    def forget(self) -> None:
        """Remove all but the column."""
        _run(f'DROP TRIGGER IF EXISTS "{self.trigger}" ON {self.table}')
        _run(f"DROP FUNCTION IF EXISTS {self.noted}()")
        _run(f"DROP TABLE IF EXISTS {self.noted}")
        row = models.PreparedColumn
        connection().execute(sa.delete(row).where(row.field_id == self.field_id))

    def remove(self) -> None:
        """Remove all of it."""
        if connection().exec_driver_sql(f"SELECT to_regclass('{self.table}')").scalar_one() is not None:
            self.forget()
            _run(f'ALTER TABLE {self.table} DROP COLUMN IF EXISTS "{self.column}"')
        row = models.PreparedColumn
        connection().execute(sa.delete(row).where(row.field_id == self.field_id))


def hold(field_id: int) -> None:
    """Say, until the transaction ends, that a column is prepared for a field; first remove what is left of one."""
    connection().exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCKS}, {field_id:d})")
    with begin() as unit:
        left = unit.session.get(models.PreparedColumn, field_id)
        if left is not None:
            change_shape(_Names(left.workspace_id, left.table_id, left.field_id).remove)


def forget_left() -> None:
    """Remove columns that nobody prepares any more: their process died."""
    with begin() as unit:
        ids = list(unit.session.scalars(sa.select(models.PreparedColumn.field_id)))
    for field_id in ids:
        try:
            with begin() as unit:
                free = f"SELECT pg_try_advisory_xact_lock({_LOCKS}, {field_id:d})"
                left = unit.session.get(models.PreparedColumn, field_id)
                if connection().exec_driver_sql(free).scalar_one() and left is not None:
                    change_shape(_Names(left.workspace_id, left.table_id, left.field_id).remove)
        except (ApiError, DBAPIError) as error:
            log.warning("what is left of a column could not be removed; trying later", reason=str(error))


def _run(statement: str) -> None:
    connection().exec_driver_sql(statement.replace("%", "%%"))
