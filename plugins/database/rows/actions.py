"""The types of actions on rows: how each is undone and redone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import trash
from plugin_api.actions import ActionType, Replay
from plugin_api.errors import ApiError, does_not_exist
from plugins.database.context import TableContext, table_context
from plugins.database.engine.read import exists
from plugins.database.guard import require_writable
from plugins.database.rows import service
from plugins.database.rows.prepare import PreparedRows
from plugins.database.rows.trash import ROW, ROWS
from plugins.database.shape import TableShape, shape_of

Params = Mapping[str, Any]


def _where(params: Params, operation: str) -> TableContext:
    return table_context(params["table_id"], f"database.table.{operation}")


def _deletes(kind: str) -> Replay:
    """Deleting one or several rows is the same; the entry in the trash tells by their number."""

    def delete(params: Params) -> None:
        service.delete_rows(_where(params, "delete_row"), params["row_ids"], "delete_rows", kind)

    return delete


def _restore(params: Params) -> None:
    row_ids = params["row_ids"]
    trash.restore(ROW if len(row_ids) == 1 else ROWS, row_ids[0], params["table_id"])


def _values_back(params: Params) -> None:
    _write(params, "before")


def _values_again(params: Params) -> None:
    _write(params, "after")


def _write(params: Params, side: str) -> None:
    """Write stored values back into the rows that had them."""
    where = _where(params, "update_row")
    shape = shape_of(where)
    changes = params["stored"]
    if not changes:
        return
    columns = dict.fromkeys(column for change in changes for column in change[side])
    fields = [_same(shape, column, params["types"][column]) for column in columns]
    require_writable(where, shape, fields)
    prepared = PreparedRows([change[side] for change in changes], fields)
    service.write_rows(where, shape, [change["id"] for change in changes], prepared, False)


def _same(shape: TableShape, column: str, type_name: str) -> Any:
    """The field that has a column; refused when it is gone or has become one of another type."""
    found = shape.by_column.get(column)
    if found is None or found.type != type_name:
        raise ApiError("ERROR_FIELD_DOES_NOT_EXIST", 404, f"The field of the column {column} is not what it was.")
    return found


def _move_back(params: Params) -> None:
    where = _where(params, "move_row")
    before_id = params["original_before_id"]
    if before_id is not None and not exists(shape_of(where), before_id):
        raise does_not_exist("row")
    service.move_row(where, params["row_id"], before_id, False)


def _move_again(params: Params) -> None:
    service.move_row(_where(params, "move_row"), params["row_id"], params["before_id"], False)


_TABLE = 'table "%(table_name)s" (%(table_id)s)'

ACTION_TYPES = [
    ActionType("create_row", f"Row %(row_id)s created in {_TABLE}", _deletes("create_row"), _restore),
    ActionType("create_rows", f"Rows %(row_ids)s created in {_TABLE}", _deletes("create_rows"), _restore),
    ActionType("import_rows", f"%(row_count)s rows imported into {_TABLE}"),
    ActionType("update_row", f"Row %(row_id)s changed in {_TABLE}", _values_back, _values_again),
    ActionType("update_rows", f"Rows %(row_ids)s changed in {_TABLE}", _values_back, _values_again),
    ActionType("delete_row", f"Row %(row_id)s deleted from {_TABLE}", _restore, _deletes("delete_row")),
    ActionType("delete_rows", f"Rows %(row_ids)s deleted from {_TABLE}", _restore, _deletes("delete_rows")),
    ActionType("move_row", f"Row %(row_id)s moved in {_TABLE}", _move_back, _move_again),
]
