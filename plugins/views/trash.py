"""Views in the trash."""

from __future__ import annotations

import sqlalchemy as sa

from plugin_api import events
from plugin_api.db import session
from plugin_api.errors import does_not_exist
from plugin_api.permissions import Access
from plugin_api.trash import TrashItem, TrashItemType, parent_in_trash
from plugins.database.context import find_table
from plugins.views import models, store
from plugins.views.context import view_context
from plugins.views.operations import RESTORE


class TrashedView(TrashItemType):
    """A view with its parts."""

    type = "view"

    def restore(self, item: TrashItem, access: Access) -> None:
        """Show it among the views of its table again."""
        row = session().get(models.View, item.item_id, populate_existing=True)
        if row is None or row.trashed_on is None:
            raise does_not_exist("trash_item")
        table = find_table(row.table_id)
        if table is None or table.trashed_on is not None:
            raise parent_in_trash()
        row.trashed_on = None
        session().flush()
        found = view_context(row.id, RESTORE)
        shown = store.view_json(found.view, found.table, {})
        payload = {"table_id": found.table.id, "view_id": row.id, "view": shown}
        events.emit("view_created", payload, found.table.workspace_id)

    def remove(self, item: TrashItem) -> None:
        """Remove it with its parts."""
        view = models.View
        session().execute(sa.delete(view).where(view.id == item.item_id, view.trashed_on.is_not(None)))
