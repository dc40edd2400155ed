"""Importing rows: each batch is checked column by column, the good rows are copied, the others reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import repeat, zip_longest
from typing import Any, cast

import orjson
import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from plugin_api import context
from plugin_api.db import connection, savepoint
from plugin_api.errors import problem
from plugin_api.fields import Batch, Field, Prepared
from plugins.database.engine.bulk import CopyColumn, CopyStream, Refused, copy_rows, is_array
from plugins.database.rows.following import Following
from plugins.database.rows.prepare import batch, sparing
from plugins.database.shape import TableShape
from plugins.database.tables.staged_links import StagedLinks, is_link

_REPORTED_ROWS = 5000
_ROW = "non_field_errors"

Rows = Sequence[Sequence[Any]]
Progress = Callable[[int], None]
"""Told how many rows were read."""
Columns = list[Sequence[Any]]
Problems = dict[str, Any]


@dataclass
class Report:
    """Which rows were refused: by their place in the data, then by column, with the reasons.

    Only the first ones are kept, so that a file of nothing but bad rows makes no huge report.
    """

    failing_rows: dict[int, Problems] = field(default_factory=dict)
    failed: int = 0

    def add(self, row: int, problems: Problems) -> None:
        """Report a row."""
        self.failed += 1
        if len(self.failing_rows) < _REPORTED_ROWS:
            self.failing_rows[row] = problems

    def json(self) -> dict[str, Any]:
        """The report as the API shows it."""
        rows = {str(row): problems for row, problems in sorted(self.failing_rows.items())}
        return {"failing_rows": rows, "failing_row_count": self.failed}


def importable(shape: TableShape) -> list[Field]:
    """The fields the values of an imported row are for, in their order."""
    return [found for found in shape.fields if _is_importable(shape, found)]


def _is_importable(shape: TableShape, found: Field) -> bool:
    kind = shape.type_of(found)
    if kind.read_only or found.read_only:
        return False
    return kind.column(found) is not None or is_link(shape, found)


@dataclass
class Appending:
    """Adds rows at the end of a table, a batch at a time. `targets` says what each value of a row is for.

    A target of None is for values that are not taken; the rows get the default of such a field.
    `as_text` turns values that are no texts into texts, for tables made from the data. Rows with more values than
    `widest` are refused.
    """

    shape: TableShape
    targets: Sequence[Field | None]
    as_text: bool = False
    widest: int | None = None
    report: Report = field(default_factory=Report)
    read: int = 0
    written: int = 0
    placed: int = 0
    stream: CopyStream | None = None

    @cached_property
    def fields(self) -> list[Field]:
        """The fields that get values from the data."""
        return [target for target in self.targets if target is not None]

    @cached_property
    def links(self) -> StagedLinks:
        """The links among the values."""
        return StagedLinks(self.shape, self.fields)

    @cached_property
    def _defaults(self) -> list[tuple[Field, Any]]:
        others = [found for found in importable(self.shape) if found not in self.fields]
        defaults = ((found, self.shape.type_of(found).default(found)) for found in others)
        return [(found, value) for found, value in defaults if value is not None]

    @cached_property
    def _columns(self) -> list[CopyColumn]:
        own = [copy_column(self.shape, found) for found in self.links.stored]
        constant = [copy_column(self.shape, found) for found, _ in self._defaults]
        fixed = [CopyColumn("order"), CopyColumn("created_by"), CopyColumn("last_modified_by")]
        return [*own, *constant, *fixed]

    @cached_property
    def _first_order(self) -> int:
        found = connection().exec_driver_sql(
            f'SELECT coalesce(floor(max("order")), 0) + 1 FROM {self.shape.full_name} WHERE trashed_on IS NULL'
        )
        return int(found.scalar_one())

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Check a batch of rows and copy the good ones."""
        checked = check(self.shape, self.targets, rows, self._moment(), self.as_text)
        if self.widest is not None:
            refuse_wide(rows, self.widest, checked)
        numbers, columns = kept(len(rows), checked, self._report)
        size, user = len(numbers), context.actor().user_id
        constants = [list(repeat(value, size)) for _, value in self._defaults]
        first = self._first_order + self.placed
        places = range(first, first + size)
        columns = self.links.take(columns, places, self._pause)
        fixed = [places, list(repeat(user, size)), list(repeat(user, size))]
        stored = self._write(numbers, [*columns, *constants, *fixed])
        self.written += stored
        self.placed += size if self.links.links else stored  # links are for the row at their place, and no other
        self.read += len(rows)

    def write_links(self, following: Following, before: int) -> None:
        """Write the links of the rows, which are those after the one that was the last before."""
        placed = f'SELECT "order" AS place, id AS row_id FROM {self.shape.full_name} WHERE id > {before}'
        self.links.write(following, f"{placed} AND created_on = now()", before, replacing=False)

    def _pause(self) -> None:
        if self.stream is not None:
            self.stream.pause()

    def _moment(self) -> Batch:
        moment = batch(importing=True)
        if self.stream is None:
            return moment
        return replace(moment, connection=cast(sa.Connection, _OnDemand(moment.connection, self._pause)))

    def _write(self, numbers: Sequence[int], columns: Columns) -> int:
        if not numbers:
            return 0
        if self.stream is not None:
            self.stream.write(columns)
            return len(numbers)

        def refused(found: Refused) -> None:
            self._report(numbers[found.index], server_problem(found))

        return copy_rows(self.shape.full_name, self._columns, columns, refused)

    def streaming(self) -> CopyStream:
        """Copy all batches by one COPY from now on, until the end of the block this is for."""
        self._first_order  # noqa: B018 - asked for now, while the connection is free
        self.stream = CopyStream(self.shape.full_name, self._columns)
        return self.stream

    def _report(self, row: int, problems: Problems) -> None:
        self.report.add(self.read + row, problems)


