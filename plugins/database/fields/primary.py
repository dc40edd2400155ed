"""Making another field the primary one, whose values name the rows."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.errors import ApiError
from plugins.database import models
from plugins.database.context import TableContext, table_context
from plugins.database.fields import service, store
from plugins.database.fields.settle import settle
from plugins.database.shape import field_type


def change_primary_field(table_id: int, field_id: int) -> dict[str, Any]:
    """Make a field of the table its primary one; the one before comes back as related field."""
    where = table_context(table_id, "database.table.field.update")
    service.lock_shape(where)
    row, options = service.existing(field_id)
    _check(where, row)
    before = next((found for found in store.table_fields(where.id) if found[0].primary), None)
    if before is None:
        raise ApiError("ERROR_TABLE_HAS_NO_PRIMARY_FIELD", 400, "The table has no primary field.")
    before[0].primary = False
    session().flush()
    row.primary = True
    session().flush()
    followers = settle(where, [before[0].id, row.id], {})
    related = service.shown_of(where, {before[0].id, *followers})
    params = {"original_field_id": before[0].id, "original_field_name": before[0].name}
    return service.announce(where, "change_primary_field", "field_updated", row, options, params, related)


def _check(where: TableContext, row: models.Field) -> None:
    if row.table_id != where.id:
        table = models.Table
        workspace = session().scalar(sa.select(table.workspace_id).where(table.id == row.table_id))
        if workspace != where.workspace_id:
            raise ApiError("PERMISSION_DENIED", 401, "You may not use this field here.")
        raise ApiError("ERROR_FIELD_NOT_IN_TABLE", 400, f"The field {row.id} is not in the table {where.id}.")
    if row.primary:
        raise ApiError("ERROR_FIELD_IS_ALREADY_PRIMARY", 400, "The field is the primary field already.")
    if not field_type(row.type).can_be_primary:
        message = f"A field of the type {row.type} cannot be primary."
        raise ApiError("ERROR_INCOMPATIBLE_PRIMARY_FIELD_TYPE", 400, message)
