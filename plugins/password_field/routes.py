"""The HTTP operation that checks a password."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.http import USER_OR_TOKEN, Blueprint
from plugin_api.schemas import Bool, Int, Schema, Str
from plugin_api.secrets import verify_password
from plugins.database.context import table_of_field
from plugins.database.shape import shape_of

passwords = Blueprint(
    "password_fields", __name__, url_prefix="/api/database/fields", description="Checking passwords of rows."
)
blueprints: list[Blueprint] = [passwords]


class PasswordBody(Schema):
    """A password, and the cell it may be the password of."""

    field_id = Int(required=True)
    row_id = Int(required=True)
    password = Str(required=True, allow_blank=True, trim=False)


class PasswordAnswer(Schema):
    """The password fits."""

    is_correct = Bool()


@passwords.operation(
    "POST",
    "/password-authentication/",
    id="password_field_authentication",
    summary="Check a password of a row",
    description="Tells whether a password is the one a row has in a password field; 401 when it is not. The field must"
    " allow it (`allow_endpoint_authentication`), and you must be allowed to read the row.",
    body=PasswordBody,
    response=PasswordAnswer,
    errors=(
        "ERROR_FIELD_DOES_NOT_EXIST",
        "ERROR_ROW_DOES_NOT_EXIST",
        "ERROR_USER_NOT_IN_GROUP",
        "ERROR_REQUEST_BODY_VALIDATION",
        ("ERROR_INVALID_PASSWORD_FIELD_PASSWORD", 401),
        ("ERROR_NO_PERMISSION_TO_TABLE", 401),
    ),
    auth=USER_OR_TOKEN,
)
def check(body: dict[str, Any]) -> dict[str, Any]:
    """Whether the password fits."""
    where = table_of_field(body["field_id"], "database.table.read_row")
    shape = shape_of(where)
    field = shape.by_id.get(body["field_id"])
    if field is None or field.type != "password" or not field.options.get("allow_endpoint_authentication"):
        raise does_not_exist("field")
    row = shape.row
    query = sa.select(row.c[field.column]).where(row.c.id == body["row_id"], row.c.trashed_on.is_(None))
    found = connection().execute(query).first()
    if found is None:
        raise does_not_exist("row")
    if not verify_password(found[0] or "", body["password"]):
        raise ApiError("ERROR_INVALID_PASSWORD_FIELD_PASSWORD", 401, "The password is not the one of this row.")
    return {"is_correct": True}
