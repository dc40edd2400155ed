"""The data sync type `local_baserow_table`: the rows of another table of this instance, or of one of its views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import Plugin, hookimpl
from plugin_api.db import session
from plugin_api.errors import ApiError
from plugin_api.fields import Field
from plugin_api.permissions import require
from plugin_api.schemas import Int, Schema
from plugin_api.tables import TableCopy
from plugins.data_sync.kinds import DataSyncType, Property, SelectsMixin, Settings, SyncError
from plugins.data_sync.properties import number
from plugins.database import models
from plugins.database.context import table_context
from plugins.database.engine.read import RowQuery
from plugins.database.shape import TableShape, latest_shape
from plugins.database.views import SavedRows, saved_rows
from plugins.local_table_data_sync.images import image_of

plugin = Plugin(
    name="local_table_data_sync",
    version="1.0",
    title="Sync of tables",
    description="Tables that follow another table of this instance.",
    api=(1, 0),
    requires=("data_sync", "database"),
    feature="data_sync",
)

ROW_ID = "id"
_OPERATIONS = ("database.table.list_fields", "database.table.list_rows")


class LocalTableSettings(Schema):
    """Which table, and possibly one of its views."""

    source_table_id = Int(required=True, metadata={"description": "The table to follow."})
    source_table_view_id = Int(
        load_default=None, allow_none=True, metadata={"description": "Only the rows this view of the table shows."}
    )


class LocalTable(DataSyncType, SelectsMixin):
    """Every row of the table, or of the view, that the acting user may read at that moment."""

    type = "local_baserow_table"
    settings_schema = LocalTableSettings

    def properties(self, settings: Settings) -> list[Property]:
        """The row's id and the fields."""
        shape, _ = _source(settings)
        images = ((found, image_of(shape, found)) for found in shape.fields)
        return [
            number(ROW_ID, "Row ID", unique=True),
            *(image.property(found) for found, image in images if image is not None),
        ]

    def copied(self, settings: Settings, copies: Sequence[TableCopy]) -> tuple[Settings, Mapping[str, str]]:
        """Of two tables copied together the copies follow each other."""
        source = next((copy for copy in copies if copy.original_id == settings["source_table_id"]), None)
        if source is None:
            return settings, {}
        view_id = settings.get("source_table_view_id")
        of_copy = None if view_id is None else source.views.get(view_id, view_id)
        named = {"source_table_id": source.copy_id, "source_table_view_id": of_copy}
        return {**settings, **named}, {f"field_{old}": f"field_{new}" for old, new in source.fields.items()}

    def select(self, settings: Settings, fields: Mapping[str, Field]) -> sa.Select[Any]:
        """The rows in the order of the view, else in their own."""
        shape, saved = _source(settings, lock=True)
        columns = [_value(shape, key, field) for key, field in fields.items()]
        query = RowQuery(shape, shape.fields, where=saved.where, order_by=saved.order_by)
        return query.base(*columns).order_by(*query.ordering())


def _source(settings: Settings, lock: bool = False) -> tuple[TableShape, SavedRows]:
    """The table as it is now, checked to be readable. `lock`: its fields stay as they are until the commit."""
    table_id, view_id = settings["source_table_id"], settings.get("source_table_view_id")
    try:
        where = table_context(table_id)
        for operation in _OPERATIONS:
            require(operation, where.access)
        if lock:
            version = sa.select(models.Table.version).where(models.Table.id == where.id)
            session().execute(version.with_for_update(read=True))
        shape = latest_shape(where.id)
        return shape, SavedRows(None, ()) if view_id is None else saved_rows(view_id, shape)
    except ApiError as error:
        raise SyncError(_refusal(error)) from None


def _refusal(error: ApiError) -> str:
    if error.code == "ERROR_VIEW_DOES_NOT_EXIST":
        return "The view whose rows are synced is not there any more. Choose another view or the whole table."
    return "The table to sync from is not there, or you may not read it. Choose another table or ask for access."


def _value(shape: TableShape, key: str, field: Field) -> sa.ColumnElement[Any]:
    if key == ROW_ID:
        column: sa.ColumnElement[Any] = shape.row.c.id
        return column
    found = shape.by_column.get(key)
    image = image_of(shape, found) if found is not None else None
    if found is None or image is None or image.type != field.type:
        raise SyncError("The fields of the source were changed while it was read. Sync again.")
    return image.value(field)


@hookimpl
def register_data_sync_types() -> list[DataSyncType]:
    """Provide `local_baserow_table`."""
    return [LocalTable()]
