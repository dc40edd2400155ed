"""Writing many rows at once: columns of checked values go to PostgreSQL by COPY."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import NoneType
from typing import Any

import orjson
import psycopg
import sqlalchemy as sa

from plugin_api.db import connection

Values = Sequence[Any]

_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
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
    given = [copy_texts(found, column.array) for column, found in zip(columns, values, strict=True)]
    rows = list(zip(*given, strict=True))
    names = ", ".join(f'"{column.name}"' for column in columns)
    statement = f"COPY {table} ({names}) FROM STDIN"
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


def _try_copy(statement: str, rows: Sequence[tuple[str, ...]]) -> Refused | None:
    """Copy all of the rows or none; answers the first one that is refused."""
    try:
        with _raw_savepoint() as cursor, cursor.copy(statement) as copy:
            copy.write("\n".join(map("\t".join, rows)) + "\n")
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        found = _WHERE.search(error.diag.context or "")
        if found is None:
            raise
        unique = _UNIQUE.fullmatch(error.diag.constraint_name or "")
        column = unique[1] if unique else found[2]
        return Refused(int(found[1]) - 1, column, error.diag.message_primary or str(error))
    return None


@contextmanager
def _raw_savepoint() -> Iterator[psycopg.Cursor[Any]]:
    """A cursor of the driver, inside of a savepoint; SQLAlchemy has no COPY."""
    driver: psycopg.Connection[Any] = connection().connection.driver_connection  # type: ignore[assignment]
    with driver.cursor() as cursor, driver.transaction():
        yield cursor


def copy_texts(values: Values, array: bool) -> Sequence[str]:
    """A column's values as COPY reads them."""
    kinds = set(map(type, values))
    if kinds == {str}:
        return _escaped(values)
    if kinds == {str, NoneType}:
        texts = _escaped(["" if value is None else value for value in values])
        return [_NULL if value is None else text for value, text in zip(values, texts, strict=True)]
    if kinds <= {bool, NoneType}:
        return [_WORDS[value] for value in values]
    if kinds <= {int, float}:
        return list(map(str, values))
    return [_cell(value, array) for value in values]


def _escaped(texts: Sequence[str]) -> Sequence[str]:
    """All texts at once: joined, escaped and parted again. A NUL cannot be in a text PostgreSQL stores."""
    joined = "\0".join(texts)
    return joined.translate(_ESCAPES).split("\0") if _SPECIAL.search(joined) else texts


def _cell(value: Any, array: bool) -> str:
    if value is None:
        return _NULL
    if isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, list) and array:
        return _text("{" + ",".join(map(_item, value)) + "}")
    return _text(orjson.dumps(value).decode() if isinstance(value, list | dict) else str(value))


def _text(text: str) -> str:
    return text.translate(_ESCAPES)


def _item(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _WORDS[value] if isinstance(value, bool) else str(value)


def is_array(column_type: sa.types.TypeEngine[Any]) -> bool:
    """Whether lists are stored in a column as an array."""
    return isinstance(column_type, sa.ARRAY)
