"""Fields in the trash: their values are kept, and all that follows from them heals when they come back."""

from __future__ import annotations

import sqlalchemy as sa

from plugin_api import events
from plugin_api.db import connection, session
from plugin_api.errors import does_not_exist
from plugin_api.fields import EffectsMixin, Field, SelectOption
from plugin_api.permissions import Access
from plugin_api.trash import TrashItem, TrashItemType, parent_in_trash
from plugins.database import models
from plugins.database.context import TableContext, find_table, table_context
from plugins.database.engine import ddl
from plugins.database.fields import backups, service, store
from plugins.database.fields.locks import change_shape
from plugins.database.fields.settle import settle
from plugins.database.shape import field_type, schema_name

_RESTORE = "database.table.field.restore"


def any_field(field_id: int) -> tuple[models.Field, Field] | None:
    """A field with its shape, in the trash or not."""
    row = session().get(models.Field, field_id, populate_existing=True)
    if row is None:
        return None
    option = models.SelectOption
    chosen = sa.select(option).where(option.field_id == field_id).order_by(option.order, option.id)
    options = tuple(SelectOption(found.id, found.value, found.color) for found in session().scalars(chosen))
    return row, store.shape(row, options)


def bring_back(row: models.Field) -> None:
    """Take a field out of the trash, under its own name or, where that is taken, as `Size (Restored)`."""
    row.name = service.free_restored_name(row.name, set(service.taken_names(row.table_id, row.id)))
    row.trashed_on = None
    session().flush()


class TrashedField(TrashItemType):
    """A field with its values, and for links the field on the other side."""

    type = "field"

    def restore(self, item: TrashItem, access: Access) -> None:
        """Show it in its table again."""
        found = any_field(item.item_id)
        if found is None or found[0].trashed_on is None:
            raise does_not_exist("trash_item")
        row, field = found
        table = find_table(row.table_id)
        if table is None or table.trashed_on is not None:
            raise parent_in_trash()
        where = table_context(row.table_id, _RESTORE)
        service.lock_shape(where)
        bring_back(row)
        kind = field_type(row.type)
        if isinstance(kind, EffectsMixin):
            kind.restored(field)
        service.lock_shape(where)
        related = service.shown_of(where, settle(where, [row.id], {}))
        self._announce(where, item.item_id, related)

    def _announce(self, where: TableContext, field_id: int, related: list[dict[str, object]]) -> None:
        shown = {**store.field_json(*service.existing(field_id), where), "related_fields": related}
        payload = {"table_id": where.id, "field_id": field_id, "field": shown, "related_fields": related}
        events.emit("field_restored", payload, where.workspace_id)

    def remove(self, item: TrashItem) -> None:
        """Remove it with its values."""
        found = any_field(item.item_id)
        table = None if found is None else find_table(found[0].table_id)
        if found is not None and table is not None and found[0].trashed_on is not None:
            change_shape(lambda: remove_field(table.workspace_id, *found))


def remove_field(workspace_id: int, row: models.Field, field: Field) -> None:
    """Remove a field for good, with its column and what its type brought along."""
    backups.forget_of([row.id])
    kind = field_type(row.type)
    if isinstance(kind, EffectsMixin):
        kind.removed(field, schema_name(workspace_id))
    ddl.drop_column(connection(), workspace_id, field)
    session().execute(sa.delete(models.Field).where(models.Field.id == row.id))
