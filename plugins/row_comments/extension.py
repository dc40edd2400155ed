"""What becomes of comments with their rows."""

from __future__ import annotations

from collections.abc import Sequence

from plugin_api.tables import TableExtension
from plugins.row_comments.store import forget_rows


class CommentsOfTables(TableExtension):
    """Comments stay with their rows, also in the trash, and go with them. A copy of a table begins without comments."""

    type = "row_comments"

    def rows_removed(self, table_id: int, row_ids: Sequence[int]) -> None:
        """Remove what was said about them, and who wanted to hear it."""
        forget_rows(table_id, row_ids)
