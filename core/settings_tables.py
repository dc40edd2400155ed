"""Settings of tables: how much a request may write, and from which size on their fields are changed step by step."""

from __future__ import annotations

from dataclasses import dataclass

from core.settings_checks import not_negative, positive
from core.settings_declared import PREFIX, setting


@dataclass(frozen=True, kw_only=True)
class TableSettings:
    """Part of the settings of a process."""

    max_import_bytes: int = setting(
        PREFIX + "MAX_IMPORT_BYTES",
        "Largest CSV file in bytes that can be sent in parts and imported.",
        8 * 1024 * 1024 * 1024,
        positive,
    )
    max_batch_rows: int = setting(
        PREFIX + "MAX_BATCH_ROWS", "Rows one request may create, change or delete.", 200, positive
    )
    large_table_rows: int = setting(
        PREFIX + "LARGE_TABLE_ROWS",
        "Fields of tables with more rows are changed step by step beside those who read; of others, at once.",
        2000,
        not_negative,
    )
