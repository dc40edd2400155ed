"""Preparing the change of a field of a large table: its new column and the backup of the old one, beside all others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError

from plugin_api.db import begin, connection, savepoint
from plugin_api.errors import ApiError
from plugin_api.fields import Field, SelectOptionsMixin
from plugins.database import models
from plugins.database.context import TableContext
from plugins.database.fields import backups, beside
from plugins.database.fields.beside import Chosen, Fill, NewColumn
from plugins.database.fields.constraints import check_constraints, concurrent_indexes, refusing_repetitions
from plugins.database.fields.convert import REPEATED, as_stored, values_of_new_column
from plugins.database.fields.sizes import is_large, rows_of
from plugins.database.shape import field_type, rows_table

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Change:
    """A field before and after, as the row engine sees it, and which of its settings are set.

    rules: the constraints and whether there is an index, where those change.
    """

    previous: Field
    field: Field
    given: Mapping[str, Any]
    rules: Mapping[str, Any]


@dataclass
class Prepared:
    """What a change needs: a new column, or None where it is made at once; and the backup of what the field held.

    backed_up: whether the backup, if there is to be one, is made already.
    """

    column: NewColumn | None = None
    backup: int | None = None
    backed_up: bool = False


@contextmanager
def prepared(
    where: TableContext,
    row: models.Field,
    change: Change,
    others: Sequence[Field],
    restored: int | None = None,
    keeping: bool = True,
) -> Iterator[Prepared]:
    """Prepare a change that takes long, for the block that makes it; removed again when the block fails.

    restored: a backup whose values are to come back. keeping: whether to keep what the field holds.
    """
    column = _column(where, row, change, others)
    if column is None:
        yield Prepared()
        return
    column.alone = _sees_more(change, restored)
    found = Prepared(column, backed_up=not column.alone)
    beside.hold(row.id)
    try:
        _prepare(where, change, others, found, restored, keeping)
        with savepoint():  # when it fails, the table's locks are free before the column is removed
            if column.alone:
                column.stop_writers()
            yield found
    except BaseException:
        _give_up(found)
        raise


def _column(where: TableContext, row: models.Field, change: Change, others: Sequence[Field]) -> NewColumn | None:
    """The column to fill, if there is one to fill and the table is large."""
    field = change.field
    rows = rows_table(where.workspace_id, where.id, [*others, change.previous])
    values = values_of_new_column(change.previous, field, rows)
    if values is None or not is_large(rows_of([where.id]).get(where.id, 0)):
        return None
    column, name = field_type(field.type).column(field), beside.new_name(field)
    assert column is not None
    rows.append_column(sa.Column(name, column.type))

    def fill(chosen: Chosen) -> None:
        filled = {name: as_stored(values, column)}
        with refusing_repetitions(REPEATED):
            connection().execute(sa.update(rows).where(chosen(rows.c.id)).values(filled))

    rules = {"field_constraints": row.field_constraints, "db_index": row.db_index, **change.rules}
    constraints = check_constraints(field, rules["field_constraints"])
    indexes = concurrent_indexes(where.workspace_id, field, name, constraints, bool(rules["db_index"]))
    return NewColumn(where.workspace_id, rows, field, column, [fill], indexes=indexes)


def _sees_more(change: Change, restored: int | None) -> bool:
    """Whether values are read with the names of options that are changed along with the field, in its transaction."""
    read = [change.previous] if restored is None else [change.previous, change.field]
    is_select = any(isinstance(field_type(found.type), SelectOptionsMixin) for found in read)
    return is_select and "select_options" in change.given


def _prepare(
    where: TableContext,
    change: Change,
    others: Sequence[Field],
    found: Prepared,
    restored: int | None,
    keeping: bool,
) -> None:
    new, previous = found.column, change.previous
    assert new is not None
    new.begin()
    with begin():
        if found.backed_up:
            found.backup = backups.keep(where, previous, change.field, others, with_values=keeping)
        if found.backup is not None:
            backups.index(found.backup)
        restoring = backups.restoring(restored, change.field, previous, others)
    if restoring is not None:
        new.fills = [*new.fills, lambda chosen: restoring.write(new.row, beside.new_name(change.field), chosen)]
    if found.backup is not None:
        new.refreshes = [_refreshing(found.backup, new.row, previous)]
    with refusing_repetitions(REPEATED):
        new.fill()


def _refreshing(backup_id: int, rows: sa.Table, previous: Field) -> Fill:
    return lambda chosen: backups.refresh(backup_id, rows, previous.column, chosen)


def _give_up(found: Prepared) -> None:
    """Remove what was prepared; a periodic task does it when the table is busy now."""
    assert found.column is not None
    try:
        found.column.discard()
        with begin():
            backups.forget(found.backup)
    except (ApiError, DBAPIError) as error:
        log.warning("a prepared column is removed later", field=found.column.field.id, reason=str(error))
