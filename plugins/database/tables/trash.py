"""Tables in the trash, with the fields of other tables that link to them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from plugin_api import events
from plugin_api.db import connection, session
from plugin_api.errors import does_not_exist
from plugin_api.fields import Field
from plugin_api.permissions import Access
from plugin_api.tables import extensions
from plugin_api.trash import TrashItem, TrashItemType
from plugins.database import models
from plugins.database.context import TableContext, find_table, table_context
from plugins.database.engine import ddl
from plugins.database.fields import backups
from plugins.database.fields import service as fields
from plugins.database.fields.locks import change_shape
from plugins.database.fields.settle import settle
from plugins.database.fields.store import shape
from plugins.database.fields.trash import bring_back
from plugins.database.tables import store

TABLE = "table"
_RESTORE = "database.table.restore"


def trashed_table(where: TableContext, database_name: str, field_ids: Sequence[int]) -> TrashItem:
    """The entry of a table; `field_ids` are the fields of other tables that went with it."""
    return TrashItem(
        TABLE,
        where.id,
        where.workspace_id,
        where.name,
        application_id=where.application_id,
        parent_name=database_name,
        details={"field_ids": list(field_ids)},
        place=("database_table", where.id),
    )


class TrashedTable(TrashItemType):
    """A table with its rows and fields, and the fields that link to it."""

    type = TABLE

    def restore(self, item: TrashItem, access: Access) -> None:
        """Show it in its database again; links to it come back, and what was made of them heals."""
        row = find_table(item.item_id)
        if row is None or row.trashed_on is None:
            raise does_not_exist("trash_item")
        row.trashed_on = None
        session().flush()
        where = table_context(row.id, _RESTORE)
        field_ids = [found for found in item.details.get("field_ids", ()) if _bring_back(found)]
        fields.lock_shape(where)
        settle(where, field_ids, {})
        for field_id in field_ids:
            fields.announce_effect("field_restored", field_id)
        payload = {"table_id": where.id, "database_id": where.application_id, "table": store.table_json(where)}
        events.emit("table_created", payload, where.workspace_id)

    def remove(self, item: TrashItem) -> None:
        """Drop its rows; the fields that linked to it go with it."""
        row = find_table(item.item_id)
        if row is not None and row.trashed_on is not None:
            remove_tables(row.workspace_id, [row.id])


def _bring_back(field_id: int) -> bool:
    """Restore a field of another table that went into the trash with this one; False when it is gone by now."""
    row = session().get(models.Field, field_id, populate_existing=True)
    if row is None or row.trashed_on is None:
        return False
    bring_back(row)
    return True


def remove_tables(workspace_id: int, table_ids: Sequence[int]) -> None:
    """Remove tables for good: their rows, and the fields of other tables that link to them.

    Dropping pairs of links locks the tables on both sides until the commit, so it comes last. The history, which may
    be long, is removed later: nobody can read it any more.
    """
    field = models.Field
    linking = sa.and_(field.linked_table_id.in_(table_ids), field.table_id.not_in(table_ids))
    of_tables = session().scalars(sa.select(field).where(sa.or_(field.table_id.in_(table_ids), linking))).all()
    backups.forget_of([found.id for found in of_tables])
    backups.forget_linking(table_ids)
    shapes = [shape(found) for found in of_tables]
    session().execute(sa.delete(field).where(linking))
    session().execute(sa.delete(models.SearchQueue).where(models.SearchQueue.table_id.in_(table_ids)))
    session().execute(sa.delete(models.Table).where(models.Table.id.in_(table_ids)))
    for extension in extensions():
        extension.removed(table_ids)
    change_shape(lambda: _drop(workspace_id, shapes, table_ids))


def _drop(workspace_id: int, fields: Sequence[Field], table_ids: Sequence[int]) -> None:
    ddl.drop_relations(connection(), workspace_id, fields)
    for table_id in table_ids:
        ddl.drop_table(connection(), workspace_id, table_id)
