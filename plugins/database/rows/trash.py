"""Rows in the trash: alone, or with the others that were deleted by the same request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plugin_api.permissions import Access
from plugin_api.tables import extensions
from plugin_api.trash import TrashItem, TrashItemType, parent_in_trash
from plugins.database.context import TableContext, find_table, table_context
from plugins.database.engine import write

if TYPE_CHECKING:
    from collections.abc import Callable

ROW, ROWS = "row", "rows"
_RESTORE = "database.table.restore_row"
_NAMES_SHOWN = 1000


def trashed_rows(where: TableContext, row_ids: Sequence[int], names: Sequence[str]) -> TrashItem:
    """The entry of rows that go into the trash together; found again by their table and the first one's id."""
    return TrashItem(
        ROW if len(row_ids) == 1 else ROWS,
        row_ids[0],
        where.workspace_id,
        str(row_ids[0]) if len(row_ids) == 1 else " ",
        parent_id=where.id,
        application_id=where.application_id,
        names=names[:_NAMES_SHOWN],
        parent_name=where.name,
        details={"row_ids": list(row_ids)},
        place=("database_table", where.id),
    )


class TrashedRows(TrashItemType):
    """Rows of one table."""

    needs_parent = True
    removed_together = 500

    def __init__(self, type_name: str, restore: Callable[[TableContext, Sequence[int]], None]) -> None:
        self.type = type_name  # type: ignore[misc]
        self._restore = restore

    def restore(self, item: TrashItem, access: Access) -> None:
        """Show them in their places again, with their links."""
        table = find_table(item.parent_id or 0)
        if table is None or table.trashed_on is not None:
            raise parent_in_trash()
        self._restore(table_context(table.id, _RESTORE), item.details["row_ids"])

    def remove(self, item: TrashItem) -> None:
        """Remove them with their history."""
        self.remove_all([item])

    def remove_all(self, items: Sequence[TrashItem]) -> None:
        """The same with rows that were deleted one after the other, by as many statements as for one."""
        table = find_table(items[0].parent_id or 0)
        if table is not None:
            row_ids = sorted({row_id for item in items for row_id in item.details["row_ids"]})
            write.remove(table.workspace_id, table.id, row_ids)
            for extension in extensions():
                extension.rows_removed(table.id, row_ids)
