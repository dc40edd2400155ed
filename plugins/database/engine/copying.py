"""Reading very many rows: the lines of a COPY, made by PostgreSQL and never all in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import sqlalchemy as sa

from plugin_api.db import connection
from plugin_api.errors import TryAgain
from plugins.database.engine.bulk import driver
from plugins.database.shape import DIALECT

_ROWS = 500
"""So many rows are handed on together."""

# JSON has no control characters, so that PostgreSQL quotes nothing of it but what it takes for NULL.
QUOTE, SEPARATOR = b"\x01", b"\x02"
JSON_LINES = "FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02', NULL 'null', ENCODING 'UTF8'"
"""How columns of JSON are copied."""


def copy_out(statement: sa.Select[Any], form: str) -> Iterator[list[bytes]]:
    """The lines of a COPY of what a statement answers, some at a time. TryAgain when a table was just changed."""
    compiled = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    sql, parameters = f"COPY ({compiled}) TO STDOUT ({form})", dict(compiled.params)
    # The driver looks for %% only where there are parameters.
    given = (sql, parameters) if parameters else (sql.replace("%%", "%"), None)
    lines: list[bytes] = []
    try:
        with driver().cursor() as cursor, cursor.copy(*given) as copy:
            for line in copy:
                lines.append(bytes(line))
                if len(lines) == _ROWS:
                    yield lines
                    lines = []
    except (psycopg.errors.UndefinedColumn, psycopg.errors.UndefinedTable):
        raise TryAgain("A table was changed when its export began.") from None
    except psycopg.OperationalError:
        connection().exec_driver_sql("SELECT 1")  # tells those above that the connection is lost, if it is
        raise
    if lines:
        yield lines
