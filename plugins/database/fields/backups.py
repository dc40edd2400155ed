"""What a field held before it was changed: kept for a day, so that undoing the change brings it back exactly."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from plugin_api import context
from plugin_api.computed import ComputedMixin
from plugin_api.db import begin, connection, session
from plugin_api.errors import ApiError
from plugin_api.fields import EffectsMixin, Field
from plugins.database import models
from plugins.database.context import TableContext
from plugins.database.fields.convert import as_stored, new_values
from plugins.database.fields.locks import change_shape
from plugins.database.shape import field_type, rows_table, schema_name

_KEPT = timedelta(hours=24)

Chosen = Callable[[sa.ColumnElement[Any]], sa.ColumnElement[bool]]
"""Which rows, given the column with their ids."""


def wanted() -> bool:
    """Whether what is lost now can be asked back by its user."""
    return context.current().client_session_id is not None


def _may_lose(previous: Field, field: Field) -> bool:
    return previous.type != field.type or previous.options != field.options or _options_went(previous, field)


def _options_went(previous: Field, field: Field) -> bool:
    return bool({option.id for option in previous.select_options} - {option.id for option in field.select_options})


def keep(
    where: TableContext, previous: Field, field: Field, others: Sequence[Field], with_values: bool = True
) -> int | None:
    """Keep what a field holds before it is changed; answers where. None when nothing is lost, or nobody can undo it.

    Without `with_values` only what the field's type brought along is kept.
    """
    if not wanted() or not _may_lose(previous, field):
        return None
    values = with_values and _changes_values(where, previous, field, others)
    if not values and not isinstance(field_type(previous.type), EffectsMixin):
        return None
    row = models.FieldBackup(
        field_id=field.id,
        table_id=where.id,
        workspace_id=where.workspace_id,
        previous={"type": previous.type, "options": dict(previous.options)},
        has_values=values,
    )
    session().add(row)
    session().flush()
    if values:
        rows = f'"{schema_name(where.workspace_id)}"."table_{where.id}"'
        connection().exec_driver_sql(
            f'CREATE TABLE {_name(row)} AS SELECT id AS row_id, "{previous.column}" AS value FROM {rows}'
        )
    return row.id


def _changes_values(where: TableContext, previous: Field, field: Field, others: Sequence[Field]) -> bool:
    source = field_type(previous.type)
    if source.column(previous) is None or isinstance(source, ComputedMixin):
        return False
    if previous.type != field.type:
        return True
    return new_values(previous, field, rows_table(where.workspace_id, where.id, [*others, previous])) is not None


def _name(row: models.FieldBackup) -> str:
    return f'"{schema_name(row.workspace_id)}"."backup_{row.id}"'


@dataclass(frozen=True)
class Kept:
    """Values to write back, in a table that lasts until the commit."""

    table: str
    field: Field


def choose(backup_id: int | None, before: Field, current: Field, others: Sequence[Field]) -> Kept | None:
    """Choose the kept values to bring back: those of rows whose value is still what the change made of it.

    Others were edited since, or are new; what they hold is converted. To be called while the field is `current`.
    """
    row = _with_values(backup_id)
    if row is None:
        return None
    table = f"kept_{row.id}"
    chosen = f"SELECT row_id, value FROM {_name(row)}"
    made = _still_as_made(row, before, current, others)
    if made is None:
        connection().exec_driver_sql(f'CREATE TEMP TABLE "{table}" ON COMMIT DROP AS {chosen}')
    else:
        connection().execute(sa.text(f'CREATE TEMP TABLE "{table}" ON COMMIT DROP AS {chosen} WHERE false'))
        target = sa.table(table, sa.column("row_id"), sa.column("value"))
        connection().execute(sa.insert(target).from_select(["row_id", "value"], made))
    return Kept(table, before)


def _with_values(backup_id: int | None) -> models.FieldBackup | None:
    row = None if backup_id is None else session().get(models.FieldBackup, backup_id)
    if backup_id is not None and row is None:
        message = "What the field held before is no longer kept."
        raise ApiError("ERROR_FIELD_BACKUP_DOES_NOT_EXIST", 404, message)
    return row if row is not None and row.has_values else None


def index(backup_id: int) -> None:
    """Make the rows of a backup quick to find, for those that write back or follow a few at a time."""
    row = session().get_one(models.FieldBackup, backup_id)
    if row.has_values:
        name = f"backup_{row.id}_row"
        connection().exec_driver_sql(f'CREATE UNIQUE INDEX IF NOT EXISTS "{name}" ON {_name(row)} (row_id)')


def restoring(backup_id: int | None, before: Field, current: Field, others: Sequence[Field]) -> Restoring | None:
    """What writes the same values, as `choose` chooses them, into another column; None without kept values."""
    row = _with_values(backup_id)
    if row is None:
        return None
    index(row.id)
    return Restoring(row, before, current, others)


@dataclass(frozen=True)
class Restoring:
    """Writes kept values back into a column that is filled beside the field's, row by row as they are chosen."""

    backup: models.FieldBackup
    before: Field
    current: Field
    others: Sequence[Field]

    def write(self, rows: sa.Table, column: str, chosen: Chosen) -> None:
        """Write those of the chosen rows."""
        found = _still_as_made(self.backup, self.before, self.current, self.others, chosen)
        if found is None:
            kept = _kept_table(self.backup)
            found = sa.select(kept.c.row_id.label("id"), kept.c.value).where(chosen(kept.c.row_id))
        row_id, value = found.subquery("kept").c
        differs = rows.c[column].is_distinct_from(sa.type_coerce(value, rows.c[column].type))
        connection().execute(sa.update(rows).where(rows.c.id == row_id, differs).values({column: value}))


