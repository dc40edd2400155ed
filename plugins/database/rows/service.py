"""Changing rows: checked, written as one batch, with history, action and event in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import orjson
from sqlalchemy.exc import IntegrityError

from plugin_api import context, trash
from plugin_api.db import connection
from plugin_api.errors import ApiError, body_invalid, does_not_exist
from plugins.database.context import TableContext
from plugins.database.engine import places, write
from plugins.database.engine.read import exists
from plugins.database.engine.write import Updated
from plugins.database.fields.constraints import broken_constraint
from plugins.database.guard import given, require_creation, require_writable
from plugins.database.rows.following import Following, read_rows, rows_before, unlinked
from plugins.database.rows.history import write_history, write_presence
from plugins.database.rows.ledger import Row, announce, by_column, changed_values, emit_rows
from plugins.database.rows.prepare import PreparedRows, prepare
from plugins.database.rows.stored import stored_changes
from plugins.database.rows.trash import trashed_rows
from plugins.database.shape import SelectList, TableShape, shape_of


@contextmanager
def _constraints() -> Iterator[None]:
    """Name the rule a write breaks."""
    try:
        yield
    except IntegrityError as error:
        refusal = broken_constraint(error)
        if refusal is None:
            raise
        raise refusal from error


def create_rows(
    where: TableContext, items: Sequence[Row], names: bool, before_id: int | None, action_type: str
) -> list[Row]:
    """Create rows at the end or before another row; answers them as the API shows them."""
    shape = shape_of(where)
    if before_id is not None and not exists(shape, before_id):
        raise does_not_exist("row")
    require_creation(where, shape, items, names)
    prepared = prepare(shape, items, names, with_defaults=True)
    _refuse_errors(prepared, action_type == "create_row")
    return insert_rows(where, shape, items, prepared, names, before_id, action_type)


def insert_rows(
    where: TableContext,
    shape: TableShape,
    items: Sequence[Row],
    prepared: PreparedRows,
    names: bool,
    before_id: int | None,
    action_type: str,
    more: Row | None = None,
) -> list[Row]:
    """Write new rows, given by `items` and checked as `prepared`, with all that follows; answers the rows.

    more: what the action is to remember beside the rows.
    """
    require_own_rows(shape, "CREATE")
    select_list = shape.select_list(shape.fields, names)
    following = Following(shape, shape.fields)
    with _constraints():
        made: list[Row] = orjson.loads(write.insert(shape, prepared.fields, prepared.rows, select_list, before_id))
    if following.active:
        made = _follow_new(following, prepared, [row["id"] for row in made], select_list)
    keyed = by_column(shape, made, names)
    write_history(
        shape, action_type, [_created(shape, item, row, names) for item, row in zip(items, keyed, strict=True)]
    )
    ids = [row["id"] for row in keyed]
    params = {"row_id": ids[0], "row_ids": ids, "values": prepared.rows, "before_id": before_id, **(more or {})}
    announce(where, "rows_created", {"before_row_id": before_id, "rows": keyed}, action_type, params)
    return made


def require_own_rows(shape: TableShape, change: str) -> None:
    """400 when the rows of a table come from elsewhere, so that nobody can CREATE or DELETE some here."""
    if shape.rows_are_fixed:
        message = f"The rows of this table come from elsewhere: {change.lower()} them there."
        raise ApiError(f"ERROR_CANNOT_{change}_ROWS_IN_TABLE", 400, message)


def _follow_new(following: Following, prepared: PreparedRows, row_ids: list[int], select_list: SelectList) -> list[Row]:
    """Links and computed values of new rows; answers the rows as they are then."""
    following.write_links(prepared.fields, row_ids, prepared.rows)
    following.made(row_ids)
    following.finish()
    return read_rows(following.shape, row_ids, select_list)


def _created(shape: TableShape, item: Row, row: Row, names: bool) -> tuple[int, Row, Row]:
    given = [found.column for found in shape.fields if (found.name if names else found.column) in item]
    after = {key: row[key] for key in given if key in row}
    return row["id"], dict.fromkeys(after), after


def _refuse_errors(prepared: PreparedRows, single: bool) -> None:
    if prepared.errors:
        raise body_invalid(prepared.errors[0] if single else {"items": prepared.errors})


def update_rows(where: TableContext, items: Sequence[Row], names: bool, single: bool = False) -> list[Row]:
    """Update rows given with their `id`; answers them in row order. 404 and nothing written when one is not there."""
    shape = shape_of(where)
    ids = [item["id"] for item in items]
    if len(set(ids)) != len(ids):
        raise ApiError("ERROR_ROW_IDS_NOT_UNIQUE", 400, "A row stands more than once in the request.")
    require_writable(where, shape, given(shape, items, names))
    prepared = prepare(shape, items, names, with_defaults=False)
    _refuse_errors(prepared, single)
    return write_rows(where, shape, ids, prepared, names)


def write_rows(
    where: TableContext, shape: TableShape, ids: Sequence[int], prepared: PreparedRows, names: bool
) -> list[Row]:
    """Write checked values into rows, with all that follows; answers the rows. 404 when one is not there."""
    rows = [{"id": row_id, **row} for row_id, row in zip(ids, prepared.rows, strict=True)]
    select_list = shape.select_list(shape.fields, names)
    following = Following(shape, prepared.fields)
    with _constraints():
        updated = write.update(shape, prepared.fields, rows, select_list, shape.select_list(unlinked(shape), names))
    written: list[Row] = orjson.loads(updated.after)
    if len(written) != len(ids):
        raise does_not_exist("row")
    after = written
    if following.active:
        following.write_links(prepared.fields, ids, prepared.rows)
        following.wrote(prepared.fields, ids)
        if following.finish_here():
            after = read_rows(shape, ids, select_list)
    old = rows_before(written, orjson.loads(updated.before))
    _record_update(where, shape, prepared, updated, old, after, names)
    return after


def _record_update(
    where: TableContext,
    shape: TableShape,
    prepared: PreparedRows,
    updated: Updated,
    before: list[Row],
    after: list[Row],
    names: bool,
) -> None:
    old = {row["id"]: row for row in by_column(shape, before, names)}
    new = by_column(shape, after, names)
    changes = [(row["id"], *changed_values(shape, old[row["id"]], row, prepared.fields)) for row in new]
    changed = [change for change in changes if change[2]]
    write_history(shape, "update_rows", changed)
    ids = [row["id"] for row in new]
    params = {
        "row_id": ids[0],
        "row_ids": ids,
        "changes": [{"id": row_id, "before": was, "after": now} for row_id, was, now in changed],
        **stored_changes(shape, prepared.fields, updated, changed),
    }
    payload = {
        "rows_before_update": [old[row_id] for row_id in ids],
        "rows": new,
        "updated_field_ids": [found.id for found in prepared.fields],
    }
    announce(where, "rows_updated", payload, "update_rows", params)


def delete_rows(where: TableContext, row_ids: Sequence[int], action_type: str, kept_as: str | None = None) -> None:
    """Put rows into the trash. 404 and nothing deleted when one is not there.

    kept_as: what the rows' history calls it, if that is not `action_type`.
    """
    shape = shape_of(where)
    require_own_rows(shape, "DELETE")
    if len(set(row_ids)) != len(row_ids):
        raise ApiError("ERROR_ROW_IDS_NOT_UNIQUE", 400, "A row stands more than once in the request.")
    following = Following(shape, (), presence=True)
    shown, row_names = write.trash(shape, row_ids, shape.select_list(shape.fields, False))
    gone: list[Row] = orjson.loads(shown)
    if len(gone) != len(row_ids):
        raise does_not_exist("row")
    if following.active:
        following.shown_elsewhere(row_ids)
        following.finish()
    names = {row["id"]: name for row, name in zip(gone, row_names, strict=True)}
    trash.put(trashed_rows(where, row_ids, [names[row_id] for row_id in row_ids]))  # in the action's order
    write_presence(shape, kept_as or action_type, row_ids)
    params = {"row_id": row_ids[0], "row_ids": list(row_ids)}
    announce(where, "rows_deleted", {"row_ids": list(row_ids), "rows": gone}, action_type, params)


_RESTORED = {"DO": "restore_from_trash", "UNDO": "delete_row{}", "REDO": "create_row{}"}
"""What the history calls it that rows came out of the trash: by what brought them back."""


def restore_rows(where: TableContext, row_ids: Sequence[int]) -> None:
    """Take rows out of the trash, with their links and what others show of them."""
    shape = shape_of(where)
    following = Following(shape, shape.fields, presence=True)
    with _constraints():
        if write.restore(shape, row_ids) != len(row_ids):
            raise does_not_exist("row")
    if following.active:
        following.made(row_ids)
        following.shown_elsewhere(row_ids)
        following.finish()
    write_presence(shape, _RESTORED[context.current().command].format("" if len(row_ids) == 1 else "s"), row_ids)
    rows = read_rows(shape, row_ids, shape.select_list(shape.fields, False))
    payload = {"table_id": where.id, "before_row_id": None, "rows": rows, "restored": True}
    emit_rows("rows_created", payload, where.workspace_id)


def move_row(where: TableContext, row_id: int, before_id: int | None, names: bool) -> Row:
    """Move a row before another one, or to the end; answers it."""
    shape = shape_of(where)
    needed = {row_id} if before_id is None else {row_id, before_id}
    if any(not exists(shape, needed_id) for needed_id in sorted(needed)):
        raise does_not_exist("row")
    following = Following(shape, (), presence=True)
    if before_id is not None:
        _make_room(shape, before_id)
    next_id = write.next_row(shape, row_id)
    moved: list[Row] = orjson.loads(write.move(shape, row_id, before_id, shape.select_list(shape.fields, names)))
    if not moved:
        raise does_not_exist("row")
    if following.active:
        following.shown_elsewhere([row_id])
        following.finish()
    row = by_column(shape, moved, names)[0]
    payload = {"rows_before_update": [row], "rows": [row], "updated_field_ids": []}
    if next_id == before_id:  # the row stays where it was among the others: there is nothing to undo
        emit_rows("rows_updated", {"table_id": where.id, **payload}, where.workspace_id)
    else:
        params = {"row_id": row_id, "before_id": before_id, "original_before_id": next_id}
        announce(where, "rows_updated", payload, "move_row", params)
    return moved[0]


def _make_room(shape: TableShape, before_id: int) -> None:
    """When the gap before a row is used up, number all the rows of the table anew."""
    if connection().exec_driver_sql(write.gap_is_used_up(shape), {"before_id": before_id}).scalar_one():
        connection().exec_driver_sql(write.renumber(shape))
        emit_rows("row_orders_recalculated", {"table_id": shape.id}, shape.workspace_id)
        places.note(shape.id, 0)
