"""Rules for the values of a field, kept by unique indexes, and the indexes a client asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.exc import IntegrityError

from plugin_api.db import connection
from plugin_api.errors import ApiError
from plugin_api.fields import Field
from plugin_api.kinds import Kind
from plugins.database.fields.locks import sqlstate
from plugins.database.shape import field_type, schema_name

UNIQUE = "unique_with_empty"
_KINDS = {Kind.TEXT, Kind.CODE, Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.DURATION, Kind.UUID}
_UNIQUE_VIOLATION = "23505"
_EMPTY_DEFAULTS: tuple[Any, ...] = (None, "", 0)


def check_constraints(field: Field, wanted: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The constraints to store; 400 for unknown ones and for fields that cannot have them."""
    kind = field_type(field.type)
    for constraint in wanted:
        if constraint["type_name"] != UNIQUE or kind.kind not in _KINDS or kind.read_only:
            message = f'The constraint "{constraint["type_name"][:100]}" is not possible for this field.'
            raise ApiError("ERROR_INVALID_FIELD_CONSTRAINT", 400, message)
    if wanted and kind.default(field) not in _EMPTY_DEFAULTS:
        message = "A field whose values must be unique cannot have a default."
        raise ApiError("ERROR_FIELD_CONSTRAINT_DOES_NOT_SUPPORT_DEFAULT_VALUE", 400, message)
    return [{"type_name": UNIQUE}] if wanted else []


def set_constraints(workspace_id: int, field: Field, constraints: Sequence[dict[str, Any]]) -> None:
    """Keep exactly these constraints; 400 when values that are there break them."""
    schema, index = schema_name(workspace_id), unique_index(field.id)
    connection().exec_driver_sql(f'DROP INDEX IF EXISTS "{schema}"."{index}"')
    if constraints:
        with refusing_repetitions("Values of this field repeat; make them unique first."):
            connection().exec_driver_sql(_unique_sql(workspace_id, field, field.column))


@contextmanager
def refusing_repetitions(message: str) -> Iterator[None]:
    """400 when what is done in the block breaks the rule that values are unique."""
    try:
        yield
    except IntegrityError as error:
        if sqlstate(error) != _UNIQUE_VIOLATION:
            raise
        raise ApiError("ERROR_FIELD_CONSTRAINT", 400, message) from error


def _unique_sql(workspace_id: int, field: Field, column: str) -> str:
    return (
        f'CREATE UNIQUE INDEX "{unique_index(field.id)}" ON "{schema_name(workspace_id)}"."table_{field.table_id}"'
        f" ({_key(field, column)}) WHERE trashed_on IS NULL AND {_filled(field, column)}"
    )


def set_index(workspace_id: int, field: Field, wanted: bool) -> None:
    """Have an index on the field's values, or none."""
    connection().exec_driver_sql(f'DROP INDEX IF EXISTS "{schema_name(workspace_id)}"."{_index(field.id)}"')
    if wanted and field_type(field.type).column(field) is not None:
        connection().exec_driver_sql(_index_sql(workspace_id, field, field.column))


def _index_sql(workspace_id: int, field: Field, column: str) -> str:
    stored = field_type(field.type).column(field)
    assert stored is not None
    method = "btree"
    if isinstance(stored.type, pg.ARRAY):
        method = "gin"
    elif isinstance(stored.type, sa.Text):  # of any length, which a btree cannot hold
        method = "hash"
    table = f'"{schema_name(workspace_id)}"."table_{field.table_id}"'
    return f'CREATE INDEX "{_index(field.id)}" ON {table} USING {method} ("{column}")'


def concurrent_indexes(
    workspace_id: int, field: Field, column: str, constraints: Sequence[dict[str, Any]], index: bool
) -> dict[str, str]:
    """By the names they are to have in the end: SQL for the same indexes on another column, stopping nobody.

    Their names have `_new` at the end meanwhile.
    """
    wanted = {unique_index(field.id): _unique_sql(workspace_id, field, column)} if constraints else {}
    if index:
        wanted[_index(field.id)] = _index_sql(workspace_id, field, column)
    return {name: sql.replace(f'INDEX "{name}"', f'INDEX CONCURRENTLY "{name}_new"', 1) for name, sql in wanted.items()}


def _index(field_id: int) -> str:
    return f"field_{field_id}_index"


def unique_index(field_id: int) -> str:
    """Name of the index that keeps a field's values unique."""
    return f"field_{field_id}_unique"


def broken_constraint(error: IntegrityError) -> ApiError | None:
    """400 when a write broke a field's constraint; None for other errors."""
    name = str(getattr(getattr(error.orig, "diag", None), "constraint_name", None) or "")
    if sqlstate(error) == _UNIQUE_VIOLATION and name.startswith("field_") and name.endswith("_unique"):
        message = "A value breaks a rule of its field: it must be unique."
        return ApiError("ERROR_FIELD_DATA_CONSTRAINT", 400, message)
    return None


def _key(field: Field, name: str) -> str:
    column = field_type(field.type).column(field)
    is_text = column is not None and isinstance(column.type, sa.Text)
    return f'md5("{name}")' if is_text else f'"{name}"'


def _filled(field: Field, name: str) -> str:
    """Condition that a row has a value: not NULL, and not what a column without NULL has instead."""
    column = field_type(field.type).column(field)
    assert column is not None  # types without a column are read only and refused before
    nothing = "''" if isinstance(column.type, sa.Text) else column.default
    empty = f' AND "{name}" <> {nothing}' if nothing is not None else ""
    return f'"{name}" IS NOT NULL{empty}'
