"""The rows of an export, by one COPY: a single moment's rows, made into lines by PostgreSQL, never held in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from plugin_api.db import connection
from plugin_api.exporters import ExportColumn, export_text, export_value
from plugin_api.fields import Field, kind_of
from plugins.database.engine.copying import JSON_LINES, QUOTE, SEPARATOR, copy_out
from plugins.database.engine.read import RowQuery, count


class CopiedRows:
    """The rows of a query, in its order; `progress` is told how many percent are read."""

    def __init__(self, query: RowQuery, progress: Callable[[float], None]) -> None:
        self._query, self._progress = query, progress
        self._total = max(count(query), 1)

    @property
    def columns(self) -> Sequence[ExportColumn]:
        """The id, then the fields."""
        return [ExportColumn("id"), *map(self._column, self._query.fields)]

    def csv(self, separator: str) -> Iterator[bytes]:
        """Lines of CSV. An empty text is written like no text at all, as other programs do."""
        columns = [sa.func.nullif(self._expression(export_text, found), "") for found in self._query.fields]
        delimiter = f"DELIMITER E'\\x{ord(separator):02x}'"
        for lines in self._copied(columns, f"FORMAT csv, {delimiter}, ENCODING 'UTF8'"):
            yield b"\r\n".join([line[:-1] for line in lines]) + b"\r\n"

    def texts(self) -> Iterator[list[Any]]:
        """The id and texts."""
        return self._parsed(lambda found: sa.func.coalesce(self._expression(export_text, found), ""))

    def values(self) -> Iterator[list[Any]]:
        """The id and JSON values."""
        return self._parsed(lambda found: self._expression(export_value, found))

    def json(self) -> Iterator[list[bytes]]:
        """The id and the JSON of each value."""
        for lines in self._json(lambda found: self._expression(export_value, found)):
            for line in lines:
                yield line[:-1].replace(QUOTE, b"").split(SEPARATOR)

    def _parsed(self, expression: Callable[[Field], Any]) -> Iterator[list[Any]]:
        for lines in self._json(expression):
            rows = b"],[".join([line[:-1] for line in lines])
            yield from orjson.loads(b"[[%b]]" % rows.replace(QUOTE, b"").replace(SEPARATOR, b","))

    def _json(self, expression: Callable[[Field], Any]) -> Iterator[list[bytes]]:
        columns = [sa.cast(sa.func.to_json(expression(found)), sa.Text) for found in self._query.fields]
        return self._copied(columns, JSON_LINES)

    def _column(self, field: Field) -> ExportColumn:
        return ExportColumn(field.name, field, kind_of(self._query.shape.type_of(field), field))

    def _expression(self, of: Callable[..., sa.ColumnElement[Any]], field: Field) -> sa.ColumnElement[Any]:
        return of(self._query.shape.type_of(field), field, self._query.shape.row)

    def _copied(self, columns: Sequence[sa.ColumnElement[Any]], form: str) -> Iterator[list[bytes]]:
        """The lines of a COPY, some at a time."""
        statement = self._query.base(self._query.shape.row.c.id, *columns).order_by(*self._query.ordering())
        read = 0
        for lines in copy_out(statement, form):
            yield lines
            read += len(lines)
            self._progress(99 * min(read / self._total, 1))


def prepare_reading(full_name: str) -> None:
    """Keep the table's columns as they are until the transaction ends, and plan for many rows."""
    connection().exec_driver_sql(f"LOCK TABLE {full_name} IN ACCESS SHARE MODE")
    connection().exec_driver_sql("SET LOCAL jit = off")
