"""What of databases can be in the trash: tables, fields and rows."""

from __future__ import annotations

from plugin_api.trash import TrashItemType
from plugins.database.fields.trash import TrashedField
from plugins.database.rows.service import restore_rows
from plugins.database.rows.trash import ROW, ROWS, TrashedRows
from plugins.database.tables.trash import TrashedTable

TRASH_ITEM_TYPES: list[TrashItemType] = [
    TrashedTable(),
    TrashedField(),
    TrashedRows(ROW, restore_rows),
    TrashedRows(ROWS, restore_rows),
]