def refresh(backup_id: int, rows: sa.Table, column: str, chosen: Chosen) -> None:
    """Keep again what some rows hold, which were written after the backup was made."""
    row = session().get_one(models.FieldBackup, backup_id)
    if row.has_values:
        kept = _kept_table(row)
        connection().execute(sa.delete(kept).where(chosen(kept.c.row_id)))
        now = sa.select(rows.c.id, rows.c[column]).where(chosen(rows.c.id))
        connection().execute(sa.insert(kept).from_select(["row_id", "value"], now))


def _kept_table(row: models.FieldBackup) -> sa.TableClause:
    row_id: sa.ColumnClause[Any] = sa.column("row_id", sa.BigInteger())
    value: sa.ColumnClause[Any] = sa.column("value")
    return sa.table(f"backup_{row.id}", row_id, value, schema=schema_name(row.workspace_id))


def _still_as_made(
    row: models.FieldBackup, before: Field, current: Field, others: Sequence[Field], chosen: Chosen | None = None
) -> sa.Select[Any] | None:
    """The kept rows whose conversion is what is there now; None for all of them where nobody can edit the field."""
    kind, source = field_type(current.type), field_type(before.type)
    has, had = kind.column(current), source.column(before)
    if kind.read_only or has is None or had is None:
        return None
    table = rows_table(row.workspace_id, row.table_id, [*others, current])
    kept = _kept_table(row)
    value = sa.type_coerce(kept.c.value, had.type)
    columns = [found for found in table.c if found.name != current.column]
    now = table.c[current.column].label("now")
    joined = sa.select(*columns, value.label(before.column), now).join(kept, kept.c.row_id == table.c.id)
    if chosen is not None:
        joined = joined.where(chosen(table.c.id), chosen(kept.c.row_id))
    was = joined.subquery("was")
    made = new_values(before, current, was)
    if made is None:
        made = was.c[before.column]
    return sa.select(was.c.id, was.c[before.column]).where(was.c.now.is_not_distinct_from(as_stored(made, has)))


def bring_back(where: TableContext, kept: Kept | None) -> None:
    """Write the chosen values into the field, which is of its former type again."""
    if kept is not None:
        column, rows = kept.field.column, f'"{schema_name(where.workspace_id)}"."table_{where.id}"'
        connection().exec_driver_sql(
            f'UPDATE {rows} t SET "{column}" = k.value FROM "{kept.table}" k'
            f' WHERE k.row_id = t.id AND t."{column}" IS DISTINCT FROM k.value'
        )


def forget(backup_id: int | None) -> None:
    """Drop a backup that was used."""
    row = None if backup_id is None else session().get(models.FieldBackup, backup_id)
    if row is not None:
        connection().exec_driver_sql(f"DROP TABLE IF EXISTS {_name(row)}")
        session().delete(row)
        session().flush()


def forget_of(field_ids: Collection[int]) -> None:
    """Drop all that is kept of fields."""
    chosen = sa.select(models.FieldBackup).where(models.FieldBackup.field_id.in_(field_ids))
    for row in session().scalars(chosen).all():
        _forget(row)


def forget_linking(table_ids: Collection[int]) -> None:
    """Drop what is kept of fields that linked to tables which are removed for good."""
    linked = models.FieldBackup.previous["options"]["link_row_table_id"].as_integer()
    for row in session().scalars(sa.select(models.FieldBackup).where(linked.in_(table_ids))).all():
        _forget(row)


def forget_old() -> None:
    """Drop what is kept for longer than a day, each in a transaction of its own."""
    due = sa.select(models.FieldBackup.id).where(models.FieldBackup.created_on < sa.func.now() - _KEPT)
    with begin() as unit:
        ids = list(unit.session.scalars(due))
    for backup_id in ids:
        with begin() as unit:
            chosen = sa.select(models.FieldBackup).where(models.FieldBackup.id == backup_id)
            row = unit.session.scalar(chosen.with_for_update(skip_locked=True))
            if row is not None:
                _drop(row)


def _drop(row: models.FieldBackup) -> None:
    change_shape(lambda: _forget(row))


def _forget(row: models.FieldBackup) -> None:
    """Drop a backup with what the former type had brought along, unless the field has it now."""
    connection().exec_driver_sql(f"DROP TABLE IF EXISTS {_name(row)}")
    former = _former(row)
    kind = field_type(former.type)
    if isinstance(kind, EffectsMixin) and not _in_use(row, former, kind):
        kind.removed(former, schema_name(row.workspace_id))
    session().delete(row)
    session().flush()


def _in_use(row: models.FieldBackup, former: Field, kind: EffectsMixin) -> bool:
    """Whether the field is again as it was, or another backup waits for the same."""
    brought = kind.brought(former)
    field = session().get(models.Field, row.field_id, populate_existing=True)
    others = sa.select(models.FieldBackup).where(
        models.FieldBackup.field_id == row.field_id, models.FieldBackup.id != row.id
    )
    states = [_former(other) for other in session().scalars(others)]
    if field is not None:
        states.append(Field(field.id, field.table_id, "", field.type, options=field.options))
    return any(state.type == former.type and kind.brought(state) == brought for state in states)


def _former(row: models.FieldBackup) -> Field:
    return Field(row.field_id, row.table_id, "", row.previous["type"], options=row.previous["options"])
