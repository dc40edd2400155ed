"""Reading rows of an archive: some at a time, checked field by field, copied into the new table with their ids."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from plugin_api.archives import ArchiveReader, BadArchive, Elements
from plugin_api.dates import parse_moment
from plugin_api.db import connection
from plugin_api.fields import Batch, Field
from plugin_api.links import LinkMixin
from plugin_api.schemas import MAX_INT, as_int
from plugins.database.archive.values import is_restored, restored_values
from plugins.database.context import TableContext
from plugins.database.engine.bulk import CopyColumn, CopyStream, Refused, copy_rows
from plugins.database.engine.links import quoted, relation_of
from plugins.database.rows.prepare import batch
from plugins.database.shape import TableShape, field_type
from plugins.database.tables.copies import Copied
from plugins.database.tables.imports import copy_column

_LINKS = "pg_temp.archived_links"
_LINK_COLUMNS = (CopyColumn("field_id"), CopyColumn("own"), CopyColumn("other"))
_ORDER = re.compile(r"-?\d{1,20}(\.\d{1,20})?")
_ROW_COLUMNS = ("id", "order", "created_on", "updated_on", "created_by", "last_modified_by")

Row = Mapping[str, Any]


def prepare_links() -> None:
    """Make room for links, which can be written only when all rows are there."""
    run = connection().exec_driver_sql
    run(f"DROP TABLE IF EXISTS {_LINKS}")
    run("CREATE TEMP TABLE archived_links (field_id bigint, own bigint, other bigint) ON COMMIT DROP")


@dataclass
class RowsReader:
    """Reads the rows of one table."""

    where: TableContext
    shape: TableShape
    pairs: Sequence[Copied]
    archive: ArchiveReader
    written: int = 0
    lost: int = 0
    """How many values could not be kept."""
    _now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @cached_property
    def _fields(self) -> list[tuple[str, Field]]:
        """Where the values are in the archive's rows, and the fields they are for."""
        now = self.shape.by_id
        found = [(pair.original.column, now[pair.copy.id]) for pair in self.pairs]
        return [(key, target) for key, target in found if is_restored(target)]

    @cached_property
    def _columns(self) -> list[CopyColumn]:
        own = [copy_column(self.shape, target) for _, target in self._fields if not _is_link(target)]
        return [*(CopyColumn(name) for name in _ROW_COLUMNS), *own]

    def read(self, rows: Elements) -> None:
        """All of them."""
        for found in rows.batches():
            if not all(isinstance(row, dict) for row in found):
                raise BadArchive("A row in the archive is no object.")
            self._write(found)

    def _write(self, rows: Sequence[Row]) -> None:
        moment = batch(importing=True)
        ids = [_id(row) for row in rows]
        columns, links = [], []
        for key, target in self._fields:
            values = self._values(key, target, rows, moment)
            if _is_link(target):
                links += [(target.id, own, other) for own, found in zip(ids, values, strict=True) for other in found]
            else:
                columns.append(values)
        common = [ids, *self._common(rows)]
        self.written += copy_rows(self.shape.full_name, self._columns, [*common, *columns], _refuse)
        _stage(links)

    def _values(self, key: str, target: Field, rows: Sequence[Row], moment: Batch) -> list[Any]:
        found = restored_values(target, [row.get(key) for row in rows], moment, self.archive)
        self.lost += found.lost
        return found.values

    def _common(self, rows: Sequence[Row]) -> list[list[Any]]:
        created = [self._moment(row.get("created_on"), self._now) for row in rows]
        updated = [self._moment(row.get("updated_on"), made) for row, made in zip(rows, created, strict=True)]
        return [
            [self._order(row, n) for n, row in enumerate(rows, self.written + 1)],
            [moment.isoformat() for moment in created],
            [moment.isoformat() for moment in updated],
            [self.archive.person(row.get("created_by")) for row in rows],
            [self.archive.person(row.get("last_modified_by")) for row in rows],
        ]

    def _order(self, row: Row, place: int) -> str:
        given = str(row.get("order", ""))
        return given if _ORDER.fullmatch(given) else str(place)

    def _moment(self, value: Any, usual: datetime) -> datetime:
        found = parse_moment(value) if isinstance(value, str) else None
        return usual if found is None else found


def _is_link(target: Field) -> bool:
    return isinstance(field_type(target.type), LinkMixin)


def _id(row: Row) -> int:
    found = as_int(row.get("id"))
    if found is None or not 0 < found <= MAX_INT:
        raise BadArchive("A row in the archive has no id.")
    return found


def _refuse(found: Refused) -> None:
    raise BadArchive(f"A row in the archive cannot be kept: {found.reason[:300]}.")


def _stage(links: Sequence[tuple[int, int, int]]) -> None:
    if links:
        with CopyStream(_LINKS, _LINK_COLUMNS) as stream:
            stream.write(list(zip(*links, strict=True)))


def all_are_there() -> None:
    """All rows of all tables were written: let the database know the links before it joins them to rows."""
    connection().exec_driver_sql(f"CREATE INDEX ON {_LINKS} (field_id)")
    connection().exec_driver_sql(f"ANALYZE {_LINKS}")


def write_links(shape: TableShape) -> None:
    """Write the links of a table whose rows, and those they link to, are all there. Others are left out."""
    for target in shape.fields:
        if not _is_link(target) or target.linked is None:
            continue
        relation, far = relation_of(shape, target), target.linked.rows
        connection().exec_driver_sql(
            f"INSERT INTO {quoted(relation)} ({relation.own}, {relation.other})"
            f" SELECT DISTINCT l.own, l.other FROM {_LINKS} l JOIN {shape.full_name} r ON r.id = l.own"
            f' JOIN "{far.schema}"."{far.name}" f ON f.id = l.other WHERE l.field_id = {target.id}'
            " ORDER BY 1, 2 ON CONFLICT DO NOTHING"
        )
        connection().exec_driver_sql(f"ANALYZE {quoted(relation)}")