class _OnDemand:
    """A connection that is made free before anybody uses it."""

    def __init__(self, real: sa.Connection, make_free: Callable[[], None]) -> None:
        self._real, self._make_free = real, make_free

    def __getattr__(self, name: str) -> Any:
        self._make_free()
        return getattr(self._real, name)


def append_all(make: Callable[[], Appending], batches: Callable[[], Iterable[Rows]], progress: Progress) -> Appending:
    """Add all rows the quick way. If PostgreSQL refuses a value, start again and find out which row it is in."""
    try:
        with savepoint():
            adding = make()
            with adding.streaming():
                _append(adding, batches(), progress)
            return adding
    except (psycopg.Error, DBAPIError):
        return _append(make(), batches(), progress)


def _append(adding: Appending, batches: Iterable[Rows], progress: Progress) -> Appending:
    for rows in batches:
        adding.add(rows)
        progress(adding.read)
    return adding


def copy_column(shape: TableShape, found: Field) -> CopyColumn:
    """Where COPY puts a field's values."""
    column = shape.type_of(found).column(found)
    return CopyColumn(found.column, column is not None and is_array(column.type))


def server_problem(found: Refused) -> Problems:
    """The report of a row that PostgreSQL refused."""
    return {found.column or _ROW: [problem("invalid", found.reason)]}


@dataclass
class Checked:
    """The values of the fields, field by field, and the problems by row and column."""

    columns: Columns
    problems: dict[int, Problems] = field(default_factory=dict)


def check(
    shape: TableShape,
    targets: Sequence[Field | None],
    rows: Sequence[Sequence[Any]],
    moment: Batch,
    as_text: bool = False,
) -> Checked:
    """Check a batch of rows, a whole column at once. What a row lacks is None, what it has too much is ignored."""
    columns: list[Sequence[Any]] = list(zip_longest(*rows))
    nothing: Sequence[Any] = (None,) * len(rows)
    checked = Checked([])
    for n, target in enumerate(targets):
        if target is None:
            continue
        given = columns[n] if n < len(columns) else nothing
        prepared = _prepared(shape, target, texts(given) if as_text else given, moment)
        checked.columns.append(prepared.values)
        for row, problems in prepared.errors.items():
            checked.problems.setdefault(row, {})[target.column] = problems
    return checked


def refuse_wide(rows: Rows, widest: int, checked: Checked) -> None:
    """Add the problem of rows with more values than there are columns; empty ones at the end do not count."""
    if max(map(len, rows), default=0) <= widest:
        return
    for number, row in enumerate(rows):
        if len(row) > widest and any(row[widest:]):
            message = f"The row has {len(row)} values, but there are {widest} columns."
            checked.problems.setdefault(number, {})[_ROW] = [problem("too_many_values", message)]


def kept(size: int, checked: Checked, report: Callable[[int, Problems], None]) -> tuple[Sequence[int], Columns]:
    """The places and the values of the rows without problems; the others are reported."""
    if not checked.problems:
        return range(size), checked.columns
    for row in sorted(checked.problems):
        report(row, checked.problems[row])
    numbers = [row for row in range(size) if row not in checked.problems]
    return numbers, [[column[row] for row in numbers] for column in checked.columns]


def _prepared(shape: TableShape, target: Field, values: Sequence[Any], moment: Batch) -> Prepared:
    kind = shape.type_of(target)
    return sparing(lambda given: kind.prepare_import(target, given, moment), values)


def texts(values: Sequence[Any]) -> Sequence[Any]:
    """The values as texts: numbers, true and false, lists and objects as JSON writes them. None stays."""
    if set(map(type, values)) <= {str, type(None)}:
        return values
    return [value if value is None or isinstance(value, str) else orjson.dumps(value).decode() for value in values]
