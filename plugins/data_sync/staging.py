"""Staged rows: what the source has, in a temporary table with the columns of the synced fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

import psycopg
import sqlalchemy as sa

from plugin_api.db import connection, savepoint
from plugin_api.fields import Column, Field
from plugins.data_sync.kinds import CopiesMixin, DataSyncType, SelectsMixin, Settings, SyncError
from plugins.data_sync.spool import batches
from plugins.database.engine.bulk import CopyColumn, Refused, copy_rows, driver
from plugins.database.engine.ddl import type_sql
from plugins.database.rows.prepare import batch
from plugins.database.shape import TableShape
from plugins.database.tables.imports import check, copy_column

STAGED = "pg_temp.synced_rows"
_CHUNK = 1 << 18
_WORK_MEMORY = "32MB"
"""What a step of a statement of the merge may use before it goes to the disk."""


@dataclass(frozen=True)
class Staging:
    """The temporary table: `n` is the place in the source. `fields` by property key; None for one no longer synced."""

    shape: TableShape
    fields: Mapping[str, Field | None]
    unique: Sequence[Field]

    @cached_property
    def columns(self) -> list[tuple[Field, Column]]:
        """The fields with their columns."""
        pairs = ((found, self.shape.type_of(found).column(found)) for found in self.fields.values() if found)
        return [(found, column) for found, column in pairs if column is not None]

    def fill(self, kind: DataSyncType, settings: Settings, file: BinaryIO) -> None:
        """Make the table and stage all rows that can be told apart; of several alike the first."""
        run = connection().exec_driver_sql
        columns = "".join(f', "{found.column}" {type_sql(column)}' for found, column in self.columns)
        ignored = "".join(f", ignored_{n} text" for n, found in enumerate(self.fields.values()) if found is None)
        run("DROP TABLE IF EXISTS pg_temp.synced_rows")
        number = "n bigint GENERATED ALWAYS AS IDENTITY (CACHE 1000)"
        run(f"CREATE TEMP TABLE synced_rows ({number}{columns}{ignored}) ON COMMIT DROP")
        run(f"SET LOCAL work_mem = '{_WORK_MEMORY}'")
        if isinstance(kind, SelectsMixin):
            self._select(kind, settings)
        elif isinstance(kind, CopiesMixin):
            self._copy(file)
        else:
            self._check(file)
        self._tell_apart()

    def _select(self, kind: SelectsMixin, settings: Settings) -> None:
        fields = {key: found for key, found in self.fields.items() if found is not None}
        names = [found.column for found in fields.values()]
        staged = sa.table("synced_rows", *map(sa.column, names), schema="pg_temp")
        connection().execute(sa.insert(staged).from_select(names, kind.select(settings, fields)))

    def _copy(self, file: BinaryIO) -> None:
        names = [found.column if found else f"ignored_{n}" for n, found in enumerate(self.fields.values())]
        listed = ", ".join(f'"{name}"' for name in names)
        statement = f"COPY {STAGED} ({listed}) FROM STDIN"
        try:
            with savepoint(), driver().cursor() as cursor, cursor.copy(statement) as copy:
                while data := file.read(_CHUNK):
                    copy.write(data)
        except psycopg.DataError as error:
            raise _unfit(error.diag.message_primary) from None

    def _check(self, file: BinaryIO) -> None:
        """Rows of JSON: values a field cannot take are left empty."""
        targets = list(self.fields.values())
        columns: list[CopyColumn] = [copy_column(self.shape, found) for found in targets if found]
        places = [n for n, found in enumerate(filter(None, targets)) if found in self.unique]
        for rows in batches(file):
            values = check(self.shape, targets, rows, batch(importing=True)).columns
            known = [n for n in range(len(rows)) if all(values[place][n] is not None for place in places)]
            good = values if len(known) == len(rows) else [[column[n] for n in known] for column in values]
            copy_rows(STAGED, columns, good, _refuse)

    def analyze(self) -> None:
        """Let PostgreSQL know how many rows there are; of their columns only those that rows are found by."""
        keys = "".join(f', "{found.column}"' for found in self.unique)
        connection().exec_driver_sql(f"ANALYZE {STAGED} (n{keys})")

    def _tell_apart(self) -> None:
        keys = ", ".join(f'"{found.column}"' for found in self.unique)
        unknown = " OR ".join(f'"{found.column}" IS NULL' for found in self.unique)
        places = f"SELECT n, row_number() OVER (PARTITION BY {keys} ORDER BY n) AS nth FROM {STAGED}"
        run = connection().exec_driver_sql
        distinct = f"SELECT count(*) FROM (SELECT DISTINCT {keys} FROM {STAGED} WHERE NOT ({unknown})) d"
        if not run(f"SELECT (SELECT count(*) FROM {STAGED}) <> ({distinct})").scalar_one():
            return
        run(f"DELETE FROM {STAGED} WHERE {unknown}")
        run(f"DELETE FROM {STAGED} WHERE n IN (SELECT n FROM ({places}) p WHERE nth > 1)")


def _refuse(refused: Refused) -> None:
    raise _unfit(refused.reason)


def _unfit(reason: str | None) -> SyncError:
    return SyncError(f"The source has a value that cannot be stored here: {reason}.")
