"""Prompts in copied tables: they read the fields of the copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.archives import ArchiveReader
from plugin_api.db import session
from plugin_api.tables import RestoredTable, TableCopy, TableExtension
from plugins.ai_field import prompts
from plugins.database.models import Field


class PromptsOfTables(TableExtension):
    """Keeps the prompts of AI fields about their own table."""

    type = "ai_prompts"

    def copied(self, copies: Sequence[TableCopy]) -> None:
        """Let each copied field read from its own table: one query for all of them."""
        ids = {copy.copy_id: copy.fields for copy in copies}
        found = sa.select(Field).where(Field.table_id.in_(ids), Field.type == "ai", Field.trashed_on.is_(None))
        for row in session().scalars(found):
            row.options = _remapped(row.options, dict(ids[row.table_id]))
        session().flush()

    def restored(self, tables: Sequence[RestoredTable], archive: ArchiveReader) -> None:
        """The same for tables that were made from an archive."""
        self.copied([table.copy for table in tables])


def _remapped(options: dict[str, Any], ids: dict[int, int]) -> dict[str, Any]:
    prompt = prompts.remapped(options.get("ai_prompt") or "", ids)
    return {**options, "ai_prompt": prompt, "ai_file_field_id": ids.get(options.get("ai_file_field_id") or 0)}
