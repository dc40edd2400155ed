"""Comments in the trash."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.errors import does_not_exist
from plugin_api.permissions import Access
from plugin_api.trash import TrashItem, TrashItemType, parent_in_trash
from plugins.database.context import find_table, table_context
from plugins.database.engine.read import exists
from plugins.database.shape import shape_of
from plugins.row_comments import service, store
from plugins.row_comments.models import Comment
from plugins.row_comments.operations import RESTORE


class TrashedComment(TrashItemType):
    """A comment on a row."""

    type = service.TRASH_TYPE

    def restore(self, item: TrashItem, access: Access) -> None:
        """Show its message again."""
        comment = session().get(Comment, item.item_id, populate_existing=True)
        if comment is None or comment.trashed_on is None:
            raise does_not_exist("trash_item")
        table = find_table(comment.table_id)
        if table is None or table.trashed_on is not None:
            raise parent_in_trash()
        where = table_context(table.id, RESTORE)
        if not exists(shape_of(where), comment.row_id):
            raise parent_in_trash()
        comment.trashed_on = None
        session().flush()
        found: Any = store.find(table.id, comment.id)
        service.restored(where, *found)

    def remove(self, item: TrashItem) -> None:
        """Remove it."""
        gone = sa.delete(Comment).where(Comment.id == item.item_id, Comment.trashed_on.is_not(None))
        session().execute(gone)
