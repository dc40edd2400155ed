"""Writing many rows at once: columns of checked values go to PostgreSQL by COPY."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from types import NoneType
from typing import Any

import orjson
import psycopg
import sqlalchemy as sa

from plugin_api.db import connection

Values = Sequence[Any]

_ESCAPES = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}
"""What COPY reads as something else; the backslash, which the others become, comes first."""
_NULL = r"\N"
_WORDS = {True: "t", False: "f", None: _NULL}
_UNIQUE = re.compile(r"(field_\d+)_unique")
_WHERE = re.compile(r", line (\d+)(?:, column (\w+))?")


@dataclass(frozen=True)
class CopyColumn:
    """A column to copy into. Lists become arrays in `array` columns, JSON in others."""

    name: str
    array: bool = False


@dataclass(frozen=True)
class Refused:
    """A row PostgreSQL did not take: its place in the columns, the column at fault when known, and why."""

    index: int
    column: str | None
    reason: str


def copy_rows(
    table: str, columns: Sequence[CopyColumn], values: Sequence[Values], refused: Callable[[Refused], None]
) -> int:
    """Copy rows, given column by column, into the table of that quoted name; answers how many.

    Each row that PostgreSQL refuses is handed to `refused` and left out.
    """
    statement, rows = _statement(table, columns), list(_rows(columns, values))
    at, size, bad = 0, len(rows), 0
    while at < len(rows):
        problem = _try_copy(statement, rows[at : at + size])
        if problem is None:
            at, size = at + size, 2 * size
        elif problem.index:
            size = problem.index
        else:
            refused(replace(problem, index=at))
            at, size, bad = at + 1, 1, bad + 1
    return len(rows) - bad


class CopyStream:
    """One COPY over many batches: PostgreSQL stores a batch while Python prepares the next one.

    A value PostgreSQL refuses makes the whole of it fail, in the end at the latest. While a COPY runs, its connection
    can do nothing else: `pause` ends it, and the next `write` starts another one.
    """

    def __init__(self, table: str, columns: Sequence[CopyColumn]) -> None:
        self._columns = columns
        self._statement = _statement(table, columns)
        self._running = ExitStack()
        self._copy: psycopg.Copy | None = None

    def __enter__(self) -> CopyStream:
        return self

    def __exit__(self, *error: Any) -> bool | None:
        return self._running.__exit__(*error)

    def write(self, values: Sequence[Values]) -> None:
        """Send rows, given column by column."""
        if self._copy is None:
            cursor = self._running.enter_context(driver().cursor())
            self._copy = self._running.enter_context(cursor.copy(self._statement))
        self._copy.write(_lines(_rows(self._columns, values)))

    def pause(self) -> None:
        """Have everything stored and the connection free."""
        self._copy = None
        self._running.close()


def _statement(table: str, columns: Sequence[CopyColumn]) -> str:
    names = ", ".join(f'"{column.name}"' for column in columns)
    return f"COPY {table} ({names}) FROM STDIN"


def _rows(columns: Sequence[CopyColumn], values: Sequence[Values]) -> Iterator[tuple[str, ...]]:
    texts = [copy_texts(found, column.array) for column, found in zip(columns, values, strict=True)]
    return zip(*texts, strict=True)


def _lines(rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join([*map("\t".join, rows), ""])


def _try_copy(statement: str, rows: Sequence[tuple[str, ...]]) -> Refused | None:
    """Copy all of the rows or none; answers the first one that is refused."""
    try:
        with driver().transaction(), driver().cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(_lines(rows))
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        found = _WHERE.search(error.diag.context or "")
        if found is None:
            raise
        unique = _UNIQUE.fullmatch(error.diag.constraint_name or "")
        column = unique[1] if unique else found[2]
        return Refused(int(found[1]) - 1, column, error.diag.message_primary or str(error))
    return None


def driver() -> psycopg.Connection[Any]:
    """The driver's connection, since SQLAlchemy has no COPY. It is in a transaction: `transaction` is a savepoint."""
    found: psycopg.Connection[Any] = connection().connection.driver_connection  # type: ignore[assignment]
    return found


def copy_texts(values: Values, array: bool) -> Sequence[str]:
    """A column's values as COPY reads them."""
    kinds = set(map(type, values))
    if NoneType in kinds and len(kinds) > 1:
        there = iter(copy_texts([value for value in values if value is not None], array))
        return [_NULL if value is None else next(there) for value in values]
    if kinds == {str}:
        return _escaped(values)
    if kinds <= {bool, NoneType}:
        return list(map(_WORDS.__getitem__, values))
    if kinds <= {int, float}:
        return list(map(str, values))
    return [_cell(value, array) for value in values]


def _escaped(texts: Sequence[str]) -> Sequence[str]:
    """All texts at once: joined, escaped and parted again. A NUL cannot be in a text PostgreSQL stores."""
    joined = "\0".join(texts)
    escaped = _text(joined)
    return texts if escaped is joined else escaped.split("\0")


def _cell(value: Any, array: bool) -> str:
    if value is None:
        return _NULL
    if isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, list) and array:
        return _text("{" + ",".join(map(_item, value)) + "}")
    return _text(orjson.dumps(value).decode() if isinstance(value, list | dict) else str(value))


def _text(text: str) -> str:
    """Looking for each sign and replacing it is quicker than going from sign to sign; most texts have none of them."""
    for sign, escape in _ESCAPES.items():
        if sign in text:
            text = text.replace(sign, escape)
    return text


def _item(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _WORDS[value] if isinstance(value, bool) else str(value)


def is_array(column_type: sa.types.TypeEngine[Any]) -> bool:
    """Whether lists are stored in a column as an array."""
    return isinstance(column_type, sa.ARRAY)
