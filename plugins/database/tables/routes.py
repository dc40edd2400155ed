"""HTTP operations of tables."""

from __future__ import annotations

from typing import Any

from plugin_api.http import Blueprint
from plugins.database.context import table_context
from plugins.database.tables import jobs, schemas, service
from plugins.database.tables.payload import receive

tables = Blueprint(
    "database_tables",
    __name__,
    url_prefix="/api/database/tables",
    description="Tables of databases: making, filling, ordering.",
)
blueprints: list[Blueprint] = [tables]

MAX_ROWS_AT_ONCE = 5000
"""The most rows a table is created with while the client waits, its header included."""

_OF_DATABASE = ("ERROR_USER_NOT_IN_GROUP", "ERROR_APPLICATION_DOES_NOT_EXIST")
_OF_TABLE = ("ERROR_USER_NOT_IN_GROUP", "ERROR_TABLE_DOES_NOT_EXIST")
_OF_DATA = (
    "ERROR_REQUEST_BODY_VALIDATION",
    "ERROR_REQUEST_BODY_TOO_LARGE",
)
_OF_INITIAL_DATA = (
    "ERROR_INVALID_INITIAL_TABLE_DATA",
    "ERROR_INITIAL_TABLE_DATA_LIMIT_EXCEEDED",
    "ERROR_INITIAL_TABLE_DATA_HAS_DUPLICATE_NAMES",
    "ERROR_RESERVED_BASEROW_FIELD_NAME",
    "ERROR_INVALID_BASEROW_FIELD_NAME",
    "ERROR_MAX_FIELD_NAME_LENGTH_EXCEEDED",
    "ERROR_MAX_FIELD_COUNT_EXCEEDED",
)
_OF_JOB = ("ERROR_MAX_JOB_COUNT_EXCEEDED",)

_CREATE, _IMPORT = schemas.CreateTable(), schemas.ImportRows()


@tables.operation(
    "GET",
    "/database/<int:database_id>/",
    id="list_database_tables",
    summary="List the tables of a database",
    description="The tables the user may read, in their order.",
    response=schemas.TableAnswer(many=True),
    errors=_OF_DATABASE,
)
def list_tables(database_id: int) -> Any:
    """The tables of a database."""
    return service.list_tables(database_id)


@tables.operation(
    "POST",
    "/database/<int:database_id>/",
    id="create_database_table",
    summary="Create a table",
    description="Adds a table at the end of the database. With `data`, it gets a text field for each column and the"
    f" rows, at most {MAX_ROWS_AT_ONCE}; without, three usual fields and two empty rows.",
    body=_CREATE,
    streamed=True,
    response=schemas.TableAnswer,
    errors=(*_OF_DATABASE, *_OF_DATA, *_OF_INITIAL_DATA),
)
def create_table(database_id: int) -> Any:
    """Create a table."""
    service.database_access(database_id, "database.create_table")
    upload = receive(_CREATE, temporary=True, max_rows=MAX_ROWS_AT_ONCE)
    return service.create_table(database_id, upload, upload.body["name"], upload.body["first_row_header"])


@tables.operation(
    "POST",
    "/database/<int:database_id>/async/",
    id="create_database_table_async",
    summary="Create a table with a job",
    description="Starts a job that creates a table with any number of rows and tells the table's id at its end."
    " Values that a field cannot take are listed in its report.",
    body=_CREATE,
    streamed=True,
    response=schemas.FileImportAnswer,
    errors=(*_OF_DATABASE, *_OF_DATA, *_OF_JOB),
)
def create_table_async(database_id: int) -> Any:
    """Start creating a table."""
    service.database_access(database_id, "database.create_table")
    return jobs.start_creation(database_id, receive(_CREATE))


@tables.operation(
    "POST",
    "/database/<int:database_id>/order/",
    id="order_database_tables",
    summary="Order the tables of a database",
    description="Puts the given tables into the given order; tables that are not given stay where they are.",
    body=schemas.OrderTables,
    status=204,
    errors=(*_OF_DATABASE, "ERROR_TABLE_NOT_IN_DATABASE", "ERROR_REQUEST_BODY_VALIDATION"),
)
def order_tables(database_id: int, body: dict[str, Any]) -> None:
    """Order the tables of a database."""
    service.order_tables(database_id, body["table_ids"])


@tables.operation(
    "GET",
    "/<int:table_id>/",
    id="get_database_table",
    summary="Get a table",
    description="A table's name and place; its fields and rows have operations of their own.",
    response=schemas.TableAnswer,
    errors=_OF_TABLE,
)
def get_table(table_id: int) -> Any:
    """A table."""
    return service.read_table(table_id)


@tables.operation(
    "PATCH",
    "/<int:table_id>/",
    id="update_database_table",
    summary="Rename a table",
    description="Gives the table another name.",
    body=schemas.UpdateTable,
    response=schemas.TableAnswer,
    errors=(*_OF_TABLE, "ERROR_REQUEST_BODY_VALIDATION"),
)
def update_table(table_id: int, body: dict[str, Any]) -> Any:
    """Rename a table."""
    return service.rename_table(table_id, body["name"])


@tables.operation(
    "DELETE",
    "/<int:table_id>/",
    id="delete_database_table",
    summary="Delete a table",
    description="Puts the table, with its fields and rows, into the trash.",
    status=204,
    errors=_OF_TABLE,
)
def delete_table(table_id: int) -> None:
    """Delete a table."""
    service.delete_table(table_id)


@tables.operation(
    "POST",
    "/<int:table_id>/duplicate/async/",
    id="duplicate_database_table_async",
    summary="Duplicate a table",
    description="Starts a job that copies the table, with its fields and rows, to the end of its database.",
    response=schemas.DuplicateTableAnswer,
    status=202,
    errors=(*_OF_TABLE, *_OF_JOB),
)
def duplicate_table(table_id: int) -> Any:
    """Start copying a table."""
    return jobs.start_duplication(table_id)


@tables.operation(
    "POST",
    "/<int:table_id>/import/async/",
    id="import_data_database_table_async",
    summary="Import rows into a table",
    description="Starts a job that adds rows, their values in the order of the fields that can be written; links"
    " are names of rows, several separated by commas, or lists of names or ids. With upsert fields, rows that are there"
    " already are updated. Rows with values a field cannot take are left out and reported.",
    body=_IMPORT,
    streamed=True,
    response=schemas.FileImportAnswer,
    errors=(*_OF_TABLE, *_OF_DATA, *_OF_JOB, "ERROR_FIELD_NOT_IN_TABLE"),
)
def import_rows(table_id: int) -> Any:
    """Start importing rows."""
    table_context(table_id, "database.table.import_rows")
    return jobs.start_import(table_id, receive(_IMPORT))
