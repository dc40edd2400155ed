"""HTTP operations of fields."""

from __future__ import annotations

from typing import Any

from plugin_api.http import USER_OR_TOKEN, Blueprint
from plugins.database.fields import changes, jobs, primary, schemas, service, unique

fields = Blueprint(
    "database_fields", __name__, url_prefix="/api/database/fields", description="Fields of tables and their types."
)
blueprints: list[Blueprint] = [fields]

_OF_TABLE = ("ERROR_USER_NOT_IN_GROUP", "ERROR_TABLE_DOES_NOT_EXIST")
_OF_FIELD = ("ERROR_USER_NOT_IN_GROUP", "ERROR_FIELD_DOES_NOT_EXIST")
_OF_BODY = (
    "ERROR_REQUEST_BODY_VALIDATION",
    "ERROR_RESERVED_BASEROW_FIELD_NAME",
    "ERROR_FIELD_WITH_SAME_NAME_ALREADY_EXISTS",
    "ERROR_MAX_FIELD_COUNT_EXCEEDED",
    "ERROR_INVALID_FIELD_CONSTRAINT",
    "ERROR_FIELD_CONSTRAINT",
    "ERROR_FIELD_CONSTRAINT_DOES_NOT_SUPPORT_DEFAULT_VALUE",
    "ERROR_SELECT_OPTION_DOES_NOT_BELONG_TO_FIELD",
    "ERROR_DATE_FORCE_TIMEZONE_OFFSET_ERROR",
    "ERROR_PLUGIN_DISABLED",
    "ERROR_TABLE_BUSY",
)


@fields.operation(
    "GET",
    "/table/<int:table_id>/",
    id="list_database_table_fields",
    summary="List the fields of a table",
    description="All fields with the options of their types, the primary field first, then in their order.",
    response=schemas.FieldAnswer(many=True),
    errors=(*_OF_TABLE, "PERMISSION_DENIED", "ERROR_NO_PERMISSION_TO_TABLE"),
    auth=USER_OR_TOKEN,
    optional_auth=True,
)
def list_fields(table_id: int) -> Any:
    """The fields of a table."""
    return service.list_fields(table_id)


@fields.operation(
    "POST",
    "/table/<int:table_id>/",
    id="create_database_table_field",
    summary="Create a field",
    description="Adds a field of any type at the end of the table. The type decides which further keys the body takes;"
    " rows that are there already get the field's default.",
    body=schemas.CreateField,
    response=schemas.ChangedField,
    errors=(*_OF_TABLE, *_OF_BODY, "ERROR_NO_PERMISSION_TO_TABLE"),
    auth=USER_OR_TOKEN,
)
def create_field(table_id: int, body: dict[str, Any]) -> Any:
    """Create a field."""
    return service.create_field(table_id, body)


@fields.operation(
    "GET",
    "/<int:field_id>/",
    id="get_database_table_field",
    summary="Get a field",
    description="One field with the options of its type.",
    response=schemas.FieldAnswer,
    errors=_OF_FIELD,
)
def get_field(field_id: int) -> Any:
    """One field."""
    return service.read_field(field_id)


@fields.operation(
    "PATCH",
    "/<int:field_id>/",
    id="update_database_table_field",
    summary="Change a field",
    description="Changes the keys that are given. New options change the stored values with them: fewer decimals round,"
    " removed select options leave the rows. A new type keeps the values it can write down.",
    body=schemas.UpdateField,
    response=schemas.ChangedField,
    errors=(*_OF_FIELD, *_OF_BODY, "ERROR_CANNOT_CHANGE_FIELD_TYPE", "ERROR_INCOMPATIBLE_PRIMARY_FIELD_TYPE"),
)
def update_field(field_id: int, body: dict[str, Any]) -> Any:
    """Change a field."""
    return changes.update_field(field_id, body)


@fields.operation(
    "DELETE",
    "/<int:field_id>/",
    id="delete_database_table_field",
    summary="Delete a field",
    description="Puts the field into the trash with its values; its name is free at once. The primary field stays.",
    response=schemas.RelatedFields,
    errors=(*_OF_FIELD, "ERROR_CANNOT_DELETE_PRIMARY_FIELD"),
)
def delete_field(field_id: int) -> Any:
    """Delete a field."""
    return service.delete_field(field_id)


@fields.operation(
    "POST",
    "/<int:field_id>/duplicate/async/",
    id="duplicate_table_field",
    summary="Duplicate a field",
    description="Starts a job that adds a copy of the field under a free name, with its values if they are wanted.",
    body=schemas.DuplicateField,
    response=schemas.DuplicateJob,
    status=202,
    errors=(*_OF_FIELD, "ERROR_REQUEST_BODY_VALIDATION", "ERROR_MAX_JOB_COUNT_EXCEEDED"),
)
def duplicate_field(field_id: int, body: dict[str, Any]) -> Any:
    """Start the job."""
    return jobs.duplicate_field(field_id, body["duplicate_data"])


@fields.operation(
    "POST",
    "/table/<int:table_id>/change-primary-field/",
    id="change_primary_field",
    summary="Make another field primary",
    description="The values of the primary field name the rows. The field that was primary is answered as related.",
    body=schemas.ChangePrimary,
    response=schemas.ChangedField,
    errors=(
        *_OF_TABLE,
        "ERROR_FIELD_DOES_NOT_EXIST",
        "ERROR_FIELD_IS_ALREADY_PRIMARY",
        "ERROR_FIELD_NOT_IN_TABLE",
        "ERROR_INCOMPATIBLE_PRIMARY_FIELD_TYPE",
        "ERROR_TABLE_HAS_NO_PRIMARY_FIELD",
    ),
)
def change_primary_field(table_id: int, body: dict[str, Any]) -> Any:
    """Make a field primary."""
    return primary.change_primary_field(table_id, body["new_primary_field_id"])


@fields.operation(
    "GET",
    "/<int:field_id>/unique_row_values/",
    id="get_database_field_unique_row_values",
    summary="List the distinct values of a field",
    description="The most frequent values first, as texts, at most 100. With `split_comma_separated` the parts of"
    " comma separated values are counted on their own.",
    query=schemas.UniqueValuesQuery,
    response=schemas.UniqueValues,
    errors=(*_OF_FIELD, "ERROR_INCOMPATIBLE_FIELD_TYPE_FOR_UNIQUE_VALUES"),
)
def unique_row_values(field_id: int, query: dict[str, Any]) -> Any:
    """Distinct values."""
    values = unique.unique_row_values(field_id, query.get("limit"), query["split_comma_separated"])
    return {"values": values}
