"""HTTP operations of rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from plugin_api import context
from plugin_api.errors import ApiError
from plugin_api.http import USER_OR_TOKEN, Blueprint, RawJson, dumps, json_body
from plugin_api.rows import metadata_of
from plugins.database.context import table_context
from plugins.database.rows import bodies, params, reading, service
from plugins.database.rows.ledger import quietly
from plugins.database.rows.schemas import (
    AdjacentQuery,
    BatchDelete,
    BatchRows,
    ChangedRowsBody,
    DeleteQuery,
    HistoryAnswer,
    HistoryQuery,
    ListQuery,
    MoveQuery,
    NamesAnswer,
    NewRowsBody,
    RowAnswer,
    RowBody,
    RowQuery,
    RowsAnswer,
    WriteQuery,
)

rows = Blueprint("Database table rows", __name__, url_prefix="/api/database/rows", description="The rows of tables.")
blueprints = [rows]

_TABLE = ("ERROR_USER_NOT_IN_GROUP", "ERROR_TABLE_DOES_NOT_EXIST", "ERROR_NO_PERMISSION_TO_TABLE")
_BODY = (*_TABLE, "ERROR_REQUEST_BODY_VALIDATION")
_ROW = (*_TABLE, "ERROR_ROW_DOES_NOT_EXIST")


def _writing(handler: Callable[..., Any]) -> Callable[..., Any]:
    """An operation that writes: with `send_webhook_events=false` webhooks are not called for it."""

    @wraps(handler)
    def write(**values: Any) -> Any:
        with quietly(params.is_off("send_webhook_events")):
            return handler(**values)

    return write


@rows.operation(
    "GET",
    "/table/<int:table_id>/",
    id="list_database_table_rows",
    summary="List rows",
    description="A page of a table's rows. Filter with filter__{field}__{type}=value or a JSON tree in `filters`,"
    " order with order_by, search with search, and pick fields with include and exclude.",
    query=ListQuery,
    response=RowsAnswer,
    errors=(
        *_TABLE,
        "ERROR_PAGE_SIZE_LIMIT",
        "ERROR_ORDER_BY_FIELD_NOT_FOUND",
        "ERROR_ORDER_BY_FIELD_NOT_POSSIBLE",
        "ERROR_FILTER_FIELD_NOT_FOUND",
        "ERROR_VIEW_FILTER_TYPE_DOES_NOT_EXIST",
        "ERROR_VIEW_FILTER_TYPE_UNSUPPORTED_FIELD",
        "ERROR_FILTERS_PARAM_VALIDATION_ERROR",
        "ERROR_VIEW_DOES_NOT_EXIST",
    ),
    auth=USER_OR_TOKEN,
)
def list_rows(table_id: int, query: dict[str, Any]) -> RawJson:
    """A page of rows."""
    return reading.list_rows(table_id)


@rows.operation(
    "POST",
    "/table/<int:table_id>/",
    id="create_database_table_row",
    summary="Create a row",
    description="Create a row at the end of the table, or before another one. Fields that are not given get their"
    " default; unknown keys are ignored, read-only fields refused.",
    body=RowBody,
    streamed=True,
    query=WriteQuery,
    response=RowAnswer,
    errors=(*_BODY, "ERROR_ROW_DOES_NOT_EXIST", "ERROR_FIELD_DATA_CONSTRAINT"),
    auth=USER_OR_TOKEN,
)
@_writing
def create_row(table_id: int, query: dict[str, Any]) -> Any:
    """Create one row."""
    where = table_context(table_id, "database.table.create_row")
    before_id = params.optional_id("before")
    return service.create_rows(where, [json_body()], params.user_names(), before_id, "create_row")[0]


@rows.operation(
    "GET",
    "/table/<int:table_id>/<int:row_id>/",
    id="get_database_table_row",
    summary="Read a row",
    description="One row of a table. With include=metadata the answer has a `metadata` object as well.",
    query=RowQuery,
    response=RowAnswer,
    errors=(*_ROW, "ERROR_CANNOT_INCLUDE_ROW_METADATA"),
    auth=USER_OR_TOKEN,
)
def get_row(table_id: int, row_id: int, query: dict[str, Any]) -> RawJson:
    """One row."""
    where = table_context(table_id, "database.table.read_row")
    wants_metadata = "metadata" in query.get("include", "").split(",")
    if wants_metadata and context.actor().kind != "user":
        raise ApiError("ERROR_CANNOT_INCLUDE_ROW_METADATA", 400, "Only signed-in users can read the metadata of rows.")
    row = reading.get_row(where, row_id, params.user_names())
    if not wants_metadata:
        return row
    metadata = metadata_of(table_id, [row_id]).get(row_id, {})
    return RawJson(row[:-1] + b',"metadata":' + dumps(metadata) + b"}")


@rows.operation(
    "PATCH",
    "/table/<int:table_id>/<int:row_id>/",
    id="update_database_table_row",
    summary="Update a row",
    description="Change the given fields of a row and keep the others.",
    body=RowBody,
    streamed=True,
    query=WriteQuery,
    response=RowAnswer,
    errors=(*_BODY, "ERROR_ROW_DOES_NOT_EXIST", "ERROR_FIELD_DATA_CONSTRAINT"),
    auth=USER_OR_TOKEN,
)
@_writing
def update_row(table_id: int, row_id: int, query: dict[str, Any]) -> Any:
    """Change one row."""
    where = table_context(table_id, "database.table.update_row")
    return service.update_rows(where, [{**json_body(), "id": row_id}], params.user_names(), single=True)[0]


@rows.operation(
    "DELETE",
    "/table/<int:table_id>/<int:row_id>/",
    id="delete_database_table_row",
    summary="Delete a row",
    description="Put a row into the trash.",
    query=DeleteQuery,
    status=204,
    errors=_ROW,
    auth=USER_OR_TOKEN,
)
@_writing
def delete_row(table_id: int, row_id: int, query: dict[str, Any]) -> None:
    """Delete one row."""
    service.delete_rows(table_context(table_id, "database.table.delete_row"), [row_id], "delete_row")


@rows.operation(
    "PATCH",
    "/table/<int:table_id>/<int:row_id>/move/",
    id="move_database_table_row",
    summary="Move a row",
    description="Move a row before the row `before_id`, or to the end of the table without it.",
    query=MoveQuery,
    response=RowAnswer,
    errors=_ROW,
    auth=USER_OR_TOKEN,
)
@_writing
def move_row(table_id: int, row_id: int, query: dict[str, Any]) -> Any:
    """Move one row."""
    where = table_context(table_id, "database.table.move_row")
    return service.move_row(where, row_id, params.optional_id("before_id"), params.user_names())


@rows.operation(
    "POST",
    "/table/<int:table_id>/batch/",
    id="batch_create_database_table_rows",
    summary="Create rows",
    description="Create up to 200 rows at once (an instance may allow more): all of them, or none when one has a value"
    " that does not fit.",
    body=NewRowsBody,
    streamed=True,
    query=WriteQuery,
    response=BatchRows,
    errors=(*_BODY, "ERROR_ROW_DOES_NOT_EXIST", "ERROR_FIELD_DATA_CONSTRAINT"),
    auth=USER_OR_TOKEN,
)
@_writing
def batch_create(table_id: int, query: dict[str, Any]) -> Any:
    """Create several rows."""
    where = table_context(table_id, "database.table.create_row")
    before_id = params.optional_id("before")
    made = service.create_rows(where, bodies.new_rows(), params.user_names(), before_id, "create_rows")
    return {"items": made}


@rows.operation(
    "PATCH",
    "/table/<int:table_id>/batch/",
    id="batch_update_database_table_rows",
    summary="Update rows",
    description="Change up to 200 rows at once (an instance may allow more), each given with its id: all of them, or"
    " none. The answer has the rows in the order of the table.",
    body=ChangedRowsBody,
    streamed=True,
    query=WriteQuery,
    response=BatchRows,
    errors=(*_BODY, "ERROR_ROW_DOES_NOT_EXIST", "ERROR_ROW_IDS_NOT_UNIQUE", "ERROR_FIELD_DATA_CONSTRAINT"),
    auth=USER_OR_TOKEN,
)
@_writing
def batch_update(table_id: int, query: dict[str, Any]) -> Any:
    """Change several rows."""
    where = table_context(table_id, "database.table.update_row")
    return {"items": service.update_rows(where, bodies.changed_rows(), params.user_names())}


@rows.operation(
    "POST",
    "/table/<int:table_id>/batch-delete/",
    id="batch_delete_database_table_rows",
    summary="Delete rows",
    description="Put up to 200 rows into the trash at once (an instance may allow more): all of them, or none when one"
    " is not there.",
    body=BatchDelete,
    streamed=True,
    query=DeleteQuery,
    status=204,
    errors=(*_BODY, "ERROR_ROW_DOES_NOT_EXIST", "ERROR_ROW_IDS_NOT_UNIQUE"),
    auth=USER_OR_TOKEN,
)
@_writing
def batch_delete(table_id: int, query: dict[str, Any]) -> None:
    """Delete several rows."""
    where = table_context(table_id, "database.table.delete_row")
    service.delete_rows(where, bodies.row_ids(), "delete_rows")


@rows.operation(
    "GET",
    "/table/<int:table_id>/<int:row_id>/adjacent/",
    id="get_adjacent_database_table_row",
    summary="Read the row beside a row",
    description="The row after another one, or with previous=true the one before it; 204 when there is none."
    " With a search, among the rows found; with a view, among its rows and in its order.",
    query=AdjacentQuery,
    response=RowAnswer,
    errors=(*_ROW, "ERROR_VIEW_DOES_NOT_EXIST"),
)
def adjacent_row(table_id: int, row_id: int, query: dict[str, Any]) -> Any:
    """The row beside another one."""
    where = table_context(table_id, "database.table.read_adjacent_row")
    previous = params.strict_flag("previous")
    found = reading.adjacent_row(where, row_id, previous, params.user_names())
    return found if found is not None else (None, 204)


@rows.operation(
    "GET",
    "/names/",
    id="list_database_table_row_names",
    summary="List names of rows",
    description="The values of the primary field of chosen rows: table__{table id}={row id},{row id},... for one or"
    " more tables of the same database.",
    response=NamesAnswer,
    errors=_TABLE,
    auth=USER_OR_TOKEN,
)
def list_row_names() -> Any:
    """Names of rows."""
    return reading.row_names(reading.names_wanted())


@rows.operation(
    "GET",
    "/table/<int:table_id>/<int:row_id>/history/",
    id="get_database_table_row_history",
    summary="Read the history of a row",
    description="Who changed what in a row and when, the newest first.",
    query=HistoryQuery,
    response=HistoryAnswer,
    errors=_ROW,
)
def row_history(table_id: int, row_id: int, query: dict[str, Any]) -> Any:
    """The changes of a row."""
    where = table_context(table_id, "database.table.read_row_history")
    return reading.row_history(where, row_id)
